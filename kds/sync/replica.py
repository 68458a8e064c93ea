"""The shared rows on this terminal's disk, how far they reach, and what it still has to say.

One SQLite file a profile, one process at a time. Rows, cursor and settled ops change together
in one transaction, so a terminal that dies at any instant wakes up consistent.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from kds.base.clock import Clock, SystemClock
from kds.base.errors import StorageError
from kds.base.filelock import FileLock
from kds.base.ids import NewId, id_source
from kds.domain.rows import Row
from kds.sync import outbox, settings
from kds.sync.canonical import canonical
from kds.sync.database import Damage, Database
from kds.sync.ops import DeadOp, Decision, Entry, Settlement
from kds.sync.outbox import Outbox
from kds.sync.passing import Passing, Sums
from kds.sync.settings import NoticeShelf, Settings
from kds.sync.shapes import text
from kds.sync.unreadable import parsed
from kds.sync.wire import Change, Cursor, StreamChanges, StreamSnapshot

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Former:
    """The device that this one was before its disk was copied. Its ops from number `first_unsent`
    on were still to be settled."""

    device_id: str
    first_unsent: int


@dataclass(frozen=True, slots=True)
class Loaded:
    """Everything that a start needs. `rows`: (table, row)."""

    device_id: str
    rows: list[tuple[str, Row]]
    cursors: dict[str, Cursor]
    entries: list[Entry]
    dead: list[DeadOp]
    decisions: list[Decision]
    places: dict[int, int]
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
        self._watching: dict[str, list[Passing]] = {}

    @property
    def damage(self) -> Damage | None:
        """What happened to the file at `open`; None when it was fine."""
        return self._database.damage

    def claim(self) -> None:
        """Reserve the file for this process; AlreadyRunning when another one has it."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._lock.acquire(f"This profile is already open in another window ({self._path}).")

    @property
    def is_open(self) -> bool:
        """Its file can be read and written."""
        return self._database.is_open

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
            device_id = _device_id(connection, new_id)
            rows = _rows(connection, streams)
            return Loaded(
                device_id,
                rows,
                _cursors(connection),
                outbox.entries(connection),
                outbox.dead_ops(connection),
                outbox.decisions(connection),
                outbox.places(connection),
                outbox.last_seq(connection),
            )

        return await self._database.run(work)

    async def identity(self) -> tuple[str, Former | None]:
        """Which device this is, and which one it was before. Gives a new file its id."""
        new_id = self._new_id()

        def work(connection: sqlite3.Connection) -> tuple[str, Former | None]:
            was = settings.read(connection, "was", lambda was: Former(**was))
            return _device_id(connection, new_id), was

        return await self._database.run(work)

    async def start_over(self, used: str) -> None:
        """Be another device than `used` from now on, if this is not so already; `identity`
        remembers the one it was."""
        new_id = self._new_id()

        def work(connection: sqlite3.Connection) -> None:
            if _device_id(connection, new_id) == used:
                was = Former(used, outbox.first_unsent(connection))
                settings.write(connection, "was", asdict(was))
                settings.write(connection, "device_id", new_id)

        await self._database.run(work)

    async def commit(self, streams: Sequence[StreamChanges], settlement: Settlement) -> None:
        """Take in what happened on some streams, and settle the ops that are part of it."""

        def work(connection: sqlite3.Connection) -> None:
            for part in streams:
                if watching := self._watching.get(part.stream):
                    _write_each(connection, part, tuple(watching))
                else:
                    _write_rows(connection, part.stream, part.changes)
                _write_cursor(connection, part.stream, part.reaches)
            outbox.settle(connection, settlement)

        try:
            await self._database.run(work)
        except StorageError:
            self._lose_track(part.stream for part in streams)
            raise

    async def install(
        self, snapshots: Sequence[StreamSnapshot], settlement: Settlement, *, reopen: bool
    ) -> tuple[list[Entry], list[Decision]]:
        """Replace whole streams. `reopen`: also send every settled op again (`outbox.reopen`).

        Returns the outbox, and what the server has to be told, as they are now.
        """
        self._lose_track(snapshot.stream for snapshot in snapshots)

        def work(connection: sqlite3.Connection) -> tuple[list[Entry], list[Decision]]:
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
            return outbox.entries(connection), outbox.decisions(connection)

        return await self._database.run(work)

    async def watch(self, stream: str) -> Passing:
        """Add up the rows of a stream, and follow it until `unwatch`."""

        def work(connection: sqlite3.Connection) -> Passing:
            texts = connection.execute("SELECT tbl, json FROM rows WHERE stream = ?", (stream,))
            passing = Passing(_cursors(connection).get(stream), texts)
            self._watching.setdefault(stream, []).append(passing)
            return passing

        return await self._database.run(work)

    def unwatch(self, passing: Passing) -> None:
        for stream, watching in self._watching.items():
            self._watching[stream] = [one for one in watching if one is not passing]

    async def sums_at(self, passing: Passing, cursor: Cursor) -> tuple[Sums | None, bool]:
        """What the rows added up to at `cursor`; else None, and whether that is still to come."""

        def work(_: sqlite3.Connection) -> tuple[Sums | None, bool]:
            passing.want(cursor)
            return passing.at(cursor), passing.may_reach(cursor)

        return await self._database.run(work)

    def _lose_track(self, streams: Iterable[str]) -> None:
        for stream in streams:
            for passing in self._watching.pop(stream, ()):
                passing.forget()


