"""What the replay says of days, deeds and jams, and which deeds it lists."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kds.domain.replay.deeds import Deed, deeds_of
from kds.session.replay import Service
from kds.ui.replay.words import (
    choices,
    chosen_deeds,
    day_words,
    deed_hint,
    jam_words,
    load_words,
    plain,
    sentence,
    short_day,
    speed_words,
)
from tests.support.replay import START, evening

NOW = datetime(2026, 11, 26, 22, 0, tzinfo=UTC)


def service(day: date, *, hours_ago: float) -> Service:
    end = NOW - timedelta(hours=hours_ago)
    return Service(day, 1, end - timedelta(hours=2), end)


def test_the_latest_hours_are_offered_while_they_have_something() -> None:
    today, old = service(date(2026, 11, 26), hours_ago=2), service(date(2026, 11, 20), hours_ago=99)
    titles = [choice.title for choice in choices([today, old], NOW, UTC)]
    assert titles == ["The last 4 hours", "Today", "Friday 20 November"]
    assert choices([old], NOW, UTC)[0].value == "1 order"
    assert choices([], NOW, UTC) == ()


def test_days_are_named_by_the_branch_s_own_calendar() -> None:
    assert day_words(date(2026, 11, 25), date(2026, 11, 26)) == "Yesterday"
    late = datetime(2026, 11, 26, 23, 30, tzinfo=UTC)
    assert short_day(late, ZoneInfo("Europe/Berlin")) == "Fri 27 Nov"
    (choice,) = choices([service(date(2026, 11, 27), hours_ago=99)], late, ZoneInfo("Asia/Tokyo"))
    assert choice.title == "Today"


@pytest.mark.parametrize(
    ("number", "found"), [("A-017", "a17"), ("a17", "a17"), ("17", ""), ("mia", ""), ("", "")]
)
def test_an_order_number_is_known_however_it_is_typed(number: str, found: str) -> None:
    assert plain(number) == found


def test_a_number_finds_its_order_alone_and_words_find_what_has_them() -> None:
    deeds = deeds_of(evening().timeline())
    numbers = {plain(deed.number): deed.order_ids[0] for deed in deeds}

    def places(typed: str, station: str = "") -> list[int]:
        return [deed.place for deed in chosen_deeds(deeds, typed, station, numbers)]

    assert places("a-3") == [4, 5, 7]
    assert places(" BUMPED ") == [3, 6, 7]
    assert places("", "grill") == [1, 2, 3, 4, 5, 6, 7]
    assert places("", "cold") == []


def test_a_deed_says_when_and_by_whom_and_if_it_came_late() -> None:
    deed = Deed(1, START, "Oven 1", "bumped A-017")
    assert (sentence(deed), deed_hint(deed, UTC)) == ("Bumped A-017", "19:00:00 · Oven 1")
    late = Deed(1, START, "Oven 1", "bumped A-017", tapped_at=START - timedelta(minutes=3))
    assert deed_hint(late, UTC) == "19:00:00 · Oven 1 · tapped 18:57:00, sent late"


def test_figures_are_words() -> None:
    assert (speed_words(0.5), speed_words(30.0)) == ("0.5×", "30×")
    assert load_words(1, 0) == "1 line open"
    assert load_words(31, 4) == "31 lines open, 4 late"
    assert jam_words(None, UTC) == "Nothing was late"
    assert jam_words((START, 12, 31), UTC) == "Worst at 19:00: 12 late"
