"""Channels against the real hub: refused, shared, released, and over the tables."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import replace
from pathlib import Path

import pytest

from kds.connection.channels import Channel
from kds.connection.manager import Connection
from kds.sim.proxy import Proxy
from tests.support.hub import PASSWORD, Site
from tests.support.links import IMPATIENT, connection, next_of, until_joined, until_state

FOREIGN = f"branch:{uuid.uuid4()}"


async def until_status(channel: Channel, status: str) -> None:
    if channel.state != status:
        await next_of(channel.status, lambda now: now == status)


async def test_a_refused_channel_says_so_and_does_not_disturb_the_others(
    site: Site, link: Connection
) -> None:
    refused = link.channel(FOREIGN, priority="low")
    allowed = link.channel(f"branch:{site.branch_id}")
    await until_joined(allowed)
    await until_status(refused, "refused")
    assert "permission" in refused.problem
    assert allowed.state == "joined"
    assert link.link.state == "connected"


async def test_a_refused_channel_is_not_asked_for_again_at_once(
    site: Site, proxy: Proxy, tmp_path: Path
) -> None:
    policy = replace(IMPATIENT, beat_every=30, silence=45, refused_backoff=(1000,))
    async with connection(proxy.url, site.hub.keys.anon, tmp_path, policy=policy) as made:
        await made.sign_in(await site.account(), PASSWORD)
        await made.connect()
        refused = made.channel(FOREIGN)
        await until_status(refused, "refused")
        said: list[str] = []
        refused.status.connect(said.append)
        proxy.cut()
        await until_state(made, "reconnecting")
        allowed = made.channel(f"branch:{site.branch_id}", priority="low")
        await until_joined(allowed)
        assert said == []
        assert refused.state == "refused"


async def test_a_channel_that_stays_refused_is_called_degraded(
    site: Site, proxy: Proxy, tmp_path: Path
) -> None:
    policy = replace(
        IMPATIENT,
        beat_every=30,
        silence=45,
        refused_backoff=(0.01,),
        join_attempts={"high": 3, "medium": 2, "low": 1},
    )
    async with connection(proxy.url, site.hub.keys.anon, tmp_path, policy=policy) as made:
        await made.sign_in(await site.account(), PASSWORD)
        await made.connect()
        await until_status(made.channel(FOREIGN, priority="low"), "degraded")


async def test_a_channel_is_shared_until_its_last_holder_releases_it(
    site: Site, link: Connection
) -> None:
    topic = f"branch:{site.branch_id}"
    one, two = link.channel(topic), link.channel(topic)
    assert one is two
    await until_joined(one)
    states = []
    for holder in (one, two):
        await holder.release()
        states.append(holder.state)
    assert states == ["joined", "closed"]
    three = link.channel(topic)
    assert three is not two
    await until_joined(three)


async def test_a_topic_is_private_or_public_but_not_both(link: Connection) -> None:
    link.channel("lobby", private=False)
    with pytest.raises(ValueError, match="another kind"):
        link.channel("lobby")


async def test_tracking_needs_a_presence_key(site: Site, link: Connection) -> None:
    with pytest.raises(ValueError, match="presence key"):
        await link.channel(f"branch:{site.branch_id}").track({})


async def test_presence_can_be_asked_for_later(site: Site, link: Connection) -> None:
    channel = link.channel(f"branch:{site.branch_id}")
    await until_joined(channel)
    here = asyncio.create_task(next_of(channel.presence, lambda state: "till" in state))
    assert link.channel(f"branch:{site.branch_id}", presence_key="till") is channel
    await channel.track({"where": "board"})
    assert (await here)["till"][0]["where"] == "board"


async def test_presence_stays_below_the_server_s_limit_and_the_newest_wins(
    site: Site, proxy: Proxy, tmp_path: Path
) -> None:
    policy = replace(IMPATIENT, presence_calls=2, presence_window=1.0)
    async with connection(proxy.url, site.hub.keys.anon, tmp_path, policy=policy) as made:
        await made.sign_in(await site.account(), PASSWORD)
        await made.connect()
        channel = made.channel(f"branch:{site.branch_id}", presence_key="till")
        await until_joined(channel)
        seen: list[int] = []
        channel.presence.connect(lambda state: seen.extend(m["n"] for m in state.get("till", ())))
        last = asyncio.create_task(
            next_of(channel.presence, lambda s: [m["n"] for m in s.get("till", ())] == [9])
        )
        for n in range(10):
            await channel.track({"n": n})
        await last
        assert set(seen) <= {0, 1, 9}
        assert channel.state == "joined"


async def test_a_disconnect_keeps_the_channels_for_the_next_connect(
    site: Site, link: Connection
) -> None:
    channel = link.channel(f"branch:{site.branch_id}")
    await until_joined(channel)
    await link.disconnect()
    assert (link.link.state, link.link.reason) == ("disconnected", "stopped")
    await link.connect()
    await until_joined(channel)
