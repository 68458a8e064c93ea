"""Answers over HTTP that make no sense, or too much of it: a RemoteError, and no full memory."""

from __future__ import annotations

import asyncio
import gzip
import tracemalloc
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from kds.base.errors import RemoteError, Unreachable
from kds.connection.http import MAX_ANSWER, Http
from kds.connection.policy import DEFAULT, Policy
from tests.support.garbage import BROKEN

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
JSON = {"Content-Type": "application/json"}
USER = (
    '{"id":"1","aud":"a","created_at":"2026-11-21T08:00:00Z","app_metadata":{},"user_metadata":{}}'
)


@asynccontextmanager
async def asking(answer: Answer, policy: Policy = DEFAULT) -> AsyncIterator[Http]:
    """Our client, to a server that answers everything with `answer`."""
    app = web.Application()
    app.router.add_route("*", "/{any:.*}", answer)
    server = TestServer(app)
    await server.start_server()
    http = Http(str(server.make_url("")).rstrip("/"), "key", policy, lambda _reason: None)
    try:
        yield http
    finally:
        await http.close()
        await server.close()


class DripServer:
    """Sends a byte of a long answer every 50 ms, until `stop`."""

    def __init__(self) -> None:
        self.stop = asyncio.Event()
        self.bytes_sent = 0

    async def answer(self, request: web.Request) -> web.StreamResponse:
        stream = web.StreamResponse(headers=JSON)
        await stream.prepare(request)
        with suppress(ConnectionError):
            while not self.stop.is_set():
                await stream.write(b" ")
                self.bytes_sent += 1
                with suppress(TimeoutError):
                    await asyncio.wait_for(self.stop.wait(), 0.05)
        return stream


def saying(body: bytes, status: int = 200, headers: dict[str, str] = JSON) -> Answer:
    async def answer(_request: web.Request) -> web.StreamResponse:
        return web.Response(body=body, status=status, headers=headers)

    return answer


def session_of(seconds: str) -> bytes:
    """A grant that lasts so long."""
    grant = '{"access_token":"a","refresh_token":"b","token_type":"bearer"'
    return f'{grant},"expires_in":{seconds},"user":{USER}}}'.encode()


BODIES = [
    *(text.encode("utf-8", "surrogatepass") for text in BROKEN),
    b"\xff\xfe", b'{"access_token":5}', b'{"access_token":"a","user":null}', b"5", b'"text"',
    *(session_of(seconds) for seconds in ('"soon"', "-5", "9" * 400, "3600")),
]  # fmt: skip


@pytest.mark.parametrize("status", [200, 201, 400, 401, 403, 404, 413, 418, 429, 500, 503])
async def test_any_body_is_a_value_or_an_error_of_ours(status: int) -> None:
    for body in BODIES:
        async with asking(saying(body, status)) as http:
            for call in (
                http.rpc("snapshot", {}, "t"),
                http.select("orders", "*", (), None, "t"),
                http.refresh("r"),
                http.sign_in("a@b.c", "p"),
                http.sign_out("t"),
            ):
                await outcome(call)


async def outcome(call: Awaitable[Any]) -> Any:
    found: Any = None
    try:
        return await call
    except RemoteError as error:
        found = error
    assert len(str(found)) < 400
    return found


@pytest.mark.parametrize("seconds", [-5, 0, 10**400], ids=["past", "none", "endless"])
async def test_a_session_of_no_sensible_length_is_not_taken(seconds: int) -> None:
    async with asking(saying(session_of(str(seconds)))) as http:
        with pytest.raises(Unreachable):
            await http.refresh("r")
    async with asking(saying(session_of("3600"))) as http:
        assert (await http.refresh("r")).lifetime == 3600


async def test_an_answer_without_end_is_given_up() -> None:
    sent = 0

    async def endless(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        stream = web.StreamResponse(headers=JSON)
        await stream.prepare(request)
        with suppress(ConnectionError):
            while True:
                await stream.write(b" " * 1_048_576)
                sent += 1
        return stream

    async with asking(endless) as http:
        with pytest.raises(Unreachable):
            await http.rpc("snapshot", {}, "t")
    assert sent < 2 * MAX_ANSWER // 1_048_576


async def test_an_answer_that_drips_is_given_up_although_no_byte_of_it_is_late() -> None:
    dripping = DripServer()
    async with asking(dripping.answer, Policy(http_timeout=5.0, http_deadline=0.3)) as http:
        with pytest.raises(Unreachable, match="in time"):
            await http.rpc("snapshot", {}, "t")
        dripping.stop.set()
    assert dripping.bytes_sent > 1


async def test_a_busy_service_is_not_asked_before_it_said_and_the_others_are() -> None:
    asked: list[str] = []

    async def busy(request: web.Request) -> web.StreamResponse:
        asked.append(request.path.split("/")[1])
        headers = {**JSON, "Retry-After": "3600"}
        return web.Response(body=b"{}", status=429, headers=headers)

    async with asking(busy) as http:
        for _ in range(3):
            with pytest.raises(Unreachable):
                await http.rpc("snapshot", {}, "t")
        with pytest.raises(Unreachable, match=r"asked again in (60|59) s"):
            await http.rpc("snapshot", {}, "t")
        with pytest.raises(Unreachable):
            await http.refresh("r")
    assert asked == ["rest", "auth"]


async def test_an_answer_that_unpacks_to_more_than_it_seems_is_given_up() -> None:
    packed = b"".join(gzip.compress(b" " * 2**24, 9) for _ in range(8))
    bomb = saying(packed, headers={**JSON, "Content-Encoding": "gzip"})
    async with asking(bomb) as http:
        tracemalloc.start()
        try:
            with pytest.raises(Unreachable):
                await http.rpc("snapshot", {}, "t")
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert peak < 4 * MAX_ANSWER


async def test_a_packed_answer_is_unpacked() -> None:
    body = gzip.compress(b'{"rows":[1,2]}')
    async with asking(saying(body, headers={**JSON, "Content-Encoding": "gzip"})) as http:
        assert await http.rpc("snapshot", {}, "t") == {"rows": [1, 2]}


async def test_an_answer_that_does_not_unpack_is_no_answer() -> None:
    async with asking(saying(b"plain", headers={**JSON, "Content-Encoding": "gzip"})) as http:
        with pytest.raises(Unreachable):
            await http.rpc("snapshot", {}, "t")
