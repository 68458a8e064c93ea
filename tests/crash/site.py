"""What outlives every round: the restaurant's data, its kitchen, and the cable to the till."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from kds.app.demo import BRANCH
from kds.hub.keys import load_keys
from kds.session.session import Session, SessionOptions
from tests.crash.books import Found
from tests.crash.processes import Hub
from tests.crash.till import STOCK_ITEM, Job
from tests.support.commands import PASSWORD
from tests.support.fault_proxy import FaultProxy
from tests.support.scene import world
from tests.support.sessions import set_up, started, wait_for

EMAIL = "till@test.local"

_ORDERS = """
    select o.id::text, o.number,
        (select coalesce(sum(qty), 0)::int from public.order_lines where order_id = o.id)
    from public.orders o"""
_PAYMENTS = "select order_id::text, array_agg(amount::int) from public.payments group by 1"
_STOCK = "select level::int from public.stock_items where branch_id = %s and id = %s"
_DEAD = "select count(*)::int from kds.dead_letters"
_UNTIL_SOMEBODY_WAITS = """
    do $$ begin
        while not exists (select from pg_stat_activity where wait_event_type = 'Lock') loop
            perform pg_sleep(0.002), pg_stat_clear_snapshot();
        end loop;
    end $$"""


@dataclass
class Site:
    """One hub, one kitchen, one till profile, for all rounds. `stock`: the level at first."""

    folder: Path
    hub: Hub
    proxy: FaultProxy
    kitchen: Session
    stock: int = 0

    @classmethod
    @asynccontextmanager
    async def opened(cls, folder: Path) -> AsyncIterator[Site]:
        hub = Hub(folder / "hub")
        await hub.start()
        try:
            await hub.process.furnish()
            await hub.process.admin.create_account(EMAIL, PASSWORD, "manager", [BRANCH])
            options = _kitchen(folder / "kitchen", hub)
            async with (
                FaultProxy(hub.process.url) as proxy,
                started(options, world(options)) as kitchen,
            ):
                await set_up(kitchen)
                site = cls(folder, hub, proxy, kitchen)
                site.stock = (await site.found()).stock
                yield site
        finally:
            await hub.stop()

    def job(self) -> Job:
        """Of a till that dies of nothing."""
        key = load_keys(self.hub.process.data).anon
        return Job(self.folder / "till", self.proxy.url, key, BRANCH, EMAIL, PASSWORD)

    async def found(self) -> Found:
        """What is on the server now."""
        orders = await self.hub.sql(_ORDERS)
        payments = await self.hub.sql(_PAYMENTS)
        ((level,),) = await self.hub.sql(_STOCK, BRANCH, STOCK_ITEM)
        ((dead,),) = await self.hub.sql(_DEAD)
        return Found(
            {order: pieces for order, _, pieces in orders},
            dict(payments),
            level - self.stock,
            [number for _, number, _ in orders],
            dead,
        )

    async def kitchen_is_equal(self, orders: set[str]) -> bool:
        """The kitchen has exactly these orders, and all its rows are the server's."""
        store = self.kitchen.store
        await wait_for(store.changed, lambda: store.rows("orders").keys() == orders)
        return await self.kitchen.audit()

    @asynccontextmanager
    async def locked(self) -> AsyncIterator[Callable[[], Awaitable[object]]]:
        """Nobody can commit to the branch; what is given waits until somebody is held up by it.

        The lock goes also when the server has died.
        """
        connection = await psycopg.AsyncConnection.connect(self.hub.process.dsn)
        try:
            await connection.execute("select kds.lock_branch(%s)", [BRANCH])
            yield lambda: connection.execute(_UNTIL_SOMEBODY_WAITS)
        finally:
            await connection.close()


def _kitchen(folder: Path, hub: Hub) -> SessionOptions:
    return SessionOptions(
        hub.process.url,
        load_keys(hub.process.data).anon,
        BRANCH,
        "kitchen",
        "Kitchen",
        frozenset(),
        folder,
        "kitchen@test.local",
        PASSWORD,
    )
