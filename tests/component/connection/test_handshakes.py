"""Live connections that are declined while requests pass, between a terminal and the real hub."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kds.base.clock import SystemClock
from kds.base.errors import Unreachable
from kds.connection.manager import Connection
from kds.sim.proxy import Proxy
from tests.support.hub import PASSWORD, Site
from tests.support.links import IMPATIENT, connection, next_of, until_link, until_state


@pytest.mark.parametrize(
    ("status", "problem"),
    [
        (401, "The server does not accept this program's key."),
        (403, "The server does not allow this program a live connection."),
        (404, "There is no live connection at the server's address."),
        (503, "The server declined a live connection (error 503)."),
        (None, "The server cannot be reached."),
    ],
)
async def test_a_declined_link_says_why_and_is_asked_for_again_for_ever(
    site: Site, proxy: Proxy, tmp_path: Path, status: int | None, problem: str
) -> None:
    async with connection(proxy.url, site.hub.keys.anon, tmp_path) as made:
        await made.sign_in(await site.account(), PASSWORD)
        proxy.block_websockets(status)
        await made.connect()
        link = await until_link(made, lambda now: now.retry_at is not None)
        assert link.problem == problem
        assert link.reason == ("offline" if status is None else "server_error")
        while proxy.declined < 8:
            await next_of(made.link_changed)
        proxy.forward()
        await until_state(made, "connected")


async def test_a_server_with_too_many_links_is_left_alone_whatever_requests_meet(
    site: Site, proxy: Proxy, tmp_path: Path
) -> None:
    policy = replace(IMPATIENT, crowded_wait=1000.0)
    async with connection(proxy.url, site.hub.keys.anon, tmp_path, policy=policy) as made:
        await made.sign_in(await site.account(), PASSWORD)
        proxy.block_websockets(429)
        await made.connect()
        link = await until_link(made, lambda now: now.retry_at is not None)
        assert link.problem == "The server has too many live connections now."
        assert link.retry_at is not None
        assert (link.retry_at - SystemClock().now()).total_seconds() > 900
        await made.rpc("changes_since", {"cursors": {}})
        made.network_up()
        assert made.link.retry_at == link.retry_at
        assert proxy.declined == 1


async def ask(made: Connection) -> None:
    await made.rpc("changes_since", {"cursors": {}})


async def test_where_only_websockets_are_blocked_the_link_is_polling_until_they_pass(
    link: Connection, proxy: Proxy
) -> None:
    proxy.block_websockets()
    await until_state(link, "reconnecting")
    while not link.link.polling:
        await ask(link)
        await next_of(link.link_changed)
    assert link.link.reason == "server_error"
    proxy.forward()
    assert not (await until_state(link, "connected")).polling


async def test_a_polling_link_whose_requests_fail_too_is_offline(
    link: Connection, proxy: Proxy
) -> None:
    proxy.block_websockets()
    await until_state(link, "reconnecting")
    while not link.link.polling:
        await ask(link)
        await next_of(link.link_changed)
    proxy.refuse()
    with pytest.raises(Unreachable, match="cannot be reached"):
        await ask(link)
    assert not link.link.polling
    await until_link(link, lambda now: now.reason == "offline")
