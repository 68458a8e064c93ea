"""Handshake, odd frames, limits and ends of a connection."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp
import pytest

from kds.hub.postgres import Postgres
from kds.hub.realtime.limits import Limits
from tests.support.realtime import Server, running_server, token

ECHO = {"broadcast": {"self": True, "ack": True}}


@pytest.mark.parametrize(
    ("query", "status", "error"),
    [
        ({"vsn": "3.0.0", "apikey": token("anon")}, 403, None),
        ({}, 401, "API key is missing"),
        ({"apikey": "garbage"}, 401, "The token provided is not a valid JWT"),
        ({"apikey": token("anon")[:-4] + "AAAA"}, 401, "Failed to validate JWT signature"),
        ({"apikey": token("anon", ttl=-60)}, 401, "Token has expired"),
        ({"apikey": token("anon", exp=None)}, 401, "Fields `role` and `exp` are required in JWT"),
    ],
)
async def test_bad_handshake_is_refused_in_the_real_servers_words(
    server: Server, query: dict[str, str], status: int, error: str | None
) -> None:
    async with server.session.get(f"{server.url}/realtime/v1/websocket", params=query) as response:
        assert response.status == status
        assert (await response.json() if error else None) == ({"error": error} if error else None)


@pytest.mark.parametrize(
    "frame",
    ["", "{", "[]", "7", "null", '{"topic":"phoenix"}', '["1","2","phoenix","heartbeat",{}]',
     '{"topic":5,"event":"heartbeat","payload":{},"ref":"1"}', b"\x00\x01\x02", "[" * 50_000],
)  # fmt: skip
async def test_malformed_frames_are_ignored_in_silence(server: Server, frame: str | bytes) -> None:
    client = await server.connect()
    await client.send(frame)
    assert await client.quiet() == []


async def test_unknown_events_in_a_channel_are_ignored_and_unknown_topics_are_named(
    server: Server,
) -> None:
    client = await server.connect()
    await client.join("a")
    await client.push("realtime:a", "dance", {})
    ref = await client.push("realtime:b", "dance", {})
    [reply] = await client.quiet()
    assert (reply["ref"], reply["payload"]) == (
        ref, {"status": "error", "response": {"reason": "unmatched topic"}},
    )  # fmt: skip


async def test_a_topic_without_a_name_is_refused(server: Server) -> None:
    client = await server.connect()
    reason = "TopicNameRequired: You must provide a topic name"
    assert await client.join("") == {"status": "error", "response": {"reason": reason}}


async def test_config_of_wrong_types_falls_back_to_defaults(server: Server) -> None:
    client = await server.connect()
    config = {"private": "yes", "broadcast": [], "presence": 1, "postgres_changes": {"a": 1}}
    reply = await client.join("a", config)
    assert reply == {"status": "ok", "response": {"postgres_changes": []}}


async def test_a_rejoin_closes_the_old_channel_with_its_own_ref(server: Server) -> None:
    client = await server.connect()
    await client.join("a", join_ref="1")
    assert (await client.join("a", ECHO, join_ref="2"))["status"] == "ok"
    [close] = await client.quiet()
    assert (close["event"], close["ref"]) == ("phx_close", "1")
    await client.push("realtime:a", "broadcast", {"n": 1}, join_ref="2")
    assert [f["event"] for f in await client.quiet()] == ["broadcast", "phx_reply"]


async def test_a_stale_leave_leaves_nothing(server: Server) -> None:
    client = await server.connect()
    await client.join("a", join_ref="2")
    await client.push("realtime:a", "phx_leave", {}, join_ref="1")
    assert await client.quiet() == []
    ref = await client.push("realtime:a", "phx_leave", {}, join_ref="2")
    replies = await client.quiet()
    assert [(f["event"], f["ref"]) for f in replies] == [("phx_reply", ref), ("phx_close", "2")]


async def test_an_oversize_payload_is_refused_only_when_acknowledged(postgres: Postgres) -> None:
    async with running_server(postgres.dsn, limits=Limits(max_payload_bytes=1000)) as server:
        client = await server.connect()
        await client.join("loud", ECHO)
        await client.join("quiet", {"broadcast": {"self": True}})
        await client.push("realtime:quiet", "broadcast", {"x": "y" * 1000})
        await client.push("realtime:loud", "broadcast", {"x": "y" * 1000})
        [reply] = await client.quiet()
        assert reply["payload"] == {"status": "error", "response": "payload_size_exceeded"}


async def test_an_oversize_frame_closes_with_1009(postgres: Postgres) -> None:
    async with running_server(postgres.dsn, limits=Limits(max_frame_bytes=1000)) as server:
        client = await server.connect()
        await client.send("x" * 2000)
        assert await client.closed() == aiohttp.WSCloseCode.MESSAGE_TOO_BIG


async def test_a_silent_client_is_closed_with_1000_however_much_it_is_sent(
    postgres: Postgres,
) -> None:
    async with running_server(postgres.dsn, limits=Limits(idle_s=0.3)) as server:
        listener, talker = await server.connect(), await server.connect()
        await listener.join("a")
        await talker.join("a")
        end = asyncio.create_task(listener.closed())
        while not end.done():
            await talker.push("realtime:a", "broadcast", {})
            await asyncio.wait({end}, timeout=0.05)
        assert await end == aiohttp.WSCloseCode.OK
        assert await talker.quiet() == []


async def test_too_many_channels_are_refused(postgres: Postgres) -> None:
    async with running_server(postgres.dsn, limits=Limits(max_channels=2)) as server:
        client = await server.connect()
        replies = [(await client.join(name))["status"] for name in "abb"]
        assert replies == ["ok", "ok", "ok"]
        reason = "ChannelRateLimitReached: Too many channels"
        assert (await client.join("c"))["response"] == {"reason": reason}


async def test_too_many_joins_end_the_connection_and_refuse_new_ones(postgres: Postgres) -> None:
    limits = Limits(max_joins_per_s=0.05, rate_window_s=60)
    async with running_server(postgres.dsn, limits=limits) as server:
        client = await server.connect()
        replies = [await client.join(name) for name in "abcd"]
        assert [r["status"] for r in replies] == ["ok", "ok", "ok", "error"]
        reason = "ClientJoinRateLimitReached: Too many joins per second"
        assert replies[-1]["response"] == {"reason": reason}
        assert await client.closed() == aiohttp.WSCloseCode.GOING_AWAY
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await server.connect()
        assert refused.value.status == 429


async def test_too_many_users_are_refused_at_the_handshake(postgres: Postgres) -> None:
    async with running_server(postgres.dsn, limits=Limits(max_users=1)) as server:
        first = await server.connect()
        await first.join("a")
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await server.connect()
        assert refused.value.status == 429


async def test_over_the_message_limit_receivers_are_cut_not_the_sender(postgres: Postgres) -> None:
    limits = Limits(max_messages_per_s=0.1, rate_window_s=60)
    async with running_server(postgres.dsn, limits=limits) as server:
        sender, listener = await server.connect(), await server.connect()
        await sender.join("a")
        await listener.join("a")
        for n in range(3):
            await sender.push("realtime:a", "broadcast", {"n": n})
        assert await sender.quiet() == []
        events = [f["event"] for f in await listener.quiet()]
        assert events == ["broadcast"] * 3 + ["system", "phx_close"]


async def test_a_client_that_reads_nothing_is_cut_and_holds_nobody_up(postgres: Postgres) -> None:
    limits = Limits(send_queue_bytes=1_000_000)
    async with running_server(postgres.dsn, limits=limits) as server:
        stuck, sender, listener = [await server.connect() for _ in range(3)]
        for client in (stuck, sender, listener):
            await client.join("a")
        connection: Any = stuck.ws._response.connection
        connection.transport.pause_reading()
        for _ in range(80):
            await sender.push("realtime:a", "broadcast", {"x": "y" * 200_000})
            assert (await listener.next())["event"] == "broadcast"
        assert await sender.quiet() == []
        connection.transport.resume_reading()
        assert await stuck.closed() == aiohttp.WSCloseCode.ABNORMAL_CLOSURE


async def test_a_hundred_clients_hear_each_other(server: Server) -> None:
    clients = [await server.connect() for _ in range(100)]
    await asyncio.gather(*(client.join("all") for client in clients))
    await clients[0].push("realtime:all", "broadcast", {"event": "x", "payload": {"n": 1}})
    heard = await asyncio.gather(*(client.next() for client in clients[1:]))
    assert {json.dumps(frame["payload"]) for frame in heard} == {
        '{"event": "x", "payload": {"n": 1}}'
    }


async def test_a_stop_tells_clients_at_once(postgres: Postgres) -> None:
    async with running_server(postgres.dsn) as server:
        client = await server.connect()
        await client.join("a", join_ref="7")
        stopping = asyncio.create_task(server.service.stop())
        frame = await client.next()
        assert (frame["event"], frame["ref"]) == ("phx_error", "7")
        assert frame["payload"] == {"reason": "channel_crash"}
        assert await client.closed() == aiohttp.WSCloseCode.GOING_AWAY
        await stopping
