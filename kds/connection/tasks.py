"""The one way to start a task here: named, kept, its failure logged, gone at `close`."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from kds.base.errors import RemoteError
from kds.base.tasks import end

log = logging.getLogger(__name__)


class Tasks:
    """The running tasks of one owner."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()
        self._to_finish: set[asyncio.Task[Any]] = set()

    def start(
        self, work: Coroutine[Any, Any, Any], name: str, *, finish: bool = False
    ) -> asyncio.Task[Any]:
        """Run `work`. `finish`: `close` lets it finish."""
        task = asyncio.get_running_loop().create_task(work, name=name)
        kept = self._to_finish if finish else self._running
        kept.add(task)
        task.add_done_callback(kept.discard)
        task.add_done_callback(_report)
        return task

    async def close(self, *, patience: float) -> None:
        """Cancel every task, those to finish after `patience` seconds; none is left afterwards."""
        await end(self._running)  # cancelled before this yields: none of them starts another
        if self._to_finish:
            await asyncio.wait(self._to_finish, timeout=patience)
        await end(self._to_finish)


def _report(task: asyncio.Task[Any]) -> None:
    if task.cancelled() or not (error := task.exception()):
        return
    if isinstance(error, RemoteError):  # whoever waits for the task has been told
        log.info("%s: %s", task.get_name(), error)
    else:
        log.error("task %s failed", task.get_name(), exc_info=error)
