"""What a manager may set of a station, the branch and a dish, and how that is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from kds.domain.setup import nobody_makes, span, stations_set_up, told
from kds.domain.verbs.setup import refusal
from tests.support.restaurant import BRANCH
from tests.support.service import House, Result, reason


@pytest.fixture
def house() -> House:
    return House()


def set_up(house: House, table: str, pk: str, **values: Any) -> Result:
    return house.do("set_up", table=table, id=pk, values=values)


class TestSettings:
    @pytest.mark.parametrize(
        ("table", "pk", "values"),
        [
            ("stations", "grill", {"name": "Ofen", "position": 3, "stage": 2}),
            ("stations", "grill", {"warn_after_s": 600, "late_after_s": 601}),
            ("stations", "grill", {"late_after_s": 301}),
            ("stations", "grill", {"backup_id": "cold", "unattended": True}),
            ("stations", "grill", {"categories": ["salad"], "items": [], "modifiers": ["x"]}),
            ("branches", BRANCH, {"name": "Südbahnhof", "expo_stages": 2}),
            ("menu_items", "caesar", {"prep_s": 240, "warn_after_s": 60, "late_after_s": 90}),
            ("menu_items", "caesar", {"prep_s": 0, "warn_after_s": None, "late_after_s": 90}),
        ],
    )
    def test_what_is_named_is_set_and_nothing_else(
        self, house: House, table: str, pk: str, values: Mapping[str, Any]
    ) -> None:
        before = house.tables[table][pk]
        set_up(house, table, pk, **values)
        assert house.tables[table][pk] == {**before, **values}
        assert set_up(house, table, pk, **values) == ()

    def test_nothing_named_is_nothing_done(self, house: House) -> None:
        assert set_up(house, "stations", "grill") == ()

    def test_a_stand_in_is_taken_away(self, house: House) -> None:
        set_up(house, "stations", "grill", backup_id="cold")
        set_up(house, "stations", "grill", backup_id=None)
        assert house.tables["stations"]["grill"]["backup_id"] == ""

    def test_an_order_type_that_is_not_named_keeps_its_ages(self, house: House) -> None:
        set_up(house, "branches", BRANCH, type_ages={"dine_in": [300, 480]})
        set_up(house, "branches", BRANCH, type_ages={"delivery": [600, 900]})
        set_up(house, "branches", BRANCH, type_ages={"dine_in": None})
        assert house.tables["branches"][BRANCH]["type_ages"] == {"delivery": [600, 900]}

    @pytest.mark.parametrize(
        ("table", "pk", "values", "why"),
        [
            ("orders", "o1", {}, "table must be one of stations, branches, menu_items"),
            ("stations", "ghost", {}, "unknown station"),
            ("branches", "ghost", {}, "unknown branch"),
            ("menu_items", "ghost", {}, "unknown item"),
            ("stations", "grill", {"covered_by": "cold"}, "stations have no setting covered_by"),
            ("menu_items", "caesar", {"name": "x", "id": "y"}, "menu_items have no setting id"),
            ("stations", "grill", {"name": " "}, "name is missing"),
            ("stations", "grill", {"stage": 0}, "stage must be a whole number from 1 to 9"),
            ("stations", "grill", {"stage": True}, "stage must be a whole number from 1 to 9"),
            (
                "stations",
                "grill",
                {"late_after_s": 86_401},
                "late_after_s must be a whole number from 1 to 86400",
            ),
            ("stations", "grill", {"categories": "pizza"}, "categories must name at least 0"),
            ("stations", "grill", {"items": [1]}, "items must be texts"),
            ("stations", "grill", {"unattended": 1}, "unattended must be true or false"),
            ("stations", "grill", {"backup_id": "ghost"}, "unknown stand-in"),
            ("stations", "grill", {"backup_id": "grill"}, "Grill cannot stand in for itself"),
            ("stations", "grill", {"warn_after_s": 480}, "late must come after due"),
            ("stations", "grill", {"late_after_s": 300}, "late must come after due"),
            (
                "menu_items",
                "caesar",
                {"warn_after_s": 90, "late_after_s": 60},
                "late must come after due",
            ),
            ("branches", BRANCH, {"expo_stages": 3}, "expo_stages must be a whole number from 1"),
            ("branches", BRANCH, {"type_ages": {"drive_in": None}}, "type_ages must be of dine_in"),
            ("branches", BRANCH, {"type_ages": {"dine_in": [1]}}, "type_ages must be pairs"),
            ("branches", BRANCH, {"type_ages": {"dine_in": [0, 9]}}, "type_ages must be pairs"),
            ("branches", BRANCH, {"type_ages": {"dine_in": {}}}, "type_ages must be pairs"),
            ("branches", BRANCH, {"type_ages": {"dine_in": [9, 9]}}, "late must come after due"),
        ],
    )
    def test_what_makes_no_sense_is_refused_and_told_beforehand(
        self, house: House, table: str, pk: str, values: dict[str, Any], why: str
    ) -> None:
        said = reason(set_up(house, table, pk, **values))
        assert said.startswith(why)
        assert refusal(lambda t, key: house.tables.get(t, {}).get(key), table, pk, values) == said

    def test_the_values_have_to_be_there(self, house: House) -> None:
        result = house.do("set_up", table="stations", id="grill")
        assert reason(result) == "values is missing"

    def test_what_is_fine_has_nothing_to_be_told(self, house: House) -> None:
        row_of = lambda table, key: house.tables[table].get(key)  # noqa: E731
        assert refusal(row_of, "stations", "grill", {"stage": 2}) == ""


class TestWhoMakesWhat:
    def test_a_category_without_a_station_is_named(self, house: House) -> None:
        stations, items = house.tables["stations"], house.tables["menu_items"]
        assert nobody_makes(stations.values(), items.values()) == ()
        set_up(house, "stations", "cold", categories=[])
        assert nobody_makes(stations.values(), items.values()) == ("salad", "drink")

    def test_a_dish_that_a_station_claims_by_name_is_made(self, house: House) -> None:
        set_up(house, "stations", "cold", categories=["drink"], items=["caesar"])
        rows, items = house.tables["stations"].values(), house.tables["menu_items"].values()
        assert nobody_makes(rows, items) == ()

    def test_stations_are_listed_in_order_with_what_comes_to_them(self, house: House) -> None:
        set_up(house, "stations", "cold", position=0, categories=["drink"])
        found = stations_set_up(house.tables["stations"], house.tables["menu_items"].values())
        # Nobody claims the salad: the first station gets it.
        assert [(one.name, one.dishes) for one in found] == [("Cold", 2), ("Grill", 1)]


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0 s"), (45, "45 s"), (300, "5 min"), (270, "4 min 30 s")]
)
def test_a_span_is_told_in_minutes_and_seconds(seconds: int, words: str) -> None:
    assert span(seconds) == words


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"name": "Ofen", "stage": 2}, "called “Ofen”, stage 2"),
        ({"warn_after_s": 300, "late_after_s": None}, "due after 5 min, late as its station says"),
        ({"prep_s": 0}, "takes nobody knows how long"),
        ({"prep_s": 90}, "takes 1 min 30 s"),
        ({"expo_stages": 2}, "assembled, then handed over"),
        ({"expo_stages": 1}, "handed over in one step"),
        ({"unattended": True}, "has no screen"),
        ({"unattended": False}, "has a screen"),
        ({"backup_id": "cold"}, "Cold can stand in"),
        ({"backup_id": ""}, "nobody can stand in"),
        (
            {"type_ages": {"dine_in": [300, 480], "delivery": None}},
            "Dine-in due after 5 min, late after 8 min, Delivery as the station says",
        ),
        (
            {"categories": ["classic", "veggie"], "items": []},
            "makes classic, veggie, no dishes named",
        ),
        ({"categories": [], "items": ["caesar"]}, "makes no category, 1 dish named"),
        ({"modifiers": ["hot", "mild"]}, "lines with 2 extras"),
        ({"position": 3}, "another place in the list"),
        ({"juggling": 1, "stage": "two"}, ""),
    ],
)
def test_settings_are_told_in_words(settings: dict[str, Any], words: str) -> None:
    assert told(settings, lambda station_id: {"cold": "Cold"}.get(station_id, "")) == words
