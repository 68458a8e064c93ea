"""@supabase/lite, an independent REST and Auth server, over a PostgreSQL of ours."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from kds.base.resources import resource_path
from kds.hub import migrate
from kds.hub.postgres import Postgres
from kds.hub.sqlsplit import split
from tests.conformance.servers import Server
from tests.support.postgres import open_folder, running_postgres

ANON, SERVICE = "sb_publishable_conformance", "sb_secret_conformance"
PLATFORM = Path(migrate.__file__).parent / "platform"
SHIM = Path(__file__).parent / "lite.sql"


@contextmanager
def running_lite(scripts: Path) -> Iterator[Server]:
    """A lite server with our migrations; `scripts` is where its packages are."""
    with open_folder() as data, running_postgres(data) as postgres:
        # The roles, and Realtime's SQL side: lite has no Realtime, but our triggers speak to it.
        _run(postgres, PLATFORM / "10_roles.sql", PLATFORM / "30_realtime.sql")
        with _process(scripts, postgres) as process:
            _read(process)
            migrations = sorted(resource_path("supabase", "migrations").glob("*.sql"))
            _run(postgres, SHIM, *migrations)
            _write(process)
            yield Server(_read(process), ANON, SERVICE, accounts="functions")


@contextmanager
def _process(scripts: Path, postgres: Postgres) -> Iterator[subprocess.Popen[str]]:
    at = conninfo_to_dict(postgres.dsn)
    command = ["node", "lite.mjs", str(at["host"]), str(at["port"]), str(at["user"]), ANON, SERVICE]
    with (
        (scripts / "lite.log").open("w", encoding="utf-8") as log,
        subprocess.Popen(
            command,
            cwd=scripts,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as process,
    ):
        yield process
        assert process.stdin is not None
        process.stdin.close()
        process.wait(timeout=20)


def _read(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline().strip()
    assert line, "lite ended before it served; its lite.log says why"
    return line


def _write(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def _run(postgres: Postgres, *files: Path) -> None:
    """Each file in a transaction of its own."""
    with psycopg.connect(postgres.dsn, autocommit=True) as connection:
        for path in files:
            with connection.transaction():
                for statement in split(path.read_text(encoding="utf-8")):
                    connection.execute(statement.text.encode())
