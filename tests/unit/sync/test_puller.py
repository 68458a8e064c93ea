"""Keeping up with a stream, told as a transcript: what happens, and what is asked for."""

from __future__ import annotations

from collections.abc import Mapping

from kds.sync.attempts import Pace
from kds.sync.machine import Machine
from kds.sync.signals import (
    Apply,
    Ask,
    Audit,
    Audited,
    Event,
    Failed,
    Flush,
    Install,
    Joined,
    LinkDown,
    LinkUp,
    Poked,
    Pull,
    Pulled,
    Queued,
    Rewound,
    Snapped,
    Started,
    Submitted,
    TakeSnapshot,
    Tick,
    WakeAt,
    Woke,
    Write,
)
from kds.sync.wire import Change, Cursor, Poke, StreamAnswer, StreamChanges, StreamSnapshot

PACE = Pace()


class Told:
    """A machine, its clock, and what came of each event (wake-ups apart)."""

    def __init__(
        self, cursors: Mapping[str, Cursor | None], waiting: tuple[Queued, ...] = ()
    ) -> None:
        self.machine = Machine(cursors, waiting, PACE)
        self.now = 100.0
        self.wake: float | None = None

    def on(self, event: Event, *, at: float | None = None) -> list[Write | Ask]:
        self.now = self.now if at is None else at
        writes = self.machine.on(event, self.now)
        return [*writes, *self.asks()]

    def asks(self) -> list[Ask]:
        """What it asks the server for now."""
        asks = self.machine.next(self.now)
        for ask in asks:
            if isinstance(ask, WakeAt):
                self.wake = ask.at
        return [ask for ask in asks if not isinstance(ask, WakeAt)]

    def wakes(self) -> list[Write | Ask]:
        """The next deadline comes."""
        assert self.wake is not None
        return self.on(Tick(), at=self.wake)


def at(rev: int, epoch: str = "e") -> Cursor:
    return Cursor(epoch, rev)


def changes(*revs: int) -> tuple[Change, ...]:
    return tuple(Change(rev, "orders", f"o{rev}", {"id": f"o{rev}"}, None) for rev in revs)


def part(*revs: int, to: int | None = None, stream: str = "s") -> StreamChanges:
    return StreamChanges(stream, at(revs[-1] if to is None else to), changes(*revs))


def pulled(
    *revs: int, to: int, head: int | None = None, reset: bool = False, epoch: str = "e"
) -> Pulled:
    found = StreamChanges("s", Cursor(epoch, to), changes(*revs))
    return Pulled({"s": StreamAnswer(to if head is None else head, reset, found)})


def poked(rev: int, *, rows: bool = True, epoch: str = "e", stream: str = "s") -> Poked:
    return Poked(Poke(stream, Cursor(epoch, rev), changes(rev) if rows else None))


def snapshot(rev: int, epoch: str = "e", stream: str = "s") -> Snapped:
    return Snapped((StreamSnapshot(stream, Cursor(epoch, rev), {}),))


def failed(request: str, failure: str = "unreachable", dice: float = 0.0) -> Failed:
    return Failed(request, failure, "Sorry.", dice)  # type: ignore[arg-type]


def followed(rev: int = 5) -> Told:
    """A terminal with a live link that is complete at `rev`."""
    told = Told({"s": at(rev)})
    told.on(LinkUp())
    assert told.on(Started()) == [Pull({"s": at(rev)})]
    assert told.on(pulled(to=rev)) == []
    return told


def test_nothing_is_asked_for_before_the_start() -> None:
    told = Told({"s": at(5)})
    assert told.on(LinkUp()) == []
    assert told.on(Tick()) == []


def test_a_stream_without_a_cursor_is_fetched_whole_and_then_pulled() -> None:
    told = Told({"s": None})
    assert told.on(Started()) == [TakeSnapshot(("s",))]
    taken = snapshot(9)
    assert told.on(taken) == [Install(taken.snapshots, False), Pull({"s": at(9)})]


def test_a_poke_that_comes_next_is_applied_directly() -> None:
    assert followed(5).on(poked(6)) == [Apply((part(6),))]


