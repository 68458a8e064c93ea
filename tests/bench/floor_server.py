"""The floor of every figure that ends at another client: a raw WebSocket server. Nothing else.

python -m tests.bench.floor_server DSN     prints the port it listens on

What PostgreSQL notifies on `floor`, and what any client sends, goes to every client.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import psycopg
from websockets.asyncio.server import ServerConnection, broadcast, serve
from websockets.exceptions import ConnectionClosed


async def main(dsn: str) -> None:
    clients: set[ServerConnection] = set()

    async def keep(client: ServerConnection) -> None:
        clients.add(client)
        with suppress(ConnectionClosed):
            async for message in client:
                broadcast(clients, message)
        clients.discard(client)

    async with serve(keep, "127.0.0.1", 0) as server:
        connection = await psycopg.AsyncConnection.connect(dsn, autocommit=True)
        await connection.execute("listen floor")
        print(next(iter(server.sockets)).getsockname()[1], flush=True)
        async for notify in connection.notifies():
            broadcast(clients, notify.payload)


@asynccontextmanager
async def running(dsn: str) -> AsyncIterator[str]:
    """The server in a process of its own; its address."""
    server = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.floor_server", dsn),
        stdout=asyncio.subprocess.PIPE,
    )
    assert server.stdout is not None
    port = int(await server.stdout.readline())
    try:
        yield f"ws://127.0.0.1:{port}"
    finally:
        server.terminate()
        await server.wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
