"""An order in the words of front of house. Pure."""

from __future__ import annotations

from datetime import datetime

from kds.base.money import format_money
from kds.domain.metrics import age_s
from kds.domain.orders import OrderView
from kds.domain.receipts import Receipt
from kds.domain.rows import Row
from kds.ui.kit.rowlist import RowSpec
from kds.ui.kit.shapes import Shape
from kds.ui.pos.receipt_words import receipt_pill
from kds.ui.theme.tokens import ToneName

TYPES = {"dine_in": "Dine in", "takeaway": "Takeaway", "delivery": "Delivery"}
ICONS = {"dine_in": "table", "takeaway": "bag", "delivery": "scooter"}
FILTERS = (("open", "Open"), ("ready", "Ready"), ("all", "All"))


def progress_pill(order: OrderView) -> tuple[str, ToneName, Shape]:
    """How far the kitchen is, as `Cooking 2 of 4`."""
    match order.progress:
        case "sent":
            return ("Sent", "info", "ring")
        case "started":
            done = order.lines_total - order.lines_open
            return (f"Cooking {done} of {order.lines_total}", "warn", "half")
        case "ready":
            return ("Ready", "ok", "check")
        case "closed":
            return ("Handed over", "neutral", "square")
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
        return f"Table {order.table_name}"
    return order.customer or TYPES[order.type]


def age_words(order: OrderView, now: datetime) -> str:
    """`now`, `12 min`, `2 h 05 min`."""
    minutes = int(age_s(order, now) // 60)
    if minutes < 1:
        return "now"
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"


def state_pill(order: OrderView, receipt: Receipt | None) -> tuple[str, ToneName, Shape]:
    """How far the order is: until it is begun, where it was seen; an alarm before all else."""
    if receipt is not None and (receipt.alarm or order.progress == "sent"):
        return receipt_pill(receipt)
    return progress_pill(order)


def order_row(
    order: OrderView, now: datetime, currency: str, receipt: Receipt | None = None
) -> RowSpec:
    """The order in the list."""
    parts = (
        TYPES[order.type] if place(order) != TYPES[order.type] else "",
        order.server,
        age_words(order, now),
        money_words(order, currency),
    )
    over = order.progress in ("closed", "void")
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
    if chosen == "open" and order.progress in ("closed", "void"):
        return False
    if chosen == "ready" and order.progress != "ready":
        return False
    words = typed.casefold().split()
    about = f"{order.number} {order.table_name} {order.customer} {place(order)}".casefold()
    return all(word in about for word in words)


def line_state(line: Row) -> tuple[str, ToneName, Shape]:
    """How far one line is."""
    match line["state"]:
        case "started":
            return ("Cooking", "warn", "half")
        case "ready":
            return ("Ready", "ok", "check")
        case "void":
            return ("Void", "danger", "cross")
        case _:
            return ("Sent", "info", "ring")