def test_a_poke_without_rows_means_a_pull() -> None:
    assert followed(5).on(poked(6, rows=False)) == [Pull({"s": at(5)})]


def test_a_gap_means_a_pull() -> None:
    told = followed(5)
    assert told.on(poked(8)) == [Pull({"s": at(5)})]
    assert told.on(pulled(6, 7, 8, to=8)) == [Apply((part(6, 7, 8),))]
    assert told.machine.puller.complete


def test_a_poke_of_the_past_is_ignored() -> None:
    assert followed(5).on(poked(5)) == []


def test_a_poke_of_a_strange_stream_is_ignored() -> None:
    assert followed(5).on(poked(6, stream="other")) == []


def test_a_poke_during_a_pull_is_applied_and_the_answer_is_cut_to_the_rest() -> None:
    told = Told({"s": at(5)})
    told.on(Started())
    assert told.on(poked(6)) == [Apply((part(6),))]
    assert told.on(pulled(6, 7, to=7)) == [Apply((part(7),))]


def test_an_answer_that_pokes_have_overtaken_changes_nothing() -> None:
    told = Told({"s": at(5)})
    told.on(Started())
    told.on(poked(6))
    assert told.on(pulled(6, to=6)) == []
    assert told.machine.puller.cursors == {"s": at(6)}


def test_a_gap_heard_of_during_a_pull_is_pulled_afterwards() -> None:
    told = Told({"s": at(5)})
    told.on(Started())
    assert told.on(poked(9)) == []
    assert told.on(pulled(6, to=6)) == [Apply((part(6),)), Pull({"s": at(6)})]


def test_a_long_answer_is_continued_at_once() -> None:
    told = Told({"s": at(0)})
    told.on(Started())
    assert told.on(pulled(1, 2, to=2, head=4)) == [Apply((part(1, 2),)), Pull({"s": at(2)})]


def test_a_server_that_does_not_get_on_is_not_hammered() -> None:
    told = followed(5)
    told.on(poked(9))
    assert told.on(pulled(to=5, head=5)) == []
    assert told.machine.puller.head == {"s": 5}


def test_a_poll_comes_every_20_s_on_a_live_link() -> None:
    told = followed(5)
    told.machine.puller.audit.begin()
    assert told.on(Tick(), at=100 + PACE.poll - 0.1) == []
    assert told.on(Tick(), at=100 + PACE.poll) == [Pull({"s": at(5)})]


def blocked(rev: int = 5) -> Told:
    """A terminal whose requests are answered, without a live link, complete at `rev`."""
    told = Told({"s": at(rev)})
    told.on(Started())
    told.on(pulled(to=rev))
    told.machine.puller.audit.begin()
    return told


def test_without_a_live_link_a_poll_comes_every_2_s() -> None:
    told = blocked()
    for n in (1, 2, 3):
        assert told.on(Tick(), at=100 + n * PACE.poll_fast - 0.1) == []
        assert told.on(Tick(), at=100 + n * PACE.poll_fast) == [Pull({"s": at(5)})]
        told.on(pulled(to=5))


def test_a_lost_link_is_followed_by_a_pull_soon_and_a_link_that_is_back_ends_the_haste() -> None:
    told = followed(5)
    told.machine.puller.audit.begin()
    assert told.on(LinkDown()) == []
    assert told.on(Tick(), at=100 + PACE.poll_fast) == [Pull({"s": at(5)})]
    told.on(pulled(to=5))
    assert told.on(LinkUp()) == [Pull({"s": at(5)})]
    told.on(pulled(to=5))
    assert told.wake == told.now + PACE.poll


def test_a_server_that_is_away_is_not_asked_every_2_s() -> None:
    told = blocked()
    told.on(Tick(), at=102)
    waits = []
    for _ in range(6):
        told.on(Failed("pull", "unreachable", "", 0.5))
        assert told.wake is not None
        waits.append(told.wake - told.now)
        told.wakes()
    assert waits == [0.75, 1.5, 3.0, 6.0, 12.0, 22.5]


