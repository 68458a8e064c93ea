"""Which stations make a line, and which stations a screen shows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from kds.base.clock import to_iso
from kds.domain.routing import (
    covered_names,
    route_for,
    stations_seen,
    stop_values,
    stops_of,
    waiting,
)
from tests.support.qt import NOON, line_row


def station(station_id: str, position: int = 1, **fields: Any) -> dict[str, Any]:
    return {"id": station_id, "position": position, "categories": [], **fields}


def ids(stops: list[dict[str, Any]]) -> list[str]:
    return [stop["station_id"] for stop in stops]


def test_every_station_that_names_the_category_makes_it_by_stage_and_position() -> None:
    stations = [
        station("cut", 1, categories=["pizza"], stage=2),
        station("late", 3, categories=["pizza", "salad"]),
        station("early", 2, categories=["pizza"]),
    ]
    assert ids(route_for("margherita", "pizza", (), stations)) == ["early", "late", "cut"]
    assert route_for("caesar", "salad", (), stations) == [{"station_id": "late", "stage": 1}]


def test_a_station_that_names_the_item_takes_it_from_those_of_its_category() -> None:
    stations = [station("oven", categories=["pizza"]), station("fryer", items=["calzone"])]
    assert ids(route_for("calzone", "pizza", (), stations)) == ["fryer"]
    assert ids(route_for("margherita", "pizza", (), stations)) == ["oven"]


def test_a_modifier_brings_a_line_to_one_more_station() -> None:
    stations = [station("cold", categories=["salad"]), station("grill", modifiers=["chicken"])]
    assert ids(route_for("caesar", "salad", ["chicken"], stations)) == ["cold", "grill"]


def test_food_that_nobody_claims_goes_to_the_first_station() -> None:
    assert ids(route_for("soup", "soup", (), [station("b", 1), station("a", 1)])) == ["a"]


def test_a_branch_without_stations_has_no_route() -> None:
    assert route_for("pizza", "pizza", (), []) == []


def test_a_screen_shows_what_its_stations_stand_in_for_and_what_those_stood_in_for() -> None:
    stations = {
        "a": station("a", covered_by="b"),
        "b": station("b", covered_by="c"),
        "c": station("c"),
        "d": station("d", covered_by="e"),
    }
    assert stations_seen(frozenset("c"), stations) == set("abc")
    assert stations_seen(frozenset("e"), stations) == set("de")
    assert stations_seen(frozenset(), stations) == frozenset()
    named = {key: {**row, "name": key.upper()} for key, row in stations.items()}
    assert covered_names(frozenset("abc"), named) == {"a": "A", "b": "B"}
    assert covered_names(frozenset("a"), named) == {}
    assert covered_names(frozenset(), named) == {}


def test_a_plain_line_has_one_stop_and_keeps_it_when_it_is_void() -> None:
    line = {
        "station_id": "oven",
        "state": "started",
        "started_at": "2026-11-21T08:00:00+00:00",
        "ready_at": None,
    }
    assert [stop.state for stop in stops_of(line)] == ["started"]
    assert [stop["state"] for stop in stop_values({**line, "state": "void"})] == ["started"]


def test_a_cook_has_to_do_with_the_stops_whose_turn_it_is() -> None:
    def stop(station_id: str, stage: int, state: str) -> dict[str, Any]:
        times = {"started_at": None, "ready_at": to_iso(NOON) if state == "ready" else None}
        return {"station_id": station_id, "stage": stage, "state": state, **times}

    done, begun = stop("oven", 1, "ready"), stop("fryer", 1, "started")
    later = to_iso(NOON + timedelta(seconds=1))
    lines = [
        line_row("plain", "o1", 1, station_id="bar"),
        line_row("two", "o1", 2, route=[done, begun, stop("pass", 2, "sent")]),
        line_row("held", "o1", 3, held=True),
        line_row("later", "o1", 4, fire_at=later),
        line_row("done", "o1", 5, state="ready", ready_at=to_iso(NOON)),
        line_row("void", "o1", 6, state="void"),
    ]
    found = [(line["id"], stop.station_id) for line, stop in waiting(lines, NOON)]
    assert found == [("plain", "bar"), ("two", "fryer")]
