"""Says what a kitchen screen shows: at once when it was quiet, seldom in a rush, and again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from kds.base.clock import Clock
from kds.connection.pacing import Pacer
from kds.domain.painted import Painted

PACE_S = 1.0
"""One announcement a second: each counts once per listener against the server's message limit,
and what waits for it is an alarm after ten seconds."""
AGAIN_S = 10.0
"""The same again, for whoever missed it."""


class Announcer:
    """`send` passes an announcement on, best effort; a lost one is followed by the next."""

    def __init__(self, clock: Clock, send: Callable[[Painted], None]) -> None:
        self._clock = clock
        self._send = send
        self._pacer: Pacer[Painted] = Pacer(1, PACE_S)
        self._shown: Painted | None = None
        self._again_at = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def show(self, painted: Painted) -> None:
        """This is on the glass now."""
        if painted != self._shown:
            self._shown = painted
            self.repeat()

    def hide(self) -> None:
        """Nobody can see the board: nothing is said until somebody can."""
        self._shown = None  # what the pacer holds is overtaken by the next `show`
        self._set_timer()

    def repeat(self) -> None:
        """Say it (again), as soon as the pace allows."""
        if self._shown is not None:
            self._pacer.offer(self._shown)
            self._say()

    def _say(self) -> None:
        now = self._clock.monotonic()
        painted = self._pacer.take(now)
        if painted is not None:
            self._again_at = now + AGAIN_S
            self._send(painted)
        self._set_timer()

    def _set_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._shown is None:
            return
        at = self._again_at if self._pacer.wake_at is None else self._pacer.wake_at
        delay = max(0.0, at - self._clock.monotonic())
        self._timer = asyncio.get_running_loop().call_later(delay, self._on_timer)

    def _on_timer(self) -> None:
        self._timer = None
        if self._pacer.wake_at is None:
            self.repeat()
        else:
            self._say()
