"""The tables of a terminal's SQLite file.

`rows.json` is the row's canonical text (`sync.canonical`), so the checksum of the durable rows
needs no parsing. `outbox.seq` is the device's own op number, dense and never used twice;
`outbox.place` is the order of sending, which differs from it when a person sends an op again.
"""

from __future__ import annotations

import sqlite3
from typing import Final

from kds.base.errors import StorageError

VERSION: Final = 1

_TABLES = """
CREATE TABLE rows (
    stream TEXT NOT NULL, tbl TEXT NOT NULL, pk TEXT NOT NULL, json TEXT NOT NULL,
    PRIMARY KEY (stream, tbl, pk)
) WITHOUT ROWID;
CREATE TABLE cursors (stream TEXT PRIMARY KEY, epoch TEXT NOT NULL, rev INTEGER NOT NULL);
-- Ops the server has not settled. revs: where an answered op's effect is complete, else NULL.
CREATE TABLE outbox (
    place INTEGER PRIMARY KEY, seq INTEGER NOT NULL UNIQUE, op_id TEXT NOT NULL UNIQUE,
    lane TEXT NOT NULL, kind TEXT NOT NULL, json TEXT NOT NULL, revs TEXT, at TEXT NOT NULL
);
-- Ops the server has settled, kept for a while: a server restored from a backup gets them again.
CREATE TABLE outcomes (
    seq INTEGER PRIMARY KEY, op_id TEXT NOT NULL, result TEXT NOT NULL, json TEXT NOT NULL
);
-- Ops the server refused, or holds behind a refused one: never thrown away without a person.
CREATE TABLE dead_ops (
    op_id TEXT PRIMARY KEY, seq INTEGER NOT NULL, lane TEXT NOT NULL, json TEXT NOT NULL,
    result TEXT NOT NULL, reason TEXT NOT NULL, blocked_by TEXT, at TEXT NOT NULL
);
CREATE TABLE notices (
    id TEXT PRIMARY KEY, at TEXT NOT NULL, read INTEGER NOT NULL, json TEXT NOT NULL
);
CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL);
"""

KEPT: Final = ("settings", "outbox", "outcomes", "dead_ops", "notices")
"""What exists nowhere else and is worth saving from a damaged file, the most precious first."""


def prepare(connection: sqlite3.Connection) -> None:
    """Make the tables in a new file; raise StorageError for a file of a newer program."""
    found = connection.execute("PRAGMA user_version").fetchone()[0]
    if found > VERSION:
        raise StorageError(
            f"This profile was written by a newer version of kds (file version {found}, "
            f"this program knows {VERSION}). Please update this terminal."
        )
    if found == 0:
        connection.executescript(
            f"BEGIN IMMEDIATE; {_TABLES} PRAGMA user_version = {VERSION}; COMMIT;"
        )
