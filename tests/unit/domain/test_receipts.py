"""The receipt of an order: the step that all of its lines have made."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kds.base.clock import to_iso
from kds.domain.notices import not_seen
from kds.domain.painted import Painted
from kds.domain.receipts import Receipt, build_receipt
from kds.domain.rows import Row
from kds.domain.sightings import Line
from tests.support.book import Book
from tests.support.qt import NOON, line_row, order_row

STATIONS: dict[str, Row] = {
    "bar": {"id": "bar", "name": "Bar", "position": 2},
    "oven": {"id": "oven", "name": "Oven", "position": 1},
}
ORDER = order_row("o1", "A-017", NOON)
SENT = NOON + timedelta(seconds=3)
NOW = NOON + timedelta(seconds=5)


def lines(**states: str) -> list[Row]:
    """A line a station, in the state given."""
    return [
        line_row(f"l-{key}", "o1", n, station_id=key, state=state)
        for n, (key, state) in enumerate(states.items(), 1)
    ]


@pytest.fixture
def book() -> Book:
    """A line for the oven and one for the bar; both have come from the server with rev 5."""
    book = Book()
    book.enter("e1")
    for key in ("oven", "bar"):
        line = Line(f"l-{key}", "o1", key, SENT, own=True)
        book.watch(line, NOON)
        book.confirm(line, 5, NOON)
    return book


def paint(book: Book, station: str, *shown: str) -> None:
    name = f"{station.title()} screen"
    book.hear(Painted(station, name, frozenset({station}), "e1", 5, frozenset(shown)), NOON)


def receipt(book: Book, *, alarm: bool = False, **states: str) -> Receipt:
    return build_receipt(ORDER, lines(**states), STATIONS, book, alarm, NOW)


def test_stations_stand_in_the_kitchens_order(book: Book) -> None:
    found = receipt(book, bar="sent", oven="sent")
    assert [one.name for one in found.stations] == ["Oven", "Bar"]


def test_a_line_that_only_this_device_has_is_stored() -> None:
    book = Book()
    book.watch(Line("l-oven", "o1", "oven", SENT, own=True), NOON)
    assert receipt(book, oven="sent").stage == "stored"


def test_the_slowest_station_decides(book: Book) -> None:
    paint(book, "oven", "o1")
    found = receipt(book, oven="sent", bar="sent")
    assert (found.stage, found.seen, found.missing) == ("server", ("Oven",), ("Bar",))
    paint(book, "bar", "o1")
    found = receipt(book, oven="sent", bar="sent")
    assert (found.stage, found.seen, found.missing) == ("painted", ("Oven", "Bar"), ())


def test_a_station_that_has_it_on_another_page_is_neither_seen_nor_missing(
    book: Book,
) -> None:
    paint(book, "oven")
    found = receipt(book, oven="sent")
    assert (found.stage, found.seen, found.missing) == ("server", (), ())
    assert found.stations[0].queued == "Oven screen"


@pytest.mark.parametrize("state", ["started", "ready"])
def test_cooks_at_work_have_seen_it(book: Book, state: str) -> None:
    paint(book, "oven", "o1")
    assert receipt(book, oven="sent", bar=state).stage == "started"
    assert receipt(book, oven="sent", bar=state).seen == ("Oven", "Bar")


def test_when_all_is_ready_so_is_the_order(book: Book) -> None:
    assert receipt(book, oven="ready", bar="ready").stage == "ready"


def test_a_voided_line_concerns_nobody(book: Book) -> None:
    found = receipt(book, oven="ready", bar="void")
    assert found.stage == "ready"
    assert [one.name for one in found.stations] == ["Oven"]


def test_it_waits_since_its_oldest_unseen_line_was_sent(book: Book) -> None:
    assert receipt(book, oven="sent").since == SENT
    paint(book, "oven", "o1")
    assert receipt(book, oven="sent").since == NOON


def test_a_station_that_is_not_known_has_its_id_for_a_name(book: Book) -> None:
    assert receipt(book, attic="sent").missing == ("attic",)


def test_the_notice_names_the_stations_and_is_one_for_each_sending(book: Book) -> None:
    found = receipt(book, alarm=True, oven="sent", bar="sent")
    notice = not_seen(found, NOON)
    assert notice.kind == "not_seen"
    assert notice.title == "Not on screen: A-017"
    assert notice.body == "Oven and Bar could not see it. Tell the kitchen."
    assert notice.id == not_seen(found, SENT).id
    assert notice.order_id == "o1"


def test_what_is_held_or_fired_later_holds_nobody_up(book: Book) -> None:
    paint(book, "oven", "o1")
    rows = lines(oven="sent", bar="sent", attic="sent")
    rows[1] = {**rows[1], "held": True}
    rows[2] = {**rows[2], "fire_at": to_iso(NOW + timedelta(seconds=1))}
    found = build_receipt(ORDER, rows, STATIONS, book, False, NOW)
    assert (found.stage, found.seen, found.missing) == ("painted", ("Oven",), ())
    assert {one.name: one.later for one in found.stations} == {
        "attic": True,
        "Oven": False,
        "Bar": True,
    }


def test_an_order_that_is_held_altogether_is_on_the_server(book: Book) -> None:
    rows = [{**row, "held": True} for row in lines(oven="sent")]
    assert build_receipt(ORDER, rows, STATIONS, book, False, NOW).stage == "server"


def test_a_line_concerns_the_stations_of_its_route_in_their_turn(book: Book) -> None:
    times = {"started_at": None, "ready_at": None}
    route = [
        {"station_id": "oven", "stage": 1, "state": "sent", **times},
        {"station_id": "bar", "stage": 2, "state": "sent", **times},
    ]
    rows = [{**lines(oven="sent")[0], "route": route}]
    paint(book, "oven", "o1")
    found = build_receipt(ORDER, rows, STATIONS, book, False, NOW)
    assert (found.stage, found.seen, found.missing) == ("painted", ("Oven",), ())
    assert [one.later for one in found.stations] == [False, True]
