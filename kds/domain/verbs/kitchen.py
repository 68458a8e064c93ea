"""Verbs of the kitchen: lines are started, ready, and sometimes not ready after all.

Doing what is done already is no mistake: two cooks bump the same ticket, both are right.
"""

from __future__ import annotations

from kds.domain.args import Args, texts
from kds.domain.effect import Draft
from kds.domain.refusals import Reject
from kds.domain.rows import Row
from kds.domain.verbs.orders import find_open_order, find_order, settle, still_open


def start(draft: Draft, args: Args) -> None:
    for line in _lines(draft, find_order(draft, args), args):
        if line["state"] == "sent":
            draft.update("order_lines", line, state="started", started_at=draft.at)


def bump(draft: Draft, args: Args) -> None:
    order = find_order(draft, args)
    cooked = [line for line in _lines(draft, order, args) if still_open(line)]
    for line in cooked:
        draft.update("order_lines", line, state="ready", ready_at=draft.at)
    if cooked:
        settle(draft, order)


def recall(draft: Draft, args: Args) -> None:
    order = find_open_order(draft, args)
    back = [line for line in _lines(draft, order, args) if line["state"] == "ready"]
    for line in back:
        draft.update("order_lines", line, state="sent", started_at=None, ready_at=None)
    if back:
        draft.update("orders", order, ready_at=None)


def _lines(draft: Draft, order: Row, args: Args) -> list[Row]:
    """The lines that `line_ids` names; all of them must be of this order."""
    mine = {line["id"]: line for line in draft.lines_of(order["id"])}
    named = texts(args, "line_ids")
    if any(line_id not in mine for line_id in named):
        raise Reject("unknown line")
    return [mine[line_id] for line_id in named]
