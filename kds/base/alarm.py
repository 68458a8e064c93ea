"""One call at a time that is set, mostly moved, and seldom comes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from kds.base.clock import Clock


class Alarm:
    """Calls `ring` once at the time it is set to, on the running event loop.

    Moving it to later costs nothing: the timer stays and looks again when it expires. (A timer
    that is cancelled stays with the loop until its time, and with qasync in Qt too.)
    """

    def __init__(self, clock: Clock, ring: Callable[[], None]) -> None:
        self._clock = clock
        self._ring = ring
        self._at: float | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at = 0.0  # when the timer expires

    def set(self, at: float | None) -> None:
        """Ring at this second of the monotonic clock, at once if it is past; None: never."""
        self._at = at
        if at is not None and (self._timer is None or at < self._timer_at):
            self._start(at)

    def stop(self) -> None:
        """Never ring; no timer is left."""
        self._at = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _start(self, at: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer_at = at
        delay = max(0.0, at - self._clock.monotonic())
        self._timer = asyncio.get_running_loop().call_later(delay, self._expired)

    def _expired(self) -> None:
        self._timer = None
        if self._at is None:
            return
        if self._at > self._timer_at:
            self._start(self._at)
        else:
            self._at = None
            self._ring()
