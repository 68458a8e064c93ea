"""What a change means to the person at a device: the notices it gives rise to.

Ids are made of what happened, so the same change seen twice makes one notice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from kds.base.clock import to_iso
from kds.domain.absences import Screenless
from kds.domain.changes import ChangeSet, RowChange
from kds.domain.commands import Command
from kds.domain.receipts import Receipt
from kds.domain.rows import Role, Row, floor_stream
from kds.domain.stock import StockView, build_stock

NoticeKind = Literal[
    "new_order",
    "order_ready",
    "question",
    "answered",
    "low_stock",
    "refused",
    "eighty_six",
    "not_seen",
    "station_dark",
    "branch",
    "locked",
    "unreadable",
]

_SEVERITY = {"ok": 0, "low": 1, "out": 2}
_LARGER_UNIT = {"g": "kg", "ml": "l"}
_TYPES = {"dine_in": "Dine-in", "takeaway": "Takeaway", "delivery": "Delivery"}
_VERBS = {
    "place_order": "Order",
    "add_lines": "More for",
    "change_qty": "Another quantity for",
    "void_line": "Void a line of",
    "void_order": "Void",
    "close_order": "Close",
    "pay": "Payment of",
    "ask": "Question about",
    "answer": "Answer for",
}


@dataclass(frozen=True, slots=True)
class Notice:
    """One line of the bell's list. `branch`: the name of its branch, where several are shown.
    `options`: answers to a question that take one tap."""

    id: str
    kind: NoticeKind
    title: str
    body: str
    at: datetime
    order_id: str | None = None
    read: bool = False
    branch: str = ""
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose bell it is: what interests a kitchen is noise at a till. `expo_stages`: of the branch;
    with 2 an order is ready when it stands complete on the pass."""

    role: Role
    device_id: str
    expo_stages: int = 1


def derive(change_set: ChangeSet, reader: Reader, now: datetime) -> tuple[Notice, ...]:
    """The notices of a change, in its order; none for a load, which is no news."""
    if change_set.initiator == "load":
        return ()
    found: list[Notice] = []
    for change in change_set.changes:
        match change.table:
            case "orders":
                found += _of_order(change, reader, now)
                if change_set.initiator == "remote":
                    found += _of_questions(change, reader, now)
            case "stock_items":
                found += _of_stock(change, reader, now, _mark(change_set, change, now))
            case "menu_items" if change_set.initiator == "remote":
                found += _of_menu(change, reader, now)
            case "devices" if reader.role == "manager":
                found += _of_device(change, now)
    return tuple(found)


def _of_device(change: RowChange, now: datetime) -> Iterator[Notice]:
    """A terminal is locked: it takes a manager."""
    was, row = change.before or {}, change.after or {}
    if (since := row.get("locked_since")) and since != was.get("locked_since"):
        body = "Its orders are held back. Let it in again on the screen People."
        yield Notice(
            f"locked:{change.pk}:{since}", "locked", f"{row['name']} was copied", body, now
        )


def refused(command: Command, reason: str, number: str, now: datetime) -> Notice:
    """The server did not accept what was asked for here. `number`: the order's, or empty."""
    verb = _VERBS.get(command.kind, command.kind.replace("_", " ").capitalize())
    order_id = command.args.get("order_id") or command.args.get("order", {}).get("id")
    title = f"Not accepted: {verb} {number}".rstrip()
    return Notice(f"refused:{command.op_id}", "refused", title, reason, now, order_id)


def entry_unreadable(op_id: str, number: str, reason: str, now: datetime) -> Notice:
    """What was asked for here cannot be read any more. `number`: the order's, or empty."""
    title = f"Cannot be read: an entry{' of ' if number else ''}{number}"
    return Notice(f"refused:{op_id}", "refused", title, reason, now)


def setting_unreadable(key: str, now: datetime) -> Notice:
    """A setting of this terminal counts as never made."""
    return Notice(
        f"unreadable:{key}:{to_iso(now)}",
        "unreadable",
        "A setting could not be read",
        "It is as at the very start. Look through the settings of this screen.",
        now,
    )


def notices_unreadable(count: int, now: datetime) -> Notice:
    """So many lines of this list are lost to view."""
    return Notice(
        "unreadable:notices",
        "unreadable",
        f"{count} notice{'s' if count > 1 else ''} could not be read",
        "What still needs a person is shown where it is decided.",
        now,
    )


def refused_op(notice: Notice) -> str:
    """The id of the op that a notice of `refused` or `entry_unreadable` is about; empty for every
    other notice."""
    return notice.id.removeprefix("refused:") if notice.kind == "refused" else ""


def question_id(notice: Notice) -> str:
    """The id of the question that a notice of `question` or `answered` is about; else empty."""
    return notice.id.partition(":")[2] if notice.kind in ("question", "answered") else ""


def not_seen(receipt: Receipt, now: datetime) -> Notice:
    """An order of this till is on no screen of a kitchen that should make it."""
    where = " and ".join(receipt.missing)
    return Notice(
        f"not_seen:{receipt.order_id}:{to_iso(receipt.since)}",
        "not_seen",
        f"Not on screen: {receipt.number}",
        f"{where} could not see it. Tell the kitchen.",
        now,
        receipt.order_id,
    )


def no_screen(station: Screenless, now: datetime) -> Notice:
    """Orders of this till wait at a station that no screen shows. Told once a day."""
    return Notice(
        f"no_screen:{station.station_id}:{now:%Y-%m-%d}",
        "not_seen",
        f"No screen: {station.name}",
        "Its cooks see no orders. A manager can say that it has none.",
        now,
    )


