"""The report counts what went wrong, and does not when nothing did."""

from __future__ import annotations

from kds.app.tally import Tally, percentile


def tally() -> Tally:
    counted = Tally()
    counted.tapped("one", 10.0, pieces=2)
    counted.tapped("two", 11.0, pieces=1)
    counted.appeared("one", 10.010)
    counted.appeared("two", 11.030)
    return counted


KITCHEN = {"one": {"number": "A-001", "pieces": 2}, "two": {"number": "B-001", "pieces": 1}}


def test_a_sound_service_has_nothing_lost_and_nothing_doubled() -> None:
    report = tally().report(KITCHEN, checksum_equal=True)
    assert report == {
        "orders_placed": 2,
        "orders_on_board": 2,
        "lost": 0,
        "doubled": 0,
        "checksum_equal": True,
        "latency_ms": {"p50": 10.0, "p95": 30.0, "p99": 30.0},
    }


def test_an_order_that_never_came_up_is_lost() -> None:
    counted = tally()
    counted.tapped("three", 12.0, pieces=1)
    known = {**KITCHEN, "three": {"number": "A-002", "pieces": 1}}
    assert counted.report(known, True)["lost"] == 1
    assert not counted.complete


def test_an_order_short_of_pieces_is_lost() -> None:
    short = {**KITCHEN, "one": {"number": "A-001", "pieces": 1}}
    assert tally().report(short, True)["lost"] == 1


def test_pieces_nobody_asked_for_are_doubled() -> None:
    over = {**KITCHEN, "one": {"number": "A-001", "pieces": 4}}
    assert tally().report(over, True)["doubled"] == 1


def test_an_order_nobody_tapped_and_a_number_used_twice_are_doubled() -> None:
    ghost = {**KITCHEN, "ghost": {"number": "A-001", "pieces": 2}}
    assert tally().report(ghost, True)["doubled"] == 2


def test_a_row_that_comes_again_does_not_change_its_latency() -> None:
    counted = tally()
    counted.appeared("one", 99.0)
    assert counted.report(KITCHEN, True)["latency_ms"]["p99"] == 30.0


def test_percentiles_are_values_that_occurred() -> None:
    values = [float(n) for n in range(1, 101)]
    assert [percentile(values, share) for share in (0.5, 0.95, 0.99, 1.0)] == [50, 95, 99, 100]
    assert percentile([], 0.5) is None
    assert percentile([7.0], 0.01) == 7.0
