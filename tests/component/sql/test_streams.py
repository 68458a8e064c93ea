"""Numbers without gaps, whoever writes, and the pokes that tell of them."""

from __future__ import annotations

import json
import threading
from contextlib import closing
from itertools import takewhile
from typing import Any

import psycopg
import pytest

from kds.hub.realtime.parts import Parts
from tests.support.postgres import Connection, Terminal, make_branch, terminal
from tests.support.restaurant import new_line, new_order


def changes(till: Terminal, cursor: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(row["table"], row["pk"], row["op"]) for row in till.since(cursor)["rows"]]


def log_of(db: Connection, stream: str) -> list[tuple[int, int]]:
    rows = db.execute(
        "select rev, seq from kds.changes where stream_id = %s order by rev, seq", (stream,)
    )
    return [(int(rev), int(seq)) for rev, seq in rows]


def adjust(db: Connection, till: Terminal) -> None:
    """One logged change, made at the database itself."""
    db.execute(
        "update public.stock_items set level = level + 1 where branch_id = %s and id = 'dough'",
        (till.branch_id,),
    )


def hire(db: Connection, till: Terminal, people: int) -> None:
    """That many logged changes in one transaction."""
    db.execute(
        "insert into public.staff "
        "select n::text, %s, 'x', 'pos', true from generate_series(1, %s) n",
        (till.branch_id, people),
    )


def test_an_edit_from_a_dashboard_is_logged_like_any_other(till: Terminal, db: Connection) -> None:
    cursor = till.head()
    db.execute(
        "update public.menu_items set name = 'Regina' where branch_id = %s and id = 'margherita'",
        (till.branch_id,),
    )
    (change,) = till.since(cursor)["rows"]
    assert (change["op"], change["op_id"]) == ("U", None)
    assert change["row"] == till.row("menu_items", "margherita")


def test_an_edit_that_changes_nothing_is_not_logged(till: Terminal, db: Connection) -> None:
    cursor = till.head()
    db.execute("update public.staff set name = name")
    db.execute("update public.menu_items set name = name where branch_id = %s", (till.branch_id,))
    assert till.head() == cursor


def test_a_deleted_row_and_a_renamed_key_are_logged(till: Terminal, db: Connection) -> None:
    cursor = till.head()
    where = "where branch_id = %s and id = %s"
    db.execute(f"delete from public.menu_items {where}", (till.branch_id, "water"))
    db.execute(f"update public.menu_items set id = 'cz' {where}", (till.branch_id, "caesar"))
    assert changes(till, cursor) == [
        ("menu_items", "water", "D"),
        ("menu_items", "caesar", "D"),
        ("menu_items", "cz", "I"),
    ]


def test_a_row_that_moves_to_another_branch_leaves_one_stream_and_enters_the_other(
    till: Terminal, db: Connection
) -> None:
    other = terminal(db, make_branch(db, with_menu=False))
    cursor, other_cursor = till.head(), other.head()
    db.execute(
        "update public.menu_items set branch_id = %s where branch_id = %s and id = 'water'",
        (other.branch_id, till.branch_id),
    )
    assert changes(till, cursor) == [("menu_items", "water", "D")]
    assert changes(other, other_cursor) == [("menu_items", "water", "I")]


def test_a_change_names_the_op_that_made_it(till: Terminal) -> None:
    cursor = till.head()
    op = till.op("place_order", "o1", {"order": new_order("o1"), "lines": [new_line("l1")]})
    till.send(op)
    assert {row["op_id"] for row in till.since(cursor)["rows"]} == {op["op_id"]}


def test_truncate_is_refused_because_terminals_would_not_hear_of_it(db: Connection) -> None:
    with pytest.raises(psycopg.errors.RaiseException, match="Delete the rows"):
        db.execute("truncate public.staff")


def test_a_row_of_an_unknown_branch_is_refused(db: Connection) -> None:
    with pytest.raises(psycopg.errors.ForeignKeyViolation, match="no stream"):
        db.execute("insert into public.staff values ('s', gen_random_uuid(), 'Mia', 'pos')")


def test_a_rolled_back_part_neither_burns_nor_repeats_a_rev(till: Terminal, db: Connection) -> None:
    start = till.head()["rev"]
    with db.transaction():
        with db.transaction(force_rollback=True):
            adjust(db, till)
        adjust(db, till)
        with db.transaction(force_rollback=True):
            adjust(db, till)
        adjust(db, till)
    adjust(db, till)
    log = [entry for entry in log_of(db, till.floor) if entry[0] > start]
    assert log == [(start + 1, 1), (start + 1, 2), (start + 2, 1)]


