"""What the clock makes of a ticket: its age, the time that is left, what is not to be begun yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kds.domain.tickets import AgeLevel, Ticket
from kds.ui.kitchen.words import age_text, due_in_text


@dataclass(frozen=True, slots=True)
class Age:
    """How long a ticket has waited, as the header says it."""

    text: str
    level: AgeLevel

    @classmethod
    def of(cls, ticket: Ticket, now: datetime) -> Age:
        return cls(age_text(ticket.age_s(now)), ticket.age_level(now))


@dataclass(frozen=True, slots=True)
class Face:
    """All of a part of a ticket that time changes.

    `due_in`: to the promised time, "" when nothing was promised. `waits`: numbers of the rows that
    are not to be begun yet, each with the time until then.
    """

    age: Age
    due_in: str = ""
    waits: tuple[tuple[int, str], ...] = ()

    @classmethod
    def of(cls, ticket: Ticket, now: datetime, waits: tuple[tuple[int, str], ...] = ()) -> Face:
        due_in = due_in_text(now, ticket.promised_at) if ticket.promised_at else ""
        return cls(Age.of(ticket, now), due_in, waits)

    @property
    def waiting(self) -> tuple[int, ...]:
        """The rows that look as if they were not to be made yet."""
        return tuple(number for number, _ in self.waits)

    @property
    def lasting(self) -> tuple[AgeLevel, tuple[int, ...]]:
        """What of it lasts: a part is painted anew when this changes."""
        return self.age.level, self.waiting
