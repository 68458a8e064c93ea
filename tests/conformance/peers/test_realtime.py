"""`realtime` from PyPI, as it comes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from realtime import AsyncRealtimeClient, RealtimeSubscribeStates
from realtime.types import RealtimePostgresChangesListenEvent

from tests.conformance.servers import PATIENCE_S, Person, Place

pytestmark = pytest.mark.realtime


@asynccontextmanager
async def official(place: Place, person: Person) -> AsyncIterator[AsyncRealtimeClient]:
    client = AsyncRealtimeClient(f"{place.server.url}/realtime/v1", place.server.anon)
    await client.connect()
    await client.set_auth(person.token)
    try:
        yield client
    finally:
        await client.close()


async def soon(queue: asyncio.Queue[Any]) -> Any:
    return await asyncio.wait_for(queue.get(), PATIENCE_S)


async def lower_the_dough(place: Place, level: int) -> None:
    own = f"stock_items?branch_id=eq.{place.branch_id}&id=eq.dough"
    await place.write("PATCH", own, {"level": level})


async def test_it_subscribes_broadcasts_tracks_and_hears_changes(place: Place) -> None:
    async with official(place, await place.person()) as client:
        heard: dict[str, asyncio.Queue[Any]] = {
            name: asyncio.Queue() for name in ("broadcast", "changes", "sync", "poke", "system")
        }
        branch = client.channel(
            f"branch:{place.branch_id}",
            {
                "config": {
                    "private": True,
                    "broadcast": {"self": True, "ack": False},
                    "presence": {"key": "till", "enabled": True},
                }
            },
        )
        branch.on_broadcast("ping", heard["broadcast"].put_nowait)
        branch.on_postgres_changes(
            RealtimePostgresChangesListenEvent.Update,
            heard["changes"].put_nowait,
            table="stock_items",
            schema="public",
        )
        branch.on_presence_sync(lambda: heard["sync"].put_nowait(branch.presence_state()))
        branch.on_system(heard["system"].put_nowait)
        stream = client.channel(f"stream:floor:{place.branch_id}", {"config": {"private": True}})
        stream.on_broadcast("poke", heard["poke"].put_nowait)
        for channel in (branch, stream):
            await channel.subscribe()
        await soon(heard["system"])
        await branch.send_broadcast("ping", {"n": 1})
        await branch.track({"name": "Till 1"})
        await lower_the_dough(place, 3)
        assert (await soon(heard["broadcast"]))["payload"] == {"n": 1}
        assert (await soon(heard["changes"]))["data"]["record"]["level"] == 3
        assert (await soon(heard["poke"]))["event"] == "poke"
        while "till" not in (state := await soon(heard["sync"])):
            continue
        assert state["till"][0]["name"] == "Till 1"


async def test_it_is_told_of_a_denied_channel(place: Place) -> None:
    async with official(place, await place.person()) as client:
        channel = client.channel("branch:elsewhere", {"config": {"private": True}})
        states: asyncio.Queue[RealtimeSubscribeStates] = asyncio.Queue()
        subscribing = asyncio.create_task(
            channel.subscribe(lambda state, _: states.put_nowait(state))
        )
        assert await soon(states) is RealtimeSubscribeStates.CHANNEL_ERROR
        subscribing.cancel()
        await asyncio.gather(subscribing, return_exceptions=True)


async def test_it_keeps_a_channel_through_a_new_token(place: Place) -> None:
    person = await place.person()
    async with official(place, person) as client:
        channel = client.channel(f"stream:floor:{place.branch_id}", {"config": {"private": True}})
        heard: asyncio.Queue[Any] = asyncio.Queue()
        channel.on_broadcast("poke", heard.put_nowait)
        await channel.subscribe()
        renewed = (await place.refresh(person.refresh_token)).json()
        await client.set_auth(renewed["access_token"])
        await lower_the_dough(place, 3)
        assert (await soon(heard))["event"] == "poke"
