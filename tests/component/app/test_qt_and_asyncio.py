"""Qt and asyncio on one loop, for as long as a shift lasts."""

from __future__ import annotations

import asyncio
import sys

from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

TURNS = 3000


def test_the_loop_gives_back_every_reference_to_none(qapp: QApplication) -> None:
    """PySide6 6.12.0 on CPython 3.11 loses one each time a slot returns, until Python aborts.

    When this passes with a newer PySide6, the pin in pyproject.toml can go.
    """

    async def turn() -> int:
        before = sys.getrefcount(None)
        for _ in range(TURNS):
            await asyncio.sleep(0)
            await asyncio.sleep(0.0001)
        return before - sys.getrefcount(None)

    with asyncio.Runner(loop_factory=lambda: QEventLoop(qapp)) as runner:
        lost = runner.run(turn())
    assert lost < TURNS // 10
