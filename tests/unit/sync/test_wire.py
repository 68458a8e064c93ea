"""Reading the server's answers: whole and of the right kinds, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kds.domain.commands import Command
from kds.sync.shapes import instant, shown
from kds.sync.wire import (
    Cursor,
    read_checksum,
    read_outcomes,
    read_poke,
    read_pull,
    read_snapshot,
)
from tests.support.garbage import instants, many, near, values

ROW = {
    "rev": 5, "seq": 0, "table": "orders", "pk": "o1", "op": "U", "row": {"id": "o1"},
    "op_id": None, "at": "2026-11-21T08:00:00+00:00",
}  # fmt: skip
PULL = {"streams": {"s": {"head": 5, "epoch": "e", "through_rev": 5, "rows": [ROW]}}}
SNAPSHOT = {"streams": {"s": {"rev": 5, "epoch": "e", "tables": {"orders": [{"id": "o1"}]}}}}
CHECKSUM = {"rev": 5, "epoch": "e", "tables": {"orders": {"rows": 1, "sum": "7"}}}
POKE = {"stream": "s", "epoch": "e", "rev": 5, "rows": [ROW]}
OUTCOME = {"seq": 1, "op_id": "a", "result": "applied", "revs": {"s": 5}, "remote": None}
OUTCOMES = {"outcomes": [OUTCOME]}
SENT = [Command("a", 1, "bump", "o1", "Ann", "2026-11-21T08:00:00+00:00", {})]

READERS: list[tuple[Callable[[Any], Any], Mapping[str, Any]]] = [
    (read_pull, PULL),
    (lambda answer: read_snapshot(answer, ["s"]), SNAPSHOT),
    (read_checksum, CHECKSUM),
    (lambda answer: read_outcomes(answer, SENT), OUTCOMES),
]
UNREADABLE = (KeyError, TypeError, ValueError, AttributeError)


@pytest.mark.parametrize(("read", "shape"), READERS)
def test_a_whole_answer_is_read(read: Callable[[Any], Any], shape: Any) -> None:
    assert read(shape)


@pytest.mark.parametrize(("read", "shape"), READERS)
def test_an_answer_is_read_whole_or_said_to_be_unreadable(
    read: Callable[[Any], Any], shape: Any
) -> None:
    @many
    @given(near(shape))
    def check(answer: Any) -> None:
        assert len(complaint_about(read, answer)) < 400

    check()


def complaint_about(read: Callable[[Any], Any], answer: Any) -> str:
    """What a log would say; nothing for an answer that was read."""
    try:
        read(answer)
    except UNREADABLE as error:
        return str(error)
    return ""


@many
@given(near(POKE))
def test_a_poke_is_read_whole_or_ignored(payload: Any) -> None:
    if not isinstance(payload, dict):
        return  # the socket passes objects on, and nothing else
    try:
        poke = read_poke(payload)
    except (KeyError, ValueError):
        return
    assert isinstance(poke.reaches.rev, int)
    assert all(isinstance(change.rev, int) for change in poke.changes or ())


@many
@given(st.one_of(instants, values))
def test_a_server_s_time_is_one_of_these_centuries_or_none(value: Any) -> None:
    try:
        read = instant(value)
    except ValueError as error:
        complaint = str(error)
    else:
        complaint = ""
        assert 2000 <= read.year < 3000
    assert len(complaint) < 400


@pytest.mark.parametrize("rev", [-1, True, 5.0, "5", None, 2**63, float("inf")])
def test_a_rev_that_could_not_be_counted_on_is_refused(rev: Any) -> None:
    with pytest.raises(ValueError, match="no whole number"):
        read_poke({**POKE, "rev": rev})


def test_a_snapshot_without_a_stream_that_was_asked_for_is_none() -> None:
    with pytest.raises(KeyError):
        read_snapshot(SNAPSHOT, ["s", "other"])


def test_a_stream_that_was_not_asked_for_is_left_out_of_a_snapshot() -> None:
    more = {"streams": {**SNAPSHOT["streams"], "other": None}}
    assert [one.stream for one in read_snapshot(more, ["s"])] == ["s"]


def test_a_snapshot_with_one_unreadable_row_is_none() -> None:
    rows = [{"id": "o1"}, {"no id": 1}]
    broken = {"streams": {"s": {"rev": 5, "epoch": "e", "tables": {"orders": rows}}}}
    with pytest.raises(KeyError):
        read_snapshot(broken, ["s"])


@pytest.mark.parametrize("named", [{"seq": 2}, {"op_id": "b"}])
def test_an_outcome_of_something_else_settles_nothing(named: dict[str, Any]) -> None:
    assert read_outcomes({"outcomes": [{**OUTCOME, **named}]}, SENT) == ()


@pytest.mark.parametrize("result", [None, ["applied"], 5])
def test_an_outcome_that_is_no_word_makes_the_answer_unreadable(result: Any) -> None:
    with pytest.raises(ValueError, match="no text"):
        read_outcomes({"outcomes": [{**OUTCOME, "result": result}]}, SENT)


@pytest.mark.parametrize(
    "later", [{"result": "parked"}, {"result": "duplicate", "first": "parked"}]
)
def test_an_outcome_of_a_later_server_needs_a_person(later: dict[str, Any]) -> None:
    (outcome,) = read_outcomes({"outcomes": [{**OUTCOME, **later}]}, SENT)
    assert (outcome.result, outcome.first) == ("rejected", None)
    assert "update this terminal" in outcome.reason


def test_an_answer_with_nothing_new_still_tells_how_far_it_reaches() -> None:
    answer = read_pull({"streams": {"s": {"head": 9, "epoch": "e", "through_rev": 9}}})
    assert answer["s"].part.reaches == Cursor("e", 9)


def test_what_a_log_shows_of_a_value_is_short() -> None:
    assert len(shown("x" * 10**6)) <= 80
    assert shown([1] * 10**6) == "list"
