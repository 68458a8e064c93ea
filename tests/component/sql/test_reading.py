"""What terminals read: changes, snapshots, checksums."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from kds.sync.canonical import table_checksum
from tests.support.postgres import Connection, Terminal, make_branch, terminal
from tests.support.restaurant import new_line, new_order


def place(till: Terminal, *order_ids: str) -> None:
    for order_id in order_ids:
        args = {"order": new_order(order_id), "lines": [new_line(f"{order_id}-1", note="Käse ☂")]}
        assert till.do("place_order", order_id, args)["result"] == "applied"


def test_changes_end_at_the_head(till: Terminal) -> None:
    cursor = till.head()
    place(till, "o1", "o2")
    part = till.since(cursor)
    assert part["reset"] is False
    assert part["through_rev"] == part["head"] == cursor["rev"] + 2
    assert {row["rev"] for row in part["rows"]} == {cursor["rev"] + 1, cursor["rev"] + 2}


def test_a_cursor_at_the_head_gets_nothing(till: Terminal) -> None:
    assert till.since(till.head())["rows"] == []


def test_a_limit_cuts_between_transactions_only(till: Terminal) -> None:
    cursor = till.head()
    place(till, "o1", "o2", "o3")  # four changes each: order, line, two stock items
    part = till.since(cursor, max_rows=10)
    assert part["through_rev"] == cursor["rev"] + 2
    assert len(part["rows"]) == 8
    rest = till.since({**cursor, "rev": part["through_rev"]}, max_rows=10)
    assert rest["through_rev"] == rest["head"]
    assert len(rest["rows"]) == 4


def test_a_transaction_larger_than_the_limit_comes_whole(till: Terminal) -> None:
    cursor = till.head()
    place(till, "o1", "o2")
    part = till.since(cursor, max_rows=1)
    assert part["through_rev"] == cursor["rev"] + 1
    assert len(part["rows"]) == 4


@pytest.mark.parametrize(
    "wrong", [{"epoch": "another"}, {"rev": 10**9}, {"rev": -1}, {"rev": None}]
)
def test_a_cursor_of_another_life_is_told_to_start_over(
    till: Terminal, wrong: dict[str, Any]
) -> None:
    part = till.since({**till.head(), **wrong})
    assert (part["reset"], part["rows"]) == (True, [])


def test_a_cursor_below_the_floor_is_told_to_start_over(till: Terminal, db: Connection) -> None:
    cursor = till.head()
    place(till, "o1")
    db.execute("update public.streams set floor_rev = rev where branch_id = %s", (till.branch_id,))
    assert till.since(cursor)["reset"] is True
    assert till.since(till.head())["reset"] is False


def test_changes_lead_from_one_snapshot_to_the_next(till: Terminal) -> None:
    place(till, "o1")
    before, cursor = till.tables(), till.head()
    place(till, "o2")
    till.do("void_line", "o1", {"order_id": "o1", "line_id": "o1-1", "reason": ""})
    tables = {name: {row["id"]: row for row in rows} for name, rows in before.items()}
    for change in till.since(cursor)["rows"]:
        if change["op"] == "D":
            del tables[change["table"]][change["pk"]]
        else:
            tables[change["table"]][change["pk"]] = change["row"]
    after = {name: {row["id"]: row for row in rows} for name, rows in till.tables().items()}
    assert tables == after


def test_a_snapshot_has_every_table_of_the_stream(till: Terminal) -> None:
    streams = [till.floor, f"office:{till.branch_id}"]
    answer = till.call("snapshot", streams=streams)["streams"]
    assert set(answer[streams[1]]["tables"]) == {"payments"}
    assert set(answer[streams[0]]["tables"]) == {
        "branches", "stations", "staff", "devices", "menu_items", "modifiers", "stock_items",
        "recipes", "orders", "order_lines",
    }  # fmt: skip


def test_the_checksum_is_that_of_the_snapshot_s_rows(till: Terminal) -> None:
    place(till, "o1", "o2")
    answer = till.call("checksum", stream=till.floor)
    assert {"epoch": answer["epoch"], "rev": answer["rev"]} == till.head()
    for name, rows in till.tables().items():
        mine = table_checksum(rows)
        assert answer["tables"][name] == {"rows": mine.rows, "sum": mine.sum}, name


def test_the_checksum_sees_a_single_changed_letter(till: Terminal, db: Connection) -> None:
    place(till, "o1")
    before = till.call("checksum", stream=till.floor)["tables"]["orders"]
    db.execute("update public.orders set note = 'x' where branch_id = %s", (till.branch_id,))
    assert till.call("checksum", stream=till.floor)["tables"]["orders"] != before


def test_instants_are_utc_whatever_the_connection_says(till: Terminal, db: Connection) -> None:
    db.execute("set timezone = 'Asia/Kathmandu'")
    cursor = till.head()
    place(till, "o1")
    change = till.since(cursor)["rows"][0]
    assert change["row"]["placed_at"].endswith("+00:00")
    assert till.row("orders", "o1") == change["row"]


@pytest.mark.parametrize(
    "call",
    [
        ("changes_since", {"cursors": {"{stream}": {"epoch": "", "rev": 0}}}),
        ("snapshot", {"streams": ["{stream}"]}),
        ("checksum", {"stream": "{stream}"}),
    ],
)
@pytest.mark.parametrize("stream", ["floor:{other}", "office:{mine}", "attic:{mine}", "floor", ""])
def test_a_stream_that_an_account_may_not_read_is_refused(
    db: Connection, call: tuple[str, dict[str, Any]], stream: str
) -> None:
    kitchen = terminal(db, make_branch(db, with_menu=False), "kitchen")
    other = make_branch(db, with_menu=False)
    name = stream.format(other=other, mine=kitchen.branch_id)
    function, arguments = call
    filled = {
        "cursors": {name: {"epoch": "", "rev": 0}},
        "streams": [name],
        "stream": name,
    }
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="may not read"):
        kitchen.call(function, **{key: filled[key] for key in arguments})
