"""From an order's commit to the rows in another terminal's store, beside LISTEN + raw WebSocket.

Both are fed by the same commits: the transaction that places the order also notifies the floor
server with a payload of the size of a poke. The clock starts just before COMMIT is sent. Then the
same for a hundred terminals: until the last of them has heard.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import uuid4

import psycopg
from websockets.asyncio.client import ClientConnection, connect

from kds.domain.changes import ChangeSet
from kds.session.session import Session
from tests.bench import floor_server
from tests.bench.crowd import crowd, listening
from tests.bench.figures import Figure, spread
from tests.bench.terminals import terminal
from tests.bench.writes import Writer, place, put_away
from tests.support.commands import HubProcess

PAUSE_S = 0.02
TERMINALS = 100

Arrival = Callable[[str], Awaitable[float]]
"""Order id -> the monotonic second at which it arrived."""


async def measure(hub: HubProcess, folder: Path, *, quick: bool) -> list[Figure]:
    rounds = 60 if quick else 1000
    async with (
        floor_server.running(hub.dsn) as url,
        await psycopg.AsyncConnection.connect(hub.dsn) as writer,
    ):
        async with terminal(hub, folder, "kitchen") as kitchen, connect(url) as raw:
            ours, floors = await _commits(writer, _arrivals(kitchen), _raw(raw), rounds)
        async with crowd(hub, TERMINALS) as everybody, listening(url, "", TERMINALS) as raws:
            joined = everybody.joined_ms
            bare = raws.joined_ms
            all_ours, all_floors = await _commits(writer, everybody.of, raws.of, rounds // 3)
    one = spread("order commit to other client", ours, floors)
    return [
        *one,
        _above_floor(one[0]),
        *spread(f"order commit to all of {TERMINALS} terminals", all_ours, all_floors),
        Figure(f"{TERMINALS} terminals connected and joined", joined, "ms", bare),
    ]


async def _commits(
    writer: Writer, ours: Arrival, floor: Arrival, rounds: int
) -> tuple[list[float], list[float]]:
    """Milliseconds from each commit to here and to the floor; the first ten warm both up."""
    found: list[tuple[float, float]] = []
    for _ in range(rounds + 10):
        order_id = str(uuid4())
        await place(writer, order_id)
        payload = json.dumps({"order": order_id, "rows": "x" * 1500})
        await writer.execute("select pg_notify('floor', %s)", (payload,))
        raw = asyncio.ensure_future(floor(order_id))
        began = time.monotonic()
        await writer.commit()
        applied, heard = await asyncio.gather(ours(order_id), raw)
        found.append(((applied - began) * 1000, (heard - began) * 1000))
        await put_away(writer, order_id)
        await asyncio.sleep(PAUSE_S)
    return [mine for mine, _ in found[10:]], [bare for _, bare in found[10:]]


def _above_floor(p50: Figure) -> Figure:
    assert p50.floor is not None
    name = "order commit to other client, p50 above the floor"
    return Figure(name, p50.value - p50.floor, "ms", budget=3.0)


def _arrivals(session: Session) -> Arrival:
    """Waits for an order in the session's store."""
    seen: dict[str, float] = {}
    waiting: dict[str, asyncio.Future[float]] = {}

    def changed(change_set: ChangeSet) -> None:
        now = time.monotonic()
        for change in change_set.of("orders"):
            seen.setdefault(change.pk, now)
            if change.pk in waiting:
                waiting.pop(change.pk).set_result(now)

    session.store.changed.connect(changed)

    async def arrived(order_id: str) -> float:
        if order_id not in seen:
            waiting[order_id] = asyncio.get_running_loop().create_future()
            return await waiting[order_id]
        return seen[order_id]

    return arrived


def _raw(raw: ClientConnection) -> Arrival:
    async def heard(order_id: str) -> float:
        while json.loads(await raw.recv())["order"] != order_id:
            pass
        return time.monotonic()

    return heard
