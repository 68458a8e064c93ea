"""One WebSocket: reads frames in order, writes through a bounded queue, ends for one reason."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web

from kds.base.tasks import end
from kds.hub.phoenix import Frame, Vsn, decode, dumps, encode
from kds.hub.realtime.claims import Identity
from kds.hub.realtime.limits import Limits
from kds.hub.realtime.member import Member

log = logging.getLogger(__name__)
Handler = Callable[["Socket", Frame], Awaitable[None]]


class Socket:
    """A client's connection. Frames are handled one at a time; a handler may await."""

    def __init__(
        self, ws: web.WebSocketResponse, vsn: Vsn, identity: Identity, limits: Limits
    ) -> None:
        self.vsn = vsn
        self.identity = identity
        self.members: dict[str, Member] = {}
        self._ws = ws
        self._limits = limits
        self._transport: asyncio.BaseTransport | None = None
        self._queue: deque[str | bytes] = deque()
        self._queued_bytes = 0
        self._wake = asyncio.Event()
        self._empty = asyncio.Event()
        self._ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def send(self, frame: str | bytes | None) -> None:
        """Queue a frame. A client that reads too slowly is cut off: it has to come again."""
        if frame is None or self._ended.done():
            return
        self._queue.append(frame)
        self._queued_bytes += len(frame)
        self._empty.clear()
        self._wake.set()
        limits = self._limits
        if (
            len(self._queue) > limits.send_queue_frames
            or self._queued_bytes > limits.send_queue_bytes
        ):
            log.warning("a client does not read its messages; it is cut off")
            self._queue.clear()
            self.end(WSCloseCode.ABNORMAL_CLOSURE)

    def reply(self, frame: Frame, status: str, response: Any = None) -> None:
        """The answer to a frame that no live channel answers."""
        payload = dumps({"status": status, "response": {} if response is None else response})
        self.send(encode(self.vsn, frame.join_ref, frame.ref, frame.topic, "phx_reply", payload))

    def end(self, code: int) -> None:
        """Close with `code` once what is queued is written. The first reason counts."""
        if not self._ended.done():
            self._ended.set_result(code)

    async def run(self, request: web.Request, handler: Handler) -> None:
        """Serve until either side ends it. No task is left behind."""
        self._transport = request.transport
        reader = asyncio.create_task(self._read(handler), name="realtime-read")
        writer = asyncio.create_task(self._write(), name="realtime-write")
        reasons: set[asyncio.Future[Any]] = {reader, writer, self._ended}
        try:
            await asyncio.wait(reasons, return_when="FIRST_COMPLETED")
            reader.cancel()
            await self._flush(writer)
        finally:
            await end([reader, writer])
            await self._close()

    async def _read(self, handler: Handler) -> None:
        while True:
            try:
                message = await self._ws.receive(timeout=self._limits.idle_s)
            except TimeoutError:
                return self.end(WSCloseCode.OK)
            if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                return None
            frame = decode(message.data, self.vsn)
            if frame is not None:
                await handler(self, frame)

    async def _write(self) -> None:
        while True:
            while self._queue:
                frame = self._queue.popleft()
                self._queued_bytes -= len(frame)
                try:
                    await self._send(frame)
                except ConnectionError:
                    return
            self._empty.set()
            self._wake.clear()
            await self._wake.wait()

    async def _send(self, frame: str | bytes) -> None:
        if isinstance(frame, str):
            await self._ws.send_str(frame)
        else:
            await self._ws.send_bytes(frame)

    async def _flush(self, writer: asyncio.Task[None]) -> None:
        """Let the last words out, if the client takes them in time."""
        if self._queue and not self._ws.closed and not writer.done():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._empty.wait(), self._limits.close_timeout_s)

    async def _close(self) -> None:
        code = self._ended.result() if self._ended.done() else WSCloseCode.OK
        if code == WSCloseCode.ABNORMAL_CLOSURE:
            if isinstance(self._transport, asyncio.WriteTransport):
                self._transport.abort()
        elif not self._ws.closed:
            await self._ws.close(code=code)
