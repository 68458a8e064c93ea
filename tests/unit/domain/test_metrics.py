from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from kds.domain.metrics import Figures, figures, late_orders, ticket_time
from kds.domain.orders import OrderView

NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)


def order(number: str = "A-001", minutes_ago: float = 1, **fields: object) -> OrderView:
    view = OrderView(
        id=number,
        number=number,
        type="dine_in",
        table_name="4",
        customer="",
        server="",
        device_id="d1",
        progress="sent",
        lines_open=1,
        lines_total=1,
        total=1000,
        paid=0,
        placed_at=NOON - timedelta(minutes=minutes_ago),
        ready_at=None,
    )
    return replace(view, **fields)


def ready(number: str, minutes_ago: float, took_minutes: float, **fields: object) -> OrderView:
    placed = NOON - timedelta(minutes=minutes_ago)
    return order(
        number,
        minutes_ago,
        progress="ready",
        ready_at=placed + timedelta(minutes=took_minutes),
        **fields,
    )


def test_a_day_without_orders_has_zeros_and_no_averages() -> None:
    assert figures([], NOON, UTC) == Figures()
    assert Figures().average_order == 0


def test_orders_are_counted_by_how_far_they_are() -> None:
    day = [
        order("A-001"),
        order("A-002", progress="started"),
        ready("A-003", 10, 5),
        order("A-004", progress="closed"),
        order("A-005", progress="void"),
    ]
    seen = figures(day, NOON, UTC)
    assert (seen.orders, seen.open, seen.ready, seen.void) == (4, 2, 1, 1)


def test_sales_leave_void_orders_out() -> None:
    day = [order("A-001", total=1300, paid=1300), order("A-002", total=999, progress="void")]
    seen = figures(day, NOON, UTC)
    assert (seen.sales, seen.paid, seen.average_order) == (1300, 1300, 1300)


def test_ticket_times_run_from_placed_to_ready() -> None:
    seen = figures([ready("A", 30, 2), ready("B", 30, 4), ready("C", 30, 12)], NOON, UTC)
    assert seen.average_s == pytest.approx(360)
    assert seen.median_s == pytest.approx(240)


def test_late_share_counts_late_meals_and_those_still_cooking_past_the_limit() -> None:
    day = [ready("A", 30, 2), ready("B", 30, 9), order("C", minutes_ago=9), order("D", 1)]
    seen = figures(day, NOON, UTC)
    assert seen.late_now == 1
    assert seen.late_share == pytest.approx(2 / 3)


def test_the_day_is_the_one_on_the_branchs_own_wall_clock() -> None:
    pacific = timezone(timedelta(hours=-8))
    just_after_midnight = datetime(2026, 3, 14, 8, 30, tzinfo=UTC)  # 00:30 there
    yesterday = order("A", placed_at=just_after_midnight - timedelta(hours=1), progress="closed")
    today = order("B", placed_at=just_after_midnight, progress="closed")
    seen = figures([yesterday, today], just_after_midnight, pacific)
    assert seen.orders == 1
    assert seen.per_hour[0] == 1
    assert sum(seen.per_hour) == 1


def test_an_order_of_yesterday_that_still_waits_is_open_today() -> None:
    seen = figures([order("A", minutes_ago=24 * 60)], NOON, UTC)
    assert (seen.orders, seen.open, seen.late_now) == (0, 1, 1)


def test_late_orders_come_longest_waiting_first() -> None:
    day = [order("A", 9), order("B", 20), order("C", 2), ready("D", 40, 30)]
    assert [view.number for view in late_orders(day, NOON)] == ["B", "A"]


def test_a_clock_that_runs_ahead_never_makes_a_negative_time() -> None:
    early = order("A", ready_at=NOON - timedelta(hours=1))
    assert ticket_time(early) == 0
    assert figures([order("B", minutes_ago=-5)], NOON, UTC).late_now == 0
