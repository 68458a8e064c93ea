"""The engine against the real hub: the SQL, the sockets and the checksums are the real ones."""

from __future__ import annotations

import json
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from kds.base.clock import SystemClock
from kds.base.events import until
from kds.base.ids import id_source
from kds.connection.internet import Internet
from kds.connection.manager import Connection
from kds.connection.tokens import TokenStore
from kds.sync.attempts import Pace
from kds.sync.engine import Engine
from kds.sync.replica import Replica
from tests.support.hub import PASSWORD, Site
from tests.support.restaurant import menu, new_line, new_order

PACE = Pace(audit_first=0.1, audit=0.2, audit_again=0.05, retry=0.1)


@asynccontextmanager
async def hub_terminal(site: Site, folder: Path) -> AsyncIterator[tuple[Engine, Connection]]:
    """A registered till on the hub: signed in, its engine open and not started."""
    clock = SystemClock()
    folder.mkdir()
    connection = Connection(
        Internet(site.hub.url, site.hub.keys.anon),
        clock=clock,
        tokens=TokenStore.file(folder / "token"),
        rng=random.Random(1),
    )
    replica = Replica(folder / "replica.db")
    await replica.open()
    await connection.sign_in(await site.account("pos"), PASSWORD)
    device_id = (await replica.load()).device_id
    device = {"device_id": device_id, "branch_id": site.branch_id, "name": "T", "role": "pos"}
    await connection.rpc("register_device", device)
    engine = Engine(
        replica,
        connection,
        clock=clock,
        new_id=id_source(clock.now),
        branch_id=site.branch_id,
        role="pos",
        pace=PACE,
    )
    await engine.open()
    try:
        yield engine, connection
    finally:
        await engine.stop()
        await connection.disconnect()
        await replica.close()


@pytest.fixture
async def furnished(site: Site) -> Site:
    site.hub.sql(
        "select public.import_menu(%s::uuid, %s::jsonb)", site.branch_id, json.dumps(menu())
    )
    return site


async def place(engine: Engine, new_id: Any, lines: int = 1) -> str:
    order_id = new_id()
    args = {
        "order": new_order(order_id),
        "lines": [new_line(new_id()) for _ in range(lines)],
    }
    await engine.submit("place_order", order_id, "Mia", args)
    return str(order_id)


async def test_a_backlog_goes_out_and_the_rows_are_proven_equal(
    furnished: Site, tmp_path: Path
) -> None:
    new_id = id_source(SystemClock().now)
    async with (
        hub_terminal(furnished, tmp_path / "one") as (one, first),
        hub_terminal(furnished, tmp_path / "two") as (two, second),
    ):
        orders = [await place(one, new_id, lines=2) for _ in range(120)]
        payment = {"id": new_id(), "tender": "cash", "amount": 500}
        await one.submit("pay", orders[0], "Mia", {"order_id": orders[0], "payment": payment})
        assert one.progress.waiting == 121

        await second.connect()
        await two.start()
        await first.connect()
        await one.start()
        await until(one.progress_changed, lambda: one.progress.waiting == 0)
        await until(two.changed, lambda: len(two.tables["orders"]) == 120)
        await until(two.changed, lambda: payment["id"] in two.tables["payments"])
        await until(one.progress_changed, lambda: one.progress.verified is True)
        await until(two.progress_changed, lambda: two.progress.verified is True)
        assert one.dead_ops == ()
        assert one.tables["orders"] == two.tables["orders"]
        assert one.tables["stock_items"]["dough"]["level"] == 20 - 240
        assert two.tables["payments"][payment["id"]]["amount"] == 500