def test_revs_are_dense_and_in_commit_order_under_concurrent_writers(
    till: Terminal, db: Connection, dsn: str
) -> None:
    """What a reader sees grow never has a hole, and ends with every change of every writer."""
    start = till.head()
    writers, each = 4, 25
    done = threading.Event()
    seen: list[int] = []
    failures: list[BaseException] = []

    def write(number: int) -> None:
        try:
            with psycopg.connect(dsn, autocommit=True) as connection:
                mine = terminal(connection, till.branch_id)
                for n in range(each):
                    order_id = f"{number}-{n}"
                    args = {"order": new_order(order_id), "lines": [new_line(f"l{order_id}")]}
                    assert mine.do("place_order", order_id, args)["result"] == "applied"
        except BaseException as error:
            failures.append(error)

    def read() -> None:
        try:
            with psycopg.connect(dsn, autocommit=True) as connection:
                mine = Terminal(connection, till.branch_id)
                cursor = dict(start)
                while not done.is_set() or cursor["rev"] < mine.head()["rev"]:
                    part = mine.since(cursor)
                    seen.extend(dict.fromkeys(row["rev"] for row in part["rows"]))
                    cursor["rev"] = part["through_rev"]
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(writers)]
    reader = threading.Thread(target=read)
    for thread in (reader, *threads):
        thread.start()
    for thread in threads:
        thread.join()
    done.set()
    reader.join()
    assert not failures
    end = till.head()["rev"]
    assert seen == list(range(start["rev"] + 1, end + 1))
    assert end - start["rev"] == writers * (each + 1)  # each order, and each registration


def test_a_thousand_changes_are_one_rev(till: Terminal, db: Connection) -> None:
    start = till.head()["rev"]
    hire(db, till, 1000)
    log = [entry for entry in log_of(db, till.floor) if entry[0] > start]
    assert log == [(start + 1, seq) for seq in range(1, 1001)]


# -- pokes ----------------------------------------------------------------------------------


def pokes(db: Connection, till: Terminal) -> list[dict[str, Any]]:
    rows = db.execute(
        "select payload, event, private from realtime.messages where topic = %s "
        "order by (payload ->> 'rev')::bigint",
        (f"stream:{till.floor}",),
    ).fetchall()
    assert all((event, private) == ("poke", True) for _, event, private in rows)
    return [{k: v for k, v in payload.items() if k != "id"} for payload, _, _ in rows]


def test_a_poke_carries_its_rows_as_changes_since_gives_them(
    till: Terminal, db: Connection
) -> None:
    cursor = till.head()
    till.do("place_order", "o1", {"order": new_order("o1"), "lines": [new_line("l1")]})
    part = till.since(cursor)
    assert pokes(db, till)[-1] == {
        "stream": till.floor,
        "epoch": part["epoch"],
        "rev": cursor["rev"] + 1,
        "rows": part["rows"],
    }


def test_every_transaction_pokes_once_for_each_stream_it_moved(
    till: Terminal, db: Connection
) -> None:
    before = len(pokes(db, till))
    args = {"order": new_order("o1"), "lines": [new_line("l1"), new_line("l2")]}
    till.send(
        till.op("place_order", "o1", args),
        till.op("bump", "o1", {"order_id": "o1", "line_ids": ["l1"]}),
    )
    assert len(pokes(db, till)) == before + 1


@pytest.mark.parametrize(("notes", "inline"), [(60_000, True), (66_000, False)])
def test_a_poke_over_64_kb_leaves_its_rows_out(
    till: Terminal, db: Connection, notes: int, inline: bool
) -> None:
    line = new_line("l1", note="x" * notes)
    till.do("place_order", "o1", {"order": new_order("o1"), "lines": [line]})
    assert ("rows" in pokes(db, till)[-1]) is inline


def test_a_transaction_of_many_rows_pokes_without_them(till: Terminal, db: Connection) -> None:
    hire(db, till, 600)
    assert "rows" not in pokes(db, till)[-1]


def test_what_follows_an_early_poke_is_a_rev_of_its_own(till: Terminal, db: Connection) -> None:
    start = till.head()["rev"]
    with db.transaction():
        adjust(db, till)
        db.execute("set constraints all immediate")
        adjust(db, till)
    assert [poke["rev"] for poke in pokes(db, till)][-2:] == [start + 1, start + 2]


def test_the_gateway_hears_pokes_whole_however_large_they_are(
    till: Terminal, db: Connection, dsn: str
) -> None:
    parts = Parts()
    with psycopg.connect(dsn, autocommit=True) as listener:
        listener.execute("listen realtime_messages")
        for order_id, note in ("o1", ""), ("o2", "x" * 9000), ("o3", "ж" * 9000):
            line = new_line(f"{order_id}-1", note=note)
            till.do("place_order", order_id, {"order": new_order(order_id), "lines": [line]})
        db.execute("notify realtime_messages, 'end'")
        with closing(listener.notifies(timeout=30)) as heard:
            until_end = takewhile(lambda one: one.payload != "end", heard)
            texts = [text for one in until_end if (text := parts.take(one.payload))]
    messages = [json.loads(text) for text in texts]
    notes = [
        row["row"]["note"]
        for message in messages
        if message["topic"] == f"stream:{till.floor}"
        for row in message["payload"]["rows"]
        if row["table"] == "order_lines"
    ]
    assert notes == ["", "x" * 9000, "ж" * 9000]
