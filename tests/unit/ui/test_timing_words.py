"""When an order is to be ready, in words."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from kds.domain.quote import Quote
from kds.ui.pos.timing_words import clock_time, quote_words

NOW = datetime(2026, 11, 21, 18, 30, tzinfo=ZoneInfo("Europe/Berlin"))


@pytest.mark.parametrize("text", ["19:30", "1930", " 19.30 ", "19 30", "19h30"])
def test_a_time_is_read_however_it_is_typed(text: str) -> None:
    assert clock_time(text, NOW) == NOW.replace(hour=19, minute=30)


def test_a_time_that_has_passed_is_tomorrow_s() -> None:
    assert clock_time("9", NOW) == NOW.replace(day=22, hour=9, minute=0)


@pytest.mark.parametrize("text", ["", "soon", "24:00", "19:60", "19:3", "-1"])
def test_what_is_no_time_of_the_day_is_none(text: str) -> None:
    assert clock_time(text, NOW) is None


def test_a_quote_is_told_in_minutes() -> None:
    assert quote_words(Quote(840, 1320)) == "about 14 min, 22 at most"
    assert quote_words(Quote(840, 850)) == "about 14 min"
    assert quote_words(Quote(5, 10)) == "about 1 min"
    assert quote_words(None) == ""
