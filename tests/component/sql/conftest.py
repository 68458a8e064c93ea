"""The database that the SQL tests share, and the terminals of a branch of each test's own."""

from __future__ import annotations

import pytest

from tests.support.postgres import Connection, Terminal, db, dsn, make_branch, terminal

__all__ = ["db", "dsn", "kitchen", "manager", "till"]


@pytest.fixture
def till(db: Connection) -> Terminal:
    return terminal(db, make_branch(db))


@pytest.fixture
def kitchen(db: Connection, till: Terminal) -> Terminal:
    return terminal(db, till.branch_id, "kitchen")


@pytest.fixture
def manager(db: Connection, till: Terminal) -> Terminal:
    return terminal(db, till.branch_id, "manager")
