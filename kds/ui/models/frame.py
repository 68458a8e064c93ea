"""Changes in a burst reach the screen once a frame; a change out of silence reaches it at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt, QTimer

from kds.domain.changes import ChangeSet

FRAME_S = 0.016
Flush = Callable[[Sequence[ChangeSet]], None]


class FrameCoalescer(QObject):
    """Collects ChangeSets and hands them to `flush`, in order, at most once a frame.

    The first change after a quiet frame, and every tap on this device, goes through at once (with
    all that waits before it): a tap is answered in the frame it was made. `now` gives monotonic
    seconds.
    """

    def __init__(
        self,
        flush: Flush,
        parent: QObject | None = None,
        *,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._flush, self._now = flush, now
        self._waiting: list[ChangeSet] = []
        self._last = float("-inf")
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.flush)

    def add(self, change_set: ChangeSet) -> None:
        """Take a change in; it is flushed now or within a frame."""
        self._waiting.append(change_set)
        rest = self._last + FRAME_S - self._now()
        if change_set.initiator != "remote" or rest <= 0:
            self.flush()
        elif not self._timer.isActive():
            self._timer.start(int(rest * 1000))

    @property
    def waiting(self) -> bool:
        """Whether changes wait for the next frame."""
        return bool(self._waiting)

    def flush(self) -> None:
        """Hand over what waits; nothing happens when nothing does."""
        self._timer.stop()
        if not self._waiting:
            return
        waiting, self._waiting = self._waiting, []
        self._flush(waiting)
        self._last = self._now()
