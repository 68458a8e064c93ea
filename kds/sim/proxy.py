"""A TCP proxy that fails on command: a network cable that the demo and the tests can pull."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Literal
from urllib.parse import urlsplit

Mode = Literal["forward", "refuse", "stall"]


class Proxy:
    """Forwards TCP connections to a server, until told otherwise.

    - `forward()`  everything passes; what was stalled goes on where it stopped.
    - `cut()`      every open connection is reset; new ones pass.
    - `refuse()`   every open connection is reset, and so is every new one.
    - `stall()`    half-open: connections stay, are even accepted, and nothing passes.
    - `block_websockets(status)`  requests pass; every WebSocket is reset, and every new one is
      declined with the HTTP `status`, or reset without a word when that is None.
    - `hang_up(code)`  every WebSocket gets a clean close with `code`, as if from the server.

    Use as `async with Proxy(url) as proxy:` and connect to `proxy.url`; its loop has to run.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        assert parts.hostname
        assert parts.port
        self._target = (parts.hostname, parts.port)
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._websockets: set[asyncio.StreamWriter] = set()  # their ends at the client
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._port = 0
        self._blocked = False
        self._answer = b""  # to a WebSocket that is blocked
        self.declined = 0  # WebSockets that were blocked, ever
        self.mode: Mode = "forward"
        self.accepted = 0  # connections that got through to the server, ever

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    async def __aenter__(self) -> Proxy:
        self._server = await asyncio.start_server(self._on_client, "127.0.0.1", 0)
        self._port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    def forward(self) -> None:
        self.mode = "forward"
        self._blocked = False
        self._flowing.set()

    def cut(self) -> None:
        for writer in self._writers:
            writer.transport.abort()

    def refuse(self) -> None:
        self.mode = "refuse"
        self.cut()

    def stall(self) -> None:
        self.mode = "stall"
        self._flowing.clear()

    def block_websockets(self, status: int | None = 403) -> None:
        head = f"HTTP/1.1 {status} Declined\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        self._answer = head.encode() if status else b""
        self._blocked = True
        for writer in self._websockets:
            writer.transport.abort()

    def hang_up(self, code: int) -> None:
        for writer in self._websockets:
            writer.write(b"\x88\x02" + code.to_bytes(2, "big"))  # RFC 6455: FIN, close, 2 bytes

    def _on_client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            await self._flowing.wait()
            if self.mode == "refuse":
                writer.transport.abort()
                return
            far_reader, far_writer = await asyncio.open_connection(*self._target)
        except OSError:
            return  # the server is down: so is the connection
        else:
            self.accepted += 1
            await self._join(reader, writer, far_reader, far_writer)
        finally:
            self._writers.discard(writer)
            self._websockets.discard(writer)
            await _close(writer)

    async def _join(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        far_reader: asyncio.StreamReader,
        far_writer: asyncio.StreamWriter,
    ) -> None:
        """Carry bytes both ways until one side ends."""
        self._writers.add(far_writer)
        ways = {
            asyncio.create_task(self._pump(reader, far_writer, client=writer)),
            asyncio.create_task(self._pump(far_reader, writer)),
        }
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._writers.discard(far_writer)
            far_writer.close()  # before anything that the end of the proxy may cancel
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            await _close(far_writer)

    async def _pump(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        client: asyncio.StreamWriter | None = None,
    ) -> None:
        """Carry bytes one way; what comes from a `client` may ask for a WebSocket."""
        with suppress(OSError):
            while data := await reader.read(65536):
                if client is not None and b"upgrade: websocket" in data.lower():
                    if self._blocked:
                        self.declined += 1
                        client.write(self._answer)
                        return
                    self._websockets.add(client)
                await self._flowing.wait()
                writer.write(data)
                await writer.drain()


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()
