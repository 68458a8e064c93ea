"""Verbs of front of house: an order comes, grows, shrinks and goes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kds.domain.args import Args, choice, flag, integer, mapping, objects, optional_text, text
from kds.domain.effect import Draft
from kds.domain.refusals import Conflict, Reject
from kds.domain.rows import Row

_TYPES = ("dine_in", "takeaway", "delivery")


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


def still_open(line: Row) -> bool:
    return line["state"] in ("sent", "started")


def settle(draft: Draft, order: Row, **fields: Any) -> None:
    """Write `fields` to the order, and that it is ready if its last open line has just gone."""
    states = {line["state"] for line in draft.lines_of(order["id"])}
    if states <= {"ready", "void"} and "ready" in states:
        fields["ready_at"] = draft.at
    draft.update("orders", order, **fields)


def place_order(draft: Draft, args: Args) -> None:
    new = mapping(args, "order")
    order_id = text(new, "id")
    if draft.row("orders", order_id):
        raise Reject("duplicate order")
    draft.insert(
        "orders",
        id=order_id,
        device_id=draft.device_id,
        number=text(new, "number"),
        type=choice(new, "type", _TYPES),
        table_name=optional_text(new, "table_name"),
        customer=optional_text(new, "customer"),
        server=optional_text(new, "server"),
        note=optional_text(new, "note"),
        rush=flag(new, "rush", default=False),
        state="open",
        total=0,
        paid=0,
        placed_at=draft.at,
        ready_at=None,
        closed_at=None,
        archived_at=None,
    )
    _append(draft, order_id, args)


def add_lines(draft: Draft, args: Args) -> None:
    _append(draft, find_open_order(draft, args)["id"], args)


def _append(draft: Draft, order_id: str, args: Args) -> None:
    """Put the new lines behind those that are there; the order is to be waited for again."""
    first = 1 + max((line["position"] for line in draft.lines_of(order_id)), default=0)
    total = 0
    for position, line in enumerate(_new_lines(draft, args), first):
        if draft.row("order_lines", line["id"]):
            raise Reject("duplicate line")
        draft.insert("order_lines", order_id=order_id, position=position, **line)
        draft.use_stock(line["item_id"], line["variant"], line["qty"])
        total += line["qty"] * line["price"]
    order = draft.row("orders", order_id)
    assert order is not None
    draft.update("orders", order, total=order["total"] + total, ready_at=None)


def _new_lines(draft: Draft, args: Args) -> Iterator[dict[str, Any]]:
    for new in objects(args, "lines"):
        yield {
            "id": text(new, "id"),
            "item_id": text(new, "item_id"),
            "name": text(new, "name"),
            "variant": optional_text(new, "variant"),
            "qty": integer(new, "qty", at_least=1),
            "price": integer(new, "price", at_least=0),
            "modifiers": list(objects(new, "modifiers", at_least=0)),
            "note": optional_text(new, "note"),
            "course": integer(new, "course", default=1),
            "seat": None if new.get("seat") is None else integer(new, "seat"),
            "station_id": optional_text(new, "station_id"),
            "state": "sent",
            "sent_at": draft.at,
            "started_at": None,
            "ready_at": None,
            "voided_at": None,
            "void_reason": "",
            "archived_at": None,
        }


def void_line(draft: Draft, args: Args) -> Conflict | None:
    """Stock is not given back: what was sent may be on the grill already.

    `force`: a person knows that the line is ready and voids it all the same. It is waste, and
    the order is not ready because of it.
    """
    order = find_order(draft, args)
    line = draft.row("order_lines", text(args, "line_id"))
    if line is None or line["order_id"] != order["id"]:
        raise Reject("unknown line")
    force = flag(args, "force", default=False)
    if line["state"] == "ready" and not force:
        return Conflict(line)
    if line["state"] != "void":
        _void(draft, line, optional_text(args, "reason"))
        less = order["total"] - line["qty"] * line["price"]
        if line["state"] == "ready":
            draft.update("orders", order, total=less)
        else:
            settle(draft, order, total=less)
    return None


def void_order(draft: Draft, args: Args) -> None:
    order = find_open_order(draft, args)
    if order["paid"] > 0:
        raise Reject("refund first")
    reason = optional_text(args, "reason")
    for line in draft.lines_of(order["id"]):
        if line["state"] != "void":
            _void(draft, line, reason)
    draft.update("orders", order, state="void", closed_at=draft.at, total=0)


def _void(draft: Draft, line: Row, reason: str) -> None:
    draft.update("order_lines", line, state="void", voided_at=draft.at, void_reason=reason)


def close_order(draft: Draft, args: Args) -> None:
    order = find_open_order(draft, args)
    if any(still_open(line) for line in draft.lines_of(order["id"])):
        raise Reject(f"order {order['number']} is still being made")
    draft.update("orders", order, state="closed", closed_at=draft.at)
