"""Stations without a screen: noticed from what the screens say, told to who can do something."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from kds.base.alarm import Alarm
from kds.base.clock import Clock
from kds.base.events import Event
from kds.domain.changes import ChangeSet
from kds.domain.coverage import Offer, Watch
from kds.domain.notices import Notice, station_dark
from kds.session.device import Device
from kds.session.listener import Listener
from kds.session.store import Store


class Coverage:
    """`offers` are what a person should decide; `changed` fires when they differ.

    Tills hear the screens too, but cannot give a station to another one. The bell rings for
    managers and for kitchen screens of all stations; a cook at one station has his own to watch.
    """

    def __init__(
        self,
        store: Store,
        listener: Listener,
        clock: Clock,
        *,
        now: Callable[[], datetime],
        device: Callable[[], Device | None],
        stations: frozenset[str],
        tell: Callable[[Iterable[Notice]], None],
    ) -> None:
        self._store = store
        self._listener = listener
        self._clock = clock
        self._now = now
        self._device = device
        self._own = stations
        self._notify = tell
        self._watch = Watch(listener.screens)
        self._alarm = Alarm(clock, self.refresh)
        self._undo: list[Callable[[], None]] = []
        self.offers: tuple[Offer, ...] = ()
        self.changed: Event[tuple[Offer, ...]] = Event()

    def begin(self) -> None:
        """Follow what is heard; the device is known."""
        device = self._device()
        if device is None or device.role == "pos":
            return
        self._undo += [
            self._listener.heard.connect(lambda _: self.refresh()),
            self._store.changed.connect(self._follow),
        ]
        self.refresh()

    def detach(self) -> None:
        """Follow no more; no timer is left."""
        while self._undo:
            self._undo.pop()()
        self._alarm.stop()

    def refresh(self) -> None:
        """Look at the clock: tell what differs, and come back when time is up."""
        now, before, stations = self._now(), self.offers, self._store.rows("stations")
        self.offers = tuple(
            offer
            for offer in self._watch.offers(stations, self._store.open_lines(), now)
            if offer.station_id not in self._own
        )
        at = self._watch.next_at(stations, now)
        wait = None if at is None else max(0.0, (at - now).total_seconds())
        self._alarm.set(None if wait is None else self._clock.monotonic() + wait)
        if self.offers == before:
            return
        if not self._own:
            fresh = set(self.offers).difference(before)
            self._notify(
                station_dark(stations[offer.station_id], offer.since, now)
                for offer in fresh
                if offer.kind == "dark"
            )
        self.changed.emit(self.offers)

    def _follow(self, change_set: ChangeSet) -> None:
        tables = ("stations", "orders", "order_lines") if self._watch.idle else ("stations",)
        if change_set.initiator == "load" or change_set.of(*tables):
            self.refresh()
