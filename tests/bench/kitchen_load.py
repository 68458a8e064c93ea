"""What a kitchen window costs: idle, and with 50 changes a second on a board of 300 tickets."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg

from tests.bench.figures import Figure
from tests.bench.windows import window
from tests.bench.writes import Writer, place_many
from tests.support.commands import BRANCH, HubProcess

TICKETS = 300
CHANGES_PER_S = 50
MB = 1024 * 1024

_BARE_WINDOW = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget
app = QApplication(sys.argv[:1])
widget = QWidget()
widget.resize(1920, 1080)
widget.show()
tick = QTimer(interval=500)
tick.timeout.connect(widget.update)
tick.start()
app.exec()
"""


@dataclass(frozen=True)
class Cost:
    """Over a stretch of `seconds`: CPU seconds of all threads and of the GUI's, MB at its end."""

    seconds: float
    cpu: float
    gui: float
    mb: float

    @property
    def percent(self) -> float:
        return 100 * self.cpu / self.seconds


async def measure(hub: HubProcess, folder: Path, *, quick: bool) -> list[Figure]:
    seconds = 3.0 if quick else 20.0
    async with (
        await psycopg.AsyncConnection.connect(hub.dsn, autocommit=True) as writer,
    ):
        await place_many(writer, TICKETS)
        async with window(hub, folder, "kitchen") as kitchen:
            await kitchen.child.ask(do="hush")
            await asyncio.sleep(2)  # what a start leaves behind
            idle = await _cost(kitchen.child.pid, lambda: asyncio.sleep(seconds))
            await kitchen.child.ask(do="watch stalls")
            busy = await _cost(kitchen.child.pid, lambda: _changes(writer, seconds))
            longest = (await kitchen.child.ask(do="stalls"))["longest_ms"]
    bare = await _bare(seconds)
    changes = seconds * CHANGES_PER_S
    gui_ms = 1000 * (busy.gui - idle.gui * busy.seconds / idle.seconds) / changes
    load = f"{TICKETS} tickets, {CHANGES_PER_S} changes/s"
    return [
        Figure("kitchen window idle, CPU", idle.percent, "%", bare.percent, 1.0),
        Figure("kitchen window idle, memory", idle.mb, "MB", bare.mb, 250.0),
        Figure(f"{load}: CPU", busy.percent, "%"),
        Figure(f"{load}: memory", busy.mb, "MB", bare.mb, 250.0),
        Figure(f"{load}: GUI thread per change", gui_ms, "ms", budget=4.0),
        Figure(f"{load}: longest frame", longest, "ms", budget=50.0),
    ]


async def _cost(pid: int, stretch: Callable[[], Awaitable[None]]) -> Cost:
    process = psutil.Process(pid)

    def gui() -> float:
        mine = next(thread for thread in process.threads() if thread.id == pid)
        return mine.user_time + mine.system_time

    def cpu() -> float:
        times = process.cpu_times()
        return times.user + times.system

    began, cpu_before, gui_before = time.monotonic(), cpu(), gui()
    await stretch()
    seconds = time.monotonic() - began
    mb = process.memory_info().rss / MB
    return Cost(seconds, cpu() - cpu_before, gui() - gui_before, mb)


async def _changes(writer: Writer, seconds: float) -> None:
    """One line after the other is started, and back, each in a transaction of its own."""
    found = await writer.execute(
        "select id from public.order_lines where branch_id = %s and archived_at is null"
        " order by sent_at, id",
        (BRANCH,),
    )
    ids = [row[0] for row in await found.fetchall()]
    began = time.monotonic()
    for number in range(int(seconds * CHANGES_PER_S)):
        await asyncio.sleep(max(0.0, began + number / CHANGES_PER_S - time.monotonic()))
        await writer.execute(
            "update public.order_lines set state = case state when 'sent' then 'started'"
            " else 'sent' end where branch_id = %s and id = %s",
            (BRANCH, ids[number % len(ids)]),
        )


async def _bare(seconds: float) -> Cost:
    """The floor: an empty window that repaints twice a second."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", _BARE_WINDOW), env={"QT_QPA_PLATFORM": "offscreen"}
    )
    try:
        await asyncio.sleep(1)
        return await _cost(process.pid, lambda: asyncio.sleep(seconds / 2))
    finally:
        process.terminate()
        await process.wait()
