"""A disk that is full is told in words that help."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from kds.base.errors import StorageError
from kds.sync.database import Database


async def test_a_full_disk_is_told_with_what_to_do(tmp_path: Path) -> None:
    database = Database(tmp_path / "replica.db")

    def fill(connection: sqlite3.Connection) -> None:
        connection.execute("create table big (data)")
        connection.execute("insert into big values (zeroblob(1000000))")

    def limit(connection: sqlite3.Connection) -> None:
        connection.execute("pragma max_page_count = 60")

    await database.open("now")
    try:
        await database.run(limit)
        with pytest.raises(StorageError, match=r"disk is full\. Free some space"):
            await database.run(fill)
    finally:
        await database.close()
