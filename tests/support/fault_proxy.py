"""A proxy between a terminal and its hub that knows HTTP and WebSocket, and fails as it is told.

    async with FaultProxy(hub.url) as proxy:
        proxy.on("rpc/apply_ops", faults.lose_answer)        # the next one
        proxy.on("websocket", faults.answer(503), times=3)   # the next three
        proxy.edit(frames.drop("down", "phoenix"))           # until `heal`
        proxy.heal()

A fault takes the place of the plain way (`Exchange.forward`, then `Exchange.reply`). Faults of
requests are in `tests.support.faults`, those of frames in `tests.support.frames`. What passed is
in `calls`; `called` fires when a request has arrived, before anything is done with it.
"""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import aiohttp
from aiohttp import web
from multidict import CIMultiDict

from kds.base.events import Event
from tests.support.frames import Edit, Frame, Way

_HOP_BY_HOP = {"connection", "content-length", "host", "keep-alive", "transfer-encoding", "upgrade"}
_RESET = struct.pack("ii", 1, 0)  # SO_LINGER on, 0 s: a close is a RST


@dataclass(frozen=True)
class Call:
    """One request as it arrived. `path` with its query."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @cached_property
    def json(self) -> Any:
        return json.loads(self.body) if self.body else None

    @property
    def ops(self) -> int:
        """How many ops it brings, as an `apply_ops`."""
        return len(self.json["ops"])


@dataclass(frozen=True)
class Answer:
    """A response, whoever gave it."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


class Exchange:
    """One request on its way, in the hands of a fault."""

    def __init__(self, proxy: FaultProxy, request: web.Request, call: Call) -> None:
        self.call = call
        self.healed = proxy.healed
        self._proxy = proxy
        self._request = request

    async def forward(self) -> Answer:
        """Have the server do it."""
        return await self._proxy.ask(self.call)

    async def plain(self) -> web.StreamResponse:
        """No fault: the server's answer, or its socket."""
        if self._request.headers.get("upgrade", "").lower() == "websocket":
            return await self._proxy.carry(self._request)
        return self.reply(await self.forward())

    def reply(self, answer: Answer) -> web.StreamResponse:
        return web.Response(
            status=answer.status, headers=_end_to_end(answer.headers), body=answer.body
        )

    async def begin(self, answer: Answer, share: float) -> web.StreamResponse:
        """The head and a `share` of the body, then the end of the connection."""
        response = web.StreamResponse(status=answer.status, headers=_end_to_end(answer.headers))
        response.content_length = len(answer.body)
        await response.prepare(self._request)
        await response.write(answer.body[: int(len(answer.body) * share)])
        if self._request.transport is not None:
            self._request.transport.close()
        return response

    async def drip(self, answer: Answer, every_s: float) -> web.StreamResponse:
        """The head, then a byte of the body every `every_s`, until healed or hung up on."""
        response = web.StreamResponse(status=answer.status, headers=_end_to_end(answer.headers))
        response.content_length = len(answer.body)
        await response.prepare(self._request)
        with suppress(ConnectionError):
            for byte in answer.body:
                await response.write(bytes([byte]))
                with suppress(TimeoutError):
                    await asyncio.wait_for(self.healed.wait(), every_s)
        return response

    def reset(self) -> web.StreamResponse:
        """Not a word: the connection is reset."""
        transport = self._request.transport
        if transport is not None:
            sock = transport.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            transport.abort()
        return web.Response()  # goes nowhere


Fault = Callable[[Exchange], Awaitable[web.StreamResponse]]


@dataclass
class _Rule:
    part: str
    fault: Fault
    times: float
    skip: int

    def takes(self, call: Call) -> bool:
        if self.part not in call.path:
            return False
        if self.skip:
            self.skip -= 1
            return False
        self.times -= 1
        return True


