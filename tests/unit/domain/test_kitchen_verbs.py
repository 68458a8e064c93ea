"""Lines of several stations, and what cooks have to see: per station, and summed up."""

from __future__ import annotations

from typing import Any

import pytest

from kds.domain.changes import RowChange
from tests.support.restaurant import new_line
from tests.support.service import House, Result, reason

OVEN_AND_FRYER = [{"station_id": "fryer"}, {"station_id": "oven", "stage": 1}]
OVEN_THEN_CUT = [{"station_id": "oven", "stage": 1}, {"station_id": "cut", "stage": 2}]


def routed(line_id: str, route: list[dict[str, Any]] = OVEN_THEN_CUT) -> dict[str, Any]:
    return new_line(line_id, station_id=route[0]["station_id"], route=route)


@pytest.fixture
def house() -> House:
    """An order of a line that goes from the oven to the cut, and one of the grill."""
    house = House()
    house.place(routed("l1"), new_line("l2", qty=2))
    return house


def at(house: House, kind: str, *stations: str, line: str = "l1") -> Result:
    return house.on(kind, line, stations=list(stations))


def stops(house: House) -> dict[str, str]:
    return {stop["station_id"]: stop["state"] for stop in house.line("l1")["route"]}


def seen(house: House, line: str = "l1") -> tuple[str, list[str]]:
    return house.line(line)["flag"], house.line(line)["seen_by"]


class TestRoutes:
    def test_a_new_line_is_sent_to_every_stop(self, house: House) -> None:
        assert house.line("l1")["route"] == [
            {"station_id": name, "stage": n, "state": "sent", "started_at": None, "ready_at": None}
            for n, name in enumerate(("oven", "cut"), 1)
        ]

    def test_an_act_at_one_station_leaves_the_others_alone(self, house: House) -> None:
        at(house, "start", "oven")
        assert stops(house) == {"oven": "started", "cut": "sent"}
        at(house, "bump", "oven")
        assert stops(house) == {"oven": "ready", "cut": "sent"}

    def test_the_line_is_started_with_its_first_stop_and_ready_with_its_last(
        self, house: House
    ) -> None:
        at(house, "start", "oven")
        started = house.at
        at(house, "bump", "oven")
        line = house.line("l1")
        assert (line["state"], line["started_at"], line["ready_at"]) == ("started", started, None)
        at(house, "bump", "cut")
        line = house.line("l1")
        assert (line["state"], line["started_at"], line["ready_at"]) == ("ready", started, house.at)
        assert line["station_id"] == "oven"

    def test_a_bump_that_arrives_late_does_not_make_the_line_ready_earlier(
        self, house: House
    ) -> None:
        house.minute = 20
        at(house, "bump", "oven")
        baked_at = house.at
        house.minute = 9
        at(house, "bump", "cut")
        assert house.line("l1")["ready_at"] == baked_at

    def test_a_screen_of_two_stations_has_the_line_once_for_each(self, house: House) -> None:
        for states in ("ready", "sent"), ("ready", "ready"):
            at(house, "bump", "oven", "cut")
            assert stops(house) == dict(zip(("oven", "cut"), states, strict=True))
        at(house, "recall", "oven", "cut")
        assert stops(house) == {"oven": "sent", "cut": "sent"}
        at(house, "start", "oven", "cut")
        assert stops(house) == {"oven": "started", "cut": "sent"}

    def test_a_station_is_not_done_before_its_turn(self, house: House) -> None:
        assert at(house, "start", "cut") == at(house, "bump", "cut") == ()

    def test_a_later_station_takes_back_what_it_did_also_when_an_earlier_one_has(
        self, house: House
    ) -> None:
        house.on("bump", "l1")
        at(house, "recall", "oven")
        at(house, "recall", "cut")
        assert stops(house) == {"oven": "sent", "cut": "sent"}

    def test_without_stations_every_stop_is_meant(self, house: House) -> None:
        house.on("start", "l1")
        assert stops(house) == {"oven": "started", "cut": "started"}
        house.on("bump", "l1")
        assert stops(house) == {"oven": "ready", "cut": "ready"}

    def test_a_station_that_does_not_make_the_line_changes_nothing(self, house: House) -> None:
        for kind in ("start", "bump", "recall"):
            assert at(house, kind, "bar") == ()
            assert at(house, kind, "bar", line="l2") == ()

    def test_the_order_is_ready_when_the_last_stop_is(self, house: House) -> None:
        house.on("bump", "l2")
        at(house, "bump", "oven")
        assert house.order["ready_at"] is None
        at(house, "bump", "cut")
        assert house.order["ready_at"] == house.at

    def test_a_recall_at_one_station_opens_the_line_again(self, house: House) -> None:
        house.on("bump", "l1", "l2")
        at(house, "recall", "cut")
        assert stops(house) == {"oven": "ready", "cut": "sent"}
        assert (house.line("l1")["state"], house.line("l1")["ready_at"]) == ("started", None)
        assert house.order["ready_at"] is None

    def test_stops_of_the_same_stage_are_bumped_in_any_order(self) -> None:
        house = House()
        house.place(routed("l1", OVEN_AND_FRYER))
        at(house, "bump", "oven")
        at(house, "bump", "fryer")
        assert house.line("l1")["state"] == "ready"

    def test_a_void_line_keeps_its_stops_as_they_were(self, house: House) -> None:
        at(house, "bump", "oven")
        house.do("void_line", order_id="o1", line_id="l1", reason="")
        at(house, "bump", "cut")
        at(house, "recall", "oven")
        assert stops(house) == {"oven": "ready", "cut": "sent"}
        assert house.line("l1")["state"] == "void"

    @pytest.mark.parametrize("kind", ["start", "bump", "recall", "acknowledge"])
    def test_stations_must_be_texts(self, house: House, kind: str) -> None:
        assert reason(house.on(kind, "l1", stations=[7])) == "stations must be texts"
        assert reason(house.on(kind, "l1", stations="oven")) == "stations must name at least 0"

    def test_a_row_of_an_older_server_is_one_stop(self, house: House) -> None:
        plain = house.tables["order_lines"]["l2"]
        for name in ("route", "held", "fire_at", "flag", "seen_by", "made_by", "was_qty"):
            del plain[name]
        at(house, "bump", "grill", line="l2")
        assert house.line("l2")["state"] == "ready"


