"""Verbs that bring an order and end it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from kds.domain.args import (
    Args,
    choice,
    flag,
    integer,
    mapping,
    objects,
    optional_instant,
    optional_integer,
    optional_text,
    text,
)
from kds.domain.effect import Draft
from kds.domain.refusals import Reject
from kds.domain.rows import Row
from kds.domain.verbs.courses import paced
from kds.domain.verbs.finding import find_open_order, require_made
from kds.domain.verbs.lines import flagged, voided

_TYPES = ("dine_in", "takeaway", "delivery")
_PACINGS = ("at_once", "auto", "manual")


def place_order(draft: Draft, args: Args) -> None:
    new = mapping(args, "order")
    order_id = text(new, "id")
    if draft.row("orders", order_id):
        raise Reject("duplicate order")
    order = _new_order(draft, order_id, new)
    lines = _new_lines(draft, order, args)
    draft.insert("orders", **{**order, "total": _send(draft, lines)})


def add_lines(draft: Draft, args: Args) -> None:
    """Behind the lines that are there; the order is to be waited for again."""
    order = find_open_order(draft, args)
    lines = [flagged(line, "added", draft.at) for line in _new_lines(draft, order, args)]
    total = order["total"] + _send(draft, lines)
    draft.update("orders", order, total=total, ready_at=None, assembled_at=None, handed_at=None)


def void_order(draft: Draft, args: Args) -> None:
    order = find_open_order(draft, args)
    if order["paid"] > 0:
        raise Reject("refund first")
    reason = optional_text(args, "reason")
    for line in draft.lines_of(order["id"]):
        if line["state"] != "void":
            draft.update("order_lines", voided(line, reason, draft.at))
    draft.update("orders", order, state="void", closed_at=draft.at, total=0)


def close_order(draft: Draft, args: Args) -> None:
    order = find_open_order(draft, args)
    require_made(draft, order)
    draft.update("orders", order, state="closed", closed_at=draft.at)


def _new_order(draft: Draft, order_id: str, new: Args) -> dict[str, Any]:
    return {
        "id": order_id,
        "device_id": draft.device_id,
        "number": text(new, "number"),
        "type": choice(new, "type", _TYPES),
        "table_name": optional_text(new, "table_name"),
        "customer": optional_text(new, "customer"),
        "server": optional_text(new, "server"),
        "note": optional_text(new, "note"),
        "rush": flag(new, "rush", default=False),
        "vip": flag(new, "vip", default=False),
        "promised_at": optional_instant(new, "promised_at"),
        "pacing": choice(new, "pacing", _PACINGS, default="at_once"),
        "together": flag(new, "together", default=False),
        "state": "open",
        "total": 0,
        "paid": 0,
        "placed_at": draft.at,
        "ready_at": None,
        "assembled_at": None,
        "handed_at": None,
        "closed_at": None,
        "archived_at": None,
        "questions": [],
    }


def _new_lines(draft: Draft, order: Row, args: Args) -> list[dict[str, Any]]:
    """The lines of the args, placed and paced behind those that the order has."""
    old = draft.lines_of(order["id"])
    first = 1 + max((line["position"] for line in old), default=0)
    new = [
        {**_new_line(draft, line), "order_id": order["id"], "position": position}
        for position, line in enumerate(objects(args, "lines"), first)
    ]
    paced(order, old, new, draft.at)
    return new


def _new_line(draft: Draft, new: Args) -> dict[str, Any]:
    return {
        "id": text(new, "id"),
        "item_id": text(new, "item_id"),
        "name": text(new, "name"),
        "variant": optional_text(new, "variant"),
        "qty": integer(new, "qty", at_least=1),
        "price": integer(new, "price", at_least=0),
        "modifiers": _modifiers(new),
        "note": optional_text(new, "note"),
        "course": integer(new, "course", default=1),
        "seat": optional_integer(new, "seat"),
        "station_id": optional_text(new, "station_id"),
        "route": list(_route(new)),
        "prep_s": integer(new, "prep_s", default=0, at_least=0),
        "state": "sent",
        "sent_at": draft.at,
        "held": False,
        "fire_at": None,
        "started_at": None,
        "ready_at": None,
        "made_by": "",
        "voided_at": None,
        "void_reason": "",
        "flag": "",
        "flag_at": None,
        "was_qty": None,
        "seen_by": [],
        "archived_at": None,
    }


def _modifiers(new: Args) -> list[Args]:
    """As they are; a fraction in them would not be the same in every terminal's checksum."""
    found = list(objects(new, "modifiers", at_least=0))
    if any(isinstance(value, float) for modifier in found for value in modifier.values()):
        raise Reject("modifiers must have whole prices")
    return found


def _route(new: Args) -> Iterator[dict[str, Any]]:
    for stop in objects(new, "route", at_least=0):
        yield {
            "station_id": text(stop, "station_id"),
            "stage": integer(stop, "stage", default=1, at_least=1),
            "state": "sent",
            "started_at": None,
            "ready_at": None,
        }


def _send(draft: Draft, lines: Iterable[Row]) -> int:
    """To the kitchen; what the lines cost."""
    for line in lines:
        if draft.row("order_lines", line["id"]):
            raise Reject("duplicate line")
        draft.insert("order_lines", **line)
        draft.use_stock(line["item_id"], line["variant"], line["qty"])
    return sum(line["qty"] * line["price"] for line in lines)