def station_dark(station: Row, since: datetime, now: datetime) -> Notice:
    """Every screen of a station has gone silent; it was heard last at `since`."""
    return Notice(
        f"station_dark:{station['id']}:{to_iso(since)}",
        "station_dark",
        f"Screen dark: {station['name']}",
        "Its orders can be sent to another station.",
        now,
    )


def taken_away(branch_id: str, name: str, unsent: int, now: datetime) -> Notice:
    """The account may not see this branch any more. `unsent`: ops that are still on this disk."""
    kept = f"{unsent} unsent changes are kept" if unsent else "Its data is kept"
    return Notice(
        f"branch:{branch_id}:{to_iso(now)}",
        "branch",
        f"No longer yours: {name}",
        f"{kept} on this computer until the account gets the branch back.",
        now,
    )


def not_opened(branch_id: str, reason: str, now: datetime) -> Notice:
    """This device cannot show a branch of its account."""
    notice_id = f"branch:{branch_id}:{to_iso(now)}"
    return Notice(notice_id, "branch", "A branch cannot be shown", reason, now)


def _mark(change_set: ChangeSet, change: RowChange, now: datetime) -> str:
    """What tells one fall of a level from the next: the rev, or the moment of a local tap."""
    row = change.after or change.before or {}
    rev = change_set.revs.get(floor_stream(row.get("branch_id", "")))
    return to_iso(now) if rev is None else str(rev)


def _of_order(change: RowChange, reader: Reader, now: datetime) -> Iterator[Notice]:
    before, order = change.before, change.after
    if order is None or order["state"] != "open":
        return
    mine = order["device_id"] == reader.device_id
    where = order["table_name"] or order["customer"] or _TYPES[order["type"]]
    if before is None and order["ready_at"] is None and reader.role != "pos" and not mine:
        yield Notice(
            f"new_order:{change.pk}", "new_order", f"Order {order['number']}", where, now, change.pk
        )
    moment = "assembled_at" if reader.expo_stages == 2 else "ready_at"
    became_ready = order.get(moment) is not None and (before is None or before.get(moment) is None)
    if became_ready and (reader.role == "manager" or mine):
        yield Notice(
            f"order_ready:{change.pk}:{order[moment]}",
            "order_ready",
            f"Ready: {order['number']}",
            where,
            now,
            change.pk,
        )


def _of_questions(change: RowChange, reader: Reader, now: datetime) -> Iterator[Notice]:
    """Asked: to the till that took the order, and to managers. Answered: to the kitchen."""
    order = change.after
    if order is None or order["state"] != "open":
        return
    known = {value["id"]: value for value in _questions(change.before)}
    asks = reader.role == "manager" or order["device_id"] == reader.device_id
    for value in _questions(order):
        before = known.get(value["id"])
        if before is None and not value["answer"] and asks:
            title, options = f"Kitchen asks: {order['number']}", tuple(value["options"])
            notice_id = f"question:{value['id']}"
            text = str(value["text"])
            yield Notice(notice_id, "question", title, text, now, change.pk, options=options)
        if reader.role == "kitchen" and value["answer"] and not (before and before["answer"]):
            title, body = f"Answer: {order['number']}", f"{value['text']} {value['answer']}"
            yield Notice(f"answered:{value['id']}", "answered", title, body, now, change.pk)


def _questions(order: Row | None) -> list[Mapping[str, Any]]:
    return (order or {}).get("questions") or []


def _of_stock(change: RowChange, reader: Reader, now: datetime, mark: str) -> Iterator[Notice]:
    if change.before is None or change.after is None:
        return
    before, stock = build_stock(change.before), build_stock(change.after)
    fell = stock.level < before.level and _SEVERITY[stock.status] > _SEVERITY[before.status]
    if not fell or (reader.role == "pos" and stock.status != "out"):
        return
    title = f"Out: {stock.name}" if stock.status == "out" else f"Low: {left(stock)}"
    body = f"Low at {quantity(stock.low_level, stock.unit)}"
    yield Notice(f"low_stock:{stock.id}:{stock.status}:{mark}", "low_stock", title, body, now)


def _of_menu(change: RowChange, reader: Reader, now: datetime) -> Iterator[Notice]:
    if change.before is None or change.after is None or reader.role == "manager":
        return
    was, since = change.before["out_since"], change.after["out_since"]
    if (was is None) == (since is None):
        return
    name = change.after["name"]
    title, state = (f"86: {name}", "out") if since else (f"Back on: {name}", "back")
    body = "Not to be sold" if since else "Can be sold again"
    notice_id = f"eighty_six:{change.pk}:{state}:{since or was}"
    yield Notice(notice_id, "eighty_six", title, body, now)


def left(stock: StockView) -> str:
    """`Mozzarella 2.1 kg left`."""
    return f"{stock.name} {quantity(stock.level, stock.unit)} left"


def quantity(level: int, unit: str) -> str:
    """`2100, "g"` -> `2.1 kg`; `12, "pcs"` -> `12 pcs`."""
    if unit in _LARGER_UNIT and abs(level) >= 1000:
        return f"{level / 1000:.1f} {_LARGER_UNIT[unit]}"
    return f"{level} {unit}"


def order_number(command: Command, order: Row | None) -> str:
    """The number of the order that a command is about; empty when it is about none."""
    if order is not None:
        return str(order["number"])
    return str(command.args.get("order", {}).get("number", ""))
