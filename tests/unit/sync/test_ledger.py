"""When an op has done its duty, and where it goes then."""

from __future__ import annotations

from typing import Any

from kds.domain.commands import Command, Outcome
from kds.sync.ledger import Ledger
from kds.sync.ops import DeadOp, Entry, Settlement, join
from kds.sync.wire import Change, Cursor

AT = "2026-11-21T08:00:00+00:00"


def command(seq: int, lane: str = "o1") -> Command:
    return Command(f"op{seq}", seq, "bump", lane, "Mia", AT, {})


def outcome(seq: int, result: Any, **more: Any) -> Outcome:
    return Outcome(seq, f"op{seq}", result, **more)


def ledger(*seqs: int) -> Ledger:
    return Ledger([Entry(command(seq)) for seq in seqs], ())


def at(**revs: int) -> dict[str, Cursor | None]:
    return {stream: Cursor("e", rev) for stream, rev in revs.items()}


def test_an_answered_op_stays_until_its_rows_have_been_read() -> None:
    book = ledger(1)
    news = book.answered([outcome(1, "applied", revs={"s": 7})], at(s=6), AT)
    assert news == Settlement(answered=((1, {"s": 7}),)) or news.answered == [(1, {"s": 7})]
    assert book.take(news) == set()
    assert (book.waiting, book.unanswered) == (0, ())
    assert book.reached(at(s=6)).gone == ()
    assert book.take(book.reached(at(s=7))) == {"op1"}


def test_an_answered_op_whose_rows_are_here_goes_at_once() -> None:
    book = ledger(1)
    assert book.take(book.answered([outcome(1, "applied", revs={"s": 7})], at(s=7), AT)) == {"op1"}


def test_a_stream_that_is_not_followed_is_not_waited_for() -> None:
    book = ledger(1)
    news = book.answered([outcome(1, "applied", revs={"s": 7, "office": 3})], at(s=7), AT)
    assert book.take(news) == {"op1"}


def test_an_op_with_revs_of_two_streams_waits_for_both() -> None:
    book = ledger(1)
    book.take(book.answered([outcome(1, "applied", revs={"s": 7, "t": 3})], at(s=7, t=2), AT))
    assert book.reached(at(s=8, t=2)).gone == ()
    assert book.take(book.reached(at(s=8, t=3))) == {"op1"}


def test_an_op_whose_rows_came_first_needs_no_answer() -> None:
    book = ledger(1, 2)
    rows = [Change(7, "orders", "o1", {"id": "o1"}, "op1"), Change(7, "orders", "x", None, "other")]
    assert book.mine(rows) == {"op1"}
    assert book.take(book.seen({"op1"})) == {"op1"}
    assert not book.answered([outcome(1, "applied")], at(s=7), AT)
    assert book.unanswered == (command(2),)


def test_a_duplicate_counts_as_what_it_was_the_first_time() -> None:
    book = ledger(1, 2)
    news = book.answered(
        [
            outcome(1, "duplicate", first="applied", revs={"s": 1}),
            outcome(2, "duplicate", first="rejected", reason="unknown order"),
        ],
        at(s=1),
        AT,
    )
    assert book.take(news) == {"op1", "op2"}
    assert book.dead["op2"].reason == "unknown order"


def test_refused_and_blocked_ops_are_kept_for_a_person() -> None:
    book = ledger(1, 2, 3)
    news = book.answered(
        [
            outcome(1, "rejected", reason="no"),
            outcome(2, "blocked", blocked_by="op1"),
            outcome(3, "conflict", reason="ready", remote={"row": {}}),
        ],
        at(s=1),
        AT,
    )
    assert book.take(news) == {"op1", "op2", "op3"}
    assert book.dead["op3"] == DeadOp(command(3), "conflict", "ready", None, AT, {"row": {}})
    assert book.lane_of_dead("op2") == (
        DeadOp(command(1), "rejected", "no", None, AT),
        DeadOp(command(2), "blocked", "", "op1", AT),
    )


def refused(book: Ledger, *seqs: int) -> None:
    """The server refuses the first of these ops and blocks the others."""
    first, *behind = seqs
    blocked = (outcome(seq, "blocked", blocked_by=f"op{first}") for seq in behind)
    book.take(book.answered([outcome(first, "rejected"), *blocked], at(s=1), AT))


def test_an_op_is_in_turn_when_all_of_its_lane_before_it_is() -> None:
    book = Ledger([Entry(command(seq, lane)) for seq, lane in enumerate("aabab", 1)], ())
    assert [one.seq for one in book.in_turn((1, 3, 4))] == [1, 3]
    assert [one.seq for one in book.in_turn((5, 4, 2, 1))] == [1, 2, 4]


def test_an_op_that_has_been_answered_is_in_nobodys_way() -> None:
    book = ledger(1, 2)
    book.take(book.answered([outcome(1, "applied", revs={"s": 7})], at(s=6), AT))
    assert book.in_turn((1, 2)) == [command(2)]


def test_what_waits_again_goes_before_what_was_accepted_later() -> None:
    book = ledger(1, 2, 3)
    refused(book, 1, 2)
    book.decided(tuple(book.dead.values()), ())
    book.add(command(4), renews=1)
    book.add(command(2))
    assert [one.seq for one in book.unanswered] == [4, 2, 3]
    refused(book, 4, 2)
    assert [one.command.seq for one in book.lane_of_dead("op2")] == [4, 2]
    book.decided(tuple(book.dead.values()), ())
    book.add(command(5), renews=4)
    assert [one.seq for one in book.unanswered] == [5, 3]


def test_a_lane_is_held_behind_its_first_dead_op_and_not_before() -> None:
    book = ledger(1, 2, 3, 4)
    refused(book, 2, 3)
    book.add(command(5, "o2"))
    held = book.held(book.unanswered)
    assert [(one.seq, one.result, one.blocked_by) for one in held] == [(4, "blocked", "op2")]


def test_a_conflict_holds_nothing() -> None:
    book = ledger(1, 2)
    book.take(book.answered([outcome(1, "conflict")], at(s=1), AT))
    assert book.held(book.unanswered) == []


def test_an_op_that_leaves_in_two_ways_leaves_once() -> None:
    both = join(
        Settlement(gone=((1, "applied"),)), Settlement(gone=((1, "applied"), (2, "applied")))
    )
    assert both.gone == ((1, "applied"), (2, "applied"))
