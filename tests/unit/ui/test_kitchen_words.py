"""How the kitchen calls orders and ages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kds.ui.kitchen.words import (
    age_text,
    ago_text,
    coming_text,
    due_in_text,
    time_text,
    wait_text,
    whose,
)

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("order", "text"),
    [
        (("dine_in", "4", ""), "Table 4"),
        (("dine_in", "Terrace 3", ""), "Terrace 3"),
        (("dine_in", "", "Kim"), "Dine in · Kim"),
        (("takeaway", "", "Kim"), "Takeaway · Kim"),
        (("delivery", "", ""), "Delivery"),
    ],
)
def test_an_order_is_called(order: tuple[str, str, str], text: str) -> None:
    assert whose(*order) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0:00"), (9, "0:09"), (552, "9:12"), (4335, "72:15"), (5999, "99:59"), (6000, "1h40")],
)
def test_an_age_is_minutes_and_seconds_until_it_is_absurd(seconds: int, text: str) -> None:
    assert age_text(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-5, "just now"),
        (59, "just now"),
        (60, "1 min ago"),
        (3599, "59 min ago"),
        (7300, "2 h ago"),
    ],
)
def test_a_bump_was(seconds: int, text: str) -> None:
    assert ago_text(NOW, NOW - timedelta(seconds=seconds)) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(240, "4:00"), (239.2, "4:00"), (0.1, "0:01"), (0, ""), (-9, "")]
)
def test_a_wait_is_rounded_up_and_over_on_the_second(seconds: float, text: str) -> None:
    assert wait_text(NOW, NOW + timedelta(seconds=seconds)) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(250, "4:10 left"), (0, "0:00 over"), (-65, "1:05 over")]
)
def test_a_promise_has_time_left_or_is_over(seconds: int, text: str) -> None:
    assert due_in_text(NOW, NOW + timedelta(seconds=seconds)) == text


def test_a_time_of_day_is_the_one_on_the_branchs_wall() -> None:
    assert time_text(NOW, ZoneInfo("America/New_York")) == "07:00"


@pytest.mark.parametrize(
    ("counts", "text"),
    [
        ((0, 0), ""),
        ((2, 0), "2 more coming"),
        ((0, 3), "3 done"),
        ((1, 1), "1 more coming · 1 done"),
    ],
)
def test_what_is_elsewhere_is_one_quiet_line(counts: tuple[int, int], text: str) -> None:
    assert coming_text(*counts) == text
