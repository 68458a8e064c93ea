"""Where the arrows lead, and where the selection goes when its place is gone."""

from __future__ import annotations

import pytest

from kds.ui.kitchen.cursor import Direction, Stop, after_change, step

A, A1, A2, B, B1, C = ("a", ""), ("a", "1"), ("a", "2"), ("b", ""), ("b", "1"), ("c", "")
STOPS = [A, A1, A2, B, B1, C]


@pytest.mark.parametrize(
    ("here", "direction", "there"),
    [
        (A, "down", A1),
        (A2, "down", B),
        (C, "down", C),
        (B, "up", A2),
        (A, "up", A),
        (A1, "right", B),
        (C, "right", C),
        (B1, "left", A),
        (A, "left", A),
        (None, "down", A),
        (("gone", ""), "left", A),
    ],
)
def test_an_arrow_leads_to(here: Stop | None, direction: Direction, there: Stop) -> None:
    assert step(STOPS, here, direction) == there


def test_an_empty_board_has_nowhere_to_go() -> None:
    assert step([], None, "down") is None


def test_the_selection_stays_while_its_stop_is_there() -> None:
    assert after_change(STOPS, A2, [A, A1, A2], 0, ["a"]) == A2


def test_a_bumped_line_hands_the_selection_to_the_next_one() -> None:
    assert after_change([A, A2, B], A1, [A, A1, A2], 0, ["a", "b"]) == A2


def test_the_last_line_hands_it_to_the_one_before() -> None:
    assert after_change([A, A1, B], A2, [A, A1, A2], 0, ["a", "b"]) == A1


def test_without_open_lines_the_ticket_has_it() -> None:
    assert after_change([A, B], A1, [A, A1], 0, ["a", "b"]) == A


def test_a_bumped_ticket_hands_it_to_the_one_in_its_place() -> None:
    assert after_change([A, C], B1, [B, B1], 1, ["a", "c"]) == C
    assert after_change([A], C, [C], 2, ["a"]) == A


def test_with_the_last_ticket_the_selection_is_gone() -> None:
    assert after_change([], A, [A], 0, []) is None
