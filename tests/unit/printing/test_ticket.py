"""What stands on a kitchen ticket of paper."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kds.printing.ticket import COLUMNS, WIDTHS, Printed, plain, ticket
from tests.support.qt import line_row, order_row

PLACED = datetime(2026, 11, 21, 18, 30, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def printed(*lines: dict[str, Any], reprint: bool = False, **order: Any) -> tuple[Printed, ...]:
    rows = [line_row(f"l{n}", "o", n, **line) for n, line in enumerate(lines, 1)]
    menu = {"hawaiian": {"allergens": ["gluten", "milk"]}}
    head = order_row("o", "A-017", PLACED, **order)
    return ticket(head, rows, menu, now=PLACED, zone=BERLIN, reprint=reprint)


def texts(*lines: dict[str, Any], **order: Any) -> list[str]:
    return [line.text.strip() for line in printed(*lines, **order)]


def test_the_number_is_the_largest_and_stands_on_top() -> None:
    first = printed({})[0]
    assert (first.text, first.size, first.middle) == ("A-017", "huge", True)


def test_the_head_says_where_when_and_who_in_the_branch_s_time() -> None:
    found = texts({}, table_name="12", promised_at="2026-11-21T18:55:00+00:00")
    assert found[1:4] == ["DINE IN Table 12", "19:30 Mia", "Promised 19:55"]


def test_rush_and_vip_are_said_in_words_and_in_white_on_black() -> None:
    band = next(line for line in printed({}, rush=True, vip=True) if line.band)
    assert band.text.strip() == "RUSH - VIP"


def test_a_line_tells_removals_additions_allergens_note_and_seat() -> None:
    modifiers = [
        {"id": "1", "name": "Onion", "kind": "remove", "price": 0},
        {"id": "2", "name": "Extra cheese", "kind": "add", "price": 150},
    ]
    found = texts({"qty": 2, "modifiers": modifiers, "note": "well done", "seat": 3})
    at = found.index("2x Hawaiian M")
    assert found[at + 1 : at + 6] == [
        "NO Onion",
        "+ Extra cheese",
        "! ALLERGENS: gluten, milk",
        "* well done",
        "Seat 3",
    ]


def test_one_course_needs_no_heading_and_several_are_told_apart() -> None:
    assert not any("COURSE" in text for text in texts({}, {}))
    found = texts({"course": 2, "held": True}, {"course": 1, "name": "Soup"})
    headings = [text.strip("- ") for text in found if "COURSE" in text]
    assert headings == ["COURSE 1", "COURSE 2 - HOLD"]
    assert found.index("1x Soup M") < found.index("1x Hawaiian M")


def test_a_void_line_is_under_those_not_to_be_made() -> None:
    found = texts({}, {"name": "Soup", "state": "void"})
    assert found.index("VOID 1x Soup M") > next(
        n for n, text in enumerate(found) if "DO NOT MAKE" in text
    )
    assert "1x Soup M" not in found


def test_what_is_ready_says_so() -> None:
    assert "1x Hawaiian M (done)" in texts({"state": "ready"})


def test_a_reprint_says_so_at_both_ends() -> None:
    found = texts({}, reprint=True)
    assert (found[0], found[-2]) == ("*** REPRINT ***",) * 2
    assert "*** REPRINT ***" not in texts({})


def test_rows_of_an_older_server_have_a_ticket_too() -> None:
    old = order_row("o", "A-017", PLACED)
    assert "vip" not in old
    assert ticket(old, [line_row("l", "o", 1)], {}, now=PLACED, zone=UTC)


@pytest.mark.parametrize(
    ("text", "paper"),
    [
        ("2 × 4 · “hot” – now…", '2 x 4 - "hot" - now...'),
        ("a\x1bb\ncd", "a b cd"),
        ("Jalapen\u0303os", "Jalapeños"),
    ],
)
def test_paper_has_plain_characters_and_no_commands_of_the_guest_s(text: str, paper: str) -> None:
    assert plain(text) == paper


@given(
    st.text(max_size=120),
    st.text(max_size=120),
    st.text(min_size=1, max_size=60),
    st.integers(1, 99),
)
def test_nothing_is_wider_than_the_paper(note: str, name: str, table: str, qty: int) -> None:
    modifiers = [{"id": "1", "name": name, "kind": "remove", "price": 0}]
    line = {"name": name, "note": note, "qty": qty, "modifiers": modifiers}
    for one in printed(line, {**line, "state": "void"}, table_name=table, note=note):
        assert len(one.text) * WIDTHS[one.size] <= COLUMNS
        assert one.text.isprintable()
