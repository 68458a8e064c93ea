"""Broadcast from the database: every `realtime.send` reaches its room as it is committed.

One connection listens; what it hears is all there is to know, so no message waits for a query.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import Callable
from typing import Any

import psycopg

from kds.base.errors import Unreachable
from kds.base.tasks import end
from kds.hub.errors import RestError
from kds.hub.phoenix import SharedBroadcast, UserBroadcast, dumps
from kds.hub.pool import Pool
from kds.hub.realtime.channel import PREFIX, Replay
from kds.hub.realtime.parts import Parts
from kds.hub.realtime.rooms import Rooms

log = logging.getLogger(__name__)
_RETRY_S = (0.05, 0.1, 0.2, 0.5, 1.0)
_PRUNE_EVERY_S = 60.0
_REPLAY = """
select id::text, event, payload from realtime.messages
where topic = %s and private and extension = 'broadcast' and payload is not null
  and inserted_at >= to_timestamp(%s) at time zone 'utc'
order by inserted_at desc limit %s
"""


class MessageFeed:
    """Passes messages from the database to the rooms, for as long as it runs.

    `sent` hears how many clients each message went to.
    """

    def __init__(self, dsn: str, pool: Pool, rooms: Rooms, sent: Callable[[int], None]) -> None:
        self._dsn = dsn
        self._pool = pool
        self._rooms = rooms
        self._sent = sent
        self._tasks: list[asyncio.Task[None]] = []
        self.listening = asyncio.Event()

    async def start(self) -> None:
        """Return when the first LISTEN is in force, or when the database is away: then later."""
        run = asyncio.create_task(self._run(), name="realtime-messages")
        prune = asyncio.create_task(self._prune(), name="realtime-prune")
        self._tasks = [run, prune]
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.listening.wait(), 5)

    async def stop(self) -> None:
        await end(self._tasks)

    async def replay(self, topic: str, replay: Replay) -> list[dict[str, Any]]:
        """What the private `topic` got lately, oldest first, as broadcast payloads.

        Raises Unreachable.
        """
        try:
            async with self._pool.connection() as connection:
                cursor = await connection.execute(
                    _REPLAY, (topic, replay.since / 1000, replay.limit)
                )
                rows = await cursor.fetchall()
        except (psycopg.Error, RestError) as error:
            raise Unreachable(str(error)) from error
        return [_replayed(*row) for row in reversed(rows)]

    async def _run(self) -> None:
        failures = 0
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    self._dsn, autocommit=True
                ) as connection:
                    await connection.execute("listen realtime_messages")
                    self.listening.set()
                    failures, parts = 0, Parts()
                    async for notification in connection.notifies():
                        self._take(parts, notification.payload)
            except psycopg.OperationalError as error:
                log.warning("lost the database's messages, listening again soon: %s", error)
            self.listening.clear()
            await asyncio.sleep(_RETRY_S[min(failures, len(_RETRY_S) - 1)])
            failures += 1

    def _take(self, parts: Parts, notification: str) -> None:
        try:
            if (text := parts.take(notification)) is not None:
                self._deliver(json.loads(text))
        except (ValueError, KeyError, TypeError) as error:
            log.warning("an odd notification (%s): %.200r", error, notification)

    def _deliver(self, message: dict[str, Any]) -> None:
        topic = str(message["topic"])
        room = self._rooms.find(topic, bool(message["private"]))
        if room is None or message["extension"] != "broadcast":
            return
        text = dumps(message["payload"]).encode()
        user = UserBroadcast(str(message["event"]), text, is_json=True)
        self._sent(room.broadcast(SharedBroadcast(PREFIX + topic, user, {"id": message["id"]})))

    async def _prune(self) -> None:
        while True:
            await asyncio.sleep(_PRUNE_EVERY_S)
            try:
                async with self._pool.connection() as connection:
                    await connection.execute("select realtime.delete_old_messages()")
            except (psycopg.Error, RestError) as error:
                log.warning("old messages could not be deleted: %s", error)


def _replayed(id_: str, event: str, payload: Any) -> dict[str, Any]:
    meta = {"id": id_, "replayed": True}
    return {"event": event, "meta": meta, "payload": payload, "type": "broadcast"}
