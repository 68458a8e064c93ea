"""What a kitchen screen shows of an order: its lines for some stations, and how old it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

from kds.base.clock import from_iso
from kds.domain.rows import Flag, LineModifier, LineState, OrderState, OrderType, Row

AgeLevel = Literal["calm", "warn", "late"]


@dataclass(frozen=True, slots=True)
class Question:
    """What the kitchen asked about the order. `answer` is "" while it waits."""

    id: str
    text: str
    options: tuple[str, ...]
    asked_by: str
    asked_at: datetime
    answer: str = ""
    answered_by: str = ""


@dataclass(frozen=True, slots=True)
class TicketLine:
    """One line as the cook reads it: equal lines of the order are one.

    `id` is the first of `ids`. `state` is that of the stations that are shown. `flag` is what
    these stations have not acknowledged yet, `was_qty` the quantity before a change of it.
    `held`: not to be made until it is fired. `fire_at`: when it is to be begun, also in the
    future; None for a line that was to be begun when it was sent. `batch`: 0 came with the order,
    1, 2, ... were added later, at `sent_at`.
    """

    id: str
    qty: int
    name: str
    variant: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    allergens: tuple[str, ...]
    note: str
    course: int
    seat: int | None
    station_id: str
    state: LineState
    ids: tuple[str, ...] = ()
    item_id: str = ""
    flag: Flag = ""
    was_qty: int | None = None
    held: bool = False
    fire_at: datetime | None = None
    batch: int = 0
    sent_at: datetime | None = None

    @property
    def open(self) -> bool:
        """Still to be cooked, now or later."""
        return self.state in ("sent", "started")

    @property
    def all_ids(self) -> tuple[str, ...]:
        return self.ids or (self.id,)


@dataclass(frozen=True, slots=True)
class Ticket:
    """An order at some stations. `lines` are in the order they were sent, voided ones included.

    `since`: from when on it is waited for here; the age counts from it. `placed_at` when it is
    None. `coming`: lines that an earlier station still has. `done_before`: lines that were bumped
    here before those that are open came. `state` is the order's.
    """

    order_id: str
    number: str
    type: OrderType
    table_name: str
    customer: str
    server: str
    note: str
    rush: bool
    placed_at: datetime
    lines: tuple[TicketLine, ...]
    warn_after_s: int = 300
    late_after_s: int = 480
    vip: bool = False
    promised_at: datetime | None = None
    since: datetime | None = None
    state: OrderState = "open"
    coming: int = 0
    done_before: int = 0
    questions: tuple[Question, ...] = ()

    @property
    def open_line_ids(self) -> tuple[str, ...]:
        return tuple(one for line in self.lines if line.open for one in line.all_ids)

    @property
    def flagged_line_ids(self) -> tuple[str, ...]:
        """The lines whose change nobody here has acknowledged."""
        return tuple(one for line in self.lines if line.flag for one in line.all_ids)

    @property
    def where(self) -> str:
        """The table or the customer; empty when neither is known."""
        return self.table_name or self.customer

    @property
    def waiting_since(self) -> datetime:
        return self.since or self.placed_at

    def age_s(self, now: datetime) -> int:
        """Whole seconds that it has been waited for here, in server time; never negative."""
        return max(0, int((now - self.waiting_since).total_seconds()))

    def age_level(self, now: datetime) -> AgeLevel:
        """Late by its age, or because its promised time is past."""
        age = self.age_s(now)
        if age >= self.late_after_s or (self.promised_at is not None and now >= self.promised_at):
            return "late"
        return "warn" if age >= self.warn_after_s else "calm"

    @property
    def sort_key(self) -> tuple[bool, datetime, str]:
        """Rush first, then the longest waiting."""
        return (not self.rush, self.waiting_since, self.number)


def build_ticket(
    order: Row,
    lines: Iterable[Row],
    stations: Mapping[str, Row],
    menu: Mapping[str, Row],
    only: frozenset[str] = frozenset(),
) -> Ticket | None:
    """The ticket of `order` at the stations `only` (all when empty).

    None when nothing is left to do there: the order is not open, or no line of these stations
    is still to be cooked.
    """
    if order["state"] != "open":
        return None
    mine = sorted(
        (line for line in lines if not only or line["station_id"] in only),
        key=lambda line: (line["position"], line["id"]),
    )
    if not any(line["state"] in ("sent", "started") for line in mine):
        return None
    thresholds = [stations[s] for s in {line["station_id"] for line in mine} if s in stations]
    return Ticket(
        order_id=order["id"],
        number=order["number"],
        type=order["type"],
        table_name=order["table_name"],
        customer=order["customer"],
        server=order["server"],
        note=order["note"],
        rush=order["rush"],
        placed_at=from_iso(order["placed_at"]),
        lines=tuple(_line(line, menu) for line in mine),
        warn_after_s=min((s["warn_after_s"] for s in thresholds), default=300),
        late_after_s=min((s["late_after_s"] for s in thresholds), default=480),
    )


def _line(line: Row, menu: Mapping[str, Row]) -> TicketLine:
    modifiers = cast("list[LineModifier]", line["modifiers"])
    item = menu.get(line["item_id"])
    return TicketLine(
        id=line["id"],
        qty=line["qty"],
        name=line["name"],
        variant=line["variant"],
        added=tuple(m["name"] for m in modifiers if m["kind"] == "add"),
        removed=tuple(m["name"] for m in modifiers if m["kind"] == "remove"),
        allergens=tuple(item["allergens"]) if item else (),
        note=line["note"],
        course=line["course"],
        seat=line["seat"],
        station_id=line["station_id"],
        state=line["state"],
    )
