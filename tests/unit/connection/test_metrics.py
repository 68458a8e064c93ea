"""The figures of the link: what is counted, over which time, and what they say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kds.connection.link import Link
from kds.connection.metrics import (
    LATEST,
    MOST_SAMPLES,
    WINDOW_S,
    LinkMetrics,
    Metrics,
    percentile,
    trend_of,
)
from kds.connection.signals import Moment

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
UP = Link("connected", "", "excellent", 3.5)
TRYING = Link("reconnecting", "offline")
STOPPED = Link()


def at(mono: float) -> Moment:
    return Moment(mono, NOON + timedelta(seconds=mono))


def test_nothing_is_made_up_where_nothing_was_measured() -> None:
    assert Metrics().snapshot(100, 0) == LinkMetrics()


def test_latencies_are_told_as_average_and_percentiles() -> None:
    metrics = Metrics()
    for ms in range(1, 101):
        metrics.event(float(ms), 10.0)
    seen = metrics.snapshot(11, 0)
    assert seen.latency_avg_ms == 50.5
    assert (seen.latency_p50_ms, seen.latency_p95_ms, seen.latency_p99_ms) == (50, 95, 99)


def test_a_negative_latency_counts_as_none() -> None:
    metrics = Metrics()
    metrics.event(-8.0, 1)
    assert metrics.snapshot(1, 0).latency_p50_ms == 0.0


def test_samples_older_than_the_window_count_no_more() -> None:
    metrics = Metrics()
    metrics.event(900.0, 0)
    metrics.event(4.0, 200)
    assert metrics.snapshot(WINDOW_S, 0).latency_p99_ms == 900.0
    assert metrics.snapshot(WINDOW_S + 1, 0).latency_p99_ms == 4.0
    assert metrics.snapshot(2 * WINDOW_S + 1, 0).latency_avg_ms is None


def test_the_newest_thousand_samples_are_kept() -> None:
    metrics = Metrics()
    for n in range(MOST_SAMPLES):
        metrics.event(900.0, n / 1000)
    for n in range(MOST_SAMPLES):
        metrics.event(4.0, 1 + n / 1000)
    assert metrics.snapshot(2, 0).latency_p99_ms == 4.0


@pytest.mark.parametrize(
    ("samples", "trend"),
    [
        ([], "steady"),
        ([1.0] * 4 + [50.0] * 4, "steady"),  # too few to say
        ([10.0] * 10 + [14.0] * 10, "rising"),
        ([14.0] * 10 + [10.0] * 10, "falling"),
        ([10.0] * 10 + [11.5] * 10, "steady"),
        ([0.5] * 10 + [1.5] * 10, "steady"),  # three times as long, and yet nothing
        ([10.0] * 19 + [4000.0], "steady"),  # one outlier is no trend
    ],
)
def test_the_trend_compares_the_newer_half_with_the_older(samples: list[float], trend: str) -> None:
    assert trend_of(samples) == trend


def test_a_percentile_is_a_value_that_was_there() -> None:
    assert percentile([], 50) is None
    assert percentile([7.0], 99) == 7.0
    assert percentile([1.0, 2.0], 50) == 1.0
    assert percentile([1.0, 2.0], 51) == 2.0
    assert percentile([1.0, 2.0], 0) == 1.0


def test_messages_are_counted_both_ways_over_the_last_ten_whole_seconds() -> None:
    metrics = Metrics()
    for n in range(30):
        metrics.received(100 + n / 10)
    for _ in range(20):
        metrics.sent(105.5)
    assert metrics.snapshot(106, 0).messages_per_s == 5.0
    assert metrics.snapshot(111, 0).messages_per_s == 4.0  # those of second 100 are too old
    assert metrics.snapshot(116, 0).messages_per_s == 0.0
    seen = metrics.snapshot(500, 3)
    assert (seen.messages_in, seen.messages_out, seen.subscriptions) == (30, 20, 3)


def test_the_second_under_way_does_not_count_yet() -> None:
    metrics = Metrics()
    metrics.received(100.2)
    assert metrics.snapshot(100.9, 0).messages_per_s == 0.0


def test_uptime_is_the_share_of_the_time_that_the_link_was_wanted() -> None:
    metrics = Metrics()
    metrics.link(Link("connecting", ""), at(1000))
    assert metrics.snapshot(1000, 0).uptime_pct is None
    metrics.link(UP, at(1010))
    assert metrics.snapshot(1020, 0).uptime_pct == 50.0
    metrics.link(STOPPED, at(1040))
    assert metrics.snapshot(9000, 0).uptime_pct == 75.0
    metrics.link(TRYING, at(9000))
    assert metrics.snapshot(9020, 0).uptime_pct == 50.0


def test_uptime_is_the_same_however_often_it_is_asked_for() -> None:
    metrics = Metrics()
    metrics.link(UP, at(0))
    metrics.link(TRYING, at(30))
    readings = [metrics.snapshot(second, 0).uptime_pct for second in (40, 50, 60)]
    assert readings == [75.0, 60.0, 50.0]


def test_coming_back_is_counted_and_the_first_time_is_not() -> None:
    metrics = Metrics()
    metrics.link(UP, at(1))
    assert metrics.snapshot(1, 0).reconnects == 0
    for second in (10, 20):
        metrics.link(TRYING, at(second))
        metrics.link(UP, at(second + 1))
        metrics.link(Link("connected", "", "good", 150), at(second + 2))
    seen = metrics.snapshot(30, 0)
    assert (seen.reconnects, seen.rtt_ms) == (2, 150)
    assert seen.connected_since == NOON + timedelta(seconds=21)


def test_a_lost_link_has_no_round_trip_and_no_beginning() -> None:
    metrics = Metrics()
    metrics.link(UP, at(1))
    assert metrics.snapshot(1, 0).rtt_ms == 3.5
    metrics.link(TRYING, at(2))
    seen = metrics.snapshot(3, 0)
    assert (seen.rtt_ms, seen.connected_since) == (None, None)


def test_the_newest_latencies_are_told_one_by_one_oldest_first() -> None:
    metrics = Metrics()
    for ms in range(LATEST + 3):
        metrics.event(float(ms), 10.0)
    assert metrics.snapshot(11, 0).latest_ms == tuple(map(float, range(3, LATEST + 3)))
    assert metrics.snapshot(11 + WINDOW_S, 0).latest_ms == ()
