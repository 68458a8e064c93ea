"""Terminals on a network that blocks WebSockets, on the real hub: late by seconds, never wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kds.connection.internet import Internet
from kds.connection.tokens import TokenStore
from kds.session.world import World
from kds.sim.proxy import Proxy
from kds.sync.attempts import Pace
from tests.support.links import IMPATIENT
from tests.support.sessions import Place, cart, set_up, started, wait_for


@pytest.fixture
async def proxy(place: Place) -> AsyncIterator[Proxy]:
    async with Proxy(place.site.hub.url) as cable:
        yield cable


def world(place: Place, proxy: Proxy, folder: Path) -> World:
    """Through the proxy, with the waits of a test."""
    folder.mkdir(parents=True, exist_ok=True)
    network = Internet(proxy.url, place.site.hub.keys.anon, IMPATIENT)
    pace = Pace(poll=1000, settle=0.1, audit_first=0.1, poll_fast=0.1)
    return World(network, TokenStore.file(folder / "token"), policy=IMPATIENT, pace=pace)


async def test_a_blocked_terminal_sees_and_sends_orders_and_says_that_it_polls(
    place: Place, proxy: Proxy
) -> None:
    proxy.block_websockets()
    blocked = await place.options("kitchen", "manager")
    async with (
        started(blocked, world(place, proxy, blocked.data_dir)) as kitchen,
        started(await place.options("till")) as till,
    ):
        await set_up(kitchen)
        await set_up(till)
        await wait_for(kitchen.status_changed, lambda: kitchen.status.polling)
        assert kitchen.status.link != "connected"

        order_id = await till.actions.place_order(cart("l1"))
        await wait_for(
            kitchen.store.changed, lambda: kitchen.store.row("orders", order_id) is not None
        )
        await wait_for(kitchen.status_changed, lambda: kitchen.status.complete)

        await kitchen.actions.bump(
            order_id, [line["id"] for line in kitchen.store.lines_of(order_id)]
        )
        await wait_for(
            till.store.changed,
            lambda: all(line["state"] == "ready" for line in till.store.lines_of(order_id)),
        )
        await wait_for(kitchen.status_changed, lambda: kitchen.status.waiting == 0)
        await wait_for(kitchen.status_changed, lambda: kitchen.status.verified is True)
        assert await kitchen.audit()
        assert kitchen.status.polling


async def test_a_network_that_blocks_later_and_lets_pass_again_loses_nothing(
    place: Place, proxy: Proxy
) -> None:
    options = await place.options("kitchen", "manager")
    async with (
        started(options, world(place, proxy, options.data_dir)) as kitchen,
        started(await place.options("till")) as till,
    ):
        await set_up(kitchen)
        await set_up(till)
        await wait_for(kitchen.status_changed, lambda: kitchen.status.link == "connected")
        orders = []
        for step in (proxy.block_websockets, proxy.forward):
            step()
            orders.append(await till.actions.place_order(cart(till.new_id())))
            await wait_for(
                kitchen.status_changed,
                lambda blocked=step != proxy.forward: kitchen.status.polling == blocked,
            )
            orders.append(await till.actions.place_order(cart(till.new_id())))
            await wait_for(
                kitchen.store.changed,
                lambda: all(kitchen.store.row("orders", one) is not None for one in orders),
            )
        await wait_for(kitchen.status_changed, lambda: kitchen.status.link == "connected")
        assert await kitchen.audit()


async def test_a_network_that_lets_websockets_open_and_cuts_them_at_once_is_polled(
    place: Place, proxy: Proxy
) -> None:
    options = await place.options("kitchen", "manager")
    async with started(options, world(place, proxy, options.data_dir)) as kitchen:
        await set_up(kitchen)
        cut = kitchen.status_changed.connect(
            lambda status: proxy.hang_up(1001) if status.link == "connected" else None
        )
        await wait_for(kitchen.status_changed, lambda: kitchen.status.polling)
        cut()
        await wait_for(kitchen.status_changed, lambda: kitchen.status.link == "connected")
        assert not kitchen.status.polling


async def test_the_figures_of_a_session_are_those_of_its_work(place: Place) -> None:
    async with (
        started(await place.options("kitchen", "manager")) as kitchen,
        started(await place.options("till")) as till,
    ):
        await set_up(kitchen)
        await set_up(till)
        await wait_for(
            kitchen.status_changed,
            lambda: all(channel.state == "joined" for channel in kitchen.uplink.channels),
        )
        order_id = await till.actions.place_order(cart("l1"))
        await wait_for(
            kitchen.store.changed, lambda: kitchen.store.row("orders", order_id) is not None
        )
        figures = kitchen.metrics()
        assert figures.link.latency_p50_ms is not None
        assert 0 <= figures.link.latency_p50_ms < 60_000
        assert figures.link.connected_since is not None
        assert figures.link.uptime_pct is not None
        assert figures.link.messages_in > 0
        assert figures.link.messages_out > 0
        assert figures.memory_mb is None or figures.memory_mb > 1
        assert figures.rows > 10
        assert figures.complete_to == kitchen.status.complete_to
        assert (figures.waiting, figures.blocked) == (0, 0)
        topics = {channel.topic: channel for channel in kitchen.uplink.channels}
        branch = topics[f"branch:{place.site.branch_id}"]
        assert (branch.priority, branch.problem, branch.holders) == ("low", "", 1)
        assert f"stream:floor:{place.site.branch_id}" in topics
