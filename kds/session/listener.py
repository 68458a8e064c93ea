"""Hears what the screens of the branch announce, once for everybody here who wants to know.

Announcements are broadcast on the branch's channel (`domain.painted`). They are hints of the
one kind that may not be wrong: a lost one makes a receipt late, none makes it early.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from kds.base.events import Event
from kds.connection.channels import Channel
from kds.domain.painted import CLOSED, PAINTED, read_closed, read_painted
from kds.domain.screens import Screens

log = logging.getLogger(__name__)


class Listener:
    """Keeps `screens`; `heard` fires when one has spoken or said goodbye, and when hearing begins
    or ends."""

    def __init__(self, now: Callable[[], datetime], silent: float) -> None:
        self._now = now
        self._undo: list[Callable[[], None]] = []
        self.screens = Screens(silent)
        self.heard: Event[None] = Event()

    def attach(self, channel: Channel) -> None:
        """Listen on the branch's channel, which its owner joins and leaves."""
        self._undo += [
            channel.on_broadcast(PAINTED, self._hear),
            channel.on_broadcast(CLOSED, self._close),
            channel.status.connect(self._on_status),
        ]
        self._on_status(channel.state)

    def detach(self) -> None:
        """Listen no more."""
        while self._undo:
            self._undo.pop()()

    def _on_status(self, status: str) -> None:
        if status == "joined":
            self.screens.listen(self._now())
        else:
            self.screens.deafen()
        self.heard.emit(None)

    def _hear(self, payload: dict[str, Any]) -> None:
        try:
            painted = read_painted(payload)
        except ValueError as error:
            log.warning("an announcement of another shape: %s", error)
            return
        self.screens.hear(painted, self._now())
        self.heard.emit(None)

    def _close(self, payload: dict[str, Any]) -> None:
        try:
            device_id = read_closed(payload)
        except ValueError as error:
            log.warning("a goodbye of another shape: %s", error)
            return
        self.screens.close(device_id, self._now())
        self.heard.emit(None)
