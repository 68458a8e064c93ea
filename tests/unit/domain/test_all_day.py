"""All-day counts: kept order by order, equal to counting everything anew."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kds.base.clock import to_iso
from kds.domain.all_day import AllDay, Count
from kds.domain.rows import Row
from tests.support.qt import NOON, line_row, order_row

DISH = ("pizza", "hawaiian", "M")


def order(key: str = "o1", **fields: Any) -> Row:
    return order_row(key, key.upper(), NOON, **fields)


def line(key: str, order_id: str = "o1", *, age: float = 60, **fields: Any) -> Row:
    return line_row(key, order_id, 1, sent_at=to_iso(NOON - timedelta(seconds=age)), **fields)


def count(all_day: AllDay, after: float = 0) -> Count | None:
    return all_day.count(DISH, NOON + timedelta(seconds=after))


def test_pieces_of_a_dish_add_up_over_all_orders() -> None:
    all_day = AllDay()
    assert all_day.put(order("o1"), [line("l1", qty=2, age=60)]) == {DISH}
    all_day.put(order("o2"), [line("l2", "o2", qty=3, age=200), line("l3", "o2", state="ready")])
    found = count(all_day)
    assert found is not None
    assert (found.now, found.later, found.since) == (5, 0, NOON - timedelta(seconds=200))


def test_modifiers_are_counted_with_their_pieces() -> None:
    onion = {"id": "r", "name": "onion", "kind": "remove", "price": 0}
    cheese = {"id": "a", "name": "extra cheese", "kind": "add", "price": 1}
    all_day = AllDay()
    lines = [line("l1", qty=2, modifiers=[onion]), line("l2", qty=3, modifiers=[onion, cheese])]
    all_day.put(order(), lines)
    found = count(all_day)
    assert found is not None
    assert found.extras == (("no onion", 5), ("extra cheese", 3))


def test_what_is_held_or_not_fired_yet_is_counted_apart() -> None:
    soon = to_iso(NOON + timedelta(seconds=90))
    all_day = AllDay()
    all_day.put(order(), [line("l1"), line("l2", held=True, qty=2), line("l3", fire_at=soon)])
    found = count(all_day)
    assert found is not None
    assert (found.now, found.later) == (1, 3)
    assert all_day.next_at == NOON + timedelta(seconds=90)
    assert all_day.fired(NOON) == set()
    assert all_day.fired(NOON + timedelta(seconds=90)) == {DISH}
    found = count(all_day, after=90)
    assert found is not None
    assert (found.now, found.later, all_day.next_at) == (2, 2, None)


def test_a_line_counts_at_every_station_of_its_route_when_its_turn_comes() -> None:
    route = [
        {"station_id": "oven", "stage": 1, "state": "sent", "started_at": None, "ready_at": None},
        {"station_id": "cut", "stage": 2, "state": "sent", "started_at": None, "ready_at": None},
    ]
    all_day = AllDay()
    all_day.put(order(), [line("l1", route=route)])
    counts = {found.station_id: (found.now, found.later) for found in all_day.counts(NOON)}
    assert counts == {"oven": (1, 0), "cut": (0, 1)}


def test_only_the_stations_asked_for_are_counted() -> None:
    all_day = AllDay(frozenset({"bar"}))
    all_day.put(order(), [line("l1"), line("l2", station_id="bar")])
    assert [found.station_id for found in all_day.counts(NOON)] == ["bar"]


def test_an_order_that_is_closed_or_gone_counts_no_more() -> None:
    all_day = AllDay()
    all_day.put(order(), [line("l1")])
    assert all_day.put(order(), [line("l1")]) == set()
    assert all_day.put(order(state="closed"), [line("l1")]) == {DISH}
    assert count(all_day) is None
    all_day.put(order(), [line("l1")])
    assert all_day.drop("o1") == {DISH}
    assert list(all_day.counts(NOON)) == []


LINES = st.lists(
    st.tuples(
        st.sampled_from(["pizza", "bar"]),
        st.sampled_from(["hawaiian", "cola"]),
        st.sampled_from(["sent", "started", "ready", "void"]),
        st.integers(1, 3),
        st.booleans(),
    ),
    max_size=4,
)
STEPS = st.lists(st.tuples(st.integers(1, 3), LINES), max_size=12)


@given(STEPS)
def test_any_changes_leave_the_counts_of_a_fresh_start(
    steps: list[tuple[int, list[tuple[str, str, str, int, bool]]]],
) -> None:
    kept, last = AllDay(), {}
    for number, drawn in steps:
        key = f"o{number}"
        last[key] = [
            line(f"{key}-{n}", key, station_id=station, item_id=item, state=state, qty=qty,
                 held=held)
            for n, (station, item, state, qty, held) in enumerate(drawn)
        ]  # fmt: skip
        kept.put(order(key), last[key])
    fresh = AllDay()
    for key, lines in last.items():
        fresh.put(order(key), lines)
    assert _by_dish(kept) == _by_dish(fresh)


def _by_dish(all_day: AllDay) -> dict[Any, Count]:
    return {found.dish: found for found in all_day.counts(NOON)}
