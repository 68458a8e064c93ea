"""The tables of a terminal's SQLite file.

`rows.json` is the row's canonical text (`sync.canonical`), so the checksum of the durable rows
needs no parsing. `outbox.seq` is the device's own op number, dense and never used twice; the order
of sending is that of `sync.ledger`.
"""

from __future__ import annotations

import sqlite3
from typing import Final

from kds.base.errors import StorageError

FIRST_VERSION: Final = """
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

_CONFLICTS = """
-- What the other one did, of a conflict.
ALTER TABLE dead_ops ADD COLUMN remote TEXT;
-- What a person has decided about dead ops, until the server has been told.
CREATE TABLE decisions (
    place INTEGER PRIMARY KEY, op_id TEXT NOT NULL UNIQUE, resolution TEXT NOT NULL,
    actor TEXT NOT NULL, unsent TEXT
);
"""

_PLACES = """
-- An op has a place for life, which `outcomes` tells: a column of its own says nothing any more.
CREATE TABLE waiting (
    seq INTEGER PRIMARY KEY, op_id TEXT NOT NULL UNIQUE,
    lane TEXT NOT NULL, kind TEXT NOT NULL, json TEXT NOT NULL, revs TEXT, at TEXT NOT NULL
);
INSERT INTO waiting SELECT seq, op_id, lane, kind, json, revs, at FROM outbox;
DROP TABLE outbox;
ALTER TABLE waiting RENAME TO outbox;
"""

_UNREADABLE = """
-- Entries of `outbox` and `dead_ops` that the program could not read, byte for byte; kept for good.
-- resolution: what a person has decided about one.
CREATE TABLE unreadable (
    place INTEGER PRIMARY KEY, seq INTEGER NOT NULL, op_id TEXT NOT NULL, lane TEXT, json TEXT,
    at TEXT, blocks INTEGER NOT NULL, resolution TEXT NOT NULL DEFAULT ''
);
-- What the server was told is kept for a while: restored from a backup it has to hear it again.
ALTER TABLE decisions ADD COLUMN told INTEGER NOT NULL DEFAULT 0;
"""

_STEPS: Final = (FIRST_VERSION, _CONFLICTS, _PLACES, _UNREADABLE)
"""What leads from each version to the next, from an empty file on."""

VERSION: Final = len(_STEPS)

KEPT: Final = (
    "settings", "outbox", "outcomes", "dead_ops", "unreadable", "decisions", "notices"
)  # fmt: skip
"""What exists nowhere else and is worth saving from a damaged file, the most precious first."""


def prepare(connection: sqlite3.Connection) -> None:
    """Bring a file up to this version, a new one from nothing; each step happens or does not.

    Raises StorageError for a file of a newer program.
    """
    found = connection.execute("PRAGMA user_version").fetchone()[0]
    if found > VERSION:
        raise StorageError(
            f"This profile was written by a newer version of kds (file version {found}, "
            f"this program knows {VERSION}). Please update this terminal."
        )
    for version, step in enumerate(_STEPS[found:], found + 1):
        connection.executescript(
            f"BEGIN IMMEDIATE; {step} PRAGMA user_version = {version}; COMMIT;"
        )
