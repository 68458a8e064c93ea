"""Ending tasks for certain."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

AGAIN_S = 0.5


async def end(tasks: Iterable[asyncio.Future[Any]]) -> None:
    """Cancel the tasks and return when they are over, whatever they raised.

    One request is not enough: until Python 3.12 `asyncio.wait_for` loses a cancellation that
    comes in the same turn as the result (https://github.com/python/cpython/issues/86296), and
    the task goes on as if nobody had asked.
    """
    every = list(tasks)
    pending = {task for task in every if not task.done()}
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=AGAIN_S)
    await asyncio.gather(*every, return_exceptions=True)
