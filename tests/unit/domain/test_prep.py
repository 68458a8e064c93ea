"""The kitchen's times, summed up."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kds.domain.prep import (
    NOBODY,
    Days,
    House,
    Made,
    Report,
    Timing,
    matches,
    percentile,
    timing,
    timings,
)

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
STATIONS = {
    "grill": {"id": "grill", "name": "Grill", "late_after_s": 480},
    "cold": {"id": "cold", "name": "Cold", "late_after_s": 120},
}
MENU = {"steak": {"id": "steak", "late_after_s": 900}, "soup": {"id": "soup", "late_after_s": None}}
HOUSE = House(STATIONS, MENU, BERLIN)


def made(took_s: float = 300, **fields: object) -> Made:
    due = fields.pop("due_at", NOON)
    assert isinstance(due, datetime)
    known: dict[str, object] = {
        "line_id": "l1",
        "item_id": "soup",
        "name": "Soup",
        "variant": "",
        "qty": 1,
        "station_id": "grill",
        "order_type": "dine_in",
        "course": 1,
        "made_by": "Mia",
        "number": "A-001",
        "started_at": None,
        "placed_at": due,
        "order_ready_at": None,
        "handed_at": None,
        **fields,
    }
    ready = due + timedelta(seconds=took_s)
    return Made(due_at=due, ready_at=ready, **known)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("values", "share", "found"),
    [([7], 0.9, 7), ([1, 3], 0.5, 2), ([0, 10], 0.9, 9), (list(range(101)), 0.9, 90)],
)
def test_percentiles_are_interpolated(values: list[float], share: float, found: float) -> None:
    assert percentile(values, share) == pytest.approx(found)


def test_nothing_has_no_percentile() -> None:
    with pytest.raises(ValueError, match="nothing"):
        percentile([], 0.5)


@given(st.lists(st.integers(0, 10_000), min_size=1), st.floats(0, 1))
def test_a_percentile_lies_between_the_least_and_the_most(values: list[int], share: float) -> None:
    ordered = sorted(values)
    assert ordered[0] <= percentile(ordered, share) + 1e-6
    assert percentile(ordered, share) <= ordered[-1] + 1e-6


def test_a_clock_that_ran_ahead_makes_no_dish_finish_before_it_began() -> None:
    assert made(-30).took_s == 0


def test_a_dish_is_late_by_its_own_limit_else_by_that_of_its_station() -> None:
    assert HOUSE.is_late(made(480))
    assert not HOUSE.is_late(made(479))
    assert not HOUSE.is_late(made(899, item_id="steak"))
    assert HOUSE.is_late(made(120, station_id="cold"))
    assert HOUSE.late_after_s(made(station_id="gone")) == 480


def test_dishes_are_summed_up_by_what_one_asks_for() -> None:
    dishes = [
        made(100),
        made(300),
        made(500, item_id="steak", name="Steak", station_id="cold", made_by=""),
        made(700, due_at=NOON + timedelta(hours=1), made_by="Kim"),
    ]
    assert timings(dishes, "item", HOUSE) == (
        Timing("soup", "Soup", 3, 300, 620, 1),
        Timing("steak", "Steak", 1, 500, 500, 0),
    )
    names = {by: [one.name for one in timings(dishes, by, HOUSE)] for by in ("station", "cook")}  # type: ignore[arg-type]
    assert names == {"station": ["Cold", "Grill"], "cook": ["Kim", "Mia", NOBODY]}
    hours = [(one.key, one.name, one.n) for one in timings(dishes, "hour", HOUSE)]
    assert hours == [("13", "13:00", 3), ("14", "14:00", 1)]


def test_a_renamed_item_goes_by_its_last_name_and_a_removed_station_by_its_id() -> None:
    dishes = [made(name="Soup"), made(name="Soup of the day", station_id="old")]
    assert [one.name for one in timings(dishes, "item", HOUSE)] == ["Soup of the day"]
    assert [one.name for one in timings(dishes, "station", HOUSE)] == ["Grill", "old"]


def test_of_no_dishes_there_is_nothing_to_say() -> None:
    assert timing("", "", [], HOUSE) is None
    report = Report.of([], HOUSE)
    assert report.total is None
    assert report.by == {"item": (), "station": (), "hour": (), "cook": ()}


def test_the_late_share_is_of_what_was_made() -> None:
    assert timing("k", "K", [made(100), made(500), made(600), made(700)], HOUSE) == Timing(
        "k", "K", 4, 550, 670, 3
    )
    assert Timing("k", "K", 4, 0, 0, 3).late_share == 0.75
    assert Timing("k", "K", 0, 0, 0, 0).late_share == 0.0


def test_a_search_wants_every_word_in_any_order() -> None:
    one = Timing("k", "Grüne Käsesuppe", 1, 1, 1, 0)
    assert matches(one, "suppe GRÜ")
    assert matches(one, " ")
    assert not matches(one, "grüne bohnen")


class TestDays:
    TODAY = date(2026, 11, 21)

    def test_spans_end_today_or_yesterday(self) -> None:
        spans = [Days.of(span, self.TODAY) for span in ("today", "yesterday", "week", "month")]
        assert [(one.first.day, one.first.month, one.last.day) for one in spans] == [
            (21, 11, 21),
            (20, 11, 20),
            (15, 11, 21),
            (25, 10, 21),
        ]

    def test_a_day_runs_from_midnight_to_midnight_of_the_branch_also_when_clocks_change(
        self,
    ) -> None:
        start, end = Days(date(2026, 10, 25), date(2026, 10, 25)).bounds(BERLIN)
        assert end.astimezone(UTC) - start.astimezone(UTC) == timedelta(hours=25)
        assert start.isoformat() == "2026-10-25T00:00:00+02:00"

    def test_ends_that_would_cross_take_each_other_along(self) -> None:
        days = Days(date(2026, 11, 1), date(2026, 11, 5))
        assert days.beginning(date(2026, 11, 9)) == Days(date(2026, 11, 9), date(2026, 11, 9))
        assert days.beginning(date(2026, 10, 9)) == Days(date(2026, 10, 9), date(2026, 11, 5))
        assert days.ending(date(2026, 10, 9)) == Days(date(2026, 10, 9), date(2026, 10, 9))
        assert days.ending(date(2026, 11, 9)) == Days(date(2026, 11, 1), date(2026, 11, 9))
