"""Sending what was accepted: batches, failures, and who may overtake."""

from __future__ import annotations

from kds.domain.commands import Outcome
from kds.sync.attempts import Pace
from kds.sync.flusher import BATCH_BYTES, BATCH_OPS, LIVE_OPS, Flusher
from kds.sync.machine import Machine
from kds.sync.signals import (
    Bury,
    Failed,
    Flush,
    Flushed,
    Gone,
    LinkUp,
    Queued,
    Requeued,
    Started,
    Submitted,
)

PACE = Pace()


def op(seq: int, lane: str | None = None, size: int = 100) -> Queued:
    return Queued(seq, lane or f"o{seq}", size)


def backlog(count: int, lane: str | None = None) -> list[Queued]:
    return [op(seq, lane) for seq in range(1, count + 1)]


def sent(flusher: Flusher, now: float = 0.0) -> tuple[int, ...]:
    """The batch that goes now."""
    (effect,) = flusher.next(now)
    assert isinstance(effect, Flush)
    return effect.seqs


def started(*waiting: Queued) -> Flusher:
    flusher = Flusher(waiting, PACE)
    flusher.start(0.0)
    return flusher


def test_a_batch_has_at_most_50_ops() -> None:
    flusher = started(*backlog(120))
    assert sent(flusher) == tuple(range(1, BATCH_OPS + 1))
    flusher.flushed(range(1, BATCH_OPS + 1), 0.0)
    assert sent(flusher)[0] == BATCH_OPS + 1


def test_a_batch_has_at_most_256_kb() -> None:
    flusher = started(op(1), op(2, size=BATCH_BYTES), op(3))
    assert sent(flusher) == (1,)
    flusher.flushed([1], 0.0)
    assert sent(flusher) == (2,)


def test_one_batch_is_under_way_at_a_time() -> None:
    flusher = started(op(1))
    sent(flusher)
    flusher.submitted([op(2)], 0.0)
    assert flusher.next(0.0) == []
    flusher.flushed([1], 0.0)
    assert sent(flusher) == (2,)


def test_what_got_no_answer_is_sent_again_as_it_was() -> None:
    flusher = started(op(1), op(2))
    assert sent(flusher) == (1, 2)
    flusher.failed("unreachable", 0.0, 0.0)
    assert flusher.next(0.4) == []
    assert sent(flusher, 0.5) == (1, 2)


def test_from_the_second_silence_on_batches_are_halved_down_to_one() -> None:
    flusher = started(*backlog(50))
    sizes = []
    now = 0.0
    for _ in range(9):
        sizes.append(len(sent(flusher, now)))
        flusher.failed("unreachable", now, 0.0)
        now += 100
    assert sizes == [50, 50, 25, 12, 6, 3, 1, 1, 1]


def test_batches_grow_again_with_success() -> None:
    flusher = started(*backlog(50))
    sent(flusher)
    flusher.failed("too_large", 0.0, 0.0)
    flusher.flushed(sent(flusher), 0.0)
    assert len(sent(flusher)) == 25


def test_a_batch_that_is_too_large_is_bisected_down_to_the_op_that_is() -> None:
    flusher = started(op(1), op(2), op(3), op(4))
    poison = 3
    buried: list[int] = []
    arrived: list[int] = []
    while flusher.waiting:
        batch = sent(flusher, now=10.0 * len(buried))
        if poison in batch:
            buried += [w.seq for w in flusher.failed("too_large", 0.0, 0.0) if isinstance(w, Bury)]
            flusher.gone(buried)
        else:
            arrived += batch
            flusher.flushed(batch, 0.0)
    assert (arrived, buried) == ([1, 2, 4], [3])


def test_a_refused_token_pauses_and_the_link_ends_the_pause() -> None:
    flusher = started(op(1))
    sent(flusher)
    assert flusher.failed("unauthorized", 0.0, 0.0) == []
    flusher.submitted([op(2)], 1.0)
    assert flusher.next(PACE.pause - 0.1) == []
    flusher.link_up(5.0)
    assert sent(flusher, 5.0) == (1, 2)


def test_a_fresh_tap_goes_before_the_backlog() -> None:
    flusher = started(*backlog(200))
    sent(flusher)
    flusher.submitted([op(201, "new"), op(202, "new")], 0.0)
    flusher.flushed(range(1, 51), 0.0)
    batch = sent(flusher)
    assert batch[:3] == (201, 202, 51)
    assert len(batch) == BATCH_OPS


def test_a_fresh_tap_waits_behind_its_own_lane() -> None:
    flusher = started(*backlog(200))
    sent(flusher)
    flusher.submitted([op(201, "o150")], 0.0)
    flusher.flushed(range(1, 51), 0.0)
    assert 201 not in sent(flusher)


