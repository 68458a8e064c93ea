"""The outbox in memory, pure: which op stands where, and what a piece of news does to it.

Every op has a place for life, in the order of acceptance: its seq, or the place of the op that it
renews. Ops are sent in the order of their places, and one is only sent when all that stand before
it in its lane are in the same request or have been dealt with. So a request that the network
delivers late, or twice, or to a server that has lost its memory, cannot turn a lane round. The
terminal remembers by itself which lanes a person has to open.

An op's overlay may go when the base has its effect. Two signs of that:
- its rows were applied (a logged change names the op that caused it), or
- the server has answered, and every stream that the answer names has been read that far.
The rows come first when a poke overtakes the answer; the answer comes first otherwise; an op
that changed nothing has an answer only.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import takewhile

from kds.domain.commands import Command, Outcome
from kds.sync.ops import DeadOp, Decision, Entry, Settlement
from kds.sync.wire import Change, Cursor

Cursors = Mapping[str, Cursor | None]


class Ledger:
    """Decides (`seen`, `reached`, `answered`) without changing anything; `take` changes.

    `places`: of the ops that renew another one, by seq.
    """

    def __init__(
        self,
        entries: Iterable[Entry],
        dead: Iterable[DeadOp],
        decisions: Iterable[Decision] = (),
        places: Mapping[int, int] | None = None,
    ) -> None:
        self.entries = {entry.command.seq: entry for entry in entries}
        self.dead = {one.command.op_id: one for one in dead}
        self.decisions = {one.op_id: one for one in decisions}  # which the server has not heard
        self.places = dict(places or {})
        self._seqs = {entry.command.op_id: seq for seq, entry in self.entries.items()}
        self._answered = {
            seq: entry.revs for seq, entry in self.entries.items() if entry.revs is not None
        }
        self._lanes: dict[str, list[Command]] = {}  # the unanswered, in the order of sending
        for entry in self.entries.values():
            if entry.revs is None:
                self._queue(entry.command)

    @property
    def waiting(self) -> int:
        """Ops accepted here and not yet answered."""
        return len(self.entries) - len(self._answered)

    @property
    def unanswered(self) -> tuple[Command, ...]:
        """In the order of sending."""
        waiting = (command for lane in self._lanes.values() for command in lane)
        return tuple(sorted(waiting, key=self._place))

    def add(self, command: Command, renews: int | None = None) -> None:
        """`renews`: the seq of the op that this one is sent in place of."""
        if renews is not None:
            self.places[command.seq] = self.places.get(renews, renews)
        if command.seq not in self.entries:
            self.entries[command.seq] = Entry(command)
            self._queue(command)
        self._seqs[command.op_id] = command.seq

    def _place(self, command: Command) -> int:
        return self.places.get(command.seq, command.seq)

    def _queue(self, command: Command) -> None:
        insort(self._lanes.setdefault(command.lane, []), command, key=self._place)

    def _unqueue(self, command: Command) -> None:
        left = [one for one in self._lanes.pop(command.lane, ()) if one.seq != command.seq]
        if left:
            self._lanes[command.lane] = left

    # -- whose turn it is -----------------------------------------------------------------

    def in_turn(self, seqs: Collection[int]) -> list[Command]:
        """Those of these ops before which nothing else of their lane waits, in order."""
        wanted = set(seqs)
        lanes = {self.entries[seq].command.lane for seq in wanted if seq in self.entries}
        found = (
            command
            for lane in lanes
            for command in takewhile(lambda one: one.seq in wanted, self._lanes.get(lane, ()))
        )
        return sorted(found, key=self._place)

    def held(self, commands: Iterable[Command]) -> list[Outcome]:
        """What the server would say of those that stand behind a dead op: first that one."""
        first: dict[str, Command] = {}
        for one in self._oldest_first(self.dead.values()):
            if one.result != "conflict":
                first.setdefault(one.command.lane, one.command)
        return [
            Outcome(command.seq, command.op_id, "blocked", blocked_by=before.op_id)
            for command in commands
            if (before := first.get(command.lane)) and self._place(before) < self._place(command)
        ]

    def _oldest_first(self, dead: Iterable[DeadOp]) -> list[DeadOp]:
        return sorted(dead, key=lambda one: self._place(one.command))

    # -- what news mean -------------------------------------------------------------------

    def mine(self, changes: Iterable[Change]) -> set[str]:
        """The ops of this terminal that caused some of the changes."""
        return {change.op_id for change in changes if change.op_id in self._seqs}

    def seen(self, op_ids: Iterable[str]) -> Settlement:
        """The effect of these ops is in the base."""
        return Settlement(gone=tuple((self._seqs[op_id], "applied") for op_id in op_ids))

    def reached(self, cursors: Cursors) -> Settlement:
        """The streams have been read up to `cursors`."""
        done = (seq for seq, revs in self._answered.items() if _covers(cursors, revs))
        return Settlement(gone=tuple((seq, "applied") for seq in done))

    def answered(self, outcomes: Sequence[Outcome], cursors: Cursors, at: str) -> Settlement:
        """The server's word on some ops; `at` is now."""
        answered: list[tuple[int, Mapping[str, int]]] = []
        gone: list[tuple[int, str]] = []
        dead: list[DeadOp] = []
        for outcome in outcomes:
            seq = self._seqs.get(outcome.op_id)
            if seq is None:
                continue
            result = outcome.first or outcome.result
            if result in ("rejected", "blocked", "conflict"):
                command, why = self.entries[seq].command, outcome.reason
                dead.append(DeadOp(command, result, why, outcome.blocked_by, at, outcome.remote))
            elif _covers(cursors, outcome.revs):
                gone.append((seq, result))
            else:
                answered.append((seq, outcome.revs))
        return Settlement(answered, gone, dead)

    # -- what was decided -----------------------------------------------------------------

    def take(self, settlement: Settlement) -> set[str]:
        """Put a settlement into effect; the ids of the ops whose overlay goes."""
        for seq, revs in settlement.answered:
            command = self.entries[seq].command
            self.entries[seq] = Entry(command, revs)
            self._answered[seq] = revs
            self._unqueue(command)
        self.dead.update((one.command.op_id, one) for one in settlement.dead)
        return {self._remove(seq) for seq in _leaving(settlement) if seq in self.entries}

    def leaving(self, settlement: Settlement) -> set[str]:
        """The ids of the ops whose overlay will go with a settlement."""
        found = (self.entries.get(seq) for seq in _leaving(settlement))
        return {entry.command.op_id for entry in found if entry}

    def _remove(self, seq: int) -> str:
        command = self.entries.pop(seq).command
        del self._seqs[command.op_id]
        self._answered.pop(seq, None)
        self._unqueue(command)
        return command.op_id

    # -- what a person decides ------------------------------------------------------------

    def lane_of_dead(self, op_id: str) -> tuple[DeadOp, ...]:
        """The dead ops of the lane of a dead op, oldest first; conflicts are in nobody's way."""
        lane = self.dead[op_id].command.lane
        mine = (
            one
            for one in self.dead.values()
            if one.command.lane == lane and one.result != "conflict"
        )
        return tuple(self._oldest_first(mine))

    def behind(self, op_id: str) -> tuple[DeadOp, ...]:
        """What waits for a decision about a dead op, oldest first."""
        waiting = (one for one in self.dead.values() if one.blocked_by == op_id)
        return tuple(self._oldest_first(waiting))

    def decided(self, dead: Iterable[DeadOp], decisions: Iterable[Decision]) -> None:
        """These are dead no more."""
        for one in dead:
            self.dead.pop(one.command.op_id, None)
        self.decisions.update((one.op_id, one) for one in decisions)


def _leaving(settlement: Settlement) -> list[int]:
    gone = [seq for seq, _ in settlement.gone]
    return gone + [one.command.seq for one in settlement.dead]


def _covers(cursors: Cursors, revs: Mapping[str, int]) -> bool:
    """Whether every stream that this terminal follows has been read up to `revs`."""
    return all(
        (cursor := cursors[stream]) is not None and cursor.rev >= rev
        for stream, rev in revs.items()
        if stream in cursors
    )
