"""What the connection panel says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from kds.session.metrics import ChannelInfo, LinkMetrics, SessionMetrics, Trend
from kds.session.status import Status
from kds.ui.shell.panel_words import (
    Reading,
    advice,
    channel_name,
    channel_word,
    compared_text,
    latency_figures,
    link_figures,
    ms_text,
    report,
    since_text,
    span_text,
    sync_figures,
    trend_text,
)

NOW = datetime(2026, 3, 14, 18, 30, tzinfo=UTC)
ROME = ZoneInfo("Europe/Rome")
BRANCH = "0b000000-0000-4000-8000-000000000001"
FLOOR = ChannelInfo(f"stream:floor:{BRANCH}", "joined", "high", "", 1)
GOOD = Status("connected", "", "excellent", 3.2, complete_to=4821, head=4821, verified=True)
LINK = LinkMetrics(
    latency_avg_ms=5.94,
    latency_p50_ms=5.0,
    latency_p95_ms=99.96,
    latency_p99_ms=1204.4,
    rtt_ms=3.21,
    messages_per_s=4.0,
    uptime_pct=99.999,
    reconnects=1,
)
FIGURES = SessionMetrics(LINK, 3, 1, 227.6, 10432, 4821, NOW - timedelta(minutes=27))


def reading(**changes: Any) -> Reading:
    at = NOW - timedelta(hours=2, minutes=5)
    return replace(Reading(GOOD, FIGURES, (FLOOR,), NOW, at, ROME), **changes)


def lines(figures: Any) -> list[str]:
    return [f"{one.name}: {one.value} {one.unit}".rstrip() for one in figures]


def test_the_time_of_a_state_is_the_branchs_and_says_how_long_ago_it_was() -> None:
    assert since_text(reading()) == "Since 17:25 (2 h 5 min)"
    assert since_text(reading(since=NOW - timedelta(days=3))) == "Since 11 Mar 19:30 (3 days)"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(-4, "0 s"), (5.4, "5 s"), (60, "1 min"), (7500, "2 h 5 min"), (48 * 3600, "2 days")],
)
def test_a_span_is_told_in_its_largest_unit(seconds: float, text: str) -> None:
    assert span_text(seconds) == text


@pytest.mark.parametrize(
    ("verified", "text"),
    [
        (True, "Compared with the server at 19:03: equal."),
        (False, "Compared with the server at 19:03: different. Everything is fetched again."),
        (None, "Compared with the server at 19:03; it goes on."),
    ],
)
def test_the_verdict_of_a_comparison_comes_with_its_time(verified: bool | None, text: str) -> None:
    assert compared_text(reading(status=replace(GOOD, verified=verified))) == text


def test_nothing_is_called_equal_before_it_was_compared() -> None:
    fresh = reading(metrics=replace(FIGURES, compared_at=None))
    assert compared_text(fresh) == "Not compared with the server yet."


def test_every_figure_has_its_unit() -> None:
    assert lines(link_figures(reading())) == [
        "Quality: excellent",
        "Round trip: 3.2 ms",
        "Messages: 4.0 a second",
        "Connected: 99.99 % of the time",
        "Came back: 1 time",
    ]
    assert lines(latency_figures(reading())) == [
        "Average: 5.9 ms",
        "Half within: 5.0 ms",
        "95 % within: 100 ms",
        "99 % within: 1,204 ms",
    ]
    assert lines(sync_figures(reading())) == [
        "Waiting to be sent: 3",
        "Refused: 1",
        "Kept on this terminal: 10,432 rows",
        "Memory: 228 MB",
    ]


def test_what_was_not_measured_is_a_dash() -> None:
    nothing = reading(metrics=SessionMetrics(LinkMetrics()))
    assert {one.value for one in latency_figures(nothing)} == {"–"}
    assert "Memory: – MB" in lines(sync_figures(nothing))
    assert "Connected: – % of the time" in lines(link_figures(nothing))


def test_all_of_the_time_is_a_hundred_percent() -> None:
    always = reading(metrics=replace(FIGURES, link=replace(LINK, uptime_pct=100.0)))
    assert "Connected: 100.00 % of the time" in lines(link_figures(always))


@pytest.mark.parametrize(
    ("ms", "text"), [(None, "–"), (0.04, "0.0"), (99.94, "99.9"), (250, "250")]
)
def test_milliseconds_have_a_digit_more_where_it_matters(ms: float | None, text: str) -> None:
    assert ms_text(ms) == text


@pytest.mark.parametrize(
    ("trend", "text"),
    [("rising", "↗ slower"), ("steady", "→ steady"), ("falling", "↘ faster")],
)
def test_the_trend_is_an_arrow_and_a_word(trend: Trend, text: str) -> None:
    assert trend_text(trend) == text


@pytest.mark.parametrize(
    ("topic", "name"),
    [
        (f"stream:floor:{BRANCH}", "Orders, menu and stock"),
        (f"stream:office:{BRANCH}", "Money and staff"),
        (f"branch:{BRANCH}", "Who is here"),
        ("table:weather", "table:weather"),
    ],
)
def test_a_channel_is_named_by_what_comes_by_it(topic: str, name: str) -> None:
    assert channel_name(topic) == name


def test_a_refused_channel_is_told_with_the_servers_words_and_what_to_do() -> None:
    refused = replace(FLOOR, state="refused", problem="You are not allowed to read this.")
    word = channel_word(refused, GOOD)
    assert (word.text, word.shape) == ("Refused", "cross")
    assert word.detail == "You are not allowed to read this."
    assert advice(reading(channels=(refused,))) == (
        "“Orders, menu and stock” is not live: news of it comes later. "
        "If it stays so, copy the report for support.",
    )


def test_a_channel_waits_while_there_is_no_connection() -> None:
    away = replace(GOOD, link="reconnecting")
    joining = replace(FLOOR, state="joining", problem="The connection was lost.")
    assert channel_word(joining, away).text == "Waiting"
    assert channel_word(joining, GOOD).detail == "The connection was lost."
    assert channel_word(replace(FLOOR, problem="Once it failed."), GOOD).detail == ""


@pytest.mark.parametrize(
    ("offset", "text"),
    [(180.0, "3 min behind"), (-7500.0, "2 h 5 min ahead of"), (2.4, "2 s behind")],
)
def test_a_clock_that_is_off_is_told(offset: float, text: str) -> None:
    assert advice(reading(metrics=replace(FIGURES, server_offset_s=offset))) == (
        f"This terminal's clock is {text} the restaurant's: ages are right, its own clock is not. "
        "Set it by the network.",
    )


def test_there_is_no_advice_when_all_is_well() -> None:
    assert advice(reading(metrics=replace(FIGURES, server_offset_s=-1.9))) == ()


def test_a_lost_connection_comes_with_what_to_check() -> None:
    away = replace(GOOD, link="reconnecting", problem="The server cannot be reached.", blocked=1)
    assert advice(reading(status=away)) == (
        "The server cannot be reached.",
        "Check the network and that the hub is on. What you do here is kept.",
        "Tap the refused ones in the top bar: the server did not take them.",
    )
    assert len(advice(reading(status=replace(away, polling=True, blocked=0)))) == 1


def test_the_report_has_all_of_it_as_plain_text() -> None:
    refused = replace(FLOOR, state="refused", problem="Not allowed.")
    text = report(reading(channels=(refused,)), terminal="Front till (pos, A)", version="0.1.0")
    assert text.splitlines()[:4] == [
        "kds 0.1.0, Front till (pos, A)",
        "2026-03-14T18:30:00+00:00 (server's time)",
        "Connection: Connected · excellent · 3 ms. Since 17:25 (2 h 5 min)",
        "Complete to #4,821. Compared with the server at 19:03: equal.",
    ]
    assert f"Channel stream:floor:{BRANCH}: refused, high (Not allowed.)" in text
    assert "waiting to be sent 3, refused 1" in text
    assert "! “Orders, menu and stock” is not live" in text
