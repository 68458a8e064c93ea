"""Verbs of the kitchen: lines are started, ready, and sometimes not ready after all.

Doing what is done already is no mistake: two cooks bump the same ticket, both are right.
"""

from __future__ import annotations

from collections.abc import Callable

from kds.domain.args import Args, texts
from kds.domain.effect import Draft
from kds.domain.rows import Row
from kds.domain.verbs.courses import fire_next
from kds.domain.verbs.finding import find_lines, find_open_order, find_order, settle
from kds.domain.verbs.lines import (
    Stations,
    acknowledged,
    begun,
    made,
    still_open,
    taken_back,
)


def start(draft: Draft, args: Args) -> None:
    _change(draft, find_order(draft, args), args, lambda line, only: begun(line, only, draft.at))


def bump(draft: Draft, args: Args) -> None:
    """Who bumps a line has also seen what is flagged about it."""
    order = find_order(draft, args)
    changed = _change(
        draft,
        order,
        args,
        lambda line, only: acknowledged(made(line, only, draft.at, draft.actor), only),
    )
    done = [was["course"] for was, now in changed if still_open(was) and not still_open(now)]
    if done:
        settle(draft, order)
        fire_next(draft, order, done)


def recall(draft: Draft, args: Args) -> None:
    order = find_open_order(draft, args)
    if _change(draft, order, args, taken_back):
        draft.update("orders", order, ready_at=None, assembled_at=None, handed_at=None)


def acknowledge(draft: Draft, args: Args) -> None:
    _change(draft, find_order(draft, args), args, acknowledged)


def _change(
    draft: Draft, order: Row, args: Args, act: Callable[[Row, Stations], Row]
) -> list[tuple[Row, Row]]:
    """Act on the lines that are named, at the stations that are; what changed, before and after."""
    lines = find_lines(draft, order, args)
    only = frozenset(texts(args, "stations", at_least=0))
    changed = [(line, after) for line in lines if (after := act(line, only)) != line]
    for _, after in changed:
        draft.update("order_lines", after)
    return changed
