"""A window out of sight: after a while, what it does not need is left."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Hiding:
    """Calls `pause(True)` when nobody has looked for `after_s` seconds, `pause(False)` at once
    when somebody looks again. Counts between `start` and `stop` only."""

    def __init__(self, after_s: float, pause: Callable[[bool], None]) -> None:
        self._after_s = after_s
        self._pause = pause
        self._visible = True
        self._running = False
        self._timer: asyncio.TimerHandle | None = None

    def set_visible(self, visible: bool) -> None:
        """Whether anybody can see the window."""
        if visible == self._visible:
            return
        self._visible = visible
        self._cancel()
        if visible:
            self._pause(False)
        elif self._running:
            self._count()

    def start(self) -> None:
        self._running = True
        if not self._visible and self._timer is None:
            self._count()

    def stop(self) -> None:
        """No timer is left."""
        self._running = False
        self._cancel()

    def _count(self) -> None:
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(self._after_s, self._pause, True)

    def _cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
