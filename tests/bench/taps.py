"""From a tap at a till to the order on disk and on the own screen, and to the ticket painted by
a kitchen's window in another process; alone, and while 100 other terminals listen.

The floor is what no system can save: one durable SQLite commit, and for the kitchen a frame of
the size of a poke through a raw WebSocket server.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psycopg
from websockets.asyncio.client import ClientConnection, connect

from kds.session.session import Session
from tests.bench import floor_server
from tests.bench.crowd import crowd
from tests.bench.figures import Figure, spread
from tests.bench.raw_disk import RawDisk, raw_disk
from tests.bench.terminals import order_of, terminal
from tests.bench.windows import Paintings, window
from tests.bench.writes import Writer, put_away
from tests.support.commands import HubProcess

PAUSE_S = 0.05
ON_BOARD = 8
TERMINALS = 100
DURABLE = {"p99": 10.0}
PAINTED = {"p50": 15.0, "p99": 50.0}


async def measure(hub: HubProcess, folder: Path, *, quick: bool) -> list[Figure]:
    rounds = 30 if quick else 500
    async with (
        terminal(hub, folder, "pos") as till,
        window(hub, folder, "kitchen") as kitchen,
        await psycopg.AsyncConnection.connect(hub.dsn) as writer,
    ):
        board = Board(till, Paintings(kitchen), writer)
        await board.taps(10)  # warm
        alone = await board.taps(rounds)
        floors = await _floors(folder, hub.dsn, rounds)
        async with crowd(hub, TERMINALS):
            crowded = await board.taps(rounds)
    disk, socket = [one.durable for one in floors], [one.painted for one in floors]
    durable = [one.durable for one in (*alone, *crowded)]
    return [
        *spread("tap to durable and shown", durable, disk, DURABLE),
        *spread("tap to painted", [one.painted for one in alone], socket),
        *spread(
            f"tap to painted, {TERMINALS} terminals",
            [one.painted for one in crowded],
            socket,
            PAINTED,
        ),
        *_hops("alone", alone),
        *_hops(f"{TERMINALS} terminals", crowded),
    ]


@dataclass(frozen=True)
class Tap:
    """Milliseconds from the tap; `row`: the order is in the model of the kitchen's board."""

    durable: float
    row: float
    painted: float


@dataclass(frozen=True)
class Floor:
    """Milliseconds from the beginning."""

    durable: float
    painted: float


def _hops(where: str, taps: list[Tap]) -> list[Figure]:
    """Where the time goes, in the middle of all taps."""
    network = [one.row - one.durable for one in taps]
    painting = [one.painted - one.row for one in taps]
    return [
        Figure(f"of it durable to the kitchen's row, {where} p50", median(network), "ms"),
        Figure(f"of it the kitchen's row to painted, {where} p50", median(painting), "ms"),
    ]


class Board:
    """A till that sends orders to a kitchen whose board never overflows."""

    def __init__(self, till: Session, paintings: Paintings, writer: Writer) -> None:
        self._till = till
        self._paintings = paintings
        self._writer = writer
        self._shown: deque[str] = deque()

    async def taps(self, rounds: int) -> list[Tap]:
        return [await self._tap() for _ in range(rounds)]

    async def _tap(self) -> Tap:
        cart = order_of(self._till)
        began = time.monotonic()
        order_id = await self._till.actions.place_order(cart)
        durable = time.monotonic()
        painted = await self._paintings.of(order_id)
        self._shown.append(order_id)
        if len(self._shown) > ON_BOARD:
            await put_away(self._writer, self._shown.popleft())
        await asyncio.sleep(PAUSE_S)
        times = (durable, self._paintings.row_of(order_id), painted)
        return Tap(*((at - began) * 1000 for at in times))


async def _floors(folder: Path, dsn: str, rounds: int) -> list[Floor]:
    async with floor_server.running(dsn) as url, connect(url) as here, connect(url) as there:
        with raw_disk(folder) as disk:
            return [await _floor(disk, here, there) for _ in range(rounds)]


async def _floor(disk: RawDisk, here: ClientConnection, there: ClientConnection) -> Floor:
    began = time.monotonic()
    disk.commit()
    durable = time.monotonic()
    await here.send("x" * 2000)
    await there.recv()
    arrived = time.monotonic()
    await here.recv()
    await asyncio.sleep(PAUSE_S)
    return Floor((durable - began) * 1000, (arrived - began) * 1000)