class FaultProxy:
    """See the module's text. Its loop has to run; connect to `url`."""

    def __init__(self, target: str) -> None:
        self._target = target
        self._rules: list[_Rule] = []
        self._edits: list[Edit] = []
        self._sockets: list[tuple[web.WebSocketResponse, aiohttp.ClientWebSocketResponse]] = []
        self._port = 0
        self.healed = asyncio.Event()
        self.calls: list[Call] = []
        self.called: Event[Call] = Event()
        self.framed: Event[Frame] = Event()  # every frame that came, before the edits

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    async def __aenter__(self) -> FaultProxy:
        self._client = aiohttp.ClientSession(
            auto_decompress=False, connector=aiohttp.TCPConnector(limit=0)
        )
        app = web.Application(client_max_size=1 << 30)
        app.router.add_route("*", "/{path:.*}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self.heal()
        await self.hang_up(1001)
        await self._runner.cleanup()
        await self._client.close()

    # -- the script -----------------------------------------------------------------------

    def on(self, part: str, fault: Fault, *, times: float = 1, skip: int = 0) -> None:
        """Meet the next `times` requests whose path contains `part`, after `skip`, with `fault`."""
        self._rules.append(_Rule(part, fault, times, skip))

    def edit(self, edit: Edit) -> None:
        """Pass every frame through `edit`, after the edits that are there already."""
        self._edits.append(edit)

    def heal(self) -> None:
        """No faults any more; what was held goes on."""
        self._rules.clear()
        self._edits.clear()
        self.healed.set()
        self.healed = asyncio.Event()

    async def inject(self, data: str | bytes, way: Way = "down") -> None:
        """Send a frame of our own on every open socket."""
        for near, far in self._sockets:
            await _send(near if way == "down" else far, data)

    async def hang_up(self, code: int) -> None:
        """Close every socket with `code`, as if from the server."""
        for near, _ in list(self._sockets):
            await near.close(code=code)

    def count(self, part: str) -> int:
        return sum(part in call.path for call in self.calls)

    # -- the way through ------------------------------------------------------------------

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        headers = _end_to_end(request.headers)
        try:
            body = await request.read()
        except ConnectionError:
            return web.Response()  # the client has died in the middle of it
        call = Call(request.method, request.path_qs, headers, body)
        exchange = Exchange(self, request, call)
        self.calls.append(call)
        fault = self._fault_for(call)
        self.called.emit(call)
        try:
            return await (fault(exchange) if fault else exchange.plain())
        except aiohttp.ClientError:
            return exchange.reset()  # the server is down: so is the connection

    def _fault_for(self, call: Call) -> Fault | None:
        self._rules = [rule for rule in self._rules if rule.times > 0]
        return next((rule.fault for rule in self._rules if rule.takes(call)), None)

    async def ask(self, call: Call) -> Answer:
        """The server's answer to `call`; also to one of long ago."""
        async with self._client.request(
            call.method, self._target + call.path, headers=call.headers, data=call.body
        ) as response:
            return Answer(response.status, dict(response.headers), await response.read())

    async def carry(self, request: web.Request) -> web.StreamResponse:
        """A socket: frames both ways until one side ends it."""
        try:
            far = await self._client.ws_connect(
                self._target + request.path_qs, autoping=False, max_msg_size=0
            )
        except aiohttp.WSServerHandshakeError as refusal:
            return web.Response(status=refusal.status)
        near = web.WebSocketResponse(autoping=False, max_msg_size=0, compress=False)
        await near.prepare(request)
        self._sockets.append((near, far))
        try:
            await self._join(near, far)
        finally:
            self._sockets.remove((near, far))
        return near

    async def _join(
        self, near: web.WebSocketResponse, far: aiohttp.ClientWebSocketResponse
    ) -> None:
        ways = [
            asyncio.create_task(self._pump("up", near, far)),
            asyncio.create_task(self._pump("down", far, near)),
        ]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
        await far.close(code=_code(near))
        await near.close(code=_code(far))

    async def _pump(self, way: Way, source: _Socket, sink: _Socket) -> None:
        async for message in source:
            if message.type is aiohttp.WSMsgType.PING:
                await sink.ping(message.data)
            elif message.type is aiohttp.WSMsgType.PONG:
                await sink.pong(message.data)
            else:
                for frame in self._edited(Frame(way, message.data)):
                    await _send(sink, frame.data)

    def _edited(self, frame: Frame) -> Iterable[Frame]:
        self.framed.emit(frame)
        frames = [frame]
        for edit in self._edits:
            frames = [after for before in frames for after in edit(before)]
        return frames


_Socket = web.WebSocketResponse | aiohttp.ClientWebSocketResponse


async def _send(sink: _Socket, data: str | bytes) -> None:
    with suppress(ConnectionError):
        await (sink.send_str(data) if isinstance(data, str) else sink.send_bytes(data))


def _code(socket_: _Socket) -> int:
    """A close code that may be sent on (1006 is only ever observed)."""
    code = socket_.close_code
    return code if code is not None and code != 1006 else 1001


def _end_to_end(headers: Mapping[str, str]) -> CIMultiDict[str]:
    kept = ((name, value) for name, value in headers.items() if name.lower() not in _HOP_BY_HOP)
    return CIMultiDict(kept)
