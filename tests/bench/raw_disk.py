"""The floor of every figure that includes a tap: one durable SQLite commit, as plain as can be."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class RawDisk:
    """A table with the outbox's durability (WAL, synchronous=FULL)."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._op = json.dumps({"args": "x" * 800})  # the usual size

    def commit(self) -> None:
        with self._connection:
            self._connection.execute("insert into outbox (op) values (?)", (self._op,))


@contextmanager
def raw_disk(folder: Path) -> Iterator[RawDisk]:
    connection = sqlite3.connect(folder / "raw.db")
    try:
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = full")
        connection.execute("create table outbox (seq integer primary key, op text)")
        yield RawDisk(connection)
    finally:
        connection.close()
