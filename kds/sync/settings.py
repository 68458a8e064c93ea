"""Small facts of one installation: identity, counters, and what else must survive a restart."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from typing import Any

from kds.sync.database import Database


class Settings:
    """Key -> plain JSON."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, key: str) -> Any:
        """The value, or None."""
        return await self._database.run(lambda connection: read(connection, key))

    async def put(self, key: str, value: Any) -> None:
        await self._database.run(lambda connection: write(connection, key, value))


class NoticeShelf:
    """Notices as plain JSON objects with an `id`, `at` (ISO text) and `read`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, notices: Iterable[dict[str, Any]], forget: Iterable[str] = ()) -> None:
        """Keep notices, in place of those with the same ids, and `forget` others by id."""
        kept = [(n["id"], n["at"], bool(n["read"]), json.dumps(n)) for n in notices]
        gone = [(notice_id,) for notice_id in forget]

        def work(connection: sqlite3.Connection) -> None:
            connection.executemany(
                "INSERT OR REPLACE INTO notices (id, at, read, json) VALUES (?, ?, ?, ?)", kept
            )
            connection.executemany("DELETE FROM notices WHERE id = ?", gone)

        await self._database.run(work)

    async def list(self, limit: int = 200) -> list[dict[str, Any]]:
        """The newest notices, newest first; older ones are forgotten."""

        def work(connection: sqlite3.Connection) -> list[dict[str, Any]]:
            found = connection.execute(
                "SELECT json, read FROM notices ORDER BY at DESC, id DESC LIMIT ?", (limit,)
            ).fetchall()
            connection.execute(
                "DELETE FROM notices WHERE id NOT IN"
                " (SELECT id FROM notices ORDER BY at DESC, id DESC LIMIT ?)",
                (limit,),
            )
            return [{**json.loads(text), "read": bool(read)} for text, read in found]

        return await self._database.run(work)


def read(connection: sqlite3.Connection, key: str) -> Any:
    row = connection.execute("SELECT value FROM settings WHERE key = ?", (key,)).fetchone()
    return json.loads(row[0]) if row else None


def write(connection: sqlite3.Connection, key: str, value: Any) -> None:
    connection.execute(
        "INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)", (key, json.dumps(value))
    )
