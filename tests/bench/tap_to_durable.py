"""From a tap to the order on disk and on the own screen, beside one raw SQLite commit."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import time
from pathlib import Path

from tests.bench.figures import Figure, spread
from tests.bench.terminals import furnished_hub, order_of, terminal

PAUSE_S = 0.05  # a fast cashier; the order before is being sent meanwhile


async def measure(folder: Path, *, quick: bool) -> list[Figure]:
    rounds = 200 if quick else 1000
    async with furnished_hub(folder) as hub, terminal(hub, folder, "pos") as till:
        taps: list[float] = []
        floors: list[float] = []
        with _raw(folder / "raw.db") as raw:
            for number in range(rounds):
                cart = order_of(till)
                began = time.perf_counter()
                await till.actions.place_order(cart)
                taps.append((time.perf_counter() - began) * 1000)
                floors.append(_commit(raw, number))
                await asyncio.sleep(PAUSE_S)
    return spread("tap to durable and shown", taps, floors, {"p99": 10.0})


def _raw(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path)
    connection.execute("pragma journal_mode = wal")
    connection.execute("pragma synchronous = full")
    connection.execute("create table outbox (seq integer primary key, op text)")
    return connection


def _commit(connection: sqlite3.Connection, number: int) -> float:
    """Milliseconds of one durable insert of an op of the usual size."""
    op = json.dumps({"args": "x" * 800})
    began = time.perf_counter()
    with connection:
        connection.execute("insert into outbox values (?, ?)", (number, op))
    return (time.perf_counter() - began) * 1000
