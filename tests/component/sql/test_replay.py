"""A past service as the server tells it: its days, its pages, and who may read them."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from tests.support.postgres import Connection, Json, Terminal, call, make_branch, terminal
from tests.support.restaurant import new_line, new_order

EVER, NEVER = "2000-01-01T00:00:00+00:00", "2999-01-01T00:00:00+00:00"


def place(till: Terminal, *order_ids: str) -> None:
    for order_id in order_ids:
        args = {"order": new_order(order_id), "lines": [new_line(f"{order_id}-1")]}
        assert till.do("place_order", order_id, args)["result"] == "applied"


def bump(kitchen: Terminal, order_id: str) -> None:
    args = {"order_id": order_id, "line_ids": [f"{order_id}-1"]}
    assert kitchen.do("bump", order_id, args)["result"] == "applied"


def now(db: Connection) -> str:
    (text,) = db.execute("select to_json(clock_timestamp()) #>> '{}'").fetchone() or ("",)
    return str(text)


def replay(who: Terminal, since: str = EVER, until: str = NEVER, **more: Any) -> Json:
    answer = who.call("replay", branch_id=who.branch_id, since=since, until=until, **more)
    return dict(answer)


def rows_of(page: Json, table: str) -> dict[str, Json]:
    return {row["id"]: row for row in page["tables"][table]}


def after(page: Json) -> dict[str, dict[str, Json]]:
    """The tables at the end of a one-page service."""
    tables = {table: rows_of(page, table) for table in page["tables"]}
    for change in page["rows"]:
        if change["op"] == "D":
            tables[change["table"]].pop(change["pk"])
        elif change["table"] in tables:
            tables[change["table"]][change["pk"]] = change["row"]
    return tables


def test_a_service_names_who_did_what_at_which_terminal(till: Terminal, kitchen: Terminal) -> None:
    place(till, "o1")
    bump(kitchen, "o1")
    rows = [row for row in replay(till)["rows"] if row["table"] == "order_lines"]
    said = [(row["kind"], row["actor"], row["device"], row["row"]["state"]) for row in rows]
    assert said == [
        ("place_order", "Mia", till.id, "sent"),
        ("bump", "Mia", kitchen.id, "ready"),
    ]


def test_a_change_that_no_terminal_asked_for_has_no_author(till: Terminal, db: Connection) -> None:
    place(till, "o1")
    since = now(db)
    db.execute("update public.orders set note = 'x' where branch_id = %s", (till.branch_id,))
    (row,) = replay(till, since)["rows"]
    assert (row["kind"], row["actor"], row["device"]) == (None, None, None)


def test_it_begins_with_the_rows_as_they_were(
    till: Terminal, kitchen: Terminal, db: Connection
) -> None:
    place(till, "o1", "o2")
    bump(kitchen, "o1")
    since, then = now(db), till.tables()
    bump(kitchen, "o2")
    place(till, "o3")
    page = replay(till, since)
    for table in page["tables"]:
        assert rows_of(page, table) == {row["id"]: row for row in then[table]}, table


def test_it_ends_with_the_rows_as_they_are(
    till: Terminal, kitchen: Terminal, db: Connection
) -> None:
    place(till, "o1")
    since = now(db)
    place(till, "o2")
    bump(kitchen, "o1")
    kitchen.do("eighty_six", "item:caesar", {"item_id": "caesar", "out": True})
    ended, live = after(replay(till, since)), till.tables()
    for table, found in ended.items():
        assert found == {row["id"]: row for row in live[table]}, table


def test_what_happens_outside_the_span_is_left_out(till: Terminal, db: Connection) -> None:
    place(till, "o1")
    since = now(db)
    place(till, "o2")
    until = now(db)
    place(till, "o3")
    orders = [row for row in replay(till, since, until)["rows"] if row["table"] == "orders"]
    assert [row["pk"] for row in orders] == ["o2"]


def test_pages_are_whole_transactions_and_together_the_whole(
    till: Terminal, kitchen: Terminal
) -> None:
    place(till, "o1", "o2", "o3")
    bump(kitchen, "o2")
    whole = replay(till)
    page = replay(till, max_rows=3)
    rows, revs = list(page["rows"]), [page["through_rev"]]
    while page["through_rev"] < page["to_rev"]:
        page = replay(till, after_rev=page["through_rev"], max_rows=3)
        assert page["tables"] is None
        rows += page["rows"]
        revs.append(page["through_rev"])
    assert rows == whole["rows"]
    assert revs == sorted(set(revs))
    assert len(revs) > 3


def test_a_service_that_still_runs_grows_page_by_page(till: Terminal) -> None:
    place(till, "o1")
    first = replay(till)
    place(till, "o2")
    second = replay(till, after_rev=first["through_rev"])
    assert {row["pk"] for row in second["rows"]} == {"o2", "o2-1"}


def test_stock_is_told_only_where_somebody_counted_it(till: Terminal, kitchen: Terminal) -> None:
    place(till, "o1")
    args = {"stock_item_id": "dough", "delta": 5, "reason": "count"}
    kitchen.do("adjust_stock", "stock:dough", args)
    page = replay(till)
    stock = [row for row in page["rows"] if row["table"] == "stock_items"]
    assert [row["pk"] for row in stock if row["kind"]] == ["dough"]
    assert len(stock) == 1


def test_archived_orders_are_still_there_to_look_at(
    till: Terminal, kitchen: Terminal, db: Connection
) -> None:
    place(till, "o1")
    bump(kitchen, "o1")
    till.do("close_order", "o1", {"order_id": "o1"})
    until = now(db)
    call(db, "archive_orders", branch_id=till.branch_id, before=NEVER)
    assert till.tables()["orders"] == []
    ended = after(replay(till, until=until))
    assert ended["orders"]["o1"]["state"] == "closed"
    assert ended["order_lines"]["o1-1"]["state"] == "ready"


def forget_until(db: Connection, branch_id: str, rev: int) -> None:
    """What `prune_changes` does, to a rev."""
    stream = f"floor:{branch_id}"
    db.execute("delete from kds.changes where stream_id = %s and rev <= %s", (stream, rev))
    db.execute("update public.streams set floor_rev = %s where stream_id = %s", (rev, stream))


def test_what_the_log_has_forgotten_stands_as_it_is_first_known(
    till: Terminal, kitchen: Terminal, db: Connection
) -> None:
    place(till, "o1", "o2", "o3")
    floor = till.head()["rev"]
    bump(kitchen, "o2")
    place(till, "o4")
    forget_until(db, till.branch_id, floor)
    page = replay(till)
    assert page["from_rev"] == floor
    assert set(rows_of(page, "orders")) == {"o1", "o2", "o3"}
    assert rows_of(page, "order_lines")["o1-1"]["state"] == "sent"
    assert {row["id"] for row in page["tables"]["menu_items"]} == {"margherita", "caesar", "water"}


def test_a_page_that_was_forgotten_meanwhile_is_refused(till: Terminal, db: Connection) -> None:
    place(till, "o1", "o2")
    page = replay(till, max_rows=1)
    forget_until(db, till.branch_id, till.head()["rev"])
    with pytest.raises(psycopg.Error, match="does not go back so far"):
        replay(till, after_rev=page["through_rev"])


def test_the_days_are_those_of_the_branch_s_own_calendar(till: Terminal, db: Connection) -> None:
    db.execute(
        "update public.branches set timezone = 'Pacific/Auckland' where id = %s", (till.branch_id,)
    )
    place(till, "o1", "o2", "o3")
    for order_id, at in (("o1", "2026-11-20T10:30+00"), ("o2", "2026-11-20T11:30+00")):
        db.execute("update kds.changes set at = %s where row ->> 'id' = %s", (at, order_id))
        db.execute("update kds.changes set at = %s where row ->> 'order_id' = %s", (at, order_id))
    answer = till.call("services", branch_id=till.branch_id)
    found = {day["day"]: day["orders"] for day in answer["services"]}
    assert found["2026-11-20"] == 1  # 23:30
    assert found["2026-11-21"] == 1  # 00:30
    days = [day["day"] for day in answer["services"]]
    assert days == sorted(days, reverse=True)
    assert answer["since"] <= answer["services"][-1]["first_at"]


def test_an_unknown_time_zone_is_taken_for_utc(till: Terminal, db: Connection) -> None:
    db.execute("update public.branches set timezone = 'Mars/Base' where id = %s", (till.branch_id,))
    place(till, "o1")
    (day,) = till.call("services", branch_id=till.branch_id)["services"]
    assert day["orders"] == 1
    assert day["first_at"].startswith(day["day"])


def test_a_branch_without_orders_has_no_services(till: Terminal) -> None:
    assert till.call("services", branch_id=till.branch_id)["services"] == []


@pytest.mark.parametrize("function", ["services", "replay"])
def test_another_branch_s_service_is_refused(till: Terminal, db: Connection, function: str) -> None:
    other = make_branch(db, with_menu=False)
    span = {"since": EVER, "until": NEVER} if function == "replay" else {}
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="may not read"):
        till.call(function, branch_id=other, **span)


def test_an_op_id_of_another_branch_names_nobody(till: Terminal, db: Connection) -> None:
    place(till, "o1")
    elsewhere = terminal(db, make_branch(db))
    place(elsewhere, "o1")
    db.execute(
        "update kds.outcomes set at = '2000-01-01', op_id = "
        "(select c.op_id from kds.changes c where c.pk = 'o1' and c.stream_id = %s) "
        "where device_id = %s",
        (till.floor, elsewhere.id),
    )
    devices = {row["device"] for row in replay(till)["rows"] if row["pk"] == "o1"}
    assert devices == {till.id}
