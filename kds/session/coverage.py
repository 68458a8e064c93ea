"""Stations without a screen: noticed from what the screens say, told to who can do something."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from kds.base.alarm import Alarm
from kds.base.clock import Clock
from kds.base.events import Event
from kds.connection.channels import Channel
from kds.domain.changes import ChangeSet
from kds.domain.coverage import Offer, Watch
from kds.domain.notices import Notice, station_dark
from kds.domain.painted import read_painted
from kds.session.device import Device
from kds.session.receipts import PAINTED
from kds.session.store import Store

log = logging.getLogger(__name__)


class Coverage:
    """`offers` are what a person should decide; `changed` fires when they differ.

    Tills hear the screens too, but cannot give a station to another one. The bell rings for
    managers and for kitchen screens of all stations; a cook at one station has his own to watch.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        *,
        now: Callable[[], datetime],
        device: Callable[[], Device | None],
        stations: frozenset[str],
        tell: Callable[[Iterable[Notice]], None],
        silent: float,
    ) -> None:
        self._store = store
        self._clock = clock
        self._now = now
        self._device = device
        self._own = stations
        self._notify = tell
        self._watch = Watch(silent)
        self._alarm = Alarm(clock, self.refresh)
        self._undo: list[Callable[[], None]] = []
        self.offers: tuple[Offer, ...] = ()
        self.changed: Event[tuple[Offer, ...]] = Event()

    def attach(self, channel: Channel) -> None:
        """Listen on the branch's channel, which its owner joins and leaves."""
        device = self._device()
        if device is None or device.role == "pos":
            return
        self._undo += [
            channel.on_broadcast(PAINTED, self._hear),
            channel.status.connect(self._on_status),
            self._store.changed.connect(self._follow),
        ]
        self._on_status(channel.state)

    def detach(self) -> None:
        """Listen no more; no timer is left."""
        while self._undo:
            self._undo.pop()()
        self._alarm.stop()

    def refresh(self) -> None:
        """Look at the clock: tell what differs, and come back when time is up."""
        now, before, stations = self._now(), self.offers, self._store.rows("stations")
        self.offers = tuple(
            offer
            for offer in self._watch.offers(stations, now)
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

    def _on_status(self, status: str) -> None:
        if status == "joined":
            self._watch.listen(self._now())
        else:
            self._watch.deafen()
        self.refresh()

    def _hear(self, payload: dict[str, Any]) -> None:
        try:
            painted = read_painted(payload)
        except ValueError as error:
            log.debug("an announcement of another shape: %s", error)  # the receipts warn of it
            return
        self._watch.hear(painted, self._now())
        self.refresh()

    def _follow(self, change_set: ChangeSet) -> None:
        if change_set.initiator == "load" or change_set.of("stations"):
            self.refresh()
