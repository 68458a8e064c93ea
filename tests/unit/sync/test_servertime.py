"""What time it is there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from kds.sync.servertime import ServerTime

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def later(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def test_without_an_answer_the_own_clock_counts() -> None:
    assert ServerTime(NOON, 50.0).now(51.0) == later(1)


def test_what_was_known_before_the_start_counts() -> None:
    assert ServerTime(NOON, 50.0, offset_s=60.0).now(50.0) == later(60)


def test_an_answer_is_taken_to_be_of_the_middle_of_the_round_trip() -> None:
    time = ServerTime(NOON, 50.0)
    time.sample(later(10), sent=51.0, received=53.0)
    assert time.now(53.0) == later(11)
    assert time.offset_s(later(3), 53.0) == 8.0


def test_the_quickest_of_the_last_answers_counts() -> None:
    time = ServerTime(NOON, 0.0)
    time.sample(later(10), sent=0.0, received=0.1)
    time.sample(later(12), sent=1.0, received=3.0)
    assert time.offset_s(later(0), 0.0) == 9.95
    for _ in range(8):
        time.sample(later(12), sent=1.0, received=3.0)
    assert time.offset_s(later(0), 0.0) == 10.0


def test_it_never_goes_back() -> None:
    time = ServerTime(NOON, 0.0)
    assert time.now(10.0) == later(10)
    time.sample(later(5), sent=10.0, received=10.0)
    assert time.now(11.0) == later(10)
    assert time.now(16.0) == later(11)


def test_after_a_sleep_the_next_answer_counts_however_slow() -> None:
    time = ServerTime(NOON, 0.0)
    time.sample(later(0), sent=0.0, received=0.0)
    time.forget()
    time.sample(later(3600), sent=0.0, received=2.0)
    assert time.now(1.0) == later(3600)