class TestWhoMadeIt:
    def test_the_one_who_bumps_has_made_it(self, house: House) -> None:
        house.actor = "Anna"
        at(house, "bump", "oven")
        house.actor = "Ben"
        house.on("start", "l2")
        at(house, "bump", "bar")
        assert [house.line(pk)["made_by"] for pk in ("l1", "l2")] == ["Anna", ""]

    def test_nobody_has_when_it_is_recalled_everywhere(self, house: House) -> None:
        house.on("bump", "l1", "l2")
        at(house, "recall", "oven")
        house.on("recall", "l2")
        assert [house.line(pk)["made_by"] for pk in ("l1", "l2")] == ["Mia", ""]


class TestFlags:
    def test_what_comes_with_the_order_is_no_change(self, house: House) -> None:
        assert seen(house) == ("", [])

    def test_added_lines_are_flagged_since_then(self, house: House) -> None:
        house.add(routed("l3"))
        assert seen(house, "l3") == ("added", [])
        assert house.line("l3")["flag_at"] == house.at

    def test_every_station_of_the_line_has_to_acknowledge(self, house: House) -> None:
        house.add(routed("l3"))
        at(house, "acknowledge", "oven", "bar", line="l3")
        assert seen(house, "l3") == ("added", ["oven"])
        at(house, "acknowledge", "cut", line="l3")
        line = house.line("l3")
        assert seen(house, "l3") == ("", [])
        assert (line["flag_at"], line["was_qty"]) == (None, None)

    def test_without_stations_all_of_them_have(self, house: House) -> None:
        house.add(routed("l3"))
        house.on("acknowledge", "l3")
        assert seen(house, "l3") == ("", [])

    def test_acknowledging_again_or_nothing_changes_nothing(self, house: House) -> None:
        house.add(routed("l3"))
        at(house, "acknowledge", "oven", line="l3")
        assert at(house, "acknowledge", "oven", line="l3") == ()
        assert house.on("acknowledge", "l1") == ()

    def test_a_bump_acknowledges_where_it_is_made(self, house: House) -> None:
        house.add(routed("l3"))
        at(house, "bump", "oven", line="l3")
        assert seen(house, "l3") == ("added", ["oven"])
        house.on("bump", "l3")
        assert seen(house, "l3") == ("", [])

    def test_a_bump_that_only_acknowledges_leaves_the_order_ready_since_then(
        self, house: House
    ) -> None:
        at(house, "bump", "oven")
        house.do("change_qty", order_id="o1", line_id="l1", qty=3)
        at(house, "bump", "cut")
        house.on("bump", "l2")
        ready_at = house.at
        at(house, "bump", "oven")
        assert seen(house) == ("", [])
        assert house.order["ready_at"] == ready_at

    def test_a_recall_acknowledges_nothing(self, house: House) -> None:
        at(house, "bump", "oven")
        house.do("change_qty", order_id="o1", line_id="l1", qty=3)
        at(house, "recall", "oven")
        assert seen(house) == ("qty", [])

    def test_an_open_line_that_goes_is_flagged_and_one_that_was_ready_is_not(
        self, house: House
    ) -> None:
        house.on("bump", "l2")
        for line_id in ("l1", "l2"):
            house.do("void_line", order_id="o1", line_id=line_id, reason="", force=True)
        assert [house.line(pk)["flag"] for pk in ("l1", "l2")] == ["void", ""]

    def test_a_void_order_flags_what_was_being_made(self, house: House) -> None:
        house.on("bump", "l2")
        house.do("void_order", order_id="o1", reason="")
        assert [house.line(pk)["flag"] for pk in ("l1", "l2")] == ["void", ""]
        house.on("acknowledge", "l1")
        assert seen(house) == ("", [])

    def test_a_void_replaces_whatever_was_flagged_for_everybody(self, house: House) -> None:
        house.add(routed("l3", OVEN_AND_FRYER))
        at(house, "acknowledge", "oven", line="l3")
        house.do("void_line", order_id="o1", line_id="l3", reason="")
        assert seen(house, "l3") == ("void", [])

    def test_a_void_need_not_be_seen_where_the_turn_of_the_line_never_came(
        self, house: House
    ) -> None:
        house.do("void_line", order_id="o1", line_id="l1", reason="")
        assert seen(house) == ("void", ["cut"])
        at(house, "acknowledge", "oven")
        assert seen(house) == ("", [])

    def test_a_void_is_to_be_seen_wherever_the_line_has_been(self, house: House) -> None:
        at(house, "bump", "oven")
        house.do("void_order", order_id="o1", reason="")
        assert seen(house) == ("void", [])

    def test_a_void_is_to_be_seen_where_it_was_made_also_when_an_earlier_station_recalled_it(
        self, house: House
    ) -> None:
        at(house, "bump", "oven")
        at(house, "bump", "cut")
        at(house, "recall", "oven")
        house.do("void_order", order_id="o1", reason="")
        assert seen(house) == ("void", [])

    def test_a_ready_line_whose_change_somebody_has_not_seen_is_flagged_when_it_goes(
        self, house: House
    ) -> None:
        at(house, "bump", "oven")
        house.do("change_qty", order_id="o1", line_id="l1", qty=3)
        at(house, "bump", "cut")
        assert seen(house) == ("qty", ["cut"])
        house.do("void_line", order_id="o1", line_id="l1", reason="", force=True)
        assert seen(house) == ("void", [])

    def test_bumping_a_void_line_acknowledges_it(self, house: House) -> None:
        house.do("void_line", order_id="o1", line_id="l2", reason="")
        result = house.on("bump", "l2", stations=["grill"])
        assert isinstance(result, tuple)
        assert [type(change) for change in result] == [RowChange]
        assert (house.line("l2")["state"], house.line("l2")["flag"]) == ("void", "")


