"""After an outage: a till's window delivers what was tapped meanwhile, and stays usable.

The taps of two tills are made without a network. A real window with the first one's outbox then
starts on the hub; the other one's ops go to the same SQL function by psycopg: the floor.
"""

from __future__ import annotations

import json
import re
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg

from kds.base.events import until
from kds.session.session import Session
from tests.bench.figures import Figure
from tests.bench.raw_calls import raw_flush
from tests.bench.terminals import options_of, order_of, terminal
from tests.bench.windows import window
from tests.support.commands import HubProcess

NOWHERE = "http://127.0.0.1:9"
OPS_PER_ORDER = 3  # placed, added to, paid
BUDGET_OPS_PER_S = 1000.0
LONGEST_FRAME_MS = 50.0
_WAITING = re.compile(r", (\d+) waiting")


async def measure(hub: HubProcess, folder: Path, *, quick: bool) -> list[Figure]:
    ops = 300 if quick else 9_999
    async with (
        await psycopg.AsyncConnection.connect(hub.dsn) as connection,
    ):
        first, other = folder / "data", folder / "other"
        for place in (first, other):
            await _work_offline(hub, place, ops // OPS_PER_ORDER)
        took, longest = await _deliver(hub, folder, ops)
        device_id, queued = _outbox(other)
        bare = await raw_flush(connection, device_id, queued)
    name = f"flush of {ops:,} ops after an outage"
    return [
        Figure(name, ops / took, "ops/s", len(queued) / bare, BUDGET_OPS_PER_S, "higher"),
        Figure("longest frame of the till meanwhile", longest, "ms", budget=LONGEST_FRAME_MS),
    ]


async def _work_offline(hub: HubProcess, place: Path, orders: int) -> None:
    async with terminal(hub, place, "pos"):
        pass  # the hub knows it now
    async with _offline(hub, place) as till:
        for _ in range(orders):
            order_id = await till.actions.place_order(order_of(till))
            await till.actions.add_lines(order_id, order_of(till, pieces=1))
            total = till.store.rows("orders")[order_id]["total"]
            await till.actions.pay(order_id, "cash", total)


@asynccontextmanager
async def _offline(hub: HubProcess, place: Path) -> AsyncIterator[Session]:
    session = Session.open(replace(options_of(hub, place, "pos"), url=NOWHERE))
    await session.start()
    try:
        await until(session.status_changed, lambda: session.device is not None)
        yield session
    finally:
        await session.stop()


async def _deliver(hub: HubProcess, folder: Path, ops: int) -> tuple[float, float]:
    """Seconds from the first answer to the last, and the longest time in ms that the window was
    not free meanwhile. (A start has a figure of its own.)"""
    async with window(hub, folder, "pos", online=False) as till:
        seen: dict[int, float] = {}

        def hear(_: None) -> None:
            if found := _WAITING.search(till.said[-1].get("text", "")):
                seen.setdefault(int(found[1]), time.perf_counter())

        till.heard.connect(hear)
        await until(till.heard, lambda: any(waiting < ops for waiting in seen))
        await till.child.ask(do="watch stalls")
        await until(till.heard, lambda: 0 in seen)
        longest = (await till.child.ask(do="stalls"))["longest_ms"]
        first = max(waiting for waiting in seen if waiting < ops)
        return (seen[0] - seen[first]) * ops / first, longest


def _outbox(place: Path) -> tuple[str, list[dict[str, Any]]]:
    """The device's id and the ops that wait in a profile's file."""
    connection = sqlite3.connect(place / "pos" / "replica.db")
    try:
        rows = connection.execute("select json from outbox order by seq").fetchall()
        (device,) = connection.execute(
            "select value from settings where key = 'device_id'"
        ).fetchone()
    finally:
        connection.close()
    return json.loads(device), [json.loads(text) for (text,) in rows]
