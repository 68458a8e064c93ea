"""What the engine hears from outside: the link, the joins and the pokes, each fed on."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from kds.base.events import Event
from kds.connection.machine import Link
from kds.sync import signals
from kds.sync.ports import Feed, Remote
from kds.sync.wire import read_poke, written_at

log = logging.getLogger(__name__)


class Ears:
    """`heard` fires with every poke: how many ms ago its rows were written, by the two clocks as
    far as they are known."""

    def __init__(
        self, remote: Remote, feed: Callable[[signals.Event], None], now: Callable[[], datetime]
    ) -> None:
        self._remote = remote
        self._feed = feed
        self._now = now
        self._undo: list[Callable[[], None]] = []
        self._link_up = False
        self.heard: Event[float] = Event()

    def open(self, streams: Iterable[str]) -> None:
        """Listen from now on."""
        self._undo.append(self._remote.link_changed.connect(self._on_link))
        self._on_link(self._remote.link)
        for stream in streams:
            self._listen(self._remote.channel(f"stream:{stream}"))

    def close(self) -> None:
        """Hear no more; the channels are let go."""
        while self._undo:
            self._undo.pop()()

    def _listen(self, feed: Feed) -> None:
        self._undo += [
            feed.drop,
            feed.joined.connect(lambda _: self._feed(signals.Joined())),
            feed.on_broadcast("poke", self.on_poke),
        ]

    def _on_link(self, link: Link) -> None:
        was_up, self._link_up = self._link_up, link.state == "connected"
        if self._link_up != was_up:
            self._feed(signals.LinkUp() if self._link_up else signals.LinkDown())

    def on_poke(self, payload: dict[str, Any]) -> None:
        """A poke of any shape; one that cannot be read is no news."""
        try:
            self._feed(signals.Poked(read_poke(payload)))
            if at := written_at(payload):
                self.heard.emit((self._now() - at).total_seconds() * 1000)
        except (KeyError, ValueError) as error:
            log.warning("a poke of another shape: %.300r", error)
