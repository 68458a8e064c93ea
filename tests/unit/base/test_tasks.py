"""A task that was asked to end has ended."""

from __future__ import annotations

import asyncio

from kds.base.tasks import end


async def test_a_task_that_swallows_its_first_cancellation_is_ended_all_the_same() -> None:
    swallowed = asyncio.Event()

    async def stubborn() -> None:
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            swallowed.set()
        await asyncio.sleep(3600)

    task = asyncio.create_task(stubborn())
    await asyncio.sleep(0)
    await end([task], again_s=0.01)
    assert swallowed.is_set()
    assert task.cancelled()


async def test_what_a_task_raised_is_not_the_enders_business() -> None:
    async def broken() -> None:
        raise ValueError("mine")

    task = asyncio.create_task(broken())
    await asyncio.sleep(0)
    await end([task])
    assert isinstance(task.exception(), ValueError)
