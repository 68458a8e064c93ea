"""A kitchen whose network was cut: back again, and everything it missed is in its store."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from statistics import median

import psycopg
from websockets.asyncio.client import connect

from kds.base.events import until
from kds.session.session import Session
from kds.sim.proxy import Proxy
from tests.bench import floor_server
from tests.bench.figures import Figure
from tests.bench.raw_calls import raw_call
from tests.bench.terminals import terminal
from tests.bench.writes import Writer, place_many
from tests.support.commands import BRANCH, HubProcess

STREAM = f"floor:{BRANCH}"
MISSED = 1000
LINES = 3


async def measure(hub: HubProcess, folder: Path, *, quick: bool) -> list[Figure]:
    rounds = 2 if quick else 10
    async with (
        Proxy(hub.url) as proxy,
        terminal(hub, folder, "kitchen", url=proxy.url) as kitchen,
        floor_server.running(hub.dsn) as raw,
        await psycopg.AsyncConnection.connect(hub.dsn, autocommit=True) as writer,
    ):
        found = [await _outage(kitchen, proxy, writer, raw) for _ in range(rounds)]
    back, complete, bare_socket, bare_call = (median(column) for column in zip(*found, strict=True))
    return [
        Figure("reconnected after an outage", back, "ms", bare_socket),
        Figure(f"caught up with {MISSED:,} changes", complete, "ms", bare_call, 1000.0),
    ]


async def _outage(
    kitchen: Session, proxy: Proxy, writer: Writer, raw: str
) -> tuple[float, float, float, float]:
    """Milliseconds from the network's return to connected and to complete, each with its floor."""
    proxy.refuse()
    await until(kitchen.status_changed, lambda: kitchen.status.link != "connected")
    epoch, before = await _stream(writer)
    for _ in range(MISSED // (1 + LINES)):
        await place_many(writer, 1, lines=LINES)
    _, head = await _stream(writer)
    bare = await raw_call(
        writer, "kitchen", "changes_since", {STREAM: {"epoch": epoch, "rev": before}}, MISSED
    )
    proxy.forward()
    began = time.perf_counter()
    kitchen.uplink.network_up()

    async def since(condition: str) -> float:
        await until(kitchen.status_changed, lambda: _holds(kitchen, condition, head))
        return (time.perf_counter() - began) * 1000

    back, complete = await asyncio.gather(since("connected"), since("complete"))
    return back, complete, await _bare_socket(raw), bare


def _holds(kitchen: Session, condition: str, head: int) -> bool:
    if condition == "connected":
        return kitchen.status.link == "connected"
    return (kitchen.status.complete_to or 0) >= head


async def _stream(writer: Writer) -> tuple[str, int]:
    found = await writer.execute(
        "select epoch, rev from public.streams where stream_id = %s", (STREAM,)
    )
    row = await found.fetchone()
    assert row is not None
    return str(row[0]), int(str(row[1]))


async def _bare_socket(raw: str) -> float:
    began = time.perf_counter()
    async with connect(raw) as socket:
        await socket.send("hello")
        await socket.recv()
        return (time.perf_counter() - began) * 1000
