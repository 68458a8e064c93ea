"""What the verbs about an order have in common: which order and lines are meant, and its end."""

from __future__ import annotations

from typing import Any

from kds.domain.args import Args, text, texts
from kds.domain.effect import Draft
from kds.domain.refusals import Reject
from kds.domain.rows import Row
from kds.domain.verbs.lines import still_open


def find_order(draft: Draft, args: Args) -> Row:
    order = draft.row("orders", text(args, "order_id"))
    if order is None:
        raise Reject("unknown order")
    return order


def find_open_order(draft: Draft, args: Args) -> Row:
    order = find_order(draft, args)
    if order["state"] != "open":
        raise Reject(f"order {order['number']} is {order['state']}")
    return order


def find_line(draft: Draft, order: Row, args: Args) -> Row:
    """The line that `line_id` names; it must be of this order."""
    line = draft.row("order_lines", text(args, "line_id"))
    if line is None or line["order_id"] != order["id"]:
        raise Reject("unknown line")
    return line


def find_lines(draft: Draft, order: Row, args: Args) -> list[Row]:
    """The lines that `line_ids` names; all of them must be of this order."""
    mine = {line["id"]: line for line in draft.lines_of(order["id"])}
    named = dict.fromkeys(texts(args, "line_ids"))
    if not named.keys() <= mine.keys():
        raise Reject("unknown line")
    return [mine[line_id] for line_id in named]


def require_made(draft: Draft, order: Row) -> None:
    if any(map(still_open, draft.lines_of(order["id"]))):
        raise Reject(f"order {order['number']} is still being made")


def settle(draft: Draft, order: Row, **fields: Any) -> None:
    """Write `fields` to the order, and that it is ready if its last open line has just gone."""
    states = {line["state"] for line in draft.lines_of(order["id"])}
    if states <= {"ready", "void"} and "ready" in states:
        fields["ready_at"] = draft.at
    draft.update("orders", order, **fields)
