"""The shared rows of a service at any of its instants. Pure.

Each row keeps its own history, so what differs between two instants is found from what was
logged between them, however far apart they are: a seek needs no replaying and no keyframes.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from kds.domain.changes import RowChange
from kds.domain.effect import Key
from kds.domain.rows import Row, Tables


@dataclass(frozen=True, slots=True)
class LoggedChange:
    """A row as it was from `at` on; `row` is None when it left.

    `kind`, `actor` and `device_id` say who did what; they are "" for a change that no terminal
    asked for. `op_id` holds together what one op did.
    """

    rev: int
    at: datetime
    table: str
    pk: str
    row: Row | None
    op_id: str = ""
    kind: str = ""
    actor: str = ""
    device_id: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """What one op changed, or one transaction that was none."""

    at: datetime
    changes: tuple[LoggedChange, ...]

    @property
    def cause(self) -> LoggedChange:
        """A change that says who did what."""
        return self.changes[0]


class _History:
    """One row through the service: `rows[n]` counts from `places[n]` moments on."""

    __slots__ = ("places", "rows")

    def __init__(self, first: Row | None) -> None:
        self.places: list[int] = [0]
        self.rows: list[Row | None] = [first]

    def add(self, place: int, row: Row | None) -> None:
        if self.places[-1] == place:
            self.rows[-1] = row
        else:
            self.places.append(place)
            self.rows.append(row)

    def at(self, place: int) -> Row | None:
        return self.rows[bisect_right(self.places, place) - 1]


class Timeline:
    """A service from `start` to `end`. A place in it is how many of its `moments` have happened.

    `tables` are the rows before the first moment; `changes` come in the order of the log. A
    server's clock may be set back, the log does not run backwards: a moment is never earlier
    than the one before it.
    """

    def __init__(
        self, tables: Tables, changes: Iterable[LoggedChange], start: datetime, end: datetime
    ) -> None:
        self.start, self.end = start, end
        self.moments = tuple(_moments(changes, start))
        self._instants = [moment.at for moment in self.moments]
        self._rows: dict[Key, _History] = {
            (table, pk): _History(row) for table, rows in tables.items() for pk, row in rows.items()
        }
        for place, moment in enumerate(self.moments, 1):
            for change in moment.changes:
                history = self._rows.setdefault((change.table, change.pk), _History(None))
                history.add(place, change.row)

    @property
    def last(self) -> int:
        """The place after everything has happened."""
        return len(self.moments)

    def place_at(self, instant: datetime) -> int:
        """How many moments have happened at an instant, those of this very instant included."""
        return bisect_right(self._instants, instant)

    def instant_of(self, place: int) -> datetime:
        """When the last of the first `place` moments happened; the start for none."""
        return self._instants[place - 1] if place else self.start

    def row(self, table: str, pk: str, place: int) -> Row | None:
        """A row at a place; None while it is not there."""
        history = self._rows.get((table, pk))
        return history.at(place) if history else None

    def tables_at(self, place: int) -> dict[str, dict[str, Row]]:
        """Every row at a place."""
        found: dict[str, dict[str, Row]] = {}
        for (table, pk), history in self._rows.items():
            if (row := history.at(place)) is not None:
                found.setdefault(table, {})[pk] = row
        return found

    def difference(self, before: int, after: int) -> tuple[RowChange, ...]:
        """What leads from one place to another, forwards or backwards; each row at most once."""
        between = self.moments[min(before, after) : max(before, after)]
        keys = dict.fromkeys((one.table, one.pk) for moment in between for one in moment.changes)
        return tuple(
            RowChange(table, pk, was, becomes)
            for table, pk in keys
            if (was := self.row(table, pk, before)) != (becomes := self.row(table, pk, after))
        )


def _moments(changes: Iterable[LoggedChange], start: datetime) -> Iterator[Moment]:
    latest = start
    for _, group in groupby(changes, key=lambda change: (change.rev, change.op_id)):
        together = tuple(group)
        latest = max(latest, together[0].at)
        yield Moment(latest, together)
