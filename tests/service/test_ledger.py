"""What the boards showed, set against where every line had to be."""

from __future__ import annotations

from typing import Any

import pytest

from tests.service.ledger import Ledger

GRILL, OVEN, COLD = frozenset({"grill"}), frozenset({"oven"}), frozenset({"cold"})
ROUTE = {"grill": 1, "oven": 2}


@pytest.fixture
def ledger() -> Ledger:
    """One line, sent at 10 s, to be grilled and then baked."""
    found = Ledger()
    found.send("l1", "o1", 10.0, ROUTE)
    return found


def stand(
    ledger: Ledger, board: frozenset[str], begin: float, end: float, *, bump: bool = True
) -> None:
    """The line stands on a board, and is bumped when it leaves."""
    (name,) = board
    ledger.show(name, {"l1"}, board, begin)
    if bump:
        ledger.bump({"l1"}, board, end)
    ledger.show(name, set(), board, end)


def wrong(ledger: Ledger) -> dict[str, Any]:
    report = ledger.report()
    names = ("missed", "twice", "out_of_turn", "astray")
    return {name: report[name] for name in names if report[name]}


def test_a_line_that_passes_each_station_once_and_in_turn_is_all_right(ledger: Ledger) -> None:
    stand(ledger, GRILL, 10.1, 20)
    stand(ledger, OVEN, 20.4, 30)
    ledger.hand_over("o1")
    report = ledger.report()
    assert wrong(ledger) == {}
    assert (report["orders"], report["lines"], report["handed_over"]) == (1, 1, 1)
    assert (report["stops_expected"], report["stops_passed"]) == (2, 2)
    assert report["latency_ms"]["grill"] == {"p50": 100.0, "p95": 100.0}
    assert report["latency_ms"]["oven"] == {"p50": 400.0, "p95": 400.0}


def test_a_station_that_never_saw_it_is_missed(ledger: Ledger) -> None:
    stand(ledger, GRILL, 11, 20)
    assert wrong(ledger) == {"missed": 1}
    assert ledger.report()["latency_ms"]["oven"] == {"p50": None, "p95": None}


def test_a_line_that_still_stands_on_a_board_has_not_passed_it(ledger: Ledger) -> None:
    stand(ledger, GRILL, 11, 20)
    ledger.show("oven", {"l1"}, OVEN, 20.5)
    assert wrong(ledger) == {"missed": 1}


def test_a_line_that_leaves_a_board_without_a_bump_is_missed(ledger: Ledger) -> None:
    stand(ledger, GRILL, 11, 20)
    stand(ledger, OVEN, 20, 30, bump=False)
    assert wrong(ledger) == {"missed": 1}


def test_a_line_that_comes_back_was_there_twice(ledger: Ledger) -> None:
    stand(ledger, GRILL, 11, 20)
    stand(ledger, OVEN, 20, 30)
    ledger.show("grill", {"l1"}, GRILL, 31)
    assert wrong(ledger) == {"twice": 1}
    ledger.show("grill", set(), GRILL, 32)
    assert wrong(ledger) == {"twice": 1}


def test_a_line_that_comes_before_its_turn_is_told(ledger: Ledger) -> None:
    stand(ledger, OVEN, 11, 12)
    stand(ledger, GRILL, 11, 20)
    assert wrong(ledger) == {"out_of_turn": 1}


def test_a_line_whose_earlier_station_never_bumped_it_is_out_of_turn(ledger: Ledger) -> None:
    stand(ledger, OVEN, 11, 12)
    assert wrong(ledger) == {"missed": 1, "out_of_turn": 1}


def test_a_board_that_it_has_no_business_on_is_told(ledger: Ledger) -> None:
    stand(ledger, GRILL, 11, 20)
    stand(ledger, OVEN, 20, 30)
    stand(ledger, COLD, 20, 21)
    ledger.show("oven", {"nobody sent it"}, OVEN, 40)
    assert wrong(ledger) == {"astray": 2}


def test_the_stand_in_passes_what_the_dark_board_did_not(ledger: Ledger) -> None:
    ledger.show("grill", {"l1"}, GRILL, 11)  # and then it is dark
    both = COLD | GRILL
    ledger.show("cold", {"l1"}, both, 45)
    ledger.bump({"l1"}, both, 50)
    ledger.show("cold", set(), both, 50)
    stand(ledger, OVEN, 51, 60)
    assert wrong(ledger) == {}


def test_a_stand_in_that_has_made_its_own_part_is_given_the_other_one() -> None:
    ledger, both = Ledger(), COLD | GRILL
    ledger.send("l1", "o1", 10.0, {"grill": 1, "cold": 1})
    ledger.show("grill", {"l1"}, GRILL, 11)  # and then it is dark
    stand(ledger, COLD, 11, 20)
    ledger.show("cold", {"l1"}, both, 45)
    ledger.bump({"l1"}, both, 50)
    ledger.show("cold", set(), both, 50)
    assert wrong(ledger) == {}
    ledger.show("cold", {"l1"}, both, 51)
    assert wrong(ledger) == {"twice": 2}
