"""What managers and jobs do: menus, the archive, forgetting."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from tests.support.postgres import Connection, Terminal, call, make_branch, signed_in, terminal
from tests.support.restaurant import menu, new_line, new_order


@pytest.fixture
def manager(db: Connection) -> Terminal:
    return terminal(db, make_branch(db), "manager")


def bring_in(manager: Terminal, **parts: Any) -> None:
    manager.call("import_menu", branch_id=manager.branch_id, menu=parts)


def ids(manager: Terminal, table: str) -> set[str]:
    return {row["id"] for row in manager.tables()[table]}


def test_the_same_menu_again_changes_nothing(manager: Terminal) -> None:
    head = manager.head()
    bring_in(manager, **menu())
    assert manager.head() == head


def test_a_part_replaces_that_part_and_leaves_the_others(manager: Terminal) -> None:
    cursor = manager.head()
    items = [
        {"id": "caesar", "name": "Cäsar", "category": "salad",
         "variants": [{"name": "", "price": 990}]},
        {"id": "tea", "name": "Tea", "category": "drink", "variants": [{"name": "", "price": 250}]},
    ]  # fmt: skip
    bring_in(manager, items=items)
    assert ids(manager, "menu_items") == {"caesar", "tea"}
    assert manager.row("menu_items", "tea")["position"] == 2
    assert ids(manager, "stations") == {"grill", "cold"}
    assert {row["rev"] for row in manager.since(cursor)["rows"]} == {cursor["rev"] + 1}


def test_recipes_go_with_the_item_that_they_are_about(manager: Terminal) -> None:
    bring_in(manager, items=[item for item in menu()["items"] if item["id"] == "caesar"])
    assert ids(manager, "recipes") == {"caesar::lettuce"}


def test_an_item_that_stays_on_the_menu_stays_out(manager: Terminal) -> None:
    manager.do("eighty_six", "item:caesar", {"item_id": "caesar", "out": True})
    bring_in(manager, items=menu()["items"])
    assert manager.row("menu_items", "caesar")["out_since"]


def test_a_menu_says_where_things_are_made_and_how_long_that_takes(manager: Terminal) -> None:
    station = {"id": "cut", "name": "Cut", "items": ["caesar"], "modifiers": ["hot"], "stage": 2}
    item = {**menu()["items"][0], "prep_s": 420, "warn_after_s": 180, "late_after_s": 300}
    bring_in(manager, stations=[*menu()["stations"], {**station, "backup_id": "grill"}])
    bring_in(manager, items=[item])
    cut = manager.row("stations", "cut")
    assert {name: cut[name] for name in station} == station
    assert (cut["backup_id"], cut["covered_by"]) == ("grill", "")
    made = manager.row("menu_items", "margherita")
    assert [made[name] for name in ("prep_s", "warn_after_s", "late_after_s")] == [420, 180, 300]


def test_a_station_that_stays_keeps_its_stand_in(manager: Terminal) -> None:
    manager.do("cover", "station:grill", {"station_id": "grill", "by": "cold"})
    bring_in(manager, stations=menu()["stations"])
    assert manager.row("stations", "grill")["covered_by"] == "cold"


def test_what_a_menu_does_not_mention_stays_as_it_was_set_up(manager: Terminal) -> None:
    for table, pk, values in (
        ("stations", "grill", {"late_after_s": 600, "stage": 2, "items": ["caesar"]}),
        ("menu_items", "caesar", {"prep_s": 90, "late_after_s": 700, "warn_after_s": 300}),
    ):
        manager.do("set_up", pk, {"table": table, "id": pk, "values": values})
    stations = [{"id": "grill", "name": "Ofen", "categories": ["pizza"], "late_after_s": 540}]
    items = [{**item, "warn_after_s": None} for item in menu()["items"]]
    bring_in(manager, stations=stations, items=items)
    grill, caesar = manager.row("stations", "grill"), manager.row("menu_items", "caesar")
    told = [grill[name] for name in ("name", "late_after_s", "stage", "items")]
    assert told == ["Ofen", 540, 2, ["caesar"]]
    told = [caesar[name] for name in ("prep_s", "late_after_s", "warn_after_s")]
    assert told == [90, 700, None]


def test_a_stand_in_that_goes_stands_in_for_nobody(manager: Terminal) -> None:
    """Else the station would count as covered, and nobody would be told that it is dark."""
    manager.do("cover", "station:grill", {"station_id": "grill", "by": "cold"})
    bring_in(manager, stations=[row for row in menu()["stations"] if row["id"] != "cold"])
    assert manager.row("stations", "grill")["covered_by"] == ""


BAD_MENUS: list[tuple[dict[str, Any], str]] = [
    ({"items": "all"}, "items must be a list"),
    ({"items": [{"name": "No id"}]}, "needs its id"),
    ({"items": [menu()["items"][0], menu()["items"][0]]}, "has margherita twice"),
    ({"items": [{"id": "x", "name": "X", "category": "c", "variants": []}]}, "x needs variants"),
    (
        {"items": [{"id": "x", "name": "X", "category": "c",
                    "variants": [{"name": "", "price": -1}]}]},
        "x needs variants",
    ),
    (
        {"items": [{"id": "x", "name": "X", "category": "c",
                    "variants": [{"name": "", "price": 9.5}]}]},
        "x needs variants",
    ),
    ({"items": [{"id": "x", "category": "c", "variants": [{"name": "", "price": 1}]}]}, "name"),
    ({"stock_items": [{"id": "x", "name": "X", "unit": "miles", "level": 1}]}, "unit"),
    ({"stock_items": [{"id": "x", "name": "X", "unit": "g", "level": "lots"}]}, "lots"),
    (
        {"recipes": [{"item_id": "ghost", "stock_item_id": "dough", "qty": 1}]},
        "names no item, variant or stock item",
    ),
    (
        {"recipes": [{"item_id": "margherita", "variant": "XS", "stock_item_id": "dough",
                      "qty": 1}]},
        "names no item, variant or stock item",
    ),
    ({"recipes": [{"item_id": "caesar", "stock_item_id": "dough", "qty": 0}]}, "qty"),
]  # fmt: skip


@pytest.mark.parametrize(("parts", "reason"), BAD_MENUS)
def test_of_a_wrong_menu_nothing_is_taken(
    manager: Terminal, parts: dict[str, Any], reason: str
) -> None:
    head = manager.head()
    stations = [{"id": "new", "name": "New", "position": 1}]
    with pytest.raises(psycopg.errors.InvalidParameterValue, match=reason):
        bring_in(manager, **{"stations": stations, **parts})
    assert manager.head() == head


@pytest.mark.parametrize(
    ("function", "arguments"),
    [("import_menu", {"menu": {}}), ("archive_orders", {"before": "2030-01-01"})],
)
def test_only_a_manager_of_the_branch_runs_its_office(
    manager: Terminal, db: Connection, function: str, arguments: dict[str, Any]
) -> None:
    for branches, role in ([manager.branch_id], "pos"), ([make_branch(db)], "manager"):
        with (
            pytest.raises(psycopg.errors.InsufficientPrivilege, match="Only a manager"),
            signed_in(db, branches, role) as caller,
        ):
            call(caller, function, branch_id=manager.branch_id, **arguments)
    manager.call(function, branch_id=manager.branch_id, **arguments)


def test_archived_orders_leave_the_stream_and_stay_in_the_books(
    manager: Terminal, db: Connection
) -> None:
    for order_id in "old", "open":
        args = {"order": new_order(order_id), "lines": [new_line(f"{order_id}-1")]}
        manager.do("place_order", order_id, args)
    payment = {"id": "p1", "tender": "cash", "amount": 1200}
    manager.do("pay", "old", {"order_id": "old", "payment": payment})
    manager.do("bump", "old", {"order_id": "old", "line_ids": ["old-1"]})
    manager.do("close_order", "old", {"order_id": "old"})
    cursor = manager.head()
    answer = manager.call("archive_orders", branch_id=manager.branch_id, before="2021-01-01")
    assert answer["archived"] == 1
    changes = {(row["table"], row["pk"], row["op"]) for row in manager.since(cursor)["rows"]}
    assert changes == {("orders", "old", "D"), ("order_lines", "old-1", "D")}
    assert ids(manager, "orders") == {"open"}
    office = f"office:{manager.branch_id}"
    assert manager.call("snapshot", streams=[office])["streams"][office]["tables"] == {
        "payments": []
    }
    kept = db.execute(
        "select count(*) from public.orders where branch_id = %s", (manager.branch_id,)
    )
    assert kept.fetchone() == (2,)


def test_orders_newer_than_the_day_stay(manager: Terminal) -> None:
    manager.do("place_order", "o1", {"order": new_order("o1"), "lines": [new_line("l1")]})
    manager.do("void_order", "o1", {"order_id": "o1", "reason": ""})
    manager.call("archive_orders", branch_id=manager.branch_id, before="2020-01-01")
    assert ids(manager, "orders") == {"o1"}


def test_forgotten_changes_move_the_floor_and_reset_who_is_below_it(
    manager: Terminal, db: Connection
) -> None:
    cursor = manager.head()
    manager.do("place_order", "o1", {"order": new_order("o1"), "lines": [new_line("l1")]})
    db.execute(
        "update kds.changes set at = at - interval '8 days' where stream_id = %s", (manager.floor,)
    )
    manager.do("place_order", "o2", {"order": new_order("o2"), "lines": [new_line("l2")]})
    head = manager.head()
    with signed_in(db, [], "", db_role="service_role") as service:
        call(service, "prune_changes", keep="7 days")
    assert manager.head() == head
    assert manager.since(cursor)["reset"] is True
    at_floor = manager.since({**cursor, "rev": head["rev"] - 1})
    assert (at_floor["reset"], at_floor["floor"]) == (False, head["rev"] - 1)
    assert {row["rev"] for row in at_floor["rows"]} == {head["rev"]}


def test_an_op_whose_outcome_is_forgotten_still_has_no_second_effect(
    manager: Terminal, db: Connection
) -> None:
    args = {"stock_item_id": "dough", "delta": 5, "reason": "count"}
    op = manager.op("adjust_stock", "stock:dough", args)
    manager.send(op)
    db.execute("update kds.outcomes set at = at - interval '91 days'")
    call(db, "prune_changes", keep="7 days")
    assert db.execute("select from kds.outcomes where device_id = %s", (manager.id,)).rowcount == 0
    (again,) = manager.send(op)
    assert (again["result"], again["first"]) == ("duplicate", "applied")
    assert manager.row("stock_items", "dough")["level"] == 25


def test_only_the_server_forgets(manager: Terminal) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        manager.call("prune_changes", keep="7 days")
