"""The verdict on a soak."""

from __future__ import annotations

import pytest

from tests.soak.growth import RSS_MB, Sample, Trend, trends


def trend(name: str, series: list[float], every: int = 10_000) -> Trend:
    samples = [Sample(n * every, {name: value}) for n, value in enumerate(series, 1)]
    (found,) = trends(samples)
    return found


def test_a_count_that_goes_up_and_down_is_flat() -> None:
    assert not trend("tasks", [3, 9, 8, 12, 9, 11, 8, 12]).grows


def test_a_count_that_only_goes_up_grows() -> None:
    assert trend("tasks", [8, 8, 9, 9, 10, 10, 11, 11]).grows


def test_what_fills_in_the_first_quarter_is_a_warm_up() -> None:
    assert not trend("timers", [2, 40, 60, 61, 60, 61, 60, 61]).grows


def test_memory_grows_above_five_mb_in_a_hundred_thousand_events() -> None:
    slow = trend(RSS_MB, [160 + 0.4 * n for n in range(8)])
    fast = trend(RSS_MB, [160 + 0.6 * n for n in range(8)])
    assert (slow.slope, slow.grows) == (pytest.approx(4.0), False)
    assert (fast.slope, fast.grows) == (pytest.approx(6.0), True)


def test_one_sample_says_nothing() -> None:
    assert not trend("tasks", [8]).grows
