"""The one place where a screen starts something asynchronous."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

log = logging.getLogger(__name__)
_running: set[asyncio.Task[Any]] = set()


def spawn(work: Coroutine[Any, Any, Any], name: str = "") -> asyncio.Task[Any]:
    """Run `work` on the running loop; keep it alive, and log what it raises.

    For the answer to a tap: the caller does not wait, the store tells what came of it.
    """
    task = asyncio.get_running_loop().create_task(work, name=name or None)
    _running.add(task)
    task.add_done_callback(_finished)
    return task


def running() -> frozenset[asyncio.Task[Any]]:
    """What is under way; for a clean end of the program and for tests."""
    return frozenset(_running)


def _finished(task: asyncio.Task[Any]) -> None:
    _running.discard(task)
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("%s failed", task.get_name(), exc_info=error)
