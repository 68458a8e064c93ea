"""A till and a kitchen screen at work behind a fault proxy, and what must be true in the end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from kds.connection.internet import Internet
from kds.connection.policy import Policy
from kds.connection.tokens import TokenStore
from kds.session.session import Session, SessionOptions
from kds.session.status import Status
from kds.session.world import World
from kds.sync.attempts import Pace
from tests.support.fault_proxy import FaultProxy
from tests.support.links import IMPATIENT
from tests.support.sessions import Place, cart, set_up, started, wait_for
from tests.support.terminals import QUICK

POLICY = replace(
    IMPATIENT,
    http_timeout=1.0,
    http_deadline=3.0,
    refused_backoff=(0.1, 0.2),
    join_timeout=1.0,
    crowded_wait=0.1,
)


def world(options: SessionOptions, policy: Policy = POLICY, pace: Pace = QUICK) -> World:
    """The real network, in a hurry."""
    return World(
        Internet(options.url, options.key, policy),
        TokenStore.file(options.data_dir / "session.token"),
        policy=policy,
        pace=pace,
    )


@dataclass
class Scene:
    """`said`: every status of the till since the beginning, oldest first."""

    place: Place
    proxy: FaultProxy
    till: Session
    kitchen: Session
    orders: dict[str, int] = field(default_factory=dict)  # id -> pieces
    said: list[Status] = field(default_factory=list)

    @classmethod
    @asynccontextmanager
    async def opened(
        cls, place: Place, proxy: FaultProxy, policy: Policy = POLICY, pace: Pace = QUICK
    ) -> AsyncIterator[Scene]:
        at_till = await place.options("till", url=proxy.url)
        at_grill = await place.options("grill", "kitchen", url=proxy.url)
        async with (
            started(at_till, world(at_till, policy, pace)) as till,
            started(at_grill, world(at_grill, policy, pace)) as kitchen,
        ):
            await set_up(till)
            await set_up(kitchen)
            scene = cls(place, proxy, till, kitchen)
            till.status_changed.connect(scene.said.append)
            await scene.until(lambda status: status.link == "connected")
            yield scene
            proxy.heal()

    async def order(self, pieces: int = 1) -> str:
        """Tap an order at the till."""
        order_id = await self.till.actions.place_order(cart(self.till.new_id(), pieces))
        self.orders[order_id] = pieces
        return order_id

    async def until(self, accept: Any) -> None:
        """Wait for a status of the till."""
        await wait_for(self.till.status_changed, lambda: accept(self.till.status))

    async def until_called(self, part: str, count: int = 1) -> None:
        await wait_for(self.proxy.called, lambda: self.proxy.count(part) >= count)

    async def ends_well(self) -> None:
        """Every order is in the kitchen, once and whole; nothing waits; all rows are equal."""
        kitchen = self.kitchen
        await wait_for(kitchen.store.changed, lambda: self._in_kitchen() == self.orders)
        await self.until(lambda status: status.waiting == 0)
        assert self.till.status.blocked == 0
        assert self.on_server() == self.orders
        assert await self.till.audit()
        assert await kitchen.audit()
        assert self._in_kitchen() == self.orders

    def on_server(self) -> dict[str, int]:
        rows = self.place.site.hub.sql(
            "select o.id, sum(l.qty)::int from public.orders o"
            " join public.order_lines l on l.order_id = o.id where o.branch_id = %s group by 1",
            self.place.site.branch_id,
        )
        return {str(order): pieces for order, pieces in rows}

    def _in_kitchen(self) -> dict[str, int]:
        store = self.kitchen.store
        return {
            order_id: sum(line["qty"] for line in store.lines_of(order_id))
            for order_id in store.rows("orders")
        }
