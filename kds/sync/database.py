"""One SQLite file on one thread: durable transactions, and a damaged file moved aside."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from kds.base.errors import StorageError
from kds.sync import schema

T = TypeVar("T")
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Damage:
    """A file that could not be read: where it is now, and how many ops were saved from it."""

    moved_to: Path
    ops_saved: int


class Database:
    """The connection lives on its own thread; `run` hands it work, one transaction each.

    A transaction that `run` has returned from is on the disk (WAL, synchronous=FULL).
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread: ThreadPoolExecutor | None = None
        self._connection: sqlite3.Connection | None = None
        self.damage: Damage | None = None

    async def open(self, suffix: str) -> None:
        """Open or make the file; `suffix` names a damaged one that is moved aside.

        Raises StorageError when the file is of a newer program or the disk refuses.
        """
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix="kds-sqlite")
            await self._on_thread(lambda: self._open(suffix))

    @property
    def is_open(self) -> bool:
        return self._connection is not None

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do `work` in one transaction off this thread; all of it happens, or nothing.

        Once started it is finished, also when the caller is cancelled.
        """
        return await asyncio.shield(self._on_thread(lambda: self._transact(work)))

    async def close(self) -> None:
        """Close the file and end the thread; what was handed in before is finished first."""
        if self._thread is not None:
            await self._on_thread(self._close)
            self._thread.shutdown()
            self._thread = None

    def _on_thread(self, work: Callable[[], T]) -> asyncio.Future[T]:
        assert self._thread is not None, "the database is not open"
        return asyncio.get_running_loop().run_in_executor(self._thread, work)

    # -- on the thread --------------------------------------------------------------------

    def _open(self, suffix: str) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._connection = _connect(self._path)
        except sqlite3.OperationalError as error:
            raise StorageError(f"{self._path} cannot be opened: {error}") from error
        except sqlite3.DatabaseError as error:
            log.error("%s is damaged (%s)", self._path, error)  # noqa: TRY400
            self._connection = self._start_over(suffix)

    def _start_over(self, suffix: str) -> sqlite3.Connection:
        saved = _rescue(self._path)
        aside = self._path.with_name(f"{self._path.name}.damaged-{suffix}")
        for ending in ("", "-wal", "-shm"):
            file = self._path.with_name(self._path.name + ending)
            if file.exists():
                file.rename(aside.with_name(aside.name + ending))
        connection = _connect(self._path)
        _restore(connection, saved)
        self.damage = Damage(aside, len(saved["outbox"]))
        log.error("moved to %s; %d ops were saved from it", aside, self.damage.ops_saved)
        return connection

    def _transact(self, work: Callable[[sqlite3.Connection], T]) -> T:
        connection = self._connection
        assert connection is not None
        try:
            connection.execute("BEGIN IMMEDIATE")
            try:
                result = work(connection)
                connection.execute("COMMIT")
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
        except sqlite3.Error as error:
            raise StorageError(_why_not_saved(self._path, error)) from error
        return result

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _why_not_saved(path: Path, error: sqlite3.Error) -> str:
    """What the person in front of the screen can do about it."""
    if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
        return "This terminal cannot save: its disk is full. Free some space, then try again."
    return f"This terminal cannot save to {path}: {error}"


def _connect(path: Path) -> sqlite3.Connection:
    """An open, checked connection. sqlite3.DatabaseError for a damaged file."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if verdict != "ok":
            raise sqlite3.DatabaseError(verdict)
        schema.prepare(connection)
    except BaseException:
        connection.close()
        raise
    return connection


Saved = dict[str, list[dict[str, object]]]


def _rescue(path: Path) -> Saved:
    """Every row of the precious tables that can still be read."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.row_factory = sqlite3.Row
    try:
        return {table: _readable(connection, table) for table in schema.KEPT}
    finally:
        connection.close()


def _readable(connection: sqlite3.Connection, table: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    try:
        rows.extend(dict(row) for row in connection.execute(f"SELECT * FROM {table}"))  # noqa: S608
    except sqlite3.DatabaseError as error:
        log.warning("%s of the damaged file: %d rows read, then %s", table, len(rows), error)
    return rows


def _restore(connection: sqlite3.Connection, saved: Saved) -> None:
    """Put the rows into a new file; the damaged one may be of an older version."""
    connection.execute("BEGIN IMMEDIATE")
    for table, rows in saved.items():
        info = connection.execute(f"PRAGMA table_info({table})")
        known = {str(column) for _, column, *_ in info}
        for row in rows:
            fields = {name: value for name, value in row.items() if name in known}
            columns, marks = ", ".join(fields), ", ".join("?" for _ in fields)
            connection.execute(
                f"INSERT OR IGNORE INTO {table} ({columns}) VALUES ({marks})",  # noqa: S608
                tuple(fields.values()),
            )
    connection.execute("COMMIT")
