"""Verbs of front of house on a line that was sent already.

Stock is not given back: what was sent may be on the grill already. `force`: a person knows that
the line is ready and does it all the same. It is waste, and the order is not ready because of it.
"""

from __future__ import annotations

from kds.domain.args import Args, flag, integer, optional_text
from kds.domain.effect import Draft
from kds.domain.refusals import Conflict, Reject
from kds.domain.verbs.courses import fire_next
from kds.domain.verbs.finding import find_line, find_order, settle
from kds.domain.verbs.lines import resized, voided


def void_line(draft: Draft, args: Args) -> Conflict | None:
    order = find_order(draft, args)
    line = find_line(draft, order, args)
    force = flag(args, "force", default=False)
    if line["state"] == "ready" and not force:
        return Conflict(line)
    if line["state"] == "void":
        return None
    draft.update("order_lines", voided(line, optional_text(args, "reason"), draft.at))
    less = order["total"] - line["qty"] * line["price"]
    if line["state"] == "ready":
        draft.update("orders", order, total=less)
    else:
        settle(draft, order, total=less)
        fire_next(draft, order, [line["course"]])
    return None


def change_qty(draft: Draft, args: Args) -> Conflict | None:
    """More of it takes its ingredients; the cooks of an open line have to acknowledge it.

    A ready line becomes less by force, never more: nobody would make what is missing.
    """
    order = find_order(draft, args)
    line = find_line(draft, order, args)
    qty = integer(args, "qty", at_least=1)
    force = flag(args, "force", default=False)
    if line["state"] == "ready" and not force:
        return Conflict(line)
    if line["state"] == "void":
        raise Reject("the line is void")
    more = qty - line["qty"]
    if more > 0 and line["state"] == "ready":
        raise Reject("it is ready already: send what is missing as more of the order")
    if more:
        draft.update("order_lines", resized(line, qty, draft.at))
        draft.update("orders", order, total=order["total"] + more * line["price"])
        draft.use_stock(line["item_id"], line["variant"], max(0, more))
    return None
