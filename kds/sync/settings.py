"""Small facts of one installation: identity, counters, and what else must survive a restart.

What cannot be read any more counts as not there: the terminal starts, and the bytes are kept.
"""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Callable, Iterable
from typing import Any, Final

from kds.base.events import Event
from kds.sync.database import Database
from kds.sync.unreadable import parsed

log = logging.getLogger(__name__)

SET_ASIDE: Final = "unreadable: "
"""Before the key of a setting that could not be read."""

Read = Callable[[Any], Any]
"""Makes something of plain JSON. Raises LookupError, TypeError or ValueError when it cannot."""


def as_it_is(value: Any) -> Any:
    return value


class Settings:
    """Key -> plain JSON. `set_aside` fires with the key of one that could not be read."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.set_aside: Event[str] = Event()

    async def get(self, key: str, read: Read = as_it_is) -> Any:
        """What `read` makes of the value; None when there is none, or none that can be read."""
        value, readable = await self._database.run(lambda connection: _find(connection, key, read))
        if not readable:
            self.set_aside.emit(key)
        return value

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

    async def list(self, limit: int = 200, read: Read = as_it_is) -> list[Any]:
        """The newest notices as `read` makes them, newest first; older ones are forgotten.

        None for one that cannot be read, which stays where it is.
        """

        def work(connection: sqlite3.Connection) -> list[Any]:
            found = connection.execute(
                "SELECT CAST(json AS BLOB), read FROM notices ORDER BY at DESC, id DESC LIMIT ?",
                (limit,),
            ).fetchall()
            connection.execute(
                "DELETE FROM notices WHERE id NOT IN"
                " (SELECT id FROM notices ORDER BY at DESC, id DESC LIMIT ?)",
                (limit,),
            )
            return [_notice(text, bool(is_read), read) for text, is_read in found]

        return await self._database.run(work)


def _notice(text: bytes, is_read: bool, read: Read) -> Any:
    try:
        return read({**parsed(text), "read": is_read})
    except (LookupError, TypeError, ValueError):
        log.exception("a notice on this disk cannot be read")
        return None


def read(connection: sqlite3.Connection, key: str, read: Read = as_it_is) -> Any:
    """As `Settings.get`, inside a transaction."""
    return _find(connection, key, read)[0]


def _find(connection: sqlite3.Connection, key: str, read: Read) -> tuple[Any, bool]:
    """The value, and whether it could be read; one that cannot is kept under another key."""
    row = connection.execute(
        "SELECT CAST(value AS BLOB) FROM settings WHERE key = ?", (key,)
    ).fetchone()
    if row is None:
        return None, True
    try:
        return read(parsed(row[0])), True
    except (LookupError, TypeError, ValueError):
        log.exception("the setting %s on this disk cannot be read", key)
        connection.execute(
            "UPDATE OR REPLACE settings SET key = ? WHERE key = ?", (SET_ASIDE + key, key)
        )
        return None, False


def write(connection: sqlite3.Connection, key: str, value: Any) -> None:
    connection.execute(
        "INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)", (key, json.dumps(value))
    )
