"""Who has seen which line: announcements, revs, silence and the alarm, by the clock given."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kds.domain.painted import Painted
from kds.domain.sightings import MOST_LINES, MOST_SCREENS, Line, Sight, Sightings

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
OVEN = Painted("k1", "Oven screen", frozenset({"oven"}), "e1", 57, frozenset({"o1"}))


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def line(line_id: str = "l1", *, own: bool = True, adopted: bool = False) -> Line:
    return Line(line_id, "o1", "oven", NOON, own, adopted)


@pytest.fixture
def book() -> Sightings:
    """One line sent at noon from this till; its row has come with rev 57."""
    book = Sightings()
    book.listen(NOON)
    book.enter("e1")
    sent = line()
    book.watch(sent, NOON)
    book.confirm(sent, 57, NOON)
    return book


def sight(book: Sightings, line_id: str = "l1") -> Sight | None:
    known = book.line(line_id)
    assert known is not None
    return known.sight


def queued(book: Sightings) -> str:
    known = book.line("l1")
    assert known is not None
    return known.queued


def test_an_order_on_the_glass_is_seen(book: Sightings) -> None:
    assert book.hear(OVEN, at(1)) == {"o1"}
    assert sight(book) == Sight("Oven screen", at(1))
    assert book.alarmed(at(60)) == ()


def test_an_announcement_heard_before_the_rev_is_known_counts_afterwards() -> None:
    book = Sightings()
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
def test_what_does_not_cover_the_line_is_no_sight(book: Sightings, said: Painted) -> None:
    book.hear(said, at(1))
    assert sight(book) is None
    assert queued(book) == ""
    assert book.alarmed(at(10)) == ("o1",)


def test_a_screen_of_all_stations_sees_every_line(book: Sightings) -> None:
    book.hear(replace(OVEN, stations=frozenset()), at(1))
    assert sight(book) is not None


def test_what_was_seen_stays_seen_when_the_page_is_turned(book: Sightings) -> None:
    book.hear(OVEN, at(1))
    book.hear(replace(OVEN, rev=58, shown=frozenset()), at(2))
    assert sight(book) == Sight("Oven screen", at(1))


class TestAlarm:
    def test_it_comes_after_ten_seconds_and_not_before(self, book: Sightings) -> None:
        assert book.next_at(NOON) == at(10)
        assert book.alarmed(at(9.9)) == ()
        assert book.alarmed(at(10)) == ("o1",)

    def test_it_comes_while_the_server_cannot_be_reached(self) -> None:
        book = Sightings()
        book.watch(line(), NOON)
        assert book.alarmed(at(10)) == ("o1",)

    def test_a_started_line_ends_it(self, book: Sightings) -> None:
        book.drop("l1")
        assert book.alarmed(at(10)) == ()

    def test_telling_the_kitchen_ends_it_until_more_is_sent(self, book: Sightings) -> None:
        book.tell("o1")
        assert book.alarmed(at(10)) == ()
        book.watch(Line("l2", "o1", "oven", at(20), own=True), at(20))
        assert book.alarmed(at(29)) == ()
        assert book.alarmed(at(30)) == ("o1",)

    def test_it_ends_after_an_hour(self, book: Sightings) -> None:
        assert book.next_at(at(10)) == at(3600)
        assert book.alarmed(at(3600)) == ()
        assert book.next_at(at(3600)) is None

    def test_what_another_till_sent_is_that_tills_business(self) -> None:
        book = Sightings()
        book.watch(line(own=False), NOON)
        assert book.alarmed(at(10)) == ()
        assert book.next_at(NOON) is None

    def test_what_was_there_at_the_start_is_given_time_from_the_first_moment_of_listening(
        self,
    ) -> None:
        book = Sightings()
        book.watch(line(adopted=True), at(100))
        assert book.alarmed(at(1000)) == ()
        book.listen(at(1000))
        assert book.next_at(at(1000)) == at(1010)
        book.deafen()
        book.listen(at(1005))
        assert book.alarmed(at(1010)) == ("o1",)

    def test_the_longest_waiting_order_comes_first(self, book: Sightings) -> None:
        book.watch(Line("l2", "o2", "oven", at(1), own=True), at(1))
        book.watch(Line("l3", "o1", "bar", at(2), own=True), at(2))
        assert book.alarmed(at(20)) == ("o1", "o2")


class TestAnotherPage:
    def test_a_line_on_another_page_is_queued_and_raises_no_alarm(self, book: Sightings) -> None:
        assert book.hear(replace(OVEN, shown=frozenset()), at(1)) == {"o1"}
        assert queued(book) == "Oven screen"
        assert book.alarmed(at(10)) == ()

    def test_it_is_seen_when_its_turn_comes(self, book: Sightings) -> None:
        book.hear(replace(OVEN, shown=frozenset()), at(1))
        assert book.hear(replace(OVEN, rev=90), at(40)) == {"o1"}
        assert sight(book) == Sight("Oven screen", at(40))

    def test_a_screen_that_has_gone_silent_has_nothing_queued(self, book: Sightings) -> None:
        book.hear(replace(OVEN, shown=frozenset()), at(1))
        assert book.next_at(at(2)) == at(31)
        assert book.look(at(30)) == set()
        assert book.look(at(31)) == {"o1"}
        assert book.alarmed(at(31)) == ("o1",)

    def test_silence_means_nothing_while_nobody_can_be_heard(self, book: Sightings) -> None:
        book.hear(replace(OVEN, shown=frozenset()), at(1))
        book.deafen()
        assert book.next_at(at(2)) is None
        assert book.look(at(500)) == set()
        book.listen(at(500))
        assert book.look(at(529)) == set()
        assert book.look(at(530)) == {"o1"}


class TestEpoch:
    def test_in_a_new_epoch_revs_start_over(self, book: Sightings) -> None:
        assert book.enter("e2")
        assert not book.enter("e2")
        book.hear(replace(OVEN, rev=99), at(1))
        assert sight(book) is None
        (unconfirmed,) = book.unconfirmed
        book.confirm(unconfirmed, 3, at(2))
        book.hear(replace(OVEN, epoch="e2", rev=3), at(3))
        assert sight(book) == Sight("Oven screen", at(3))

    def test_what_a_cook_has_seen_he_has_seen(self, book: Sightings) -> None:
        book.hear(OVEN, at(1))
        book.enter("e2")
        assert sight(book) == Sight("Oven screen", at(1))


class TestBounds:
    def test_a_line_that_is_known_is_no_news(self, book: Sightings) -> None:
        book.watch(Line("l1", "o1", "oven", at(5), own=False), at(5))
        known = book.line("l1")
        assert known is not None
        assert known.own

    def test_the_newest_lines_are_kept(self) -> None:
        book = Sightings()
        for number in range(MOST_LINES + 1):
            book.watch(line(f"l{number}"), NOON)
        assert book.line("l0") is None
        assert len(book.unconfirmed) == MOST_LINES

    def test_the_screens_heard_last_are_kept(self, book: Sightings) -> None:
        for number in range(MOST_SCREENS + 1):
            book.hear(replace(OVEN, device_id=f"k{number}", shown=frozenset()), at(1))
        known = book.line("l1")
        assert known is not None
        assert known.queued == "Oven screen"
