"""Courses wait for each other, or for a person; dishes of one end together."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.restaurant import new_line
from tests.support.service import House, reason


def course(number: int, line_id: str = "", **fields: Any) -> dict[str, Any]:
    return new_line(line_id or f"c{number}", course=number, **fields)


def dinner(pacing: str = "auto", **order: Any) -> House:
    house = House()
    house.place(course(1), course(2), course(3), pacing=pacing, **order)
    return house


def held(house: House) -> list[str]:
    return [pk for pk, line in house.tables["order_lines"].items() if line["held"]]


def fire_at(house: House, line_id: str) -> str | None:
    moment = house.line(line_id)["fire_at"]
    return None if moment is None else str(moment)


class TestHolding:
    @pytest.mark.parametrize("pacing", ["auto", "manual"])
    def test_all_but_the_first_course_wait(self, pacing: str) -> None:
        assert held(dinner(pacing)) == ["c2", "c3"]

    def test_nothing_waits_in_an_order_that_is_made_at_once(self) -> None:
        assert held(dinner("at_once")) == []

    def test_the_first_course_is_the_lowest_there_is(self) -> None:
        house = House()
        house.place(course(3), course(2), pacing="auto")
        assert held(house) == ["c3"]

    def test_a_line_that_comes_later_waits_for_what_is_open_before_it(self) -> None:
        house = dinner("manual")
        house.add(course(1, "more1"), course(2, "more2"))
        assert held(house) == ["c2", "c3", "more2"]

    def test_a_line_that_comes_later_waits_with_its_course(self) -> None:
        house = dinner("manual")
        house.on("bump", "c1")
        house.add(course(2, "more"))
        assert held(house) == ["c2", "c3", "more"]

    def test_a_line_of_a_course_that_is_being_made_joins_it(self) -> None:
        house = dinner("manual")
        house.on("bump", "c1")
        house.do("fire", order_id="o1", course=2)
        house.add(course(2, "more"))
        assert held(house) == ["c3"]

    def test_what_is_not_begun_can_be_held(self) -> None:
        house = dinner("at_once")
        house.on("start", "c1")
        house.on("bump", "c2")
        house.do("hold", order_id="o1")
        assert held(house) == ["c3"]
        assert house.do("hold", order_id="o1", course=3) == ()

    def test_one_course_can_be_held(self) -> None:
        house = dinner("at_once")
        house.do("hold", order_id="o1", course=2)
        assert held(house) == ["c2"]


class TestFiring:
    def test_a_course_is_fired_by_hand(self) -> None:
        house = dinner("manual")
        house.do("fire", order_id="o1", course=3)
        assert held(house) == ["c2"]
        assert fire_at(house, "c3") == house.at
        assert house.do("fire", order_id="o1", course=3) == ()

    def test_every_course_is_fired_when_none_is_named(self) -> None:
        house = dinner("manual")
        house.do("fire", order_id="o1", course=None)
        assert held(house) == []

    def test_a_course_is_a_number(self) -> None:
        house = dinner()
        assert reason(house.do("fire", order_id="o1", course="2")) == (
            "course must be a whole number"
        )
        assert reason(house.do("hold", order_id="o9")) == "unknown order"

    @pytest.mark.parametrize("kind", ["start", "bump"])
    def test_what_a_cook_makes_is_fired(self, kind: str) -> None:
        house = dinner("manual")
        house.on(kind, "c3")
        assert held(house) == ["c2"]
        assert fire_at(house, "c3") == house.at

    def test_what_goes_is_not_fired(self) -> None:
        house = dinner("manual")
        house.do("void_line", order_id="o1", line_id="c2", reason="")
        house.do("fire", order_id="o1")
        assert fire_at(house, "c2") is None


class TestAuto:
    def test_the_next_course_is_fired_when_the_one_before_it_is_ready(self) -> None:
        house = dinner()
        house.add(course(1, "more"))
        house.on("bump", "c1")
        assert held(house) == ["c2", "c3"]
        house.on("bump", "more")
        assert held(house) == ["c3"]
        assert fire_at(house, "c2") == house.at

    def test_a_void_can_be_the_last_of_a_course(self) -> None:
        house = dinner()
        house.do("void_line", order_id="o1", line_id="c1", reason="")
        assert held(house) == ["c3"]

    def test_a_stop_on_the_way_fires_nothing(self) -> None:
        house = House()
        route = [{"station_id": "oven", "stage": 1}, {"station_id": "cut", "stage": 2}]
        house.place(course(1, route=route), course(2), pacing="auto")
        house.on("bump", "c1", stations=["oven"])
        assert held(house) == ["c2"]
        house.on("bump", "c1", stations=["cut"])
        assert held(house) == []

    def test_by_hand_nothing_is_fired_on_its_own(self) -> None:
        house = dinner("manual")
        house.on("bump", "c1")
        assert held(house) == ["c2", "c3"]

    def test_a_first_course_that_somebody_holds_stays_held(self) -> None:
        house = House()
        house.place(course(1, "soup"), course(1, "salad"), pacing="auto")
        house.do("hold", order_id="o1")
        house.do("void_line", order_id="o1", line_id="salad", reason="")
        assert held(house) == ["soup", "salad"]

    def test_a_later_course_that_is_done_early_fires_nothing(self) -> None:
        house = dinner()
        house.on("bump", "c2")
        assert held(house) == ["c3"]
        house.on("bump", "c1")
        assert held(house) == []


class TestTogether:
    def test_shorter_dishes_of_a_course_are_begun_later(self) -> None:
        house = House()
        house.place(
            course(1, "roast", prep_s=600),
            course(1, "pasta", prep_s=480),
            course(1, "bread", prep_s=120),
            course(1, "wine"),  # nobody knows how long it takes
            course(2, "sorbet", prep_s=30),
            together=True,
        )
        assert fire_at(house, "roast") is None
        assert fire_at(house, "pasta") == "2026-11-21T08:03:00+00:00"
        assert fire_at(house, "bread") == "2026-11-21T08:09:00+00:00"
        assert fire_at(house, "wine") is None
        assert fire_at(house, "sorbet") is None

    def test_without_it_all_are_begun_when_they_are_sent(self) -> None:
        house = House()
        house.place(course(1, "roast", prep_s=600), course(1, "pasta", prep_s=480))
        assert fire_at(house, "pasta") is None

    def test_a_fired_course_ends_together_too(self) -> None:
        house = House()
        house.place(
            course(1),
            course(2, "roast", prep_s=600),
            course(2, "pasta", prep_s=570),
            pacing="auto",
            together=True,
        )
        assert [fire_at(house, pk) for pk in ("roast", "pasta")] == [None, None]
        house.on("bump", "c1")
        assert fire_at(house, "roast") == house.at
        assert fire_at(house, "pasta") == "2026-11-21T08:02:30+00:00"

    def test_what_is_begun_before_its_time_is_fired_then(self) -> None:
        house = House()
        house.place(course(1, "roast", prep_s=600), course(1, "bread", prep_s=9), together=True)
        house.on("start", "bread")
        assert fire_at(house, "bread") == house.at
