"""Who has seen which line: announcements, revs, silence and the alarm, by the clock given."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kds.domain.painted import Painted
from kds.domain.sightings import (
    MOST_LINES,
    Line,
    Sight,
    stops_to_begin,
)
from tests.support.book import Book
from tests.support.qt import line_row

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
OVEN = Painted("k1", "Oven screen", frozenset({"oven"}), "e1", 57, frozenset({"o1"}))


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def stop(station_id: str, stage: int, state: str = "sent") -> dict[str, Any]:
    done = "2026-11-21T12:00:00+00:00" if state == "ready" else None
    times = {"started_at": None, "ready_at": done}
    return {"station_id": station_id, "stage": stage, "state": state, **times}


def line(
    line_id: str = "l1",
    *,
    own: bool = True,
    adopted: bool = False,
    fire_at: datetime | None = None,
) -> Line:
    return Line(line_id, "o1", "oven", fire_at or NOON, own, adopted, fire_at)


@pytest.fixture
def book() -> Book:
    """One line sent at noon from this till; its row has come with rev 57."""
    book = Book()
    book.screens.listen(NOON)
    book.enter("e1")
    sent = line()
    book.watch(sent, NOON)
    book.confirm(sent, 57, NOON)
    return book


def sight(book: Book, line_id: str = "l1") -> Sight | None:
    known = book.line(line_id, "oven")
    assert known is not None
    return known.sight


def queued(book: Book) -> str:
    known = book.line("l1", "oven")
    assert known is not None
    return known.queued


def test_an_order_on_the_glass_is_seen(book: Book) -> None:
    assert book.hear(OVEN, at(1)) == {"o1"}
    assert sight(book) == Sight("Oven screen", at(1))
    assert book.alarmed(at(60)) == ()


def test_an_announcement_heard_before_the_rev_is_known_counts_afterwards() -> None:
    book = Book()
    book.enter("e1")
    sent = line()
    book.watch(sent, NOON)
    assert book.hear(OVEN, NOON) == set()
    assert book.unconfirmed == (sent,)
    book.confirm(sent, 57, at(1))
    assert sight(book) == Sight("Oven screen", NOON)


@pytest.mark.parametrize(
    "said",
    [
        replace(OVEN, rev=56),
        replace(OVEN, epoch="e0"),
        replace(OVEN, stations=frozenset({"bar"})),
    ],
    ids=["an earlier rev", "another epoch", "another station"],
)
def test_what_does_not_cover_the_line_is_no_sight(book: Book, said: Painted) -> None:
    book.hear(said, at(1))
    assert sight(book) is None
    assert queued(book) == ""
    assert book.alarmed(at(10)) == ("o1",)


def test_a_screen_of_all_stations_sees_every_line(book: Book) -> None:
    book.hear(replace(OVEN, stations=frozenset()), at(1))
    assert sight(book) is not None


def test_what_was_seen_stays_seen_when_the_page_is_turned(book: Book) -> None:
    book.hear(OVEN, at(1))
    book.hear(replace(OVEN, rev=58, shown=frozenset()), at(2))
    assert sight(book) == Sight("Oven screen", at(1))


class TestAlarm:
    def test_it_comes_after_ten_seconds_and_not_before(self, book: Book) -> None:
        assert book.next_at(NOON) == at(10)
        assert book.alarmed(at(9.9)) == ()
        assert book.alarmed(at(10)) == ("o1",)

    def test_it_comes_while_the_server_cannot_be_reached(self) -> None:
        book = Book()
        book.watch(line(), NOON)
        assert book.alarmed(at(10)) == ("o1",)

    def test_a_started_line_ends_it(self, book: Book) -> None:
        book.drop("l1", "oven")
        assert book.alarmed(at(10)) == ()

    def test_telling_the_kitchen_ends_it_until_more_is_sent(self, book: Book) -> None:
        book.tell("o1")
        assert book.alarmed(at(10)) == ()
        book.watch(Line("l2", "o1", "oven", at(20), own=True), at(20))
        assert book.alarmed(at(29)) == ()
        assert book.alarmed(at(30)) == ("o1",)

    def test_it_ends_after_an_hour(self, book: Book) -> None:
        assert book.next_at(at(10)) == at(3600)
        assert book.alarmed(at(3600)) == ()
        assert book.next_at(at(3600)) is None

    def test_what_another_till_sent_is_that_tills_business(self) -> None:
        book = Book()
        book.watch(line(own=False), NOON)
        assert book.alarmed(at(10)) == ()
        assert book.next_at(NOON) is None

    def test_what_was_there_at_the_start_is_given_time_from_the_first_moment_of_listening(
        self,
    ) -> None:
        book = Book()
        book.watch(line(adopted=True), at(100))
        assert book.alarmed(at(1000)) == ()
        book.screens.listen(at(1000))
        assert book.next_at(at(1000)) == at(1010)
        book.screens.deafen()
        book.screens.listen(at(1005))
        assert book.alarmed(at(1010)) == ("o1",)

    def test_the_longest_waiting_order_comes_first(self, book: Book) -> None:
        book.watch(Line("l2", "o2", "oven", at(1), own=True), at(1))
        book.watch(Line("l3", "o1", "bar", at(2), own=True), at(2))
        assert book.alarmed(at(20)) == ("o1", "o2")


class TestAnotherPage:
    def test_a_line_on_another_page_is_queued_and_raises_no_alarm(self, book: Book) -> None:
        assert book.hear(replace(OVEN, shown=frozenset()), at(1)) == {"o1"}
        assert queued(book) == "Oven screen"
        assert book.alarmed(at(10)) == ()

    def test_it_is_seen_when_its_turn_comes(self, book: Book) -> None:
        book.hear(replace(OVEN, shown=frozenset()), at(1))
        assert book.hear(replace(OVEN, rev=90), at(40)) == {"o1"}
        assert sight(book) == Sight("Oven screen", at(40))

    def test_a_screen_that_has_gone_silent_has_nothing_queued(self, book: Book) -> None:
        book.hear(replace(OVEN, shown=frozenset()), at(1))
        assert book.next_at(at(2)) == at(31)
        assert book.look(at(30)) == set()
        assert book.look(at(31)) == {"o1"}
        assert book.alarmed(at(31)) == ("o1",)

    def test_silence_means_nothing_while_nobody_can_be_heard(self, book: Book) -> None:
        book.hear(replace(OVEN, shown=frozenset()), at(1))
        book.screens.deafen()
        assert book.next_at(at(2)) is None
        assert book.look(at(500)) == set()
        book.screens.listen(at(500))
        assert book.look(at(529)) == set()
        assert book.look(at(530)) == {"o1"}


class TestEpoch:
    def test_in_a_new_epoch_revs_start_over(self, book: Book) -> None:
        assert book.enter("e2")
        assert not book.enter("e2")
        book.hear(replace(OVEN, rev=99), at(1))
        assert sight(book) is None
        (unconfirmed,) = book.unconfirmed
        book.confirm(unconfirmed, 3, at(2))
        book.hear(replace(OVEN, epoch="e2", rev=3), at(3))
        assert sight(book) == Sight("Oven screen", at(3))

    def test_what_a_cook_has_seen_he_has_seen(self, book: Book) -> None:
        book.hear(OVEN, at(1))
        book.enter("e2")
        assert sight(book) == Sight("Oven screen", at(1))


class TestBounds:
    def test_a_line_that_is_known_is_no_news(self, book: Book) -> None:
        book.watch(Line("l1", "o1", "oven", at(5), own=False), at(5))
        known = book.line("l1", "oven")
        assert known is not None
        assert known.own

    def test_the_newest_lines_are_kept(self) -> None:
        book = Book()
        for number in range(MOST_LINES + 1):
            book.watch(line(f"l{number}"), NOON)
        assert book.line("l0", "oven") is None
        assert len(book.unconfirmed) == MOST_LINES


class TestStations:
    def test_a_line_is_to_be_seen_at_every_station_that_makes_it(self, book: Book) -> None:
        fryer = Line("l1", "o1", "fryer", NOON, own=True)
        book.watch(fryer, NOON)
        book.confirm(fryer, 57, NOON)
        book.hear(OVEN, at(1))
        assert book.alarmed(at(10)) == ("o1",)
        book.hear(replace(OVEN, device_id="k2", stations=frozenset({"fryer"})), at(11))
        assert book.alarmed(at(11)) == ()

    def test_one_that_stands_in_for_a_station_sees_for_it(self, book: Book) -> None:
        book.hear(replace(OVEN, stations=frozenset({"bar", "oven"})), at(1))
        assert sight(book) is not None

    def test_begun_at_one_station_it_is_still_to_be_seen_at_the_other(self, book: Book) -> None:
        book.watch(Line("l1", "o1", "fryer", NOON, own=True), NOON)
        book.drop("l1", "oven")
        assert book.alarmed(at(10)) == ("o1",)

    @pytest.mark.parametrize(
        ("fields", "expected"),
        [
            ({}, ["oven"]),
            ({"held": True}, []),
            ({"state": "void"}, []),
            ({"state": "started"}, []),
            ({"route": [stop("oven", 1), stop("bar", 1), stop("pass", 2)]}, ["bar", "oven"]),
            ({"route": [stop("oven", 1, "ready"), stop("pass", 2)]}, ["pass"]),
        ],
        ids=["one station", "held", "void", "begun", "two beside each other", "the next stage"],
    )
    def test_a_line_is_watched_where_a_cook_has_to_begin_it(
        self, fields: dict[str, Any], expected: list[str]
    ) -> None:
        row = line_row("l1", "o1", 1, station_id="oven", **fields)
        assert [one.station_id for one in stops_to_begin(row)] == expected


class TestLater:
    @pytest.fixture
    def book(self) -> Book:
        """A line that is fired at 12:01, on the server with rev 57."""
        book = Book()
        book.screens.listen(NOON)
        book.enter("e1")
        sent = line(fire_at=at(60))
        book.watch(sent, NOON)
        book.confirm(sent, 57, NOON)
        return book

    def test_before_its_time_nobody_need_see_it(self, book: Book) -> None:
        book.hear(replace(OVEN, shown=frozenset()), at(1))
        assert book.alarmed(at(59)) == ()
        assert queued(book) == ""

    def test_its_time_is_news(self, book: Book) -> None:
        assert book.next_at(NOON) == at(60)
        assert book.look(at(59)) == set()
        assert book.look(at(60)) == {"o1"}

    def test_from_then_on_it_counts(self, book: Book) -> None:
        book.look(at(60))
        assert book.alarmed(at(69)) == ()
        assert book.alarmed(at(70)) == ("o1",)

    def test_who_has_it_on_the_glass_by_then_has_seen_it(self, book: Book) -> None:
        book.hear(OVEN, at(55))
        assert sight(book) is None
        book.look(at(60))
        assert sight(book) == Sight("Oven screen", at(55))

    def test_it_may_be_fired_at_another_time(self, book: Book) -> None:
        book.watch(line(fire_at=at(20)), at(5))
        assert book.look(at(20)) == {"o1"}
        assert book.alarmed(at(30)) == ("o1",)
