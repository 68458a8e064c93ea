"""From an order's commit to the rows in another terminal's store, beside LISTEN + raw WebSocket.

Both are fed by the same commits: the transaction that places the order also notifies the floor
server with a payload of the size of a poke. The clock starts just before COMMIT is sent.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
from websockets.asyncio.client import ClientConnection, connect

from kds.domain.changes import ChangeSet
from kds.session.session import Session
from tests.bench.figures import Figure, spread
from tests.bench.terminals import furnished_hub, terminal
from tests.support.commands import BRANCH, HubProcess

PAUSE_S = 0.02


async def measure(folder: Path, *, quick: bool) -> list[Figure]:
    rounds = 200 if quick else 1000
    async with (
        furnished_hub(folder) as hub,
        terminal(hub, folder, "kitchen") as kitchen,
        _floor(hub) as raw,
        await psycopg.AsyncConnection.connect(hub.dsn) as writer,
    ):
        ours: list[float] = []
        floors: list[float] = []
        arrived = _arrivals(kitchen)
        for number in range(-10, rounds):  # the first ten warm both up
            order_id = str(uuid4())
            await _place(writer, order_id, number + 11)
            listening = asyncio.create_task(_heard(raw, order_id))
            began = time.perf_counter()
            await writer.commit()
            floor, applied = await asyncio.gather(listening, arrived(order_id))
            if number >= 0:
                floors.append((floor - began) * 1000)
                ours.append((applied - began) * 1000)
            await asyncio.sleep(PAUSE_S)
    return spread("order commit to other client", ours, floors)


def _arrivals(session: Session):  # type: ignore[no-untyped-def]
    """A function that waits for an order in the session's store and says when it came."""
    seen: dict[str, float] = {}
    waiting: dict[str, asyncio.Future[float]] = {}

    def changed(change_set: ChangeSet) -> None:
        now = time.perf_counter()
        for change in change_set.of("orders"):
            seen[change.pk] = now
            if change.pk in waiting:
                waiting.pop(change.pk).set_result(now)

    session.store.changed.connect(changed)

    async def arrived(order_id: str) -> float:
        if order_id not in seen:
            waiting[order_id] = asyncio.get_running_loop().create_future()
            return await waiting[order_id]
        return seen[order_id]

    return arrived


async def _place(writer: psycopg.AsyncConnection, order_id: str, number: int) -> None:
    """One order of three lines, uncommitted, written by no terminal (as a web shop would)."""
    await writer.execute(
        "insert into public.orders (id, branch_id, device_id, number, type, table_name, customer,"
        " server, note, rush, state, total, paid, placed_at)"
        " values (%s, %s, %s, %s, 'takeaway', '', 'Web', '', '', false, 'open', 3000, 0, now())",
        (order_id, BRANCH, str(uuid4()), f"W-{number:03d}"),
    )
    for position in range(1, 4):
        await writer.execute(
            "insert into public.order_lines (id, branch_id, order_id, position, item_id, name,"
            " variant, qty, price, modifiers, note, course, seat, station_id, state, sent_at,"
            " void_reason) values (%s, %s, %s, %s, 'x', 'Hawaiian', 'M', 1, 1000, '[]', '', 1,"
            " null, 'oven', 'sent', now(), '')",
            (str(uuid4()), BRANCH, order_id, position),
        )
    payload = json.dumps({"order": order_id, "rows": "x" * 1500})
    await writer.execute("select pg_notify('floor', %s)", (payload,))


async def _heard(raw: ClientConnection, order_id: str) -> float:
    while json.loads(await raw.recv())["order"] != order_id:
        pass
    return time.perf_counter()


@asynccontextmanager
async def _floor(hub: HubProcess) -> AsyncIterator[ClientConnection]:
    server = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.floor_server", hub.dsn),
        stdout=asyncio.subprocess.PIPE,
    )
    assert server.stdout is not None
    port = int(await server.stdout.readline())
    try:
        async with connect(f"ws://127.0.0.1:{port}") as raw:
            yield raw
    finally:
        server.terminate()
        await server.wait()
