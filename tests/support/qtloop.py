"""Qt and asyncio on one loop, as in the program."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Coroutine
from typing import Any, TypeVar

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from kds.ui.theme import DARK, apply_theme

T = TypeVar("T")


def run(app: QApplication, work: Coroutine[Any, Any, T]) -> T:
    """What `work` returns; its windows may close before it ends.

    They are gone afterwards: what is left to the garbage collector may be collected on the thread
    of a hub or of a file, where Qt's objects must not end.
    """
    apply_theme(app, DARK)
    before = app.quitOnLastWindowClosed()
    app.setQuitOnLastWindowClosed(False)
    try:
        with asyncio.Runner(loop_factory=lambda: QEventLoop(app)) as runner:
            return runner.run(work)
    finally:
        app.setQuitOnLastWindowClosed(before)
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect()
