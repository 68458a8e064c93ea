"""Garbage over real sockets to a running hub: who sends it loses at most his own connection."""

from __future__ import annotations

import asyncio
import json
import logging
import tracemalloc
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import aiohttp
import jwt
import pytest

from tests.support.garbage import BROKEN
from tests.support.hub import RunningHub, Site
from tests.support.realtime import Client

ROOM = "realtime:room"


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def connect(hub: RunningHub, session: aiohttp.ClientSession, vsn: str = "1.0.0") -> Client:
    query = {"apikey": hub.keys.anon, "vsn": vsn}
    url = f"{hub.url}/realtime/v1/websocket"
    return Client(await session.ws_connect(url, params=query, max_msg_size=0))


@pytest.fixture
async def bystander(hub: RunningHub, session: aiohttp.ClientSession) -> AsyncIterator[Client]:
    """Somebody else in the same room."""
    client = await connect(hub, session)
    await client.join("room")
    yield client
    await client.ws.close()


def joined(payload: Any, event: str = "broadcast", **more: Any) -> str:
    return json.dumps({"topic": ROOM, "event": event, "payload": payload, "ref": "9", **more})


NESTED = '{"a":' * 300 + "1" + "}" * 300
SAID: list[str | bytes] = [
    *BROKEN,
    '{"topic":"realtime:room","event":"broadcast","ref":"1","payload":{"x":"\\ud800"}}',
    '{"topic":"realtime:room","event":"broadcast","ref":"1","payload":{"x":NaN}}',
    '{"topic":"realtime:room","event":"broadcast","ref":"1","payload":{"x":1e999}}',
    f'{{"topic":"realtime:room","event":"broadcast","ref":"1","payload":{NESTED}}}',
    b"\x03\x01\x01\x05", b"\xff" * 100,
    joined(None), joined([]), joined(5), joined({}, "nonsense"), joined({}, "x" * 10_000),
    joined({"event": 5}, "presence"), joined({"event": "track", "payload": "text"}, "presence"),
    joined({"access_token": 5}, "access_token"), joined("text", "access_token"),
    joined({}, "phx_leave", topic="realtime:\0"), joined({}, "phx_join", topic="realtime:"),
    joined({"config": {"private": True}}, "phx_join", topic="realtime:\0"),
    joined({"config": {"private": True}}, "phx_join", topic="realtime:" + "x" * 100_000),
    joined({"config": {"private": True, "broadcast": {"replay": {"since": 10**30}}}}, "phx_join"),
    joined({"config": {"postgres_changes": [{"event": "*", "table": "\0"}]}}, "phx_join"),
    joined({"config": {"postgres_changes": [{"table": "orders", "filter": "a=in.("}]}}, "phx_join"),
    joined({"config": {"postgres_changes": "all"}}, "phx_join"),
    joined({"access_token": "a.b.c"}, "phx_join"), joined([1], "phx_join"),
]  # fmt: skip


@pytest.mark.parametrize("vsn", ["1.0.0", "2.0.0"])
@pytest.mark.parametrize("said", SAID, ids=range(len(SAID)))
async def test_a_frame_without_sense_disturbs_nobody(
    said: str | bytes,
    vsn: str,
    hub: RunningHub,
    session: aiohttp.ClientSession,
    bystander: Client,
    caplog: pytest.LogCaptureFixture,
) -> None:
    client = await connect(hub, session, vsn)
    await client.send(_join(vsn))
    with caplog.at_level(logging.INFO, logger="kds.hub"):
        await client.send(said)
        await client.send(_beat(vsn))
        while '"fence"' not in str(await client.receive()):
            pass
    await client.ws.close()
    for frame in await bystander.quiet():
        assert frame["topic"] == ROOM
    assert not [record for record in caplog.records if record.exc_info]
    assert all(len(record.getMessage()) < 1000 for record in caplog.records)


def _join(vsn: str) -> str:
    return '["1","1","realtime:room","phx_join",{}]' if vsn == "2.0.0" else joined({}, "phx_join")


def _beat(vsn: str) -> str:
    if vsn == "2.0.0":
        return '[null,"fence","phoenix","heartbeat",{}]'
    return '{"topic":"phoenix","event":"heartbeat","payload":{},"ref":"fence"}'


