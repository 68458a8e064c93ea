"""The floor of every "commit to client" figure: LISTEN, and a raw WebSocket. Nothing else.

python -m tests.bench.floor_server DSN     prints the port it listens on
"""

from __future__ import annotations

import asyncio
import sys

import psycopg
from websockets.asyncio.server import ServerConnection, broadcast, serve


async def main(dsn: str) -> None:
    clients: set[ServerConnection] = set()

    async def keep(client: ServerConnection) -> None:
        clients.add(client)
        await client.wait_closed()
        clients.discard(client)

    async with serve(keep, "127.0.0.1", 0) as server:
        connection = await psycopg.AsyncConnection.connect(dsn, autocommit=True)
        await connection.execute("listen floor")
        print(next(iter(server.sockets)).getsockname()[1], flush=True)
        async for notify in connection.notifies():
            broadcast(clients, notify.payload)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
