"""Who may see and do what: branches, classes, roles, and the rooms of the realtime service."""

from __future__ import annotations

import psycopg
import pytest

from tests.support.postgres import Connection, call, make_branch, signed_in, terminal
from tests.support.restaurant import new_line, new_order

TABLES = (
    "branches", "stations", "staff", "devices", "menu_items", "modifiers", "stock_items",
    "recipes", "orders", "order_lines", "payments", "streams",
)  # fmt: skip


@pytest.fixture
def busy_branch(db: Connection) -> str:
    """A branch with something in the tables that matter."""
    branch_id = make_branch(db)
    manager = terminal(db, branch_id, "manager")
    manager.do("place_order", "o1", {"order": new_order("o1"), "lines": [new_line("l1")]})
    payment = {"id": "p1", "tender": "cash", "amount": 100}
    manager.do("pay", "o1", {"order_id": "o1", "payment": payment})
    return branch_id


def count(connection: Connection, table: str) -> int:
    row = connection.execute(f"select count(*) from public.{table}".encode()).fetchone()
    assert row is not None
    return int(row[0])


@pytest.mark.parametrize("table", TABLES)
def test_an_account_sees_rows_of_its_own_branches_only(
    db: Connection, busy_branch: str, table: str
) -> None:
    with signed_in(db, [make_branch(db, with_menu=False)], "manager") as stranger:
        seen = stranger.execute(
            f"select count(*) from public.{table} where branch_id = %s".encode(), (busy_branch,)
        ).fetchone()
        assert seen == (0,)


def test_the_office_is_closed_to_the_kitchen(db: Connection, busy_branch: str) -> None:
    for role, payments, streams in ("kitchen", 0, 1), ("pos", 1, 2), ("manager", 1, 2):
        with signed_in(db, [busy_branch], role) as member:
            assert (count(member, "payments"), count(member, "streams")) == (payments, streams)


@pytest.mark.parametrize("table", TABLES)
def test_nobody_without_an_account_reads_anything(db: Connection, table: str) -> None:
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        signed_in(db, [], "", db_role="anon") as anyone,
    ):
        count(anyone, table)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "statement", ["delete from public.{}", "update public.{} set branch_id = null"]
)
def test_accounts_write_through_commands_alone(
    db: Connection, busy_branch: str, table: str, statement: str
) -> None:
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        signed_in(db, [busy_branch], "manager") as manager,
    ):
        manager.execute(statement.format(table).encode())


def test_what_terminals_may_not_touch_is_out_of_their_reach(db: Connection) -> None:
    for table in "changes", "outcomes", "dead_letters", "devices_private":
        with (
            pytest.raises(psycopg.errors.InsufficientPrivilege),
            signed_in(db, [], "manager") as manager,
        ):
            manager.execute(f"select from kds.{table}".encode())


def test_only_the_named_functions_can_be_called(db: Connection) -> None:
    rows = db.execute(
        """select r.rolname, p.pronamespace::regnamespace || '.' || p.proname
           from pg_proc p, pg_roles r
           where p.pronamespace::regnamespace::text in ('public', 'kds')
             and r.rolname in ('anon', 'authenticated')
             and has_function_privilege(r.oid, p.oid, 'execute')"""
    ).fetchall()
    mine = {name for role, name in rows if role == "authenticated"}
    assert not [name for role, name in rows if role == "anon"]
    assert mine == {
        "public.apply_ops", "public.changes_since", "public.snapshot", "public.checksum",
        "public.register_device", "public.release_device", "public.resolve_dead_letter",
        "public.import_menu",
        "public.archive_orders", "public.services", "public.replay", "public.prep_lines",
        "public.prep_load", "kds.my_branches", "kds.my_role", "kds.is_trusted",
        "kds.is_member", "kds.may_read",
    }  # fmt: skip


def test_the_service_key_may_do_everything(db: Connection, busy_branch: str) -> None:
    with signed_in(db, [], "", db_role="service_role") as service:
        answer = call(service, "snapshot", streams=[f"office:{busy_branch}"])
        assert answer["streams"]
        assert count(service, "payments") >= 1


# -- rooms ----------------------------------------------------------------------------------


def may_read(connection: Connection, topic: str, extension: str) -> bool:
    """As Realtime asks: put a message there, and see whether the account finds it."""
    connection.execute("select set_config('realtime.topic', %s, true)", (topic,))
    row = connection.execute(
        "select count(*) from realtime.messages where topic = %s and extension = %s",
        (topic, extension),
    ).fetchone()
    return row is not None and row[0] > 0


def may_write(connection: Connection, topic: str, extension: str) -> bool:
    connection.execute("select set_config('realtime.topic', %s, true)", (topic,))
    try:
        with connection.transaction():
            connection.execute(
                "insert into realtime.messages (topic, extension) values (%s, %s)",
                (topic, extension),
            )
    except psycopg.errors.InsufficientPrivilege:
        return False
    return True


@pytest.mark.parametrize(
    ("topic", "role", "extension", "reads", "writes"),
    [
        ("stream:floor:{mine}", "kitchen", "broadcast", True, False),
        ("stream:floor:{mine}", "kitchen", "presence", False, False),
        ("stream:office:{mine}", "kitchen", "broadcast", False, False),
        ("stream:office:{mine}", "pos", "broadcast", True, False),
        ("stream:floor:{other}", "manager", "broadcast", False, False),
        ("branch:{mine}", "kitchen", "broadcast", True, True),
        ("branch:{mine}", "kitchen", "presence", True, True),
        ("branch:{other}", "manager", "presence", False, False),
        ("branch:", "manager", "presence", False, False),
        ("stream:rubbish", "manager", "broadcast", False, False),
        ("elsewhere", "manager", "broadcast", False, False),
    ],
)
def test_a_room_is_open_to_those_it_is_for(
    db: Connection, topic: str, role: str, extension: str, reads: bool, writes: bool
) -> None:
    mine, other = make_branch(db, with_menu=False), make_branch(db, with_menu=False)
    room = topic.format(mine=mine, other=other)
    db.execute(
        "insert into realtime.messages (topic, extension) values (%s, %s)", (room, extension)
    )
    with signed_in(db, [mine], role) as member:
        assert may_read(member, room, extension) is reads
        assert may_write(member, room, extension) is writes


def test_old_messages_are_deleted(db: Connection) -> None:
    db.execute(
        "insert into realtime.messages (topic, extension, inserted_at) "
        "values ('old', 'broadcast', now() at time zone 'utc' - interval '1 hour'), "
        "('new', 'broadcast', now() at time zone 'utc')"
    )
    db.execute("select realtime.delete_old_messages()")
    kept = db.execute("select topic from realtime.messages where topic in ('old', 'new')")
    assert kept.fetchall() == [("new",)]