async def test_a_frame_over_the_limit_ends_its_own_connection_only(
    hub: RunningHub, session: aiohttp.ClientSession, bystander: Client
) -> None:
    client = await connect(hub, session)
    with suppress(ConnectionError):  # it may hang up before it has everything
        await client.send(joined({"x": "y" * 5_100_000}))
    assert await client.closed() in (1009, 1006)
    assert await bystander.quiet() == []


BODIES = [*(text.encode("utf-8", "surrogatepass") for text in BROKEN), b"\xff\xfe{\0}\0"]
PATHS = [
    "/rest/v1/rpc/apply_ops", "/rest/v1/rpc/changes_since", "/rest/v1/rpc/snapshot",
    "/rest/v1/rpc/checksum", "/rest/v1/rpc/register_device", "/rest/v1/orders",
    "/auth/v1/token?grant_type=password", "/auth/v1/token?grant_type=refresh_token",
    "/auth/v1/admin/users", "/realtime/v1/api/broadcast",
]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
async def test_a_body_without_sense_is_the_sender_s_mistake(
    path: str, hub: RunningHub, caplog: pytest.LogCaptureFixture
) -> None:
    async with hub.http(hub.keys.service) as client:
        for body in BODIES:
            answer = await client.post(
                path, content=body, headers={"Content-Type": "application/json; charset=nonsense"}
            )
            assert answer.status_code < 500, (body[:40], answer.status_code, answer.text)
            assert answer.is_success or answer.json()
    assert not [r for r in caplog.records if r.exc_info and r.name.startswith("kds.hub")]


WRONG = [None, 5, -1, "text", "\0", [], [None], [[]], {}, {"a": None}, True, 10**30, 1.5]
CALLS = {
    "apply_ops": ("device_id", "ops"),
    "changes_since": ("cursors", "max_rows"),
    "snapshot": ("streams",),
    "checksum": ("stream",),
    "register_device": ("device_id", "branch_id", "name", "role"),
}


@pytest.mark.parametrize("name", CALLS)
async def test_arguments_of_the_wrong_kind_are_declined(name: str, site: Site) -> None:
    async with site.client("manager") as official:
        session = await official.auth.get_session()
        assert session is not None
    async with site.hub.http(token=session.access_token) as client:
        for wrong in WRONG:
            arguments = dict.fromkeys(CALLS[name], wrong)
            answer = await client.post(f"/rest/v1/rpc/{name}", json=arguments)
            assert answer.status_code < 500, (wrong, answer.text)


async def test_a_body_over_the_limit_is_not_read_whole(hub: RunningHub) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(64):
            yield b"x" * 1_048_576

    async with hub.http() as client:
        tracemalloc.start()
        try:
            with_length = await client.post("/rest/v1/rpc/snapshot", content=b"x" * 3_000_000)
            chunked = await client.post("/rest/v1/rpc/snapshot", content=endless())
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert (with_length.status_code, chunked.status_code) == (413, 413)
    assert peak < 32_000_000


@pytest.mark.parametrize(
    "forge",
    [
        lambda claims, _: jwt.encode(claims, None, algorithm="none"),
        lambda claims, _: jwt.encode(claims, "another key" * 9, algorithm="HS256"),
        lambda claims, secret: jwt.encode({**claims, "exp": 1}, secret, algorithm="HS256"),
        lambda claims, secret: jwt.encode({**claims, "nbf": 2**40}, secret, algorithm="HS256"),
        lambda claims, secret: jwt.encode(
            {**claims, "role": "postgres"}, secret, algorithm="HS256"
        ),
        lambda *_: "a.b.c",
        lambda *_: "..",
    ],
    ids=["none", "another key", "replayed", "of the future", "another role", "text", "dots"],
)
async def test_a_forged_token_opens_nothing(forge: Any, hub: RunningHub) -> None:
    token = forge({"role": "service_role", "exp": 2**40}, hub.keys.jwt_secret)
    async with hub.http(token=token) as client:
        tables, users, me = await asyncio.gather(
            client.get("/rest/v1/orders"),
            client.get("/auth/v1/admin/users"),
            client.get("/auth/v1/user"),
        )
    assert tables.status_code == 401
    assert users.status_code in (401, 403)
    assert me.status_code in (401, 403)
