"""A window that nobody looks at, on the real hub."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from kds.connection.channels import Channel
from kds.connection.manager import Connection
from kds.connection.policy import Policy
from kds.sim.proxy import Proxy
from tests.support.hub import PASSWORD, Site
from tests.support.links import IMPATIENT, connection, next_of, until_joined, until_state

SOON: Policy = replace(IMPATIENT, hidden_after=0.05)


@pytest.fixture
async def shy(site: Site, proxy: Proxy, tmp_path: Path) -> AsyncIterator[Connection]:
    """A live connection that leaves what is hidden after a moment."""
    async with connection(proxy.url, site.hub.keys.anon, tmp_path, policy=SOON) as made:
        await made.sign_in(await site.account("pos"), PASSWORD)
        await made.connect()
        await until_state(made, "connected")
        yield made


async def paused(channel: Channel) -> None:
    if channel.state != "paused":
        await next_of(channel.status, lambda status: status == "paused")


async def test_a_hidden_window_leaves_what_it_does_not_need_and_never_the_feed(
    site: Site, shy: Connection
) -> None:
    people = shy.channel(f"branch:{site.branch_id}", pausable=True)
    feed = shy.channel(f"stream:floor:{site.branch_id}")
    said: list[str] = []
    await until_joined(people)
    await until_joined(feed)
    feed.status.connect(said.append)
    shy.set_visible(False)
    await paused(people)
    assert feed.state == "joined"
    joined = asyncio.create_task(next_of(people.joined))
    shy.set_visible(True)
    await joined
    assert said == []


async def test_the_others_see_a_hidden_window_go_and_come_back(
    site: Site, shy: Connection, tmp_path: Path
) -> None:
    topic = f"branch:{site.branch_id}"
    async with connection(site.hub.url, site.hub.keys.anon, tmp_path / "other") as witness:
        await witness.sign_in(await site.account("manager"), PASSWORD)
        await witness.connect()
        seen = witness.channel(topic, presence_key="witness")
        await until_joined(seen)
        here = asyncio.create_task(next_of(seen.presence, lambda state: "till" in state))
        mine = shy.channel(topic, presence_key="till", pausable=True)
        await mine.track({"name": "Till"})
        await here
        gone = asyncio.create_task(next_of(seen.presence, lambda state: "till" not in state))
        shy.set_visible(False)
        await gone
        back = asyncio.create_task(next_of(seen.presence, lambda state: "till" in state))
        shy.set_visible(True)
        assert (await back)["till"][0]["name"] == "Till"


async def test_a_window_that_is_shown_again_in_time_leaves_nothing(
    site: Site, shy: Connection
) -> None:
    people = shy.channel(f"branch:{site.branch_id}", pausable=True)
    await until_joined(people)
    said: list[str] = []
    people.status.connect(said.append)
    for visible in (False, False, True, True):
        shy.set_visible(visible)
    assert shy._hiding._timer is None
    assert said == []


async def test_a_reconnect_leaves_the_hidden_channels_out(
    site: Site, shy: Connection, proxy: Proxy
) -> None:
    people = shy.channel(f"branch:{site.branch_id}", pausable=True)
    feed = shy.channel(f"stream:floor:{site.branch_id}")
    await until_joined(people)
    await until_joined(feed)
    shy.set_visible(False)
    await paused(people)
    again = asyncio.create_task(next_of(feed.joined))
    proxy.cut()
    await again
    assert people.state == "paused"


async def test_one_holder_who_needs_the_channel_keeps_it_for_all(
    site: Site, shy: Connection
) -> None:
    people = shy.channel(f"branch:{site.branch_id}", pausable=True)
    await until_joined(people)
    shy.set_visible(False)
    await paused(people)
    joined = asyncio.create_task(next_of(people.joined))
    assert shy.channel(f"branch:{site.branch_id}") is people
    await joined
    assert not people.pausable


async def test_a_channel_that_is_asked_for_while_hidden_waits_to_be_seen(
    site: Site, shy: Connection
) -> None:
    watched = shy.channel(f"branch:{site.branch_id}", pausable=True)
    shy.set_visible(False)
    await paused(watched)
    late = shy.channel(f"stream:floor:{site.branch_id}", pausable=True)
    assert late.state == "paused"
    joined = asyncio.create_task(next_of(late.joined))
    shy.set_visible(True)
    await joined


async def test_a_window_that_is_hidden_before_the_start_is_counted_from_the_start(
    site: Site, proxy: Proxy, tmp_path: Path
) -> None:
    async with connection(proxy.url, site.hub.keys.anon, tmp_path, policy=SOON) as made:
        made.set_visible(False)
        assert made._hiding._timer is None
        people = made.channel(f"branch:{site.branch_id}", pausable=True)
        await made.sign_in(await site.account("pos"), PASSWORD)
        await made.connect()
        await paused(people)