class TestChangeQty:
    def change(self, house: House, qty: Any, line_id: str = "l2", **args: Any) -> Result:
        return house.do("change_qty", order_id="o1", line_id=line_id, qty=qty, **args)

    def test_the_total_follows_and_more_takes_stock(self, house: House) -> None:
        dough, cheese = house.level("dough"), house.level("mozzarella")
        self.change(house, 5)
        assert house.line("l2")["qty"] == 5
        assert house.order["total"] == 6 * 1200
        assert (house.level("dough"), house.level("mozzarella")) == (dough - 3, cheese - 360)

    def test_less_gives_no_stock_back(self, house: House) -> None:
        dough = house.level("dough")
        self.change(house, 1)
        assert (house.order["total"], house.level("dough")) == (2400, dough)

    def test_the_first_quantity_that_nobody_has_seen_changed_is_told(self, house: House) -> None:
        self.change(house, 3)
        self.change(house, 4)
        line = house.line("l2")
        assert (line["flag"], line["was_qty"], line["flag_at"]) == ("qty", 2, house.at)
        house.on("acknowledge", "l2")
        self.change(house, 1)
        assert house.line("l2")["was_qty"] == 4

    def test_a_line_that_nobody_has_seen_stays_an_added_one(self, house: House) -> None:
        house.add(routed("l3"))
        self.change(house, 2, "l3")
        assert seen(house, "l3") == ("added", [])
        at(house, "acknowledge", "oven", line="l3")
        self.change(house, 3, "l3")
        assert seen(house, "l3") == ("qty", [])
        assert house.line("l3")["was_qty"] == 2

    def test_the_same_quantity_is_no_change(self, house: House) -> None:
        assert self.change(house, 2) == ()

    def test_a_ready_line_needs_force_and_is_not_flagged(self, house: House) -> None:
        house.on("bump", "l1", "l2")
        ready_at = house.order["ready_at"]
        assert not isinstance(self.change(house, 3), tuple)
        self.change(house, 1, force=True)
        assert (house.line("l2")["qty"], house.line("l2")["flag"]) == (1, "")
        assert house.order["ready_at"] == ready_at

    def test_a_ready_line_does_not_become_more_as_nobody_would_make_it(self, house: House) -> None:
        house.on("bump", "l2")
        refused = reason(self.change(house, 3, force=True))
        assert refused == "it is ready already: send what is missing as more of the order"
        assert self.change(house, 2, force=True) == ()

    def test_what_cannot_be_changed_is_refused(self, house: House) -> None:
        assert reason(self.change(house, 2, "l9")) == "unknown line"
        assert reason(self.change(house, 0)) == "qty must be at least 1"
        assert reason(self.change(house, 2, force=1)) == "force must be true or false"
        house.do("void_line", order_id="o1", line_id="l2", reason="")
        assert reason(self.change(house, 3)) == "the line is void"
