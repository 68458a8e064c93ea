"""The link against the real hub, with the cable cut in every way a cable can be."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from kds.base.errors import Unreachable
from kds.base.events import Event
from kds.connection.channels import Channel
from kds.connection.manager import Connection
from kds.sim.proxy import Proxy
from tests.support.hub import PASSWORD, Site
from tests.support.links import (
    IMPATIENT,
    connection,
    next_of,
    until_joined,
    until_link,
    until_state,
)


async def test_a_live_link_measures_its_round_trip(link: Connection) -> None:
    assert link.link.state == "connected"
    assert link.link.rtt_ms is not None
    assert 0 < link.link.rtt_ms < 1000
    assert link.link.quality != "offline"
    first = link.link.rtt_ms
    again = await next_of(link.link_changed, lambda now: now.rtt_ms != first)
    assert again.state == "connected"


@pytest.mark.parametrize("code", [1000, 1001])
async def test_a_clean_close_is_met_with_a_new_socket(
    link: Connection, proxy: Proxy, code: int
) -> None:
    proxy.hang_up(code)
    lost = await until_state(link, "reconnecting")
    assert lost.problem == "The connection was lost."
    assert lost.retry_at is not None
    await until_state(link, "connected")


async def test_a_cut_is_met_with_a_new_socket(link: Connection, proxy: Proxy) -> None:
    proxy.cut()
    await until_state(link, "reconnecting")
    await until_state(link, "connected")


async def test_it_comes_back_after_more_failures_than_the_client_package_survives(
    link: Connection, proxy: Proxy
) -> None:
    failures = []
    link.link_changed.connect(lambda now: failures.append(now) if now.retry_at else None)
    proxy.refuse()
    while len(failures) < 9:
        now = await next_of(link.link_changed)
        assert now.state == "reconnecting"
    assert link.link.reason == "offline"
    with pytest.raises(Unreachable):
        await link.rpc("changes_since", {"cursors": {}})
    proxy.forward()
    await until_state(link, "connected")


async def test_a_half_open_link_is_noticed_by_its_silence(link: Connection, proxy: Proxy) -> None:
    proxy.stall()
    lost = await until_state(link, "reconnecting")
    assert lost.problem == "The server stopped answering."
    proxy.forward()
    await until_state(link, "connected")


async def test_a_request_without_an_answer_puts_a_silent_link_to_the_proof(
    site: Site, proxy: Proxy, tmp_path: Path
) -> None:
    policy = replace(IMPATIENT, beat_every=30, silence=45, proof=0.5, http_timeout=0.5)
    async with connection(proxy.url, site.hub.keys.anon, tmp_path, policy=policy) as made:
        await made.sign_in(await site.account("pos"), PASSWORD)
        await made.connect()
        await until_state(made, "connected")
        proxy.stall()
        with pytest.raises(Unreachable):
            await made.rpc("changes_since", {"cursors": {}})
        await until_state(made, "reconnecting")
        proxy.forward()
        await until_state(made, "connected")


async def test_the_returning_network_ends_a_long_wait_at_once(
    site: Site, proxy: Proxy, tmp_path: Path
) -> None:
    policy = replace(IMPATIENT, backoff=(1000,))
    async with connection(proxy.url, site.hub.keys.anon, tmp_path, policy=policy) as made:
        await made.sign_in(await site.account("pos"), PASSWORD)
        proxy.refuse()
        await made.connect()
        await until_link(made, lambda now: now.retry_at is not None)
        proxy.forward()
        made.network_up()
        await until_state(made, "connected")


async def test_an_answered_request_ends_a_long_wait_at_once(
    site: Site, proxy: Proxy, tmp_path: Path
) -> None:
    policy = replace(IMPATIENT, backoff=(1000,))
    async with connection(proxy.url, site.hub.keys.anon, tmp_path, policy=policy) as made:
        await made.sign_in(await site.account("pos"), PASSWORD)
        proxy.refuse()
        await made.connect()
        await until_link(made, lambda now: now.reason == "offline")
        proxy.forward()
        await made.rpc("changes_since", {"cursors": {}})
        await until_state(made, "connected")


async def test_a_start_without_a_server_goes_on_trying(
    site: Site, proxy: Proxy, tmp_path: Path
) -> None:
    async with connection(proxy.url, site.hub.keys.anon, tmp_path) as made:
        await made.sign_in(await site.account("pos"), PASSWORD)
    proxy.refuse()
    async with connection(proxy.url, site.hub.keys.anon, tmp_path) as made:
        await made.connect()
        offline = await until_link(made, lambda now: now.retry_at is not None)
        assert offline.reason == "offline"
        assert offline.problem == "The server cannot be reached."
        proxy.forward()
        await until_state(made, "connected")


async def test_channels_are_joined_again_and_presence_is_tracked_again(
    site: Site, link: Connection, proxy: Proxy, tmp_path: Path
) -> None:
    topic = f"branch:{site.branch_id}"
    async with connection(site.hub.url, site.hub.keys.anon, tmp_path / "other") as witness:
        await witness.sign_in(await site.account("manager"), PASSWORD)
        await witness.connect()
        seen = witness.channel(topic, presence_key="witness")
        await until_joined(seen)
        mine = link.channel(topic, presence_key="till")
        here = asyncio.create_task(next_of(seen.presence, lambda state: "till" in state))
        await mine.track({"name": "Till"})
        assert (await here)["till"][0]["name"] == "Till"

        gone = asyncio.create_task(next_of(seen.presence, lambda state: "till" not in state))
        proxy.refuse()
        await gone
        await until_state(link, "reconnecting")
        assert mine.state == "joining"
        rejoined = asyncio.create_task(next_of(mine.joined))
        back = asyncio.create_task(next_of(seen.presence, lambda state: "till" in state))
        proxy.forward()
        await rejoined
        assert (await back)["till"][0]["name"] == "Till"


async def test_broadcasts_made_off_the_air_go_out_after_the_join(
    site: Site, link: Connection, proxy: Proxy, tmp_path: Path
) -> None:
    topic = f"branch:{site.branch_id}"
    async with connection(site.hub.url, site.hub.keys.anon, tmp_path / "other") as witness:
        await witness.sign_in(await site.account("manager"), PASSWORD)
        await witness.connect()
        heard: list[int] = []
        theirs = witness.channel(topic)
        theirs.on_broadcast("seen", lambda payload: heard.append(payload["n"]))
        first = asyncio.create_task(next_of_broadcast(theirs, "seen", 0))
        last = asyncio.create_task(next_of_broadcast(theirs, "seen", 4))
        mine = link.channel(topic)
        await until_joined(theirs)
        await until_joined(mine)
        await mine.broadcast("seen", {"n": 0})
        await first
        proxy.refuse()
        await until_state(link, "reconnecting")
        for n in (1, 2, 3):
            await mine.broadcast("seen", {"n": n}, key="same")
        await mine.broadcast("seen", {"n": 4})
        proxy.forward()
        await last
        assert heard == [0, 3, 4]


async def next_of_broadcast(channel: Channel, event: str, n: int) -> None:
    arrived: Event[int] = Event()
    disconnect = channel.on_broadcast(event, lambda payload: arrived.emit(payload["n"]))
    try:
        await next_of(arrived, lambda number: number == n)
    finally:
        disconnect()
