"""Which lines cooks have to see, whose they are and with which rev they came, by the rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from kds.base.events import Event
from kds.domain.changes import ChangeSet, RowChange
from kds.domain.routing import Stop, due_at, stops_of
from kds.domain.rows import Row
from kds.domain.sightings import Line, Sightings, stops_to_begin
from kds.domain.tickets import moment
from kds.session.device import Device
from kds.session.store import Store
from kds.sync.progress import SyncProgress
from kds.sync.wire import Cursor

TABLE = "order_lines"


class Ground(Protocol):
    """What the sync engine knows of the server's floor stream.

    `floor`: how far the screens have it. `reached`: how far the disk has it, which is further
    while a big change is on its way to the screens. Both None before the first snapshot.
    """

    progress_changed: Event[SyncProgress]

    @property
    def floor(self) -> Cursor | None: ...

    @property
    def reached(self) -> Cursor | None: ...

    def base_row(self, table: str, pk: str) -> Row | None:
        """The row as it came from the server, whatever is pending on top of it."""
        ...


class Tracker:
    """Keeps the lines of `sightings` as the rows are.

    `is_told`: whether a person has told the kitchen of the line before. Methods that take news
    return the ids of the orders whose receipt they may have changed.
    """

    def __init__(
        self,
        store: Store,
        sightings: Sightings,
        *,
        now: Callable[[], datetime],
        device: Callable[[], Device | None],
        is_told: Callable[[Line], bool],
    ) -> None:
        self._store, self._sightings = store, sightings
        self._now, self._device, self._is_told = now, device, is_told
        self._ground: Ground | None = None

    def stand_on(self, ground: Ground) -> None:
        """Know the server through `ground`; called before the first rows are shown."""
        self._ground = ground

    def follow(self, change_set: ChangeSet) -> set[str]:
        """The store has taken it in."""
        for change in change_set.of(TABLE, "orders"):
            if change.table == TABLE:
                self._follow_line(change, change_set)
            elif not self._is_open(change.pk):
                self._forget(change.pk)
        return self.confirm() if change_set.initiator != "local" else set()

    def confirm(self) -> set[str]:
        """Give the lines whose rows have come their rev; the orders of these lines.

        A row is in the base before the screens are told how far they are, so its rev is that of
        the disk: the screens' own would be too early.
        """
        ground, now = self._ground, self._now()
        reached = ground.reached if ground else None
        if ground is None or reached is None:
            return set()
        self._sightings.enter(reached.epoch)
        come = [line for line in self._sightings.unconfirmed if _told(ground, line)]
        for line in come:
            self._sightings.confirm(line, reached.rev, now)
        return {line.order_id for line in come}

    def _follow_line(self, change: RowChange, change_set: ChangeSet) -> None:
        row = change.after
        to_begin = stops_to_begin(row) if row and self._is_open(row["order_id"]) else ()
        before = stops_of(change.before) if change.before else ()
        for stop in before:
            if stop.station_id not in {one.station_id for one in to_begin}:
                self._sightings.drop(change.pk, stop.station_id)
        # A recalled line was begun before: the kitchen itself has put it back on its board.
        begun = {stop.station_id for stop in before if stop.state != "sent"}
        for stop in to_begin:
            assert row is not None
            own = stop.station_id not in begun and self._is_mine(row, change_set)
            self._sightings.watch(self._line(row, stop, own, change_set), self._now())

    def _line(self, row: Row, stop: Stop, own: bool, change_set: ChangeSet) -> Line:
        adopted = change_set.initiator == "load" and self._base_row(row["id"]) is not None
        line = Line(
            row["id"],
            row["order_id"],
            stop.station_id,
            due_at(row, stop),
            own,
            adopted,
            moment(row.get("fire_at")),
        )
        line.told = self._is_told(line)
        return line

    def _forget(self, order_id: str) -> None:
        for row in self._store.lines_of(order_id):
            for stop in stops_of(row):
                self._sightings.drop(row["id"], stop.station_id)

    def _is_open(self, order_id: str) -> bool:
        order = self._store.row("orders", order_id)
        return order is not None and order["state"] == "open"

    def _is_mine(self, line: Row, change_set: ChangeSet) -> bool:
        """Whether this till has sent it: tapped here, or found on the disk under its number."""
        device = self._device()
        if device is None or device.role != "pos":
            return False
        if change_set.initiator == "local":
            return True
        order = self._store.row("orders", line["order_id"])
        return order is not None and order["device_id"] == device.id

    def _base_row(self, line_id: str) -> Row | None:
        return self._ground.base_row(TABLE, line_id) if self._ground is not None else None


def _told(ground: Ground, line: Line) -> bool:
    """Whether the server has told that the line is to be begun there: not only this device, which
    may have fired or recalled it a moment ago."""
    row = ground.base_row(TABLE, line.id)
    return row is not None and line.station_id in {stop.station_id for stop in stops_to_begin(row)}
