"""The recall list: what was bumped at some stations, newest first, and found by a few words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from kds.base.clock import to_iso
from kds.domain.changes import ChangeSet, RowChange
from kds.session.store import Store
from kds.ui.kitchen.recall import bumped
from tests.support.qt import NOON, line_row, order_row


def moment(seconds: int) -> str:
    return to_iso(NOON + timedelta(seconds=seconds))


def store_of(*rows: tuple[str, Any]) -> Store:
    store = Store()
    store.apply(ChangeSet(tuple(RowChange(t, r["id"], None, r) for t, r in rows), "load"))
    return store


def done(line_id: str, order_id: str, at: int, **fields: Any) -> tuple[str, Any]:
    return "order_lines", line_row(
        line_id, order_id, 1, state="ready", ready_at=moment(at), **fields
    )


def order(order_id: str, number: str, **fields: Any) -> tuple[str, Any]:
    return "orders", order_row(order_id, number, NOON, **fields)


def stop(station: str, stage: int, at: int | None) -> dict[str, Any]:
    ready = None if at is None else moment(at)
    state = "sent" if at is None else "ready"
    return {
        "station_id": station,
        "stage": stage,
        "state": state,
        "started_at": None,
        "ready_at": ready,
    }


def test_lines_of_one_bump_are_one_entry_and_the_newest_comes_first() -> None:
    store = store_of(
        order("o1", "A-001"),
        done("a", "o1", 5, name="Cola", variant=""),
        done("b", "o1", 5, qty=2),
        done("c", "o1", 9),
    )
    newest, older = bumped(store)
    assert newest.line_ids == ("c",)
    assert older.line_ids == ("a", "b")
    assert older.what == "1 Cola, 2 Hawaiian M"


def test_a_line_comes_back_at_the_station_that_bumped_it() -> None:
    route = [stop("oven", 1, 5), stop("cut", 2, None)]
    line = line_row("a", "o1", 1, state="started", station_id="oven", route=route)
    store = store_of(order("o1", "A-001"), ("order_lines", line))
    (entry,) = bumped(store)
    assert (entry.line_ids, entry.stations) == (("a",), {"oven"})
    assert bumped(store, frozenset({"cut"})) == ()
    assert bumped(store, frozenset({"oven"}))[0].stations == {"oven"}


def test_each_station_of_a_finished_line_has_its_own_entry() -> None:
    route = [stop("oven", 1, 5), stop("cut", 2, 9)]
    store = store_of(order("o1", "A-001"), done("a", "o1", 9, station_id="oven", route=route))
    assert [entry.stations for entry in bumped(store)] == [{"cut"}, {"oven"}]


def test_lines_of_one_station_come_back_for_whom_they_are_asked() -> None:
    store = store_of(order("o1", "A-001"), done("a", "o1", 5))
    pizza = frozenset({"pizza"})
    assert bumped(store)[0].stations == frozenset()
    assert bumped(store, pizza)[0].stations == pizza
    assert bumped(store, frozenset({"bar"})) == ()


def test_an_order_that_was_handed_over_is_there_while_it_is_open() -> None:
    store = store_of(order("o1", "A-001", handed_at=moment(60)), done("a", "o1", 5))
    assert len(bumped(store)) == 1
    closed = store_of(order("o1", "A-001", state="closed"), done("a", "o1", 5))
    assert bumped(closed) == ()


def test_a_voided_line_cannot_come_back() -> None:
    gone = line_row("a", "o1", 1, state="void", ready_at=moment(5))
    assert bumped(store_of(order("o1", "A-001"), ("order_lines", gone))) == ()


def test_there_are_fifty_at_most_and_older_ones_are_found_by_searching() -> None:
    rows = []
    for number in range(1, 61):
        rows += [order(f"o{number}", f"A-{number:03d}"), done(f"l{number}", f"o{number}", number)]
    store = store_of(*rows)
    assert len(bumped(store)) == 50
    assert [entry.number for entry in bumped(store, search="a-003")] == ["A-003"]


def test_number_table_customer_and_dish_are_searched() -> None:
    store = store_of(
        order("o1", "A-001", table_name="Terrace 3"),
        done("a", "o1", 5, name="Thai Chicken"),
        order("o2", "B-002", table_name="", customer="Kim", type="takeaway"),
        done("b", "o2", 6),
    )

    def numbers(search: str) -> list[str]:
        return [entry.number for entry in bumped(store, search=search)]

    assert numbers("002") == ["B-002"]
    assert numbers("terrace") == ["A-001"]
    assert numbers("KIM") == ["B-002"]
    assert numbers("chicken thai") == ["A-001"]
    assert numbers("pasta") == []
