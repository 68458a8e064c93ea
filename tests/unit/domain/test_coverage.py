"""Stations without a screen: when they count as dark, when as back, and who can stand in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from kds.base.clock import to_iso
from kds.domain.coverage import Load, Offer, Watch, covering, loads, stand_ins
from kds.domain.painted import Painted
from kds.domain.rows import Row
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


class Room:
    """A device that listens from noon on; `cover` is who stands in for whom."""

    def __init__(self) -> None:
        self.watch = Watch(silent=30)
        self.watch.listen(NOON)
        self.rows = stations()

    def hear(self, seconds: float, device: str, *names: str) -> None:
        self.watch.hear(says(device, *names), at(seconds))

    def cover(self, **by: str) -> None:
        self.rows = stations(**by)

    def offers(self, seconds: float) -> list[Any]:
        found = self.watch.offers(self.rows, at(seconds))
        return [(offer.kind, offer.station_id, offer.by) for offer in found]


def test_a_station_is_dark_thirty_seconds_after_its_screen_spoke_last() -> None:
    room = Room()
    room.hear(5, "g1", "grill")
    assert room.watch.next_at(room.rows, at(5)) == at(35)
    assert room.offers(34) == []
    assert room.watch.offers(room.rows, at(35)) == (Offer("dark", "grill", "oven", at(5)),)
    assert room.watch.next_at(room.rows, at(35)) is None


def test_a_station_that_never_spoke_is_not_dark() -> None:
    assert Room().offers(3600) == []


def test_one_of_two_screens_is_enough() -> None:
    room = Room()
    room.hear(0, "g1", "grill")
    room.hear(0, "g2", "grill")
    room.hear(20, "g2", "grill")
    assert room.offers(40) == []
    assert room.offers(50) == [("dark", "grill", "oven")]


def test_a_screen_of_all_stations_lights_every_one() -> None:
    room = Room()
    room.hear(0, "g1", "grill")
    room.hear(20, "all")
    assert room.offers(40) == []
    assert [key for _, key, _ in room.offers(50)] == ["bar", "grill", "oven"]


def test_silence_means_nothing_while_we_hear_nothing() -> None:
    room = Room()
    room.hear(0, "g1", "grill")
    room.watch.deafen()
    assert room.offers(60) == []
    assert room.watch.next_at(room.rows, at(60)) is None
    room.watch.listen(at(60))
    assert room.offers(89) == []
    assert room.offers(90) == [("dark", "grill", "oven")]


def test_a_dark_station_that_was_given_away_is_no_question_any_more() -> None:
    room = Room()
    room.hear(0, "g1", "grill")
    assert room.offers(30) == [("dark", "grill", "oven")]
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
    assert room.offers(33) == [("dark", "grill", "oven")]


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
    assert room.offers(40) == [("back", "grill", "oven")]


def test_a_screen_that_comes_back_can_have_its_orders_back() -> None:
    room = Room()
    room.hear(0, "g1", "grill")
    room.offers(30)
    room.cover(grill="oven")
    room.hear(50, "g1", "grill")
    assert room.offers(51) == [("back", "grill", "oven")]
    room.cover()
    assert room.offers(52) == []


def test_a_new_screen_of_the_station_brings_it_back_too() -> None:
    room = Room()
    room.hear(0, "g1", "grill")
    room.offers(30)
    room.cover(grill="oven")
    room.hear(50, "g9", "grill")
    assert room.offers(51) == [("back", "grill", "oven")]


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
    assert [row["id"] for row in stand_ins("grill", stations())] == ["oven", "bar"]
    assert [row["id"] for row in stand_ins("grill", stations(oven="bar"))] == ["bar"]


def test_a_screen_knows_whom_it_stands_in_for() -> None:
    rows = stations(grill="oven")
    assert covering(frozenset({"oven"}), rows) == ("Grill",)
    assert covering(frozenset({"oven", "grill"}), rows) == ()
    assert covering(frozenset(), rows) == ()


def test_the_load_counts_open_lines_whose_turn_has_come() -> None:
    def line(key: str, age: float, **fields: Any) -> Row:
        sent = to_iso(NOON - timedelta(seconds=age))
        return line_row(key, "o1", 1, sent_at=sent, **{"station_id": "grill", **fields})

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
