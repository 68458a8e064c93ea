"""Who has seen what: a kitchen says what its screen shows, a till learns where its orders are.

Announcements are broadcast on the branch's channel (`domain.painted`). They are hints of the
one kind that may not be wrong: a lost one makes a receipt late, none makes it early.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Protocol

from kds.base.alarm import Alarm
from kds.base.clock import Clock
from kds.base.events import Event
from kds.connection.channels import Channel
from kds.connection.tasks import Tasks
from kds.domain.changes import ChangeSet, RowChange
from kds.domain.notices import Notice, not_seen
from kds.domain.painted import Painted, read_painted
from kds.domain.receipts import Receipt, build_receipt
from kds.domain.routing import Stop, due_at, stops_of
from kds.domain.rows import Row
from kds.domain.sightings import Line, Patience, Sightings, stops_to_begin
from kds.domain.tickets import moment
from kds.session.announcer import Announcer
from kds.session.device import Device
from kds.session.store import Store
from kds.sync.progress import SyncProgress
from kds.sync.wire import Cursor

log = logging.getLogger(__name__)

PAINTED = "painted"
TABLE = "order_lines"
SOON_S = 0.2
"""At least so long between two looks at the clock: after an outage, thousands of lines become late
one by one."""


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


class Receipts:
    """`changed` fires with the id of an order whose receipt differs, and with None when
    `alarmed` does."""

    def __init__(
        self,
        store: Store,
        tasks: Tasks,
        clock: Clock,
        *,
        now: Callable[[], datetime],
        device: Callable[[], Device | None],
        stations: Callable[[], frozenset[str]],
        tell: Callable[[Iterable[Notice]], None],
        patience: Patience,
    ) -> None:
        self._store = store
        self._tasks = tasks
        self._now = now
        self._stations = stations
        self._notify = tell
        self._sightings = Sightings(patience)
        self._announcer = Announcer(clock, self._broadcast)
        self._device = device
        self._ground: Ground | None = None
        self._checked: Cursor | None = None  # every line was compared with the rows up to here
        self._channel: Channel | None = None
        # Before any screen, which asks `of` when it hears of the same change.
        self._undo: list[Callable[[], None]] = [store.changed.connect(self._follow)]
        self._clock = clock
        self._alarm = Alarm(clock, self._on_alarm)
        self._here: frozenset[str] = frozenset()  # the keys of those who are present
        self.alarmed: tuple[str, ...] = ()
        """The orders that somebody must tell the kitchen of, longest waiting first."""
        self.changed: Event[str | None] = Event()

    # -- for the screens ------------------------------------------------------------------

    def of(self, order_id: str) -> Receipt | None:
        """How far the order has come; None when it is not known here, closed or void."""
        order = self._store.row("orders", order_id)
        if order is None or order["state"] != "open":
            return None
        return build_receipt(
            order,
            self._store.lines_of(order_id),
            self._store.rows("stations"),
            self._sightings,
            order_id in self.alarmed,
            self._now(),
        )

    def acknowledge(self, order_id: str) -> None:
        """The person at this till has told the kitchen."""
        self._sightings.tell(order_id)
        self._refresh({order_id})

    def painted(self, shown: Iterable[str]) -> None:
        """All that this device knows is on its screen, with these orders on the page in front.

        Only a kitchen's word counts: a manager who looks at the board cooks nothing.
        """
        floor = self._ground.floor if self._ground else None
        device = self._device()
        if floor is None or device is None or device.role != "kitchen":
            return
        self._announcer.show(
            Painted(
                device.id, device.name, self._stations(), floor.epoch, floor.rev, frozenset(shown)
            )
        )

    def covered(self) -> None:
        """The screen cannot be seen any more."""
        self._announcer.hide()

    # -- life -----------------------------------------------------------------------------

    def stand_on(self, ground: Ground) -> None:
        """Know the server through `ground`; called before the first rows are shown."""
        self._ground = ground
        self._undo.append(ground.progress_changed.connect(lambda _: self._on_progress()))

    def attach(self, channel: Channel) -> None:
        """Speak and listen on the branch's channel, which its owner joins and leaves."""
        self._channel = channel
        self._undo += [
            channel.on_broadcast(PAINTED, self._hear),
            channel.presence.connect(lambda state: self._meet(frozenset(state))),
            channel.status.connect(self._on_status),
        ]
        self._on_status(channel.state)

    def detach(self) -> None:
        """Neither speak nor listen; no timer is left."""
        self._announcer.hide()
        self._channel = None
        while self._undo:
            self._undo.pop()()
        self._alarm.stop()

    # -- the kitchen's side ---------------------------------------------------------------

    def _broadcast(self, painted: Painted) -> None:
        if self._channel is not None:
            sending = self._channel.broadcast(PAINTED, painted.to_payload(), key=PAINTED)
            self._tasks.start(sending, "announce what is painted")

    def _meet(self, here: frozenset[str]) -> None:
        """Somebody who has just come has heard nothing yet."""
        new, self._here = here - self._here, here
        if new:
            self._announcer.repeat()

    # -- the till's side ------------------------------------------------------------------

    def _on_status(self, status: str) -> None:
        if status == "joined":
            self._sightings.listen(self._now())
            self._announcer.repeat()
        else:
            self._sightings.deafen()
            self._here = frozenset()
        self._refresh(())

    def _hear(self, payload: dict[str, Any]) -> None:
        try:
            painted = read_painted(payload)
        except ValueError as error:
            log.warning("an announcement of another shape: %s", error)
            return
        self._refresh(self._sightings.hear(painted, self._now()))

    def _on_progress(self) -> None:
        floor = self._ground.floor if self._ground else None
        if floor != self._checked:
            self._checked = floor
            self._refresh(self._confirm())

    def _confirm(self) -> set[str]:
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

    def _follow(self, change_set: ChangeSet) -> None:
        device = self._device()
        changes = change_set.of(TABLE, "orders")
        if not changes or device is None or device.role == "kitchen":
            return
        for change in changes:
            if change.table == TABLE:
                self._follow_line(change, change_set)
            elif change.after is None or change.after["state"] != "open":
                self._forget(change.pk)
        self._refresh(self._confirm() if change_set.initiator != "local" else ())

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
        return Line(
            row["id"],
            row["order_id"],
            stop.station_id,
            due_at(row, stop),
            own,
            adopted,
            moment(row.get("fire_at")),
        )

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

    # -- alarms ---------------------------------------------------------------------------

    def _refresh(self, touched: Iterable[str]) -> None:
        """Tell of the orders that differ and of the alarms, and come back when time is up."""
        now = self._now()
        before, self.alarmed = self.alarmed, self._sightings.alarmed(now)
        earlier = set(before)
        raised = [order_id for order_id in self.alarmed if order_id not in earlier]
        ended = earlier.difference(self.alarmed)
        found = [receipt for order_id in raised if (receipt := self.of(order_id))]
        self._notify(not_seen(receipt, now) for receipt in found)
        for order_id in {*touched, *raised, *ended}:
            self.changed.emit(order_id)
        if before != self.alarmed:
            self.changed.emit(None)
        self._set_alarm(self._sightings.next_at(now), now)

    def _set_alarm(self, at: datetime | None, now: datetime) -> None:
        if at is None:
            self._alarm.set(None)
        else:
            delay = max(SOON_S, (at - now).total_seconds())
            self._alarm.set(self._clock.monotonic() + delay)

    def _on_alarm(self) -> None:
        self._refresh(self._sightings.look(self._now()))


def _told(ground: Ground, line: Line) -> bool:
    """Whether the server has told that the line is to be begun there: not only this device, which
    may have fired or recalled it a moment ago."""
    row = ground.base_row(TABLE, line.id)
    return row is not None and line.station_id in {stop.station_id for stop in stops_to_begin(row)}
