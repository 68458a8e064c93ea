"""Stations without a screen: when they count as dark, when as back, and who can stand in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from kds.base.clock import to_iso
from kds.domain.coverage import Load, Offer, Watch, covering, loads, needed, stand_ins
from kds.domain.painted import Painted
from kds.domain.rows import Row
from kds.domain.screens import Screens
from tests.support.qt import NOON, line_row


def stations(**covered: str) -> dict[str, Row]:
    return {
        key: {
            "id": key,
            "name": key.title(),
            "position": n,
            "backup_id": backup,
            "covered_by": covered.get(key, ""),
        }
        for n, (key, backup) in enumerate((("grill", "oven"), ("oven", ""), ("bar", "")), 1)
    }


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def says(device: str, *names: str) -> Painted:
    return Painted(device, device, frozenset(names), "e1", 1, frozenset())


def line(key: str, age: float = 60, **fields: Any) -> Row:
    """A line of the grill, sent `age` seconds before noon."""
    sent = to_iso(NOON - timedelta(seconds=age))
    return line_row(key, "o1", 1, sent_at=sent, **{"station_id": "grill", **fields})


def work(*names: str) -> list[Row]:
    """Something to cook at each of the stations."""
    return [line(f"l-{name}", station_id=name) for name in names]


class Room:
    """A device that listens from noon on; `cover` is who stands in for whom, `lines` what there
    is to cook: something everywhere, unless a test says otherwise."""

    def __init__(self) -> None:
        self.screens = Screens(silent=30)
        self.screens.listen(NOON)
        self.watch = Watch(self.screens)
        self.rows = stations()
        self.lines = work("grill", "oven", "bar")

    def hear(self, seconds: float, device: str, *names: str) -> None:
        self.screens.hear(says(device, *names), at(seconds))

    def cover(self, **by: str) -> None:
        self.rows = stations(**by)

    def close(self, seconds: float, device: str) -> None:
        self.screens.close(device, at(seconds))

    def offers(self, seconds: float) -> list[Any]:
        found = self.watch.offers(self.rows, self.lines, at(seconds))
        return [(offer.kind, offer.station_id) for offer in found]


def test_a_station_is_dark_thirty_seconds_after_its_screen_spoke_last() -> None:
    room = Room()
    room.hear(5, "g1", "grill")
    assert room.watch.next_at(room.rows, at(5)) == at(35)
    assert room.offers(34) == []
    found = room.watch.offers(room.rows, room.lines, at(35))
    assert found == (Offer("dark", "grill", (), at(5)),)
    assert room.watch.next_at(room.rows, at(35)) is None


def test_a_station_that_never_spoke_is_not_dark() -> None:
    assert Room().offers(3600) == []


def test_one_of_two_screens_is_enough() -> None:
    room = Room()
    room.hear(0, "g1", "grill")
    room.hear(0, "g2", "grill")
    room.hear(20, "g2", "grill")
    assert room.offers(40) == []
    assert room.offers(50) == [("dark", "grill")]


def test_a_screen_of_all_stations_lights_every_one() -> None:
    room = Room()
    room.hear(0, "g1", "grill")
    room.hear(20, "all")
    assert room.offers(40) == []
    assert [key for _, key in room.offers(50)] == ["bar", "grill", "oven"]


def test_silence_means_nothing_while_we_hear_nothing() -> None:
    room = Room()
    room.hear(0, "g1", "grill")
    room.screens.deafen()
    assert room.offers(60) == []
    assert room.watch.next_at(room.rows, at(60)) is None
    room.screens.listen(at(60))
    assert room.offers(89) == []
    assert room.offers(90) == [("dark", "grill")]


def test_a_dark_station_that_was_given_away_is_no_question_any_more() -> None:
    room = Room()
    room.hear(0, "g1", "grill")
    assert room.offers(30) == [("dark", "grill")]
    room.cover(grill="oven")
    assert room.offers(31) == []


def test_a_screen_that_stands_in_does_not_bring_the_station_back() -> None:
    room = Room()
    room.hear(0, "g1", "grill")
    room.offers(30)
    room.cover(grill="oven")
    room.hear(31, "o1", "oven", "grill")
    assert room.offers(32) == []
    room.cover()
    room.hear(33, "o1", "oven")
    assert room.offers(33) == [("dark", "grill")]


def test_a_screen_that_stands_in_before_we_know_that_it_does_brings_nothing_back() -> None:
    room = Room()
    room.hear(0, "g1", "grill")
    room.hear(0, "o1", "oven")
    room.hear(20, "o1", "oven")
    room.offers(30)
    room.hear(31, "o1", "oven", "grill")  # it has heard of the switch before us
    assert room.offers(31) == []
    room.cover(grill="oven")
    assert room.offers(31) == []
    room.hear(40, "g1", "grill")
    assert room.offers(40) == [("back", "grill")]


def test_a_screen_that_comes_back_can_have_its_orders_back() -> None:
    room = Room()
    room.hear(0, "g1", "grill")
    room.offers(30)
    room.cover(grill="oven")
    room.hear(50, "g1", "grill")
    assert room.offers(51) == [("back", "grill")]
    room.cover()
    assert room.offers(52) == []


def test_a_new_screen_of_the_station_brings_it_back_too() -> None:
    room = Room()
    room.hear(0, "g1", "grill")
    room.offers(30)
    room.cover(grill="oven")
    room.hear(50, "g9", "grill")
    assert room.offers(51) == [("back", "grill")]


def test_a_screen_that_was_never_dark_is_not_offered_back() -> None:
    room = Room()
    room.hear(0, "g1", "grill")
    room.cover(grill="oven")
    room.hear(10, "g1", "grill")
    assert room.offers(11) == []


def test_a_screen_that_goes_dark_again_is_not_back() -> None:
    room = Room()
    room.hear(0, "g1", "grill")
    room.offers(30)
    room.cover(grill="oven")
    room.hear(50, "g1", "grill")
    assert room.offers(80) == []


def test_a_station_that_is_gone_from_the_kitchen_is_forgotten() -> None:
    room = Room()
    room.hear(0, "g1", "grill")
    room.offers(30)
    del room.rows["grill"]
    assert room.offers(31) == []


def test_the_named_backup_comes_first_and_nobody_who_is_covered_himself() -> None:
    live = {"grill", "oven", "bar"}
    assert [row["id"] for row in stand_ins("grill", stations(), live)] == ["oven", "bar"]
    assert [row["id"] for row in stand_ins("grill", stations(oven="bar"), live)] == ["bar"]


def test_only_stations_whose_screen_is_on_are_named_as_stand_ins() -> None:
    room = Room()
    for device, station in (("g1", "grill"), ("o1", "oven"), ("b1", "bar")):
        room.hear(0, device, station)
    room.hear(40, "b1", "bar")
    found = room.watch.offers(room.rows, room.lines, at(40))
    assert [(offer.station_id, offer.by) for offer in found] == [
        ("grill", ("bar",)),
        ("oven", ("bar",)),
    ]
    room.hear(41, "o1", "oven")
    (offer,) = room.watch.offers(room.rows, room.lines, at(41))
    assert offer.by == ("oven", "bar")
    room.close(42, "b1")
    room.close(42, "o1")
    (offer,) = room.watch.offers(room.rows, room.lines, at(42))
    assert offer.by == ()


# -- a kitchen that sleeps -------------------------------------------------------------------


def test_a_kitchen_whose_last_screen_said_goodbye_is_closed_and_misses_none() -> None:
    room = Room()
    room.hear(0, "g1", "grill")
    room.close(10, "g1")
    assert room.offers(3600) == []
    assert room.watch.next_at(room.rows, at(3600)) is None


def test_a_screen_that_is_switched_off_while_others_cook_on_is_missed() -> None:
    room = Room()
    for device, station in (("g1", "grill"), ("b1", "bar")):
        room.hear(0, device, station)
    room.close(10, "g1")
    room.hear(39, "b1", "bar")
    assert room.offers(39) == []
    assert room.offers(40) == [("dark", "grill")]
    room.close(45, "b1")
    assert room.offers(46) == []


def test_a_screen_that_comes_back_after_its_goodbye_can_go_dark() -> None:
    room = Room()
    room.hear(0, "g1", "grill")
    room.close(10, "g1")
    room.hear(20, "g1", "grill")
    assert room.offers(50) == [("dark", "grill")]


def test_the_goodbye_of_one_screen_does_not_excuse_another() -> None:
    room = Room()
    room.hear(0, "g1", "grill")
    room.hear(0, "g2", "grill")
    room.close(10, "g2")
    assert room.offers(29) == []
    assert room.offers(30) == [("dark", "grill")]


def test_the_goodbye_of_the_screen_that_replaced_a_broken_one_closes_the_station() -> None:
    room = Room()
    room.hear(0, "g1", "grill")
    room.hear(20, "g2", "grill")
    room.close(45, "g2")
    assert room.offers(3600) == []


def test_a_dark_screen_that_says_goodbye_is_no_question_any_more() -> None:
    room = Room()
    room.hear(0, "g1", "grill")
    assert room.offers(30) == [("dark", "grill")]
    room.close(40, "g1")
    assert room.offers(41) == []


def test_a_station_that_is_to_have_no_screen_is_never_dark() -> None:
    room = Room()
    room.rows["grill"]["unattended"] = True
    room.hear(0, "g1", "grill")
    assert room.offers(60) == []


def test_a_dark_station_is_told_of_when_something_to_cook_comes() -> None:
    room = Room()
    room.lines = work("bar")
    room.hear(0, "g1", "grill")
    assert room.offers(3600) == []
    assert room.watch.idle == {"grill"}
    room.lines = work("grill")
    assert room.offers(7200) == [("dark", "grill")]


def test_a_dark_station_is_told_of_ten_minutes_before_something_is_fired() -> None:
    room = Room()
    room.lines = [line("l1", fire_at=to_iso(at(1800)))]
    room.hear(0, "g1", "grill")
    assert room.offers(1199) == []
    assert room.watch.next_at(room.rows, at(1199)) == at(1200)
    assert room.offers(1200) == [("dark", "grill")]


def test_what_was_told_stands_until_the_screen_is_back() -> None:
    room = Room()
    room.hear(0, "g1", "grill")
    assert room.offers(30) == [("dark", "grill")]
    room.lines = []
    assert room.offers(31) == [("dark", "grill")]
    room.hear(40, "g1", "grill")
    assert room.offers(41) == []
    assert room.offers(70) == []


def test_the_lines_are_looked_at_only_while_a_dark_station_is_idle() -> None:
    room = Room()
    room.hear(0, "g1", "grill")
    lines = iter(room.lines)
    room.watch.offers(room.rows, lines, at(29))
    assert len(list(lines)) == 3


def test_a_screen_is_needed_where_a_line_is_open_and_not_held() -> None:
    route = [
        {"station_id": key, "stage": stage, "state": state, "started_at": None, "ready_at": None}
        for key, stage, state in (("grill", 1, "ready"), ("oven", 2, "sent"), ("bar", 3, "sent"))
    ]
    lines = [
        line("l1", 60, state="started", route=route),
        line("l2", 90, station_id="oven"),
        line("l3", station_id="fry", held=True),
        line("l4", station_id="cut", state="ready"),
        line("l5", station_id="cut", state="void"),
    ]
    assert needed(lines, stations()) == {"oven": at(-90), "bar": at(-60)}


def test_who_stands_in_needs_a_screen_too() -> None:
    rows = stations(grill="oven", oven="bar")
    assert set(needed([line("l1")], rows)) == {"grill", "oven", "bar"}
    circle = stations(grill="oven", oven="grill")
    assert set(needed([line("l1")], circle)) == {"grill", "oven"}


def test_a_screen_knows_whom_it_stands_in_for() -> None:
    rows = stations(grill="oven")
    assert covering(frozenset({"oven"}), rows) == ("Grill",)
    assert covering(frozenset({"oven", "grill"}), rows) == ()
    assert covering(frozenset(), rows) == ()


def test_the_load_counts_open_lines_whose_turn_has_come() -> None:
    found = loads(
        [
            line("l1", 60),
            line("l2", 200, state="started"),
            line("l3", 300, state="ready"),
            line("l4", 300, held=True),
            line("l5", 10, station_id="bar"),
        ],
        NOON,
    )
    assert found == {"grill": Load(2, at(-200)), "bar": Load(1, at(-10))}
