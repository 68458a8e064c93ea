"""Bring a database up to date: what Supabase provides, our migrations, the demo's data.

Applied migrations are recorded as the Supabase CLI records them, in
`supabase_migrations.schema_migrations(version, statements, name)`, so that a database can move
between the hub and the CLI. Seeds likewise, in `supabase_migrations.seed_files(path, hash)`.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

from kds.base.errors import KdsError
from kds.base.resources import resource_path
from kds.hub.sqlsplit import Statement, split

log = logging.getLogger(__name__)

_PLATFORM = Path(__file__).parent / "platform"
_SEED = "supabase/seed.sql"  # as the CLI names it in its record
_HISTORY = """
create schema if not exists supabase_migrations;
create table if not exists supabase_migrations.schema_migrations (
    version text not null primary key, statements text[], name text
);
create table if not exists supabase_migrations.seed_files (
    path text not null primary key, hash text not null
);
"""

Connection = psycopg.Connection[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Migration:
    """One file `<version>_<name>.sql`."""

    version: str
    name: str
    path: Path


def migrate(dsn: str, *, seed: bool = False, migrations: Path | None = None) -> list[str]:
    """Apply what is missing, each migration in its own transaction; return their versions.

    `seed` also loads the demo restaurant, once. Raises KdsError that names file, line and
    reason; what was applied before the failing file stays applied.
    """
    known = list(_migrations(migrations or resource_path("supabase", "migrations")))
    with psycopg.connect(dsn, autocommit=True) as connection:
        for path in sorted(_PLATFORM.glob("*.sql")):
            with connection.transaction():
                _run_file(connection, path)
        connection.execute(_HISTORY)
        missing = _missing(connection, known)
        for migration in missing:
            _apply(connection, migration)
        if seed:
            _seed(connection, resource_path("supabase", "seed.sql"))
    return [migration.version for migration in missing]


def _migrations(folder: Path) -> Iterator[Migration]:
    for path in sorted(folder.glob("*.sql")):
        version, _, name = path.stem.partition("_")
        if not version.isdigit() or not name:
            raise KdsError(f"{path.name} is not named <version>_<name>.sql.")
        yield Migration(version, name, path)


def _missing(connection: Connection, known: list[Migration]) -> list[Migration]:
    rows = connection.execute("select version from supabase_migrations.schema_migrations")
    applied = {row[0] for row in rows}
    unknown = applied - {migration.version for migration in known}
    if unknown:
        raise KdsError(
            f"This data was made by a newer version of kds (it has migration {max(unknown)}). "
            "Update kds, or use another data folder."
        )
    return [migration for migration in known if migration.version not in applied]


def _apply(connection: Connection, migration: Migration) -> None:
    with connection.transaction():
        statements = _run_file(connection, migration.path)
        connection.execute(
            "insert into supabase_migrations.schema_migrations (version, statements, name) "
            "values (%s, %s, %s)",
            (migration.version, [statement.text for statement in statements], migration.name),
        )
    log.info("applied migration %s %s", migration.version, migration.name)


def _seed(connection: Connection, path: Path) -> None:
    with connection.transaction():
        recorded = connection.execute(
            "insert into supabase_migrations.seed_files values (%s, %s) on conflict do nothing",
            (_SEED, hashlib.sha256(path.read_bytes()).hexdigest()),
        )
        if recorded.rowcount:
            _run_file(connection, path)


def _run_file(connection: Connection, path: Path) -> list[Statement]:
    statements = list(split(path.read_text(encoding="utf-8")))
    for statement in statements:
        try:
            connection.execute(statement.text.encode())
        except psycopg.Error as error:
            raise KdsError(f"{path.name}, line {statement.line}: {error}".strip()) from error
    return statements
