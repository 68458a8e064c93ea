"""A real, migrated PostgreSQL for tests, and ways to act in it as a terminal would.

One server a test process, started when the first test asks. Tests stay out of each other's way
by making a branch of their own.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

from kds.hub import pgtools
from kds.hub.migrate import migrate
from kds.hub.postgres import Postgres
from tests.support.restaurant import menu

AT = "2020-02-29T12:00:00.5+00:00"
Json = dict[str, Any]
Connection = psycopg.Connection[tuple[Any, ...]]


@contextlib.contextmanager
def open_folder() -> Iterator[Path]:
    """A temporary folder that the server's account can reach too, when tests run as root.

    (pytest's own folders are closed to it; a hub in one of those keeps its cluster in
    /var/lib/kds, which is right for people and litter for tests.)
    """
    folder = Path(tempfile.mkdtemp(prefix="kds-test-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def remove_clusters_of(folder: Path) -> None:
    """Delete the clusters that hubs with their data in `folder` keep elsewhere; all are stopped."""
    for note in pgtools.MACHINE_FOLDER.glob("cluster-*/belongs-to"):
        if Path(note.read_text(encoding="utf-8").strip()).is_relative_to(folder):
            shutil.rmtree(note.parent)


@contextlib.contextmanager
def running_postgres(data: Path) -> Iterator[Postgres]:
    postgres = Postgres(data)
    postgres.start_blocking()
    try:
        yield postgres
    finally:
        postgres.stop_blocking()


@pytest.fixture(scope="session")
def dsn() -> Iterator[str]:
    """A migrated database without the demo's data."""
    with open_folder() as data, running_postgres(data) as postgres:
        migrate(postgres.dsn)
        yield postgres.dsn


@pytest.fixture
def db(dsn: str) -> Iterator[Connection]:
    """A superuser's connection, autocommit."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        yield connection


def make_branch(connection: Connection, *, with_menu: bool = True) -> str:
    """A fresh branch (with the menu of `tests.support.restaurant`); its id."""
    branch_id = str(uuid.uuid4())
    connection.execute(
        "insert into public.branches values (%s, %s, 'Test', 'EUR', 'UTC')", (branch_id, branch_id)
    )
    if with_menu:
        connection.execute(
            "select public.import_menu(%s::uuid, %s::jsonb)", (branch_id, json.dumps(menu()))
        )
    return branch_id


@contextlib.contextmanager
def signed_in(
    connection: Connection, branches: Sequence[str], role: str, db_role: str = "authenticated"
) -> Iterator[Connection]:
    """A transaction as PostgREST runs it: the role of the key, the claims of the token."""
    claims = {
        "role": db_role,
        "sub": str(uuid.uuid4()),
        "app_metadata": {"branches": list(branches), "role": role},
    }
    with connection.transaction():
        connection.execute(
            "select set_config('request.jwt.claims', %s, true)", [json.dumps(claims)]
        )
        connection.execute("select set_config('role', %s, true)", [db_role])
        yield connection


def call(connection: Connection, function: str, **arguments: Any) -> Any:
    """Call `public.<function>` with named arguments; its one value."""
    named, values = [], {}
    for name, value in arguments.items():
        is_json = name in ("ops", "op", "cursors", "menu")
        named.append(f"{name} => %({name})s{'::jsonb' if is_json else ''}")
        values[name] = json.dumps(value) if is_json else value
    row = connection.execute(f"select public.{function}({', '.join(named)})".encode(), values)
    return row.fetchone()[0]  # type: ignore[index]


@dataclass
class Terminal:
    """A registered device that hands in ops, numbering them itself."""

    connection: Connection
    branch_id: str
    role: str = "pos"
    name: str = "Till"
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    seq: int = 0

    def register(self) -> Json:
        with signed_in(self.connection, [self.branch_id], self.role) as connection:
            return dict(
                call(
                    connection,
                    "register_device",
                    device_id=self.id,
                    branch_id=self.branch_id,
                    name=self.name,
                    role=self.role,
                )
            )

    def op(self, kind: str, lane: str, args: Json, **fields: Any) -> Json:
        self.seq += 1
        return {
            "op_id": str(uuid.uuid4()),
            "seq": self.seq,
            "kind": kind,
            "v": 1,
            "lane": lane,
            "actor": "Mia",
            "at": AT,
            "args": args,
            **fields,
        }

    def send(self, *ops: Any) -> list[Json]:
        """The outcomes of one call of apply_ops."""
        answer = self.call("apply_ops", device_id=self.id, ops=list(ops))
        return list(answer["outcomes"])

    def do(self, kind: str, lane: str, args: Json, **fields: Any) -> Json:
        """The outcome of one op in a call of its own."""
        return self.send(self.op(kind, lane, args, **fields))[0]

    def call(self, function: str, **arguments: Any) -> Any:
        with signed_in(self.connection, [self.branch_id], self.role) as connection:
            return call(connection, function, **arguments)

    @property
    def floor(self) -> str:
        return f"floor:{self.branch_id}"

    def tables(self) -> dict[str, list[Json]]:
        """The floor as a snapshot shows it."""
        return dict(self.call("snapshot", streams=[self.floor])["streams"][self.floor]["tables"])

    def row(self, table: str, row_id: str) -> Json:
        return next(row for row in self.tables()[table] if row["id"] == row_id)

    def head(self) -> Json:
        """The cursor at the end of the floor."""
        part = self.call("snapshot", streams=[self.floor])["streams"][self.floor]
        return {"epoch": part["epoch"], "rev": part["rev"]}

    def since(self, cursor: Json, **arguments: Any) -> Json:
        """The floor's part of changes_since."""
        answer = self.call("changes_since", cursors={self.floor: cursor}, **arguments)
        return dict(answer["streams"][self.floor])


def terminal(connection: Connection, branch_id: str, role: str = "pos") -> Terminal:
    """A new, registered terminal."""
    made = Terminal(connection, branch_id, role)
    made.register()
    return made


running_as_root = os.name == "posix" and os.geteuid() == 0
