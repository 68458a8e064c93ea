"""The one memory of announcements: who said what last, and who is gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from kds.domain.painted import Painted
from kds.domain.screens import MOST_SCREENS, Screens
from tests.support.qt import NOON

OVEN = Painted("k1", "Oven screen", frozenset({"oven"}), "e1", 57, frozenset({"o1"}))
BAR = replace(OVEN, device_id="k2")


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def test_the_last_word_of_a_screen_counts() -> None:
    screens = Screens(silent=30)
    screens.hear(OVEN, at(0))
    screens.hear(BAR, at(1))
    screens.hear(replace(OVEN, rev=58), at(2))
    assert list(screens.said) == [(BAR, at(1)), (replace(OVEN, rev=58), at(2))]


def test_the_screens_heard_last_are_kept() -> None:
    screens = Screens(silent=30)
    for number in range(MOST_SCREENS + 1):
        screens.hear(replace(OVEN, device_id=f"k{number}"), at(number))
    assert len(screens.said) == MOST_SCREENS
    assert next(iter(screens.said))[0].device_id == "k1"


def test_a_screen_that_says_goodbye_says_nothing_any_more() -> None:
    screens = Screens(silent=30)
    screens.hear(OVEN, at(0))
    screens.close("k1", at(5))
    screens.close("unknown", at(6))
    assert (list(screens.said), list(screens.closed)) == ([], [(OVEN, at(5))])
    screens.hear(OVEN, at(7))
    assert (list(screens.said), list(screens.closed)) == ([(OVEN, at(7))], [])


def test_the_last_goodbyes_are_kept() -> None:
    screens = Screens(silent=30)
    for number in range(MOST_SCREENS + 1):
        screens.hear(replace(OVEN, device_id=f"k{number}"), at(number))
        screens.close(f"k{number}", at(number))
    assert len(screens.closed) == MOST_SCREENS


def test_a_screen_is_gone_after_its_silence() -> None:
    screens = Screens(silent=30)
    screens.listen(at(0))
    assert screens.gone_at(at(5), at(600)) == at(35)


def test_silence_counts_from_the_moment_that_it_can_be_heard() -> None:
    screens = Screens(silent=30)
    screens.listen(at(0))
    screens.deafen()
    assert not screens.listening
    assert screens.gone_at(at(5), at(600)) == at(630)
    screens.listen(at(600))
    assert screens.listening
    assert screens.gone_at(at(5), at(601)) == at(630)


def test_it_is_known_since_when_anybody_could_be_heard() -> None:
    screens = Screens(silent=30)
    assert screens.listening_since is None
    screens.listen(at(5))
    screens.deafen()
    screens.listen(at(60))
    assert screens.listening_since == at(5)