def test_a_join_means_a_pull_now_and_another_when_changes_surely_flow() -> None:
    told = followed(5)
    assert told.on(Joined()) == [Pull({"s": at(5)})]
    assert told.on(pulled(to=5)) == []
    assert told.on(Tick(), at=100 + PACE.settle) == [Pull({"s": at(5)})]


def test_waking_up_means_a_pull() -> None:
    assert followed(5).on(Woke()) == [Pull({"s": at(5)})]


def test_only_one_pull_is_under_way() -> None:
    told = followed(5)
    assert told.on(Joined()) == [Pull({"s": at(5)})]
    assert told.on(Woke()) == []
    assert told.on(poked(9)) == []
    assert told.on(pulled(to=5, head=5)) == [Pull({"s": at(5)})]


def test_failures_wait_longer_and_longer_up_to_the_limit() -> None:
    told = Told({"s": at(5)})
    told.on(Started())
    waits = []
    for _ in range(7):
        told.on(failed("pull"))
        due = told.machine.puller.pull.due
        assert due is not None
        waits.append(due - told.now)
        assert told.on(Tick(), at=due) == [Pull({"s": at(5)})]
    assert waits == [0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 15.0]


def test_a_poke_does_not_shorten_the_wait_but_the_link_does() -> None:
    told = Told({"s": at(5)})
    told.on(Started())
    told.on(failed("pull"))
    assert told.on(poked(9)) == []
    assert told.on(LinkUp()) == [Pull({"s": at(5)})]


def test_a_refusal_is_a_problem_until_an_answer_comes() -> None:
    told = Told({"s": at(5)})
    told.on(Started())
    told.on(failed("pull", "refused"))
    assert told.machine.problem == "Sorry."
    assert told.machine.puller.pull.due == told.now + PACE.pause
    told.on(LinkUp())
    told.on(pulled(to=5))
    assert told.machine.problem is None


def test_a_reset_means_a_snapshot() -> None:
    told = followed(5)
    told.on(Joined())
    assert told.on(pulled(to=9, reset=True)) == [TakeSnapshot(("s",))]
    taken = snapshot(9)
    assert told.on(taken) == [Install(taken.snapshots, False), Pull({"s": at(9)})]


def test_another_epoch_means_that_the_server_is_another_one() -> None:
    told = followed(5)
    assert told.on(poked(2, epoch="new")) == [Pull({"s": at(5)})]
    assert told.on(pulled(to=2, reset=True, epoch="new")) == [TakeSnapshot(("s",))]
    taken = snapshot(2, "new")
    assert told.on(taken)[0] == Install(taken.snapshots, True)


def test_pokes_during_a_snapshot_are_not_applied_but_remembered() -> None:
    told = Told({"s": None})
    told.on(Started())
    assert told.on(poked(11)) == []
    told.on(snapshot(9))
    assert told.machine.puller.head == {"s": 11}


def test_snapshots_of_a_server_that_contradicts_itself_are_spaced_out() -> None:
    told = Told({"s": None})
    told.on(Started())
    told.on(snapshot(9))
    assert told.on(pulled(to=9, reset=True)) == []
    assert told.on(Tick(), at=100 + PACE.snapshot_apart) == [TakeSnapshot(("s",))]


def test_an_audit_comes_when_all_is_quiet() -> None:
    told = followed(5)
    assert told.on(Tick(), at=100 + PACE.audit_first) == [Audit("s")]
    told.on(Audited("s", "equal"))
    assert told.machine.verified is True
    told.machine.puller.pull.want(1e9)
    told.machine.puller.pull.begin()
    told.machine.puller.pull.succeed()
    assert told.on(Tick(), at=told.now + PACE.audit) == [Audit("s")]


def test_an_audit_waits_for_nothing_that_is_still_to_be_sent() -> None:
    told = followed(5)
    assert told.on(Submitted((Queued(1, "o1", 10),))) == [Flush((1,))]
    assert told.on(Tick(), at=100 + PACE.audit_first) == [Audit("s")]


def test_an_audit_waits_for_a_snapshot() -> None:
    told = Told({"s": None})
    told.on(Started())
    assert Audit("s") not in told.on(Tick(), at=100 + PACE.audit_first)


