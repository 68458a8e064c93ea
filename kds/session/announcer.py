"""Says what a kitchen screen shows: at once when it was quiet, seldom in a rush, and again."""

from __future__ import annotations

from collections.abc import Callable

from kds.base.alarm import Alarm
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
        self._alarm = Alarm(clock, self._on_alarm)

    def show(self, painted: Painted) -> None:
        """This is on the glass now."""
        if painted != self._shown:
            self._shown = painted
            self.repeat()

    def hide(self) -> None:
        """Nobody can see the board: nothing is said until somebody can."""
        self._shown = None  # what the pacer holds is overtaken by the next `show`
        self._alarm.stop()

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
        waits_until = self._pacer.wake_at
        self._alarm.set(self._again_at if waits_until is None else waits_until)

    def _on_alarm(self) -> None:
        if self._pacer.wake_at is None:
            self.repeat()
        else:
            self._say()
