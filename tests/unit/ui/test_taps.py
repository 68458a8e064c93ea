"""What a tap means: a change first, then start or bump, and never what is held."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kds.domain.tickets import Ticket, TicketLine
from kds.ui.kitchen.choices import choices
from kds.ui.kitchen.taps import Meant, meant

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def line(key: str, name: str = "Hawaiian", **fields: Any) -> TicketLine:
    plain = TicketLine(key, 1, name, "M", (), (), (), "", 1, None, "pizza", "sent")
    return replace(plain, item_id=name.lower(), **fields)


def ticket(*lines: TicketLine, **fields: Any) -> Ticket:
    plain = Ticket("o1", "A-001", "dine_in", "4", "", "Mia", "", False, NOW, lines)
    return replace(plain, **fields)


# -- taps ---------------------------------------------------------------------------------


def test_a_tap_on_a_line_bumps_every_line_that_it_stands_for() -> None:
    merged = ticket(line("a", ids=("a", "b")), line("c"))
    assert meant(merged, "a", "bump", NOW) == Meant("bump", ("a", "b"))


def test_a_tap_on_the_ticket_bumps_what_is_to_be_made() -> None:
    mixed = ticket(line("a"), line("b", state="started"), line("c", state="ready"))
    assert meant(mixed, "", "bump", NOW) == Meant("bump", ("a", "b"))


def test_a_tap_on_the_ticket_acknowledges_its_changes_first() -> None:
    changed = ticket(line("a"), line("b", flag="qty", was_qty=2))
    assert meant(changed, "", "bump", NOW) == Meant("acknowledge", ("b",))
    assert meant(changed, "a", "bump", NOW) == Meant("bump", ("a",))


def test_a_tap_on_a_voided_line_acknowledges_it_and_then_means_nothing() -> None:
    void = line("a", state="void", flag="void")
    assert meant(ticket(void), "a", "bump", NOW) == Meant("acknowledge", ("a",))
    assert meant(ticket(replace(void, flag="")), "a", "bump", NOW) == Meant("nothing")


def test_where_a_first_tap_starts_the_second_one_bumps() -> None:
    begun = ticket(line("a", state="started"), line("b"))
    assert meant(begun, "", "start", NOW) == Meant("start", ("b",))
    assert meant(begun, "a", "start", NOW) == Meant("bump", ("a",))


@pytest.mark.parametrize("line_id", ["", "b"])
def test_what_is_held_or_not_due_is_never_bumped(line_id: str) -> None:
    later = NOW + timedelta(seconds=30)
    waiting = ticket(line("b", held=True), line("c", fire_at=later))
    assert meant(waiting, line_id, "bump", NOW) == Meant("wait")
    both = ticket(line("a"), line("b", held=True), line("c", fire_at=later))
    assert meant(both, "", "bump", NOW) == Meant("bump", ("a",))
    assert meant(ticket(line("c", fire_at=NOW)), "", "bump", NOW) == Meant("bump", ("c",))


# -- the sheet ----------------------------------------------------------------------------


def offered(shown: Ticket, picked: set[str] | None = None, **how: Any) -> list[str]:
    how = {"out": (), "can_print": False, **how}
    return [choice.text for choice in choices(shown, picked or set(), NOW, **how)]


def test_a_plain_ticket_offers_what_can_be_done_with_it() -> None:
    assert offered(ticket(line("a"), line("b", "Cola"))) == [
        "Start all",
        "Bump all",
        "Rush",
        "Hold",
        "Ask front of house",
        "86 Hawaiian",
        "86 Cola",
    ]


def test_a_change_is_offered_first() -> None:
    assert offered(ticket(line("a", flag="added")))[0] == "Changes seen"


def test_chosen_lines_narrow_it_down() -> None:
    three = ticket(line("a"), line("b", "Cola", state="started"), line("c", "Fries"))
    assert offered(three, {"b"}) == ["Bump", "Rush", "Ask front of house", "86 Cola"]
    assert "Bump 2 lines" in offered(three, {"b", "c"})


def test_courses_are_named_when_there_are_several() -> None:
    courses = ticket(line("a"), line("b", course=2, held=True), line("c", course=3, held=True))
    assert [text for text in offered(courses) if "ourse" in text] == [
        "Fire course 2",
        "Fire course 3",
        "Hold course 1",
    ]
    assert "Fire" in offered(ticket(line("a", held=True)))


def test_what_is_begun_cannot_be_held() -> None:
    assert "Hold" not in offered(ticket(line("a", state="started")))


def test_a_rush_can_be_taken_back_and_an_item_can_come_back() -> None:
    texts = offered(ticket(line("a"), rush=True), out={"hawaiian"})
    assert "No rush" in texts
    assert "Hawaiian is back" in texts


def test_a_dish_is_86d_once_however_many_lines_it_has() -> None:
    assert offered(ticket(line("a"), line("b"))).count("86 Hawaiian") == 1


def test_printing_is_offered_where_something_prints() -> None:
    assert "Print again" not in offered(ticket(line("a")))
    assert "Print again" in offered(ticket(line("a")), can_print=True)
