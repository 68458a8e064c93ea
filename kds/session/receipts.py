"""Who has seen what: a till learns where its orders are, and calls when no cook sees one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from kds.base.alarm import Alarm
from kds.base.clock import Clock, to_iso
from kds.base.events import Event
from kds.domain.absences import Absences, Screenless, read_moments, sort_out
from kds.domain.changes import ChangeSet
from kds.domain.notices import Notice, no_screen, not_seen
from kds.domain.receipts import Receipt, build_receipt
from kds.domain.sightings import Line, Patience, Sightings
from kds.session.device import Device
from kds.session.drawer import Drawer
from kds.session.listener import Listener
from kds.session.store import Store
from kds.session.tracker import TABLE, Ground, Tracker
from kds.session.waved import Waved
from kds.sync.wire import Cursor

SOON_S = 0.2
"""At least so long between two looks at the clock: after an outage, thousands of lines become late
one by one."""


class Receipts:
    """`changed` fires with the id of an order whose receipt differs, and with None when
    `alarmed` or `screenless` do.

    What a person has acknowledged is kept in `waved`, what is known of the stations' screens in
    `drawer`.
    """

    def __init__(
        self,
        store: Store,
        listener: Listener,
        clock: Clock,
        *,
        now: Callable[[], datetime],
        device: Callable[[], Device | None],
        tell: Callable[[Iterable[Notice]], None],
        patience: Patience,
        waved: Waved,
        drawer: Drawer,
    ) -> None:
        self._store = store
        self._now = now
        self._notify = tell
        self._sightings = Sightings(listener.screens, patience)
        self._waved = waved
        self._drawer = drawer
        self._absences = Absences(listener.screens)
        self._device = device
        self._tracker = Tracker(
            store,
            self._sightings,
            now=now,
            device=device,
            is_told=lambda line: waved.has(line.order_id, _mark(line)),
        )
        self._checked: Cursor | None = None  # every line was compared with the rows up to here
        # Before any screen, which asks `of` when it hears of the same change.
        self._undo: list[Callable[[], None]] = [
            store.changed.connect(self._follow),
            listener.heard.connect(lambda _: self._hear()),
        ]
        self._clock = clock
        self._alarm = Alarm(clock, self._look)
        self.alarmed: tuple[str, ...] = ()
        """The orders that somebody must tell the kitchen of, longest waiting first."""
        self.screenless: tuple[Screenless, ...] = ()
        """The stations whose orders somebody must tell the kitchen of, as no screen shows any."""
        self.changed: Event[str | None] = Event()

    # -- for the screens ------------------------------------------------------------------

    def of(self, order_id: str) -> Receipt | None:
        """How far the order has come; None when it is not known here, closed or void."""
        order = self._store.row("orders", order_id)
        if order is None or order["state"] != "open":
            return None
        now, stations = self._now(), self._store.rows("stations")
        return build_receipt(
            order,
            self._store.lines_of(order_id),
            stations,
            self._sightings,
            order_id in self.alarmed,
            now,
            {key for key in stations if self._absences.is_absent(key, now)},
        )

    def acknowledge(self, order_id: str) -> None:
        """The person at this till has told the kitchen."""
        self._waved.add(order_id, map(_mark, self._sightings.tell(order_id)))
        self._refresh({order_id})

    def acknowledge_station(self, station_id: str) -> None:
        """The person at this till knows that no screen shows the station."""
        self._absences.tell(station_id, self._now())
        self._drawer.keep(self._absences.to_json())
        self._refresh(())

    # -- life -----------------------------------------------------------------------------

    async def load(self) -> None:
        """Take over what earlier runs have left; before the first rows come."""
        self._absences.load(await self._drawer.read(read_moments) or {})

    def stand_on(self, ground: Ground) -> None:
        """Know the server through `ground`; called before the first rows are shown."""
        self._tracker.stand_on(ground)
        self._undo.append(
            ground.progress_changed.connect(lambda _: self._on_progress(ground.floor))
        )

    def detach(self) -> None:
        """Follow no more; no timer is left."""
        while self._undo:
            self._undo.pop()()
        self._alarm.stop()

    # -- what happens ---------------------------------------------------------------------

    def _on_progress(self, floor: Cursor | None) -> None:
        if floor != self._checked:
            self._checked = floor
            self._refresh(self._tracker.confirm())

    def _follow(self, change_set: ChangeSet) -> None:
        if self._follows and change_set.of(TABLE, "orders", "stations"):
            self._refresh(self._tracker.follow(change_set))

    def _hear(self) -> None:
        """A screen has spoken."""
        if not self._follows:
            return
        if self._absences.look(self._store.rows("stations")):
            self._drawer.keep(self._absences.to_json())
        self._look()

    @property
    def _follows(self) -> bool:
        """A kitchen need not know what others see."""
        device = self._device()
        return device is not None and device.role != "kitchen"

    # -- alarms ---------------------------------------------------------------------------

    def _refresh(self, touched: Iterable[str]) -> None:
        """Tell of the orders that differ and of the alarms, and come back when time is up."""
        now = self._now()
        before = self.alarmed, self.screenless
        late, stations = self._sightings.late(now), self._store.rows("stations")
        self.alarmed, self.screenless = sort_out(late, stations, self._absences, now)
        earlier = set(before[0])
        raised = [order_id for order_id in self.alarmed if order_id not in earlier]
        ended = earlier.difference(self.alarmed)
        found = [receipt for order_id in raised if (receipt := self.of(order_id))]
        self._notify(not_seen(receipt, now) for receipt in found)
        self._notify(no_screen(one, now) for one in self.screenless)
        for order_id in {*touched, *raised, *ended}:
            self.changed.emit(order_id)
        if before != (self.alarmed, self.screenless):
            self.changed.emit(None)
        moments = (self._sightings.next_at(now), self._absences.known_at(now) if late else None)
        self._set_alarm(min((at for at in moments if at), default=None), now)

    def _set_alarm(self, at: datetime | None, now: datetime) -> None:
        if at is None:
            self._alarm.set(None)
        else:
            delay = max(SOON_S, (at - now).total_seconds())
            self._alarm.set(self._clock.monotonic() + delay)

    def _look(self) -> None:
        """A screen has spoken, or time is up."""
        self._refresh(self._sightings.look(self._now()))


def _mark(line: Line) -> str:
    """Another one when it is fired again."""
    return f"{line.id} {line.station_id} {to_iso(line.since)}"
