"""The shared rows on this terminal's disk, how far they reach, and what it still has to say.

One SQLite file a profile, one process at a time. Rows, cursor and settled ops change together
in one transaction, so a terminal that dies at any instant wakes up consistent.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kds.base.clock import Clock, SystemClock
from kds.base.filelock import FileLock
from kds.base.ids import NewId, id_source
from kds.domain.rows import Row
from kds.sync import outbox, settings
from kds.sync.canonical import TableSum, canonical, text_checksum
from kds.sync.database import Damage, Database
from kds.sync.ops import DeadOp, Entry, Settlement
from kds.sync.outbox import Outbox
from kds.sync.settings import NoticeShelf, Settings
from kds.sync.wire import Change, Cursor, StreamChanges, StreamSnapshot


@dataclass(frozen=True, slots=True)
class Loaded:
    """Everything that a start needs. `rows`: (table, row)."""

    device_id: str
    rows: list[tuple[str, Row]]
    cursors: dict[str, Cursor]
    entries: list[Entry]
    dead: list[DeadOp]
    last_seq: int


class Replica:
    """The file. Its transactions run on its own thread; awaiting one means it is durable."""

    def __init__(
        self, path: Path, *, clock: Clock | None = None, new_id: NewId | None = None
    ) -> None:
        self._path = path
        self._clock = clock or SystemClock()
        self._new_id = new_id or id_source(self._clock.now)
        self._lock = FileLock(path.with_name(f"{path.name}.lock"))
        self._database = Database(path)
        self.outbox = Outbox(self._database)
        self.settings = Settings(self._database)
        self.notices = NoticeShelf(self._database)

    @property
    def damage(self) -> Damage | None:
        """What happened to the file at `open`; None when it was fine."""
        return self._database.damage

    def claim(self) -> None:
        """Reserve the file for this process; AlreadyRunning when another one has it."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._lock.acquire(f"This profile is already open in another window ({self._path}).")

    async def open(self) -> None:
        """Open the file, make it when there is none.

        Raises AlreadyRunning when another process has it open, StorageError when it cannot be
        used. A damaged file is moved aside, and its outbox saved as far as it can be read.
        """
        self.claim()
        try:
            await self._database.open(f"{self._clock.now():%Y%m%dT%H%M%S}")
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Close the file; a later start finds everything that was accepted."""
        await self._database.close()
        self._lock.release()

    async def load(self, streams: Collection[str] = ()) -> Loaded:
        """The ops and the rows of `streams`, in one consistent read.

        Gives a new file its device id.
        """
        new_id = self._new_id()

        def work(connection: sqlite3.Connection) -> Loaded:
            device_id = settings.read(connection, "device_id")
            if device_id is None:
                device_id = new_id
                settings.write(connection, "device_id", device_id)
            rows = connection.execute("SELECT stream, tbl, json FROM rows")
            return Loaded(
                device_id,
                [(table, json.loads(text)) for stream, table, text in rows if stream in streams],
                _cursors(connection),
                outbox.entries(connection),
                outbox.dead_ops(connection),
                outbox.last_seq(connection),
            )

        return await self._database.run(work)

    async def commit(self, streams: Sequence[StreamChanges], settlement: Settlement) -> None:
        """Take in what happened on some streams, and settle the ops that are part of it."""

        def work(connection: sqlite3.Connection) -> None:
            for stream in streams:
                _write_rows(connection, stream.stream, stream.changes)
                _write_cursor(connection, stream.stream, stream.reaches)
            outbox.settle(connection, settlement)

        await self._database.run(work)

    async def install(
        self, snapshots: Sequence[StreamSnapshot], settlement: Settlement, *, reopen: bool
    ) -> list[Entry]:
        """Replace whole streams. `reopen`: also send every settled op again (`outbox.reopen`).

        Returns the outbox as it is now.
        """

        def work(connection: sqlite3.Connection) -> list[Entry]:
            for snapshot in snapshots:
                connection.execute("DELETE FROM rows WHERE stream = ?", (snapshot.stream,))
                connection.executemany(
                    "INSERT INTO rows (stream, tbl, pk, json) VALUES (?, ?, ?, ?)",
                    (
                        (snapshot.stream, table, row["id"], canonical(row))
                        for table, rows in snapshot.tables.items()
                        for row in rows
                    ),
                )
                _write_cursor(connection, snapshot.stream, snapshot.reaches)
            outbox.settle(connection, settlement)
            if reopen:
                outbox.reopen(connection)
            return outbox.entries(connection)

        return await self._database.run(work)

    async def checksum(self, stream: str) -> tuple[Cursor | None, Mapping[str, TableSum]]:
        """The cursor of a stream and the checksum of each of its tables at that point."""

        def work(connection: sqlite3.Connection) -> tuple[Cursor | None, dict[str, TableSum]]:
            texts: dict[str, list[str]] = {}
            for table, text in connection.execute(
                "SELECT tbl, json FROM rows WHERE stream = ?", (stream,)
            ):
                texts.setdefault(table, []).append(text)
            sums = {table: text_checksum(rows) for table, rows in texts.items()}
            return _cursors(connection).get(stream), sums

        return await self._database.run(work)


def _cursors(connection: sqlite3.Connection) -> dict[str, Cursor]:
    found = connection.execute("SELECT stream, epoch, rev FROM cursors")
    return {stream: Cursor(epoch, rev) for stream, epoch, rev in found}


def _write_cursor(connection: sqlite3.Connection, stream: str, cursor: Cursor) -> None:
    connection.execute(
        "INSERT OR REPLACE INTO cursors (stream, epoch, rev) VALUES (?, ?, ?)",
        (stream, cursor.epoch, cursor.rev),
    )


def _write_rows(connection: sqlite3.Connection, stream: str, changes: Sequence[Change]) -> None:
    last = {(change.table, change.pk): change.row for change in changes}
    for (table, pk), row in last.items():
        if row is None:
            connection.execute(
                "DELETE FROM rows WHERE stream = ? AND tbl = ? AND pk = ?", (stream, table, pk)
            )
        else:
            _put(connection, stream, table, pk, row)


def _put(
    connection: sqlite3.Connection, stream: str, table: str, pk: str, row: Mapping[str, Any]
) -> None:
    connection.execute(
        "INSERT OR REPLACE INTO rows (stream, tbl, pk, json) VALUES (?, ?, ?, ?)",
        (stream, table, pk, canonical(row)),
    )