def test_a_snapshot_below_what_was_seen_means_that_the_server_has_lost_something() -> None:
    told = followed(5)
    told.on(Audited("s", "differs"))
    assert Install(snapshot(4).snapshots, reopen=True) in told.on(snapshot(4))


def test_an_audit_of_a_moving_stream_says_nothing_and_is_repeated() -> None:
    told = followed(5)
    told.on(Tick(), at=100 + PACE.audit_first)
    told.on(Audited("s", "moved"))
    assert told.machine.verified is None
    assert told.wakes() == [Audit("s")]


def test_a_stream_that_differs_is_fetched_anew_and_audited_again() -> None:
    told = followed(5)
    told.on(Tick(), at=100 + PACE.audit_first)
    assert told.on(Audited("s", "differs")) == [TakeSnapshot(("s",))]
    assert told.machine.verified is False
    told.on(snapshot(5))
    assert told.on(pulled(to=5)) == [Audit("s")]
    told.on(Audited("s", "equal"))
    assert told.machine.verified is True


def test_every_stream_is_audited_before_all_is_said_to_be_verified() -> None:
    told = Told({"s": at(5), "t": at(1)})
    told.on(LinkUp())
    told.on(Started())
    told.on(
        Pulled(
            {"s": pulled(to=5).streams["s"], "t": StreamAnswer(1, False, part(to=1, stream="t"))}
        )
    )
    assert told.on(Tick(), at=100 + PACE.audit_first) == [Audit("s")]
    assert told.on(Audited("s", "equal")) == [Audit("t")]
    assert told.machine.verified is None


def test_a_failed_audit_is_no_problem_for_a_person() -> None:
    told = followed(5)
    told.on(Tick(), at=100 + PACE.audit_first)
    told.on(failed("audit", "refused"))
    assert told.machine.problem is None
    assert told.machine.puller.audit.due == told.now + PACE.pause


def test_what_the_disk_did_not_take_is_pulled_again() -> None:
    told = followed(5)
    told.on(poked(6))
    told.on(Rewound({"s": at(5)}))
    assert told.wakes() == [Pull({"s": at(5)})]


def test_nothing_is_asked_for_before_the_disk_has_what_came() -> None:
    told = followed(5)
    told.now += PACE.audit_first
    assert told.machine.on(poked(6), told.now) == [Apply((part(6),))]
    told.machine.on(Rewound({"s": at(5)}), told.now)
    assert told.asks() == [Audit("s")]
    assert told.wakes() == [Pull({"s": at(5)})]


def beside(lead: int, other: int) -> Told:
    """A terminal with a live link that follows two streams, complete at these revs."""
    told = Told({"s": at(lead), "t": at(other)})
    told.on(LinkUp())
    told.on(Started())
    told.on(Pulled({"s": answer("s", to=lead), "t": answer("t", to=other)}))
    return told


def answer(stream: str, *revs: int, to: int, head: int | None = None) -> StreamAnswer:
    return StreamAnswer(to if head is None else head, False, part(*revs, to=to, stream=stream))


def test_no_stream_is_read_ahead_of_the_first() -> None:
    told = beside(5, 1)
    assert told.on(poked(8)) == [Pull({"s": at(5), "t": at(1)})]
    half = Pulled({"t": answer("t", 2, to=2), "s": answer("s", 6, 7, to=7, head=8)})
    assert told.on(half) == [Apply((part(6, 7),)), Pull({"s": at(7), "t": at(1)})]
    rest = Pulled({"t": answer("t", 2, to=2), "s": answer("s", 8, to=8)})
    assert told.on(rest) == [Apply((part(8), part(2, stream="t")))]
    assert told.machine.puller.complete


def test_a_poke_that_is_ahead_of_the_first_stream_means_a_pull() -> None:
    told = beside(5, 1)
    told.on(poked(7))
    assert told.on(poked(2, stream="t")) == []  # the pull for the gap is under way
    assert told.machine.puller.cursors["t"] == at(1)
    both = Pulled({"s": answer("s", 6, 7, to=7), "t": answer("t", 2, to=2)})
    assert told.on(both)[0] == Apply((part(6, 7), part(2, stream="t")))
