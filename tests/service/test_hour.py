"""Which hour of many days is played."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from kds.sim.orders_csv import Sale
from tests.service.hour import PIZZAS, busiest_hour, made_up_day

NOON = datetime.combine(date(2015, 11, 27), time(12))


def sale(order: str, minutes: float, pieces: int = 1) -> list[Sale]:
    return [Sale(order, NOON + timedelta(minutes=minutes), PIZZAS[0])] * pieces


def keys(*sales: list[Sale]) -> list[str]:
    _, orders = busiest_hour(one for some in sales for one in some)
    return [order.key for order in orders]


def test_the_hour_with_most_pieces_is_found_wherever_it_begins() -> None:
    assert keys(sale("a", 0), sale("b", 50), sale("c", 70), sale("d", 100)) == ["b", "c", "d"]


def test_one_large_order_outweighs_several_small_ones() -> None:
    assert keys(sale("a", 0), sale("b", 10), sale("large", 300, pieces=3)) == ["large"]


def test_an_hour_ends_before_its_sixtieth_minute() -> None:
    assert keys(sale("a", 0), sale("b", 59.9), sale("c", 60)) == ["a", "b"]


def test_the_first_of_equally_busy_hours_counts() -> None:
    begins, orders = busiest_hour([*sale("late", 300), *sale("early", 0)])
    assert (begins, [order.key for order in orders]) == (NOON, ["early"])


def test_an_hour_does_not_reach_into_the_next_day() -> None:
    assert keys(sale("a", 700), sale("b", 710), sale("after midnight", 725)) == ["a", "b"]


def test_nothing_sold_has_no_busiest_hour() -> None:
    with pytest.raises(ValueError, match="empty"):
        busiest_hour([])


def test_a_made_up_day_has_its_rush_in_the_evening_and_is_the_seeds() -> None:
    day = made_up_day(3, busy_orders=6)
    begins, orders = busiest_hour(day)
    assert (begins.hour, len(orders)) == (19, 6)
    assert day == made_up_day(3, busy_orders=6) != made_up_day(4, busy_orders=6)
