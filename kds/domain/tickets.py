"""What a kitchen screen shows of an order: its lines for some stations, and how old it is.

`ticketing` makes them of rows. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast

from kds.base.clock import from_iso
from kds.domain.rows import Flag, LineState, OrderState, OrderType, QuestionValue, Row

AgeLevel = Literal["calm", "warn", "late"]
Sort = Literal["age", "promised", "course"]
"""What comes first on a board, after the rushes: the longest waiting; what is promised for the
earliest; or the lowest course that is still open."""

WARN_AFTER_S = 300
LATE_AFTER_S = 480


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
    1, 2, ... were added later, at `sent_at`. `covers`: the names of the stations that would make
    it if those that are shown did not stand in for them.
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
    covers: tuple[str, ...] = ()

    @property
    def open(self) -> bool:
        """Still to be cooked, now or later."""
        return self.state in ("sent", "started")

    @property
    def all_ids(self) -> tuple[str, ...]:
        return self.ids or (self.id,)

    def to_make(self, now: datetime) -> bool:
        """Open, not held, and its time has come: what a bump of the whole ticket takes."""
        return self.open and not self.held and (self.fire_at is None or self.fire_at <= now)


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
    warn_after_s: int = WARN_AFTER_S
    late_after_s: int = LATE_AFTER_S
    vip: bool = False
    promised_at: datetime | None = None
    since: datetime | None = None
    state: OrderState = "open"
    coming: int = 0
    done_before: int = 0
    questions: tuple[Question, ...] = ()

    @property
    def open_line_ids(self) -> tuple[str, ...]:
        """Every line that is not done, held ones and those of later included."""
        return tuple(one for line in self.lines if line.open for one in line.all_ids)

    def bumpable_line_ids(self, now: datetime) -> tuple[str, ...]:
        """What "all done" means: the open lines that are to be made by now."""
        return tuple(one for line in self.lines if line.to_make(now) for one in line.all_ids)

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

    @property
    def course(self) -> int:
        """The lowest course that is still open; 0 when none is."""
        return min((line.course for line in self.lines if line.open), default=0)

    def place(self, sort: Sort) -> tuple[Any, ...]:
        """The sort key of a board that is sorted so."""
        match sort:
            case "promised":
                first: tuple[Any, ...] = (self.promised_at or self.waiting_since,)
            case "course":
                first = (self.course,)
            case _:
                first = ()
        return (not self.rush, *first, self.waiting_since, self.number)


def questions_of(order: Row) -> tuple[Question, ...]:
    """What the kitchen has asked about the order, oldest first."""
    values = cast("list[QuestionValue]", order.get("questions") or [])
    return tuple(
        Question(
            id=value["id"],
            text=value["text"],
            options=tuple(value["options"]),
            asked_by=value["asked_by"],
            asked_at=from_iso(value["asked_at"]),
            answer=value["answer"],
            answered_by=value["answered_by"],
        )
        for value in values
    )


def moment(text: str | None) -> datetime | None:
    """The instant of a column that may be null."""
    return from_iso(text) if text else None
