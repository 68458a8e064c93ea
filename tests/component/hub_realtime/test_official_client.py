"""The unmodified PyPI client `realtime` against the hub."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from realtime import AsyncRealtimeClient, RealtimeSubscribeStates
from realtime.types import RealtimePostgresChangesListenEvent

from tests.support.realtime import BRANCH_1, Server, sql, token


@asynccontextmanager
async def official(server: Server, access_token: str) -> AsyncIterator[AsyncRealtimeClient]:
    client = AsyncRealtimeClient(f"{server.url}/realtime/v1", token("anon"))
    await client.connect()
    await client.set_auth(access_token)
    try:
        yield client
    finally:
        await client.close()


async def state_after_subscribe(channel: Any) -> RealtimeSubscribeStates:
    states: asyncio.Queue[RealtimeSubscribeStates] = asyncio.Queue()
    subscribing = asyncio.create_task(channel.subscribe(lambda state, _: states.put_nowait(state)))
    state = await asyncio.wait_for(states.get(), 5)
    subscribing.cancel()
    await asyncio.gather(subscribing, return_exceptions=True)
    return state


async def test_it_subscribes_broadcasts_tracks_and_hears_changes(server: Server) -> None:
    writer = token(branch_id=BRANCH_1, can_write="true")
    async with official(server, writer) as client:
        heard: dict[str, asyncio.Queue[Any]] = {
            name: asyncio.Queue() for name in ("broadcast", "changes", "sync", "poke")
        }
        channel = client.channel(
            f"branch:{BRANCH_1}",
            {
                "config": {
                    "private": True,
                    "broadcast": {"self": True, "ack": False},
                    "presence": {"key": "till", "enabled": True},
                }
            },
        )
        channel.on_broadcast("ping", heard["broadcast"].put_nowait)
        channel.on_broadcast("poke", heard["poke"].put_nowait)
        channel.on_postgres_changes(
            RealtimePostgresChangesListenEvent.Insert,
            heard["changes"].put_nowait,
            table="orders",
            schema="public",
        )
        channel.on_presence_sync(lambda: heard["sync"].put_nowait(channel.presence_state()))
        subscribed = asyncio.Event()
        channel.on_system(lambda _: subscribed.set())
        await channel.subscribe()
        await asyncio.wait_for(subscribed.wait(), 5)
        await channel.send_broadcast("ping", {"n": 1})
        await channel.track({"name": "Till 1"})
        sql(
            server.dsn,
            "insert into orders (branch_id, order_number) values (%s, 'py')",
            BRANCH_1,
        )
        sql(server.dsn, f"select realtime.send('{{}}', 'poke', 'branch:{BRANCH_1}', true)")
        assert (await asyncio.wait_for(heard["broadcast"].get(), 5))["payload"] == {"n": 1}
        change = await asyncio.wait_for(heard["changes"].get(), 5)
        assert change["data"]["record"]["order_number"] == "py"
        assert (await asyncio.wait_for(heard["poke"].get(), 5))["event"] == "poke"
        async with asyncio.timeout(5):
            while "till" not in (state := await heard["sync"].get()):
                continue
        assert state["till"][0]["name"] == "Till 1"


async def test_it_is_told_of_a_denied_channel(server: Server) -> None:
    async with official(server, token(branch_id=BRANCH_1)) as client:
        channel = client.channel("branch:elsewhere", {"config": {"private": True}})
        assert await state_after_subscribe(channel) is RealtimeSubscribeStates.CHANNEL_ERROR


async def test_it_keeps_a_channel_through_a_new_token(server: Server) -> None:
    async with official(server, token(branch_id=BRANCH_1)) as client:
        channel = client.channel(f"branch:{BRANCH_1}", {"config": {"private": True}})
        heard: asyncio.Queue[Any] = asyncio.Queue()
        channel.on_broadcast("poke", heard.put_nowait)
        await channel.subscribe()
        await client.set_auth(token(branch_id=BRANCH_1, can_write="true"))
        sql(server.dsn, f"select realtime.send('{{}}', 'poke', 'branch:{BRANCH_1}', true)")
        assert (await asyncio.wait_for(heard.get(), 5))["event"] == "poke"
