"""What front of house sees of an order: how far it is, and what is still to be paid."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from kds.base.clock import from_iso
from kds.domain.rows import OrderType, Row

Progress = Literal["sent", "started", "ready", "closed", "void"]


@dataclass(frozen=True, slots=True)
class OrderView:
    """One order in the till's list. Money in minor units."""

    id: str
    number: str
    type: OrderType
    table_name: str
    customer: str
    server: str
    device_id: str
    progress: Progress
    lines_open: int
    lines_total: int
    total: int
    paid: int
    placed_at: datetime
    ready_at: datetime | None

    @property
    def due(self) -> int:
        return max(0, self.total - self.paid)


def build_order(order: Row, lines: Iterable[Row]) -> OrderView:
    """The till's view of an order and its lines (in any order)."""
    live = [line for line in lines if line["state"] != "void"]
    still_open = sum(line["state"] in ("sent", "started") for line in live)
    return OrderView(
        id=order["id"],
        number=order["number"],
        type=order["type"],
        table_name=order["table_name"],
        customer=order["customer"],
        server=order["server"],
        device_id=order["device_id"],
        progress=_progress(order, live, still_open),
        lines_open=still_open,
        lines_total=len(live),
        total=order["total"],
        paid=order["paid"],
        placed_at=from_iso(order["placed_at"]),
        ready_at=from_iso(order["ready_at"]) if order["ready_at"] else None,
    )


def _progress(order: Row, live: list[Row], still_open: int) -> Progress:
    if order["state"] == "void":
        return "void"
    if order["state"] == "closed":
        return "closed"
    if live and not still_open:
        return "ready"
    return "started" if any(line["state"] != "sent" for line in live) else "sent"
