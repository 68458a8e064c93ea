"""Instants: their text is PostgreSQL's own, and a test's clock moves only when told to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kds.base.clock import ManualClock, SystemClock, from_iso, to_iso

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        (NOON, "2026-11-21T12:00:00+00:00"),
        (NOON.replace(microsecond=120_000), "2026-11-21T12:00:00.12+00:00"),
        (NOON.replace(microsecond=1), "2026-11-21T12:00:00.000001+00:00"),
        (NOON.replace(second=10), "2026-11-21T12:00:10+00:00"),
        (
            datetime(2026, 11, 21, 13, 30, tzinfo=timezone(timedelta(hours=1, minutes=30))),
            "2026-11-21T12:00:00+00:00",
        ),
    ],
)
def test_an_instant_is_written_as_postgresql_writes_it(instant: datetime, text: str) -> None:
    assert to_iso(instant) == text


@given(st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2200, 1, 1)))  # noqa: DTZ001
def test_text_and_instant_are_the_same_thing(naive: datetime) -> None:
    instant = naive.replace(tzinfo=UTC)
    assert from_iso(to_iso(instant)) == instant


def test_an_offset_is_turned_into_utc() -> None:
    assert from_iso("2026-11-21T13:00:00+01:00") == NOON
    assert from_iso("2026-11-21T13:00:00+01:00").tzinfo is UTC


@pytest.mark.parametrize("text", ["2026-11-21T12:00:00", "noon", ""])
def test_a_time_without_a_place_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"offset|isoformat"):
        from_iso(text)


def test_a_manual_clock_moves_only_when_told_to() -> None:
    clock = ManualClock(NOON)
    assert (clock.now(), clock.monotonic()) == (NOON, 0.0)
    clock.advance(1.5)
    assert (clock.now(), clock.monotonic()) == (NOON + timedelta(seconds=1.5), 1.5)


def test_a_manual_clock_never_goes_back() -> None:
    with pytest.raises(ValueError, match="forward"):
        ManualClock(NOON).advance(-1)


def test_the_system_clock_is_aware_and_does_not_fall() -> None:
    clock = SystemClock()
    assert clock.now().tzinfo is UTC
    assert clock.monotonic() <= clock.monotonic()
