"""Garbage is collected on the GUI's thread, between two frames.

Python collects on whatever thread happens to allocate. A widget in a reference cycle would then be
destroyed on the thread of the disk, and Qt aborts: "Timers cannot be stopped from another thread".
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

LOOK_MS = 1000
YOUNG, MIDDLE, OLD = 20_000, 20, 50
"""When a generation is collected: new objects; collections of the generation below it."""


class Collector(QObject):
    """Takes over from Python, in every thread, until `stop`."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def spare_what_is_there(self) -> None:
        """What is loaded by now stays for good, so it need not be looked at again.

        Full collections of a large replica stop the screen for longer than a frame
        (https://docs.python.org/3/library/gc.html#gc.freeze).
        """
        gc.collect()
        gc.freeze()

    def look(self) -> None:
        """Collect the oldest generation that has become full, if any has."""
        young, middle, old = gc.get_count()
        if young < YOUNG:
            return
        gc.collect(2 if old >= OLD else 1 if middle >= MIDDLE else 0)

    def stop(self) -> None:
        """Python collects by itself again."""
        self._timer.stop()
        gc.enable()
