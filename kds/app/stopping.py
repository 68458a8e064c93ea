"""A process that is told to end, ends in order."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import threading
from collections.abc import Coroutine
from typing import Any

from kds.base.tasks import end

PATIENCE_S = 60.0
STOPPED = 130  # the exit code of a command that was interrupted


def on_stop_signals(stop: asyncio.Event) -> None:
    """Set `stop` on SIGINT and SIGTERM."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, stop.set)
        except NotImplementedError:  # Windows
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))


def stop_with_parent(stop: asyncio.Event) -> None:
    """Set `stop` when stdin ends: whoever started this process to watch it is gone."""
    loop = asyncio.get_running_loop()
    stdin = sys.stdin.fileno()

    def wait() -> None:
        # Not `sys.stdin.read`: Python aborts when it ends while a thread holds that file's lock.
        while os.read(stdin, 4096):
            pass
        with contextlib.suppress(RuntimeError):  # the loop has ended before it
            loop.call_soon_threadsafe(stop.set)

    threading.Thread(target=wait, name="parent", daemon=True).start()


async def until_stopped(work: Coroutine[Any, Any, int], *, watched: bool = False) -> int:
    """Run `work` to its end, or cancel it on a stop signal and let it clean up; the exit code.

    `watched`: the end of stdin is a stop signal too.
    """
    stop = asyncio.Event()
    on_stop_signals(stop)
    if watched:
        stop_with_parent(stop)
    running, stopped = asyncio.create_task(work), asyncio.create_task(stop.wait())
    await asyncio.wait({running, stopped}, return_when=asyncio.FIRST_COMPLETED)
    if running.done():
        await end([stopped])
        return running.result()
    await end([running], again_s=PATIENCE_S)
    return STOPPED