def _device_id(connection: sqlite3.Connection, new_id: str) -> str:
    """The kept one; when that cannot be read, the one that the server knew last."""
    found = settings.read(connection, "device_id", text)
    if found is None:
        known = settings.read(connection, "device", lambda device: text(device["id"]))
        found = known or new_id
        settings.write(connection, "device_id", found)
    return str(found)


def _rows(connection: sqlite3.Connection, streams: Collection[str]) -> list[tuple[str, Row]]:
    """The rows of `streams`. One that cannot be read costs its stream the cursor, so that the
    stream is taken anew from the server."""
    rows: list[tuple[str, Row]] = []
    broken: set[str] = set()
    for stream, table, row in connection.execute(
        "SELECT stream, tbl, CAST(json AS BLOB) FROM rows"
    ):
        if stream in streams:
            try:
                rows.append((table, _row(row)))
            except ValueError:
                broken.add(stream)
    for stream in broken:
        log.error("a row of %s on this disk cannot be read; the stream is taken anew", stream)
        connection.execute("DELETE FROM cursors WHERE stream = ?", (stream,))
    return rows


def _row(written: bytes) -> Row:
    row = parsed(written)
    if not isinstance(row, dict) or not isinstance(row.get("id"), str):
        raise ValueError("a row is an object with an id")  # noqa: TRY004  (unreadable, like any)
    return row


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


def _write_each(
    connection: sqlite3.Connection, part: StreamChanges, watching: Sequence[Passing]
) -> None:
    """As `_write_rows`, one change after the other, with those who add up the rows."""
    for index, change in enumerate(part.changes):
        key = (part.stream, change.table, change.pk)
        found = connection.execute(
            "SELECT json FROM rows WHERE stream = ? AND tbl = ? AND pk = ?", key
        ).fetchone()
        _write_rows(connection, part.stream, [change])
        after = None if change.row is None else canonical(change.row)
        for passing in watching:
            passing.change(change.table, found[0] if found else None, after)
        following = part.changes[index + 1 : index + 2]
        if not following or following[0].rev != change.rev:
            for passing in watching:
                passing.reach(Cursor(part.reaches.epoch, change.rev))


def _put(
    connection: sqlite3.Connection, stream: str, table: str, pk: str, row: Mapping[str, Any]
) -> None:
    connection.execute(
        "INSERT OR REPLACE INTO rows (stream, tbl, pk, json) VALUES (?, ?, ?, ?)",
        (stream, table, pk, canonical(row)),
    )
