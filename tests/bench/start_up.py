"""To a usable board of 10,000 rows: from nothing, at every later start, and after a crash."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from pathlib import Path

import psycopg

from kds.app.kiosk import SPARE_AFTER_S, STEADY_S
from tests.bench.figures import Figure
from tests.bench.raw_calls import raw_call
from tests.bench.terminals import terminal
from tests.bench.windows import window
from tests.bench.writes import place_many
from tests.support.commands import BRANCH, HubProcess, Watched

ROWS = 10_000
LINES = 3
OPEN = 100
CALM_S = max(STEADY_S, SPARE_AFTER_S + 4.0)  # the spare of a kiosk has loaded its code by then

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
    backs = await _kiosk_backs(hub, folder, 1 if quick else 3)
    bare = await _bare_window(folder / "data" / "kitchen" / "replica.db")
    return [
        Figure(f"first start to a usable replica of {ROWS:,} rows", first, "ms", bare_snapshot),
        Figure(f"cold start to a painted board, {ROWS:,} rows", min(starts), "ms", bare, 1500.0),
        Figure("kiosk back after kill -9", min(backs), "s", min(starts) / 1000, 2.0),
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


async def _kiosk_backs(hub: HubProcess, folder: Path, rounds: int) -> list[float]:
    """Seconds from the kill of a kiosk's window to the first ticket that the next one painted."""
    async with window(hub, folder, "kitchen", "--kiosk", online=False) as kiosk:
        return [await _kiosk_back(kiosk, number) for number in range(1, 1 + rounds)]


async def _kiosk_back(kiosk: Watched, number: int) -> float:
    """The same of the kiosk's window `number`, which has been open for a while."""
    await kiosk.until_said("ready", number)
    await asyncio.sleep(CALM_S)
    painted = len(kiosk.of("painted"))
    began = time.monotonic()
    os.kill(kiosk.of("ready")[-1]["pid"], signal.SIGKILL)
    await kiosk.until_said("painted", painted + 1)
    return float(kiosk.of("painted")[painted]["at"]) - began


async def _bare_window(replica: Path) -> float:
    """The floor: an empty Qt window, and as many rows read from the same file."""
    began = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", _BARE_WINDOW, str(replica), "-platform", "offscreen"),
        env={"QT_QPA_PLATFORM": "offscreen"},
    )
    await process.wait()
    return (time.monotonic() - began) * 1000
