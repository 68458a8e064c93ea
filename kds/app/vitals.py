"""What a window's process holds, counted: a leak is a count that grows."""

from __future__ import annotations

import asyncio
import gc
import threading
import time
from collections import Counter

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from kds.connection.channels import Channel

STEP_MS = 4
FRAME_MS = 50


def counts() -> dict[str, int]:
    """How many there are of each kind of thing; what only waits to be collected is not counted.

    `timers` are the event loop's that will still fire, `qt_objects` hang on a widget or on the
    application.
    """
    gc.collect()
    kept = gc.get_objects()
    kinds = Counter(map(type, kept))
    return {
        "tasks": len(asyncio.all_tasks()),
        "timers": sum(not one.cancelled() for one in kept if isinstance(one, asyncio.Handle)),
        "channels": kinds[Channel],
        "widgets": len(QApplication.allWidgets()),
        "qt_objects": _qt_objects(),
        "threads": threading.active_count(),
        "python_objects": len(kept),
    }


def _qt_objects() -> int:
    app = QApplication.instance()
    roots: list[QObject] = [*QApplication.topLevelWidgets(), *([app] if app else [])]
    return sum(len(root.findChildren(QObject)) for root in roots)


class Stalls(QObject):
    """How long the window could not answer: a timer of `STEP_MS`, and by how much it came late."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._timer = QTimer(self, interval=STEP_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._last = 0.0
        self._late: list[float] = []

    def start(self) -> None:
        """Begin anew."""
        self._late.clear()
        self._last = time.monotonic()
        self._timer.start()

    def stop(self) -> dict[str, float]:
        """The longest stall in ms, and how many were longer than a frame may take."""
        self._timer.stop()
        long = [late for late in self._late if late > FRAME_MS]
        return {"longest_ms": max(self._late, default=0.0), "long_frames": len(long)}

    def _tick(self) -> None:
        now = time.monotonic()
        self._late.append((now - self._last) * 1000 - STEP_MS)
        self._last = now
