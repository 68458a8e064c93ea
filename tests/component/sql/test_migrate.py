"""Bringing a database up to date, and what the CLI would find in it afterwards."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from kds.base.errors import KdsError
from kds.base.resources import resource_path
from kds.hub.migrate import migrate
from kds.hub.sqlsplit import split
from tests.support.postgres import Connection


@pytest.fixture
def empty(db: Connection, dsn: str) -> Iterator[str]:
    """The dsn of an empty database."""
    name = f"t{uuid.uuid4().hex}"
    db.execute(f"create database {name}".encode())
    yield make_conninfo(dsn, dbname=name)
    db.execute(f"drop database {name} with (force)".encode())


def write(folder: Path, name: str, sql: str) -> None:
    (folder / name).write_text(sql, encoding="utf-8")


def query(dsn: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(dsn) as connection:
        return connection.execute(statement.encode()).fetchall()


def test_migrations_are_applied_once_and_recorded_as_the_cli_does(
    empty: str, tmp_path: Path
) -> None:
    write(tmp_path, "1_first.sql", "create table a (n int); -- one\ninsert into a values (1);\n")
    assert migrate(empty, migrations=tmp_path) == ["1"]
    write(tmp_path, "2_second.sql", "insert into a values (2)")
    assert migrate(empty, migrations=tmp_path) == ["2"]
    assert migrate(empty, migrations=tmp_path) == []
    assert query(empty, "select n from a") == [(1,), (2,)]
    recorded = query(
        empty, "select version, statements, name from supabase_migrations.schema_migrations"
    )
    assert recorded == [
        ("1", ["create table a (n int)", "-- one\ninsert into a values (1)"], "first"),
        ("2", ["insert into a values (2)"], "second"),
    ]


def test_a_failing_migration_names_file_line_and_reason_and_leaves_nothing(
    empty: str, tmp_path: Path
) -> None:
    write(tmp_path, "1_good.sql", "create table a (n int)")
    write(tmp_path, "2_bad.sql", "insert into a values (1);\n\n-- here\nselect 1 / 0;")
    with pytest.raises(KdsError, match=r"2_bad\.sql, line 3: division by zero"):
        migrate(empty, migrations=tmp_path)
    assert query(empty, "select n from a") == []
    assert query(empty, "select version from supabase_migrations.schema_migrations") == [("1",)]


def branch_before(dsn: str, folder: Path, name: str) -> tuple[uuid.UUID, Path]:
    """Bring the database up to right before the migration of this name, with a branch in it: its
    id, and the migration. `folder` gets the files."""
    migrations = sorted(resource_path("supabase", "migrations").glob("*.sql"))
    (this,) = (n for n, one in enumerate(migrations) if name in one.name)
    for one in migrations[:this]:
        write(folder, one.name, one.read_text(encoding="utf-8"))
    migrate(dsn, migrations=folder, seed=False)
    branch = uuid.uuid4()
    with psycopg.connect(dsn) as connection:
        connection.execute(
            "insert into public.branches (id, branch_id, name, currency, timezone)"
            " values (%s, %s, 'Old', 'EUR', 'UTC')",
            (str(branch), branch),
        )
    return branch, migrations[this]


def test_terminals_read_anew_when_the_rows_that_they_have_got_new_columns(
    empty: str, tmp_path: Path
) -> None:
    branch_before(empty, tmp_path, "kitchen_columns")
    before = query(empty, "select epoch from public.streams order by stream_id")
    migrate(empty)
    after = query(empty, "select epoch from public.streams order by stream_id")
    assert not set(before) & set(after)
    assert query(empty, "select expo_stages from public.branches") == [(1,)]


def test_the_log_tells_of_a_column_that_the_rows_have_got(empty: str, tmp_path: Path) -> None:
    branch, this = branch_before(empty, tmp_path, "unattended")
    with psycopg.connect(empty) as connection:
        connection.execute(
            "insert into public.stations (id, branch_id, name, position)"
            " values ('bar', %s, 'Bar', 1)",
            (branch,),
        )
    epochs = query(empty, "select epoch from public.streams order by stream_id")
    write(tmp_path, this.name, this.read_text(encoding="utf-8"))
    migrate(empty, migrations=tmp_path, seed=False)
    assert query(empty, "select epoch from public.streams order by stream_id") == epochs
    last = query(
        empty, "select op, row ->> 'unattended' from kds.changes order by rev desc limit 1"
    )
    assert last == [("U", "false")]


def test_data_of_a_newer_version_is_left_alone(empty: str, tmp_path: Path) -> None:
    write(tmp_path, "1_first.sql", "select 1")
    migrate(empty, migrations=tmp_path)
    (tmp_path / "1_first.sql").unlink()
    with pytest.raises(KdsError, match="newer version of kds"):
        migrate(empty, migrations=tmp_path)


def test_a_file_without_a_version_is_refused(empty: str, tmp_path: Path) -> None:
    write(tmp_path, "first.sql", "select 1")
    with pytest.raises(KdsError, match=r"first\.sql is not named"):
        migrate(empty, migrations=tmp_path)


def test_the_demo_is_loaded_once(empty: str) -> None:
    migrate(empty, seed=True)
    with psycopg.connect(empty) as connection:
        connection.execute("delete from public.staff")
    migrate(empty, seed=True)
    assert query(empty, "select count(*) from public.staff") == [(0,)]


def test_the_demo_is_a_whole_restaurant(empty: str) -> None:
    migrate(empty, seed=True)
    branch = "branch_id = '00000000-0000-4000-8000-000000000001'"
    lonely = query(
        empty,
        f"""select i.id from public.menu_items i where {branch} and (
            not exists (select from public.stations s
                        where s.branch_id = i.branch_id and s.categories ? i.category)
            or not exists (select from public.recipes r
                           where r.branch_id = i.branch_id and r.item_id = i.id))""",
    )
    assert lonely == []
    counts = [
        query(empty, f"select count(*) from public.{table} where {branch}")[0][0]
        for table in ("menu_items", "staff", "stations", "stock_items")
    ]
    assert counts == [38, 6, 4, 16]
    assert query(
        empty,
        """select r.id from public.recipes r left join public.stock_items s
           on s.branch_id = r.branch_id and s.id = r.stock_item_id where s.id is null""",
    ) == []  # fmt: skip


def test_our_migrations_use_no_extension_and_no_psql_commands() -> None:
    for path in resource_path("supabase", "migrations").glob("*.sql"):
        text = path.read_text(encoding="utf-8")
        assert "create extension" not in text.lower(), path.name
        assert not any(s.text.startswith("\\") for s in split(text)), path.name
