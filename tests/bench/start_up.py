"""From nothing to a usable board of 10,000 rows: the first start, and every later one."""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path

import psycopg

from tests.bench.figures import Figure
from tests.bench.raw_calls import raw_call
from tests.bench.terminals import terminal
from tests.bench.windows import window
from tests.bench.writes import place_many
from tests.support.commands import BRANCH, HubProcess

ROWS = 10_000
LINES = 3
OPEN = 100

_BARE_WINDOW = """
import json, sqlite3, sys
from PySide6.QtWidgets import QApplication, QWidget
app = QApplication(sys.argv[:1])
widget = QWidget()
widget.resize(1920, 1080)
widget.show()
for text, in sqlite3.connect(sys.argv[1]).execute("select json from rows"):
    json.loads(text)
app.processEvents()
"""


async def measure(hub: HubProcess, folder: Path, *, quick: bool) -> list[Figure]:
    rounds = 2 if quick else 5
    async with await psycopg.AsyncConnection.connect(hub.dsn, autocommit=True) as writer:
        await place_many(writer, ROWS // (1 + LINES), lines=LINES, open_ones=OPEN)
        bare_snapshot = await raw_call(writer, "kitchen", "snapshot", [f"floor:{BRANCH}"])
    first = await _first_session(hub, folder / "sessions")
    async with window(hub, folder, "kitchen"):
        pass  # fills the replica
    starts = [await _start(hub, folder) for _ in range(rounds)]
    bare = await _bare_window(folder / "data" / "kitchen" / "replica.db")
    return [
        Figure(f"first start to a usable replica of {ROWS:,} rows", first, "ms", bare_snapshot),
        Figure(f"cold start to a painted board, {ROWS:,} rows", min(starts), "ms", bare, 1500.0),
    ]


async def _first_session(hub: HubProcess, folder: Path) -> float:
    """Milliseconds from an empty folder to complete: sign-in, registration, snapshot."""
    began = time.perf_counter()
    async with terminal(hub, folder, "kitchen"):
        return (time.perf_counter() - began) * 1000


async def _start(hub: HubProcess, folder: Path) -> float:
    """Milliseconds from starting the process to the first ticket painted."""
    began = time.monotonic()
    async with window(hub, folder, "kitchen", online=False) as kitchen:
        await kitchen.until_said("painted")
        return (float(kitchen.of("painted")[0]["at"]) - began) * 1000


async def _bare_window(replica: Path) -> float:
    """The floor: an empty Qt window, and as many rows read from the same file."""
    began = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", _BARE_WINDOW, str(replica), "-platform", "offscreen"),
        env={"QT_QPA_PLATFORM": "offscreen"},
    )
    await process.wait()
    return (time.monotonic() - began) * 1000