def test_order_within_a_lane_is_kept_whatever_happens() -> None:
    flusher = started(*[op(seq, f"o{seq % 7}") for seq in range(1, 150)])
    order: list[int] = []
    seq = 150
    while flusher.waiting:
        batch = sent(flusher)
        if seq < 300:
            flusher.submitted([op(seq, f"o{seq % 11}"), op(seq + 1, f"o{seq % 11}")], 0.0)
            seq += 2
        order += batch
        flusher.flushed(batch, 0.0)
    lanes: dict[str, list[int]] = {}
    for number in order:
        lane = f"o{number % 7}" if number < 150 else f"o{(number - number % 2) % 11}"
        lanes.setdefault(lane, []).append(number)
    assert all(numbers == sorted(numbers) for numbers in lanes.values())
    assert sorted(order) == list(range(1, seq))


def test_the_backlog_keeps_half_of_each_batch() -> None:
    flusher = started(*backlog(200))
    sent(flusher)
    flusher.submitted([op(seq) for seq in range(201, 301)], 0.0)
    flusher.flushed(range(1, 51), 0.0)
    batch = sent(flusher)
    assert sum(seq > 200 for seq in batch) == LIVE_OPS


def test_taps_made_while_offline_are_backlog_when_the_link_comes() -> None:
    flusher = started(*backlog(60))
    flusher.submitted([op(61)], 0.0)
    flusher.link_up(0.0)
    assert sent(flusher)[0] == 1


def test_an_answer_without_any_of_the_ops_is_a_failure() -> None:
    flusher = started(op(1))
    sent(flusher)
    flusher.flushed([], 0.0)
    assert flusher.next(0.0) == []
    assert sent(flusher, 10.0) == (1,)


def test_an_op_that_came_back_as_rows_is_not_sent_again() -> None:
    machine = Machine({}, [op(1), op(2)], PACE)
    machine.on(Started(), 0.0)
    assert Flush((1, 2)) in machine.next(0.0)
    machine.on(Gone((1,)), 0.0)
    machine.on(Failed("flush", "unreachable", "Sorry.", 0.0), 0.0)
    machine.on(LinkUp(), 1.0)
    assert Flush((2,)) in machine.next(1.0)


def test_the_queue_can_be_put_together_anew() -> None:
    machine = Machine({}, [op(7)], PACE)
    machine.on(Started(), 0.0)
    machine.on(Requeued((op(5), op(7))), 0.0)
    machine.on(Flushed((Outcome(7, "x", "duplicate"),)), 0.0)
    assert Flush((5,)) in machine.next(0.0)


def test_a_submitted_op_is_queued_once() -> None:
    machine = Machine({}, [op(1)], PACE)
    machine.on(Submitted((op(1),)), 0.0)
    assert machine.flusher.waiting == 1


def test_a_refusal_is_a_problem_until_the_server_answers() -> None:
    machine = Machine({}, [op(1)], PACE)
    machine.on(Started(), 0.0)
    machine.on(Failed("flush", "refused", "This terminal is locked.", 0.0), 0.0)
    assert machine.problem == "This terminal is locked."
    machine.on(LinkUp(), 1.0)
    machine.on(Flushed((Outcome(1, "x", "applied"),)), 1.0)
    assert machine.problem is None


def test_a_batch_of_backlog_says_that_more_follows_and_the_last_one_does_not() -> None:
    flusher = Flusher([op(seq) for seq in range(1, 61)], PACE)
    flusher.start(0.0)
    (first,) = flusher.next(0.0)
    assert first == Flush(tuple(range(1, 51)), more=True)
    flusher.flushed(range(1, 51), 0.0)
    assert flusher.next(0.0) == [Flush(tuple(range(51, 61)))]


def test_a_batch_with_a_fresh_tap_is_poked_about_whatever_follows() -> None:
    flusher = Flusher([op(seq) for seq in range(1, 101)], PACE)
    flusher.submitted([Queued(101, "fresh", 10)], 0.0)
    flusher.start(0.0)
    (first,) = flusher.next(0.0)
    assert isinstance(first, Flush)
    assert (first.seqs[0], first.more) == (101, False)


def test_a_decision_goes_out_without_any_op_and_again_after_a_failure() -> None:
    flusher = Flusher([], PACE)
    flusher.decided(0.0)
    assert flusher.next(0.0) == [Flush(())]
    flusher.failed("unreachable", 0.0, 0.5)
    assert flusher.due is not None
    assert flusher.next(flusher.due) == [Flush(())]
    flusher.flushed((), 1.0)
    assert (flusher.due, flusher.next(9.0)) == (None, [])
