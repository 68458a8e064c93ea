"""What a device knows, and what screens make of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kds.base.clock import to_iso
from kds.domain.changes import ChangeSet, RowChange
from kds.session.store import Store
from kds.sync.overlay import Overlay
from tests.support.restaurant import BRANCH, TILL, Row, commands, new_line, rows

LATER = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def furnished() -> Store:
    """A store of the restaurant with two orders: o1 of two lines, another of one."""
    store = Store()
    overlay = Overlay(BRANCH, TILL)
    store.apply(overlay.load(rows(), []))
    for command in commands([(0, 0, 1, 1), (0, 1, 0, 2)]):
        store.apply(overlay.push(command))
    return store


def put(table: str, before: Row | None, after: Row | None) -> ChangeSet:
    pk = str((after or before or {})["id"])
    return ChangeSet((RowChange(table, pk, before, after),), "remote")


def first_order(store: Store) -> str:
    return next(pk for pk in store.rows("orders") if len(store.lines_of(pk)) == 2)


def test_rows_are_there_before_the_screens_are_told() -> None:
    store = Store()
    seen: list[Any] = []
    store.changed.connect(lambda change: seen.append((change, store.row("stations", "grill"))))
    change = put("stations", None, {"id": "grill"})
    store.apply(change)
    assert seen == [(change, {"id": "grill"})]


def test_a_row_comes_changes_and_goes() -> None:
    store = Store()
    store.apply(put("stations", None, {"id": "grill", "name": "Grill"}))
    store.apply(put("stations", {"id": "grill"}, {"id": "grill", "name": "Fire"}))
    assert store.rows("stations") == {"grill": {"id": "grill", "name": "Fire"}}
    store.apply(put("stations", {"id": "grill"}, None))
    store.apply(put("stations", {"id": "grill"}, None))
    assert store.row("stations", "grill") is None


def test_the_branch_is_known_once_it_is_loaded() -> None:
    assert Store().branch is None
    branch = furnished().branch
    assert branch is not None
    assert branch["timezone"] == "Europe/Berlin"


def test_lines_are_listed_as_they_were_sent() -> None:
    store = furnished()
    assert [line["position"] for line in store.lines_of(first_order(store))] == [1, 2]
    assert store.lines_of("unknown") == ()


def test_a_line_that_moves_to_another_order_leaves_the_first() -> None:
    store = Store()
    line = {**new_line("l1"), "order_id": "o1", "position": 1}
    store.apply(put("order_lines", None, line))
    store.apply(put("order_lines", line, {**line, "order_id": "o2"}))
    assert store.lines_of("o1") == ()
    assert len(store.lines_of("o2")) == 1
    store.apply(put("order_lines", {**line, "order_id": "o2"}, None))
    assert store.lines_of("o2") == ()


def test_an_order_that_has_left_leaves_nothing_behind() -> None:
    store = furnished()
    before = repr(vars(store))
    line = {**store.lines_of(first_order(store))[0], "id": "new", "order_id": "passing by"}
    store.apply(put("order_lines", None, line))
    assert repr(vars(store)) != before
    store.apply(put("order_lines", line, None))
    assert repr(vars(store)) == before


def test_tickets_are_of_the_stations_asked_for() -> None:
    store = furnished()
    assert len(list(store.tickets())) == 2
    assert list(store.tickets(frozenset({"cold"}))) == []
    assert store.ticket("unknown") is None
    ticket = store.ticket(first_order(store))
    assert ticket is not None
    assert len(ticket.lines) == 2


def test_orders_are_seen_by_the_till() -> None:
    store = furnished()
    assert sorted(order.lines_total for order in store.orders()) == [1, 2]
    order = store.order(first_order(store))
    assert order is not None
    assert order.progress == "sent"
    assert store.order("unknown") is None


def test_stock_is_what_is_left_after_the_pending_orders() -> None:
    levels = {item.id: item.level for item in furnished().stock()}
    assert set(levels) == {"mozzarella", "dough", "lettuce"}
    assert levels["dough"] < 20


def test_a_ticket_is_there_when_its_time_has_come() -> None:
    store = furnished()
    order_id = first_order(store)
    for line in store.lines_of(order_id):
        store.apply(put("order_lines", line, {**line, "fire_at": to_iso(LATER)}))
    early = LATER - timedelta(seconds=1)
    assert store.ticket(order_id, now=early) is None
    assert len(list(store.tickets(now=early))) == 1
    assert store.ticket(order_id, now=LATER) is not None
    assert store.next_fire(order_id, frozenset(), early) == LATER
    assert store.next_fire(order_id, frozenset(), LATER) is None
    assert store.next_fire("unknown", frozenset(), early) is None


def test_the_limits_of_the_branch_stand_on_its_tickets() -> None:
    store = furnished()
    branch = store.branch
    assert branch is not None
    store.apply(put("branches", branch, {**branch, "type_ages": {"dine_in": [10, 20]}}))
    ticket = store.ticket(first_order(store))
    assert ticket is not None
    assert (ticket.warn_after_s, ticket.late_after_s) == (10, 20)


# -- open lines -------------------------------------------------------------------------------

ORDERS = st.sampled_from(["o1", "o2", "o3"])
ORDER = st.builds(
    lambda key, state: ("orders", key, {"id": key, "state": state}),
    ORDERS,
    st.sampled_from(["open", "closed", "void"]),
)
LINE = st.builds(
    lambda key, order, state: ("order_lines", key, {"id": key, "order_id": order, "state": state}),
    st.sampled_from(["l1", "l2", "l3", "l4", "l5"]),
    ORDERS,
    st.sampled_from(["sent", "started", "ready", "void"]),
)
GONE = st.one_of(ORDER, LINE).map(lambda put: (put[0], put[1], None))
PUTS = st.lists(st.one_of(ORDER, LINE, GONE), min_size=1, max_size=8)


def change_set(store: Store, puts: list[tuple[str, str, Row | None]]) -> ChangeSet:
    """The last word on each row, in one change; of a load when the store is empty."""
    last = {(table, pk): row for table, pk, row in puts}
    changes = [RowChange(t, pk, store.row(t, pk), row) for (t, pk), row in last.items()]
    empty = not store.rows("orders") and not store.rows("order_lines")
    return ChangeSet(tuple(changes), "load" if empty else "remote")


def open_orders(store: Store) -> set[str]:
    return {pk for pk, order in store.rows("orders").items() if order["state"] == "open"}


@given(st.lists(PUTS, max_size=12))
def test_the_open_lines_are_those_that_a_walk_over_all_rows_finds(
    history: list[list[tuple[str, str, Row | None]]],
) -> None:
    store = Store()
    for puts in history:
        store.apply(change_set(store, puts))
        expected = {
            pk: line
            for pk, line in store.rows("order_lines").items()
            if line["state"] in ("sent", "started") and line["order_id"] in open_orders(store)
        }
        found = list(store.open_lines())
        assert {line["id"]: line for line in found} == expected
        assert len(found) == len(expected)
        assert set(store.orders_to_make) == {line["order_id"] for line in expected.values()}


def test_who_hears_of_a_change_finds_the_open_lines_of_after_it() -> None:
    store = Store()
    seen: list[list[str]] = []
    store.changed.connect(lambda _: seen.append([line["id"] for line in store.open_lines()]))
    line = {"id": "l1", "order_id": "o1", "state": "sent"}
    store.apply(put("order_lines", None, line))
    store.apply(put("orders", None, {"id": "o1", "state": "open"}))
    store.apply(put("order_lines", line, {**line, "state": "ready"}))
    assert seen == [[], ["l1"], []]
