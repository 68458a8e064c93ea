"""Stations that no screen shows: known after a while, told once a shift, remembered."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from kds.domain.absences import KEEP_EVERY, SHIFT, Absences, Screenless, read_moments, sort_out
from kds.domain.painted import Painted
from kds.domain.rows import Row
from kds.domain.screens import Screens
from kds.domain.sightings import Line
from tests.support.qt import NOON

STATIONS: dict[str, Row] = {
    key: {"id": key, "name": key.title()} for key in ("grill", "bar", "cellar")
}
STATIONS["cellar"]["unattended"] = True


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


class Till:
    """Listens from noon on, with what it kept in an earlier run."""

    def __init__(self, kept: Any = None) -> None:
        self.screens = Screens(silent=30)
        self.absences = Absences(self.screens)
        self.absences.load(read_moments(kept or {}))
        self.screens.listen(NOON)

    def hear(self, seconds: float, *stations: str) -> bool:
        """A screen speaks; whether that has to be kept."""
        said = Painted("k1", "Screen", frozenset(stations), "e1", 1, frozenset())
        self.screens.hear(said, at(seconds))
        return self.absences.look(STATIONS)

    def absent(self, seconds: float) -> set[str]:
        return {key for key in STATIONS if self.absences.is_absent(key, at(seconds))}

    def sort_out(self, seconds: float, *lines: tuple[str, str]) -> Any:
        late = [Line(f"{order}-{key}", order, key, NOON, own=True) for order, key in lines]
        return sort_out(late, STATIONS, self.absences, at(seconds))


def test_a_station_is_absent_when_those_that_are_there_have_had_time_to_speak() -> None:
    till = Till()
    till.hear(5, "grill")
    assert till.absences.known_at(at(5)) == at(30)
    assert till.absent(29) == set()
    assert till.absent(30) == {"bar", "cellar"}
    assert till.absences.known_at(at(30)) is None


def test_nothing_is_absent_while_nobody_can_be_heard() -> None:
    till = Till()
    till.screens.deafen()
    assert till.absent(600) == set()
    assert till.absences.known_at(at(600)) is None


def test_a_screen_that_went_in_this_shift_is_not_absent() -> None:
    till = Till()
    till.hear(5, "grill")
    shift = SHIFT.total_seconds()
    assert "grill" not in till.absent(4 + shift)
    assert "grill" in till.absent(5 + shift)


def test_it_is_known_after_a_restart_who_was_there() -> None:
    till = Till()
    assert till.hear(5, "grill")
    again = Till(till.absences.to_json())
    assert again.absent(60) == {"bar", "cellar"}
    assert again.absences.heard("grill") == at(5)
    assert again.absences.heard("bar") is None


def test_what_was_heard_is_kept_now_and_then() -> None:
    till = Till()
    assert till.hear(5, "grill")
    till.absences.to_json()
    assert not till.hear(15, "grill")
    assert till.hear(5 + KEEP_EVERY.total_seconds(), "grill")


@pytest.mark.parametrize(
    "kept", [[1], {"grill": 7}, {"grill": {"heard": None}}, {"grill": {"heard": "x", "told": None}}]
)
def test_what_an_earlier_run_cannot_have_left_is_not_read(kept: Any) -> None:
    with pytest.raises((LookupError, TypeError, ValueError)):
        read_moments(kept)


def test_orders_are_called_out_where_a_screen_was_and_stations_where_none_is() -> None:
    till = Till()
    till.hear(5, "grill")
    lines = [("o1", "bar"), ("o1", "grill"), ("o2", "bar"), ("o3", "cellar"), ("o4", "grill")]
    orders, screenless = till.sort_out(60, *lines)
    assert orders == ("o1", "o4")
    assert screenless == (Screenless("bar", "Bar", None, ("o1", "o2")),)


def test_before_it_is_known_every_order_is_called_out() -> None:
    assert Till().sort_out(29, ("o1", "bar"), ("o2", "cellar")) == (("o1",), ())


def test_a_person_is_told_of_a_station_once_a_shift() -> None:
    till = Till()
    till.absences.tell("bar", at(60))
    again = Till(till.absences.to_json())
    assert again.sort_out(3600, ("o1", "bar")) == ((), ())
    (found,) = again.sort_out(60 + SHIFT.total_seconds(), ("o2", "bar"))[1]
    assert found.station_id == "bar"


def test_a_screen_that_comes_and_goes_for_long_is_told_of_again() -> None:
    till = Till()
    till.absences.tell("bar", at(60))
    till.hear(70, "bar")
    later = 70 + SHIFT.total_seconds()
    assert till.sort_out(later, ("o1", "bar")) == (
        (),
        (Screenless("bar", "Bar", at(70), ("o1",)),),
    )
