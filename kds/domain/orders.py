"""What front of house sees of an order: how far it is, and what is still to be paid."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from kds.base.clock import from_iso
from kds.domain.rows import OrderType, Row
from kds.domain.tickets import Question, moment, questions_of

Progress = Literal["sent", "started", "ready", "closed", "void"]


@dataclass(frozen=True, slots=True)
class OrderView:
    """One order in the till's list. Money in minor units.

    `unseen`: lines whose change not all of their cooks have acknowledged. `handed_at`: when it
    went to the guest; it stays open until it is closed.
    """

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
    rush: bool = False
    vip: bool = False
    promised_at: datetime | None = None
    handed_at: datetime | None = None
    unseen: int = 0
    questions: tuple[Question, ...] = ()

    @property
    def due(self) -> int:
        return max(0, self.total - self.paid)

    @property
    def to_answer(self) -> tuple[Question, ...]:
        """What the kitchen waits to hear, the oldest first."""
        return tuple(question for question in self.questions if not question.answer)


def build_order(order: Row, lines: Iterable[Row]) -> OrderView:
    """The till's view of an order and its lines (in any order)."""
    every = list(lines)
    live = [line for line in every if line["state"] != "void"]
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
        ready_at=moment(order["ready_at"]),
        rush=order["rush"],
        vip=order.get("vip", False),
        promised_at=moment(order.get("promised_at")),
        handed_at=moment(order.get("handed_at")),
        unseen=sum(bool(line.get("flag")) for line in every),
        questions=questions_of(order),
    )


def _progress(order: Row, live: list[Row], still_open: int) -> Progress:
    if order["state"] == "void":
        return "void"
    if order["state"] == "closed":
        return "closed"
    if live and not still_open:
        return "ready"
    return "started" if any(line["state"] != "sent" for line in live) else "sent"
