"""Sending what was accepted here, pure: which ops go next, and what a failure means.

Order is kept within a lane. A batch has at most 50 ops and 256 KB, and only one is under way.
What is not known to have arrived is sent again with the same seq: the server tells duplicates.

    too large                halve the batch and go on; one op alone is put aside for a person
    no answer                again after a growing wait; from the second time on with half
    not signed in, refused   pause; nothing is thrown away
    another database         again soon, when what it has lost is waiting again before this

When a backlog of more than a batch waits, a fresh tap goes with the very next batch if nothing
of its lane waits before it: the kitchen sees the order of now before those of the outage. A batch
of backlog alone, with `more` behind it, need not be poked about.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Final

from kds.sync.attempts import Attempt, Pace
from kds.sync.signals import Ask, Bury, Failure, Flush, Queued, Write

BATCH_OPS: Final = 50
BATCH_BYTES: Final = 256 * 1024
LIVE_OPS: Final = 25
"""Fresh taps that may overtake the backlog in one batch: the backlog gets the other half."""

TOO_LARGE: Final = "This is too large for the server to take."


class Flusher:
    """The queue as numbers; the ops themselves are the driver's."""

    def __init__(self, waiting: Iterable[Queued], pace: Pace, *, decided: bool = False) -> None:
        """`decided`: the server has not been told of every decision."""
        self._queue: dict[int, Queued] = {}  # seq -> op, in the order of sending
        self._live: dict[int, None] = {}
        self._lanes: Counter[str] = Counter()  # how many wait in each
        self._add(waiting)
        self._under_way: tuple[int, ...] = ()
        self._untold = decided
        self._held = False
        self._limit = BATCH_OPS
        self.flush = Attempt(pace)

    @property
    def waiting(self) -> int:
        return len(self._queue)

    @property
    def due(self) -> float | None:
        """When something may be sent; None when there is nothing, or it is under way."""
        wanted = (self._queue or self._untold) and not self._held
        return self.flush.due if wanted else None

    def start(self, now: float) -> None:
        self.flush.hurry(now)

    def decided(self, now: float) -> None:
        """There is a decision to be told, before anything else is sent."""
        self._untold = True
        self.flush.want(now)

    def submitted(self, ops: Sequence[Queued], now: float) -> None:
        if len(self._queue) >= BATCH_OPS:
            self._live.update((op.seq, None) for op in ops if op.seq not in self._queue)
        self._add(ops)
        self.flush.want(now)

    def hold(self) -> None:
        """Send nothing before `requeued`: what a restored server lacks goes first."""
        self._held = True

    def release(self) -> None:
        """There is nothing to be requeued after all."""
        self._held = False

    def requeued(self, ops: Iterable[Queued], now: float) -> None:
        """Exactly these wait now."""
        self._held = False
        self.gone(tuple(self._queue))
        self._add(ops)
        self.flush.want(now)

    def link_up(self, now: float) -> None:
        """Everything that waits now is backlog; what comes from now on is live."""
        self._live.clear()
        self.flush.hurry(now)

    def flushed(self, seqs: Iterable[int], now: float, dice: float = 0.5) -> None:
        """The server has answered; an answer that leaves all of the batch open is a failure."""
        self.gone(seqs)
        batch, self._under_way = self._under_way, ()
        if batch and all(seq in self._queue for seq in batch):
            self.flush.fail(now, dice)
            return
        self.flush.succeed()
        self._limit = min(BATCH_OPS, self._limit * 2)
        self.flush.want(now)

    def gone(self, seqs: Iterable[int]) -> None:
        """These ops need no sending any more."""
        for seq in seqs:
            if op := self._queue.pop(seq, None):
                self._live.pop(seq, None)
                self._lanes[op.lane] -= 1
                if not self._lanes[op.lane]:
                    del self._lanes[op.lane]

    def _add(self, ops: Iterable[Queued]) -> None:
        for op in ops:
            if op.seq not in self._queue:
                self._queue[op.seq] = op
                self._lanes[op.lane] += 1

    def failed(self, failure: Failure, now: float, dice: float) -> list[Write]:
        batch, self._under_way = self._under_way, ()
        self._untold = True  # perhaps; with nothing to tell it costs nothing
        if failure in ("unauthorized", "refused"):
            self.flush.pause(now)
            return []
        if failure == "restored":
            self.flush.fail(now, dice)
            return []
        if failure == "unreachable":
            if self.flush.failures:
                self._limit = max(1, len(batch) // 2)
            self.flush.fail(now, dice)
            return []
        if len(batch) == 1:
            self.flush.fail(now, dice)  # it waits until it is buried
            return [Bury(batch[0], TOO_LARGE)]
        self.flush.succeed()
        self.flush.want(now)
        self._limit = max(1, len(batch) // 2)
        return []

    def next(self, now: float) -> list[Ask]:
        """The batch to send now, if any."""
        due = self.due
        if due is None or due > now:
            return []
        self.flush.begin()
        self._untold = False
        self._under_way = batch = tuple(self._batch())
        fresh = any(seq in self._live for seq in batch)
        return [Flush(batch, more=len(batch) < len(self._queue) and not fresh)]

    def _batch(self) -> Iterator[int]:
        """Seqs of the next batch: overtaking live ops, then the rest in order."""
        room = BATCH_BYTES
        taken: set[int] = set()
        for seq in chain(self._overtaking(), self._queue):
            if seq in taken:
                continue
            room -= self._queue[seq].size
            if taken and (room < 0 or len(taken) >= self._limit):
                return
            taken.add(seq)
            yield seq

    def _overtaking(self) -> Iterator[int]:
        """Live ops whose lane has nothing waiting before them but what overtakes too."""
        if not self._live:
            return
        before = self._lanes.copy()
        before.subtract(self._queue[seq].lane for seq in self._live)
        free = (seq for seq in self._live if not before[self._queue[seq].lane])
        for count, seq in enumerate(free):
            if count >= min(LIVE_OPS, self._limit):
                return
            yield seq
