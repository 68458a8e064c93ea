"""Ending tasks for certain."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

AGAIN_S = 5.0


async def end(tasks: Iterable[asyncio.Future[Any]], again_s: float = AGAIN_S) -> None:
    """Cancel the tasks and return when they are over, whatever they raised.

    A task has `again_s` seconds to clean up after itself; then it is cancelled once more.

    One request is not enough: until Python 3.12 `asyncio.wait_for` loses a cancellation that
    comes in the same turn as the result (https://github.com/python/cpython/issues/86296), and
    the task goes on as if nobody had asked.
    """
    every = list(tasks)
    pending = {task for task in every if not task.done()}
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=again_s)
    await asyncio.gather(*every, return_exceptions=True)
