"""An order in the words of front of house. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import groupby

from kds.base.clock import from_iso
from kds.base.money import format_money
from kds.domain.metrics import age_s
from kds.domain.orders import OrderView
from kds.domain.receipts import Receipt
from kds.domain.rows import Row
from kds.domain.words import table_words
from kds.ui.kit.rowlist import RowSpec
from kds.ui.kit.shapes import Shape
from kds.ui.pos.receipt_words import receipt_pill
from kds.ui.theme.tokens import ToneName

TYPES = {"dine_in": "Dine in", "takeaway": "Takeaway", "delivery": "Delivery"}
ICONS = {"dine_in": "table", "takeaway": "bag", "delivery": "scooter"}
_OVER = ("closed", "void")
FILTERS = (("open", "Open"), ("ready", "Ready"), ("all", "All"))


def progress_pill(order: OrderView) -> tuple[str, ToneName, Shape]:
    """How far the kitchen is, as `Cooking 2 of 4`."""
    if order.handed_at is not None and order.progress == "ready":
        return ("Handed over", "neutral", "check")
    match order.progress:
        case "sent":
            return ("Sent", "info", "ring")
        case "started":
            done = order.lines_total - order.lines_open
            return (f"Cooking {done} of {order.lines_total}", "warn", "half")
        case "ready":
            return ("Ready", "ok", "check")
        case "closed":
            return ("Closed", "neutral", "square")
        case "void":
            return ("Void", "danger", "cross")


def money_words(order: OrderView, currency: str) -> str:
    """What is still to be paid: `paid`, `$12.00 due`; "" for a void order."""
    if order.progress == "void":
        return ""
    return f"{format_money(order.due, currency)} due" if order.due else "paid"


def place(order: OrderView) -> str:
    """Where it goes: the table, the guest's name, or the kind of order."""
    if order.table_name:
        return table_words(order.table_name)
    return order.customer or TYPES[order.type]


def age_words(order: OrderView, now: datetime) -> str:
    """`now`, `12 min`, `2 h 05 min`."""
    minutes = int(age_s(order, now) // 60)
    if minutes < 1:
        return "now"
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"


def state_pill(order: OrderView, receipt: Receipt | None) -> tuple[str, ToneName, Shape]:
    """How far the order is: until it is begun, where it was seen. What somebody must do about it
    comes before all else: answer the kitchen, or tell it."""
    if order.to_answer and order.progress not in _OVER:
        return ("Kitchen asks", "warn", "diamond")
    if receipt is not None and (receipt.alarm or order.progress == "sent"):
        return receipt_pill(receipt)
    return progress_pill(order)


def order_row(
    order: OrderView, now: datetime, currency: str, receipt: Receipt | None = None
) -> RowSpec:
    """The order in the list."""
    parts = (
        " ".join(filter(None, ("RUSH" * order.rush, "VIP" * order.vip))),
        TYPES[order.type] if place(order) != TYPES[order.type] else "",
        order.server,
        age_words(order, now),
        money_words(order, currency),
    )
    over = order.progress in _OVER
    return RowSpec(
        title=f"{order.number}  ·  {place(order)}",
        subtitle=" · ".join(filter(None, parts)),
        badge=ICONS[order.type],
        tone="ok" if order.progress == "ready" else "neutral",
        value=format_money(order.total, currency),
        pill=state_pill(order, receipt),
        faint=over,
    )


def matches(order: OrderView, chosen: str, typed: str) -> bool:
    """Whether the list shows the order under a filter of `FILTERS` and what was typed."""
    if chosen == "open" and order.progress in _OVER:
        return False
    if chosen == "ready" and (order.progress != "ready" or order.handed_at is not None):
        return False
    words = typed.casefold().split()
    about = f"{order.number} {order.table_name} {order.customer} {place(order)}".casefold()
    return all(word in about for word in words)


def line_state(line: Row) -> tuple[str, ToneName, Shape]:
    """How far one line is."""
    if line.get("held") and line["state"] == "sent":
        return ("On hold", "neutral", "pause")
    match line["state"]:
        case "started":
            return ("Cooking", "warn", "half")
        case "ready":
            return ("Ready", "ok", "check")
        case "void":
            return ("Void", "danger", "cross")
        case _:
            return ("Sent", "info", "ring")


def cooking_words(order: OrderView) -> str:
    """What the guest still waits for: `2 still cooking`; "" when it is all there."""
    return f"{order.lines_open} still cooking" if order.lines_open else ""


def give_words(order: OrderView) -> str:
    """What the button does that gives a ready order away."""
    deed = "Hand over" if order.handed_at is None else "Close"
    return f"{deed} · unpaid" if order.due else deed


def promise_words(order: OrderView, zone: tzinfo) -> str:
    """`promised 18:55`; "" when nothing was."""
    if order.promised_at is None:
        return ""
    return f"promised {order.promised_at.astimezone(zone):%H:%M}"


def change_words(line: Row) -> str:
    """What the kitchen has not acknowledged yet of a line; "" when there is nothing."""
    match line.get("flag", ""):
        case "":
            return ""
        case "qty":
            return f"Kitchen has not seen: was {line.get('was_qty')}"
        case "void":
            return "Kitchen has not seen that it is void"
        case _:
            return "Kitchen has not seen this addition"


@dataclass(frozen=True, slots=True)
class CourseView:
    """One course of an order. `held`: it can be fired; `to_hold`: it can still be held back."""

    course: int
    lines: tuple[Row, ...]

    @property
    def held(self) -> bool:
        return any(line.get("held") for line in self.lines)

    @property
    def to_hold(self) -> bool:
        return any(line["state"] == "sent" and not line.get("held") for line in self.lines)

    def pill(self, now: datetime, zone: tzinfo) -> tuple[str, ToneName, Shape]:
        """How far the course is; when it is begun, if that is still to come."""
        live = [line for line in self.lines if line["state"] != "void"]
        states = {line["state"] for line in live}
        if self.held:
            return ("On hold", "neutral", "pause")
        if not live:
            return ("Void", "danger", "cross")
        if states == {"ready"}:
            return ("Ready", "ok", "check")
        if states & {"started", "ready"}:
            return ("Cooking", "warn", "half")
        starts = [from_iso(line["fire_at"]) for line in live if line.get("fire_at")]
        if len(starts) == len(live) and min(starts) > now:
            return (f"Starts {min(starts).astimezone(zone):%H:%M}", "info", "ring")
        return ("Sent", "info", "ring")


def courses_of(lines: Iterable[Row]) -> tuple[CourseView, ...]:
    """The order's lines by course, as they were sent."""
    ordered = sorted(lines, key=lambda line: line["course"])  # stable: keeps their order
    return tuple(
        CourseView(course, tuple(group))
        for course, group in groupby(ordered, key=lambda line: int(line["course"]))
    )
