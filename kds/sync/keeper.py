"""What this terminal holds, in its three forms: on the disk, in memory, on the screens.

Every method takes one piece of news through all three. What a person does is on the disk before
anybody sees it. Rows of the server can be fetched again, so they are shown first and written
after: a terminal that dies in between wakes up at an earlier rev, as consistent as ever. Big news
reaches the screens in pieces, with the event loop free in between.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from kds.base.events import Event
from kds.domain.changes import ChangeSet, Initiator, RowChange
from kds.domain.commands import Command, Outcome
from kds.sync import slices
from kds.sync.ledger import Cursors, Ledger
from kds.sync.ops import DeadOp, Decision, Entry, Settlement, join
from kds.sync.overlay import Overlay
from kds.sync.passing import Passing
from kds.sync.replica import Loaded, Replica
from kds.sync.signals import Verdict
from kds.sync.wire import StreamChanges, StreamSnapshot, StreamSum

log = logging.getLogger(__name__)


class Keeper:
    """`durable`: the cursors that the disk has. `shown`: the revs that the screens have.

    `reached`: the cursors that the screens have or are about to have. `changed` fires with each
    piece. `turn`: either the server has the word on what is dead, or a person.
    """

    def __init__(self, replica: Replica, branch_id: str, loaded: Loaded) -> None:
        self._replica = replica
        self.durable = dict(loaded.cursors)
        self.reached = dict(loaded.cursors)
        self.shown = self.revs
        self.ledger = Ledger(loaded.entries, loaded.dead, loaded.decisions, loaded.places)
        self.overlay = Overlay(branch_id, loaded.device_id)
        self.turn = asyncio.Lock()
        self.changed: Event[ChangeSet] = Event()
        self._written = asyncio.Event()  # set, and another one put here, with every write of rows

    @property
    def revs(self) -> dict[str, int]:
        return {stream: cursor.rev for stream, cursor in self.reached.items()}

    def load(self, loaded: Loaded) -> ChangeSet:
        """Everything, as it was on the disk."""
        commands = [entry.command for entry in loaded.entries]
        return replace(self.overlay.load(loaded.rows, commands), revs=self.revs)

    def accepted(self, commands: Iterable[Command], renewed: Mapping[int, int]) -> None:
        """The writer has these on the disk. `renewed`: seq -> seq of the op in whose place."""
        for command in commands:
            self.ledger.add(command, renewed.get(command.seq))
            self._emit(self.overlay.push(command))

    async def answered(
        self, outcomes: Sequence[Outcome], cursors: Cursors, at: str
    ) -> tuple[Outcome, ...]:
        """The server's word on ops; what it refuses leaves the screens.

        The outcomes that count: those behind an op that a person has decided about since do not.
        """
        async with self.turn:
            counts = tuple(one for one in outcomes if one.blocked_by not in self.ledger.decisions)
            await self._settle(self.ledger.answered(counts, cursors, at))
        return counts

    async def bury(self, seq: int, reason: str, at: str) -> None:
        """The server will never take this op."""
        async with self.turn:
            command = self.ledger.entries[seq].command
            await self._settle(Settlement(dead=(DeadOp(command, "rejected", reason, None, at),)))

    async def apply(self, parts: Sequence[StreamChanges], cursors: Cursors) -> tuple[int, ...]:
        """Changes of streams, which lead to `cursors`; the seqs of the ops that came back so.

        StorageError: the screens have them and the disk has not; they are to be applied again.
        """
        mine = self.ledger.mine(change for part in parts for change in part.changes)
        settlement = join(self.ledger.seen(mine), self.ledger.reached(cursors))
        self.reached.update((part.stream, part.reaches) for part in parts)
        await self._show_all(parts, self.ledger.leaving(settlement))
        await self._replica.commit(parts, settlement)
        self.durable.update((part.stream, part.reaches) for part in parts)
        self.ledger.take(settlement)
        self._tell_written()
        return tuple(seq for seq, _ in settlement.gone)

    async def _show_all(self, parts: Sequence[StreamChanges], left: set[str]) -> None:
        """Rows, each with the overlays (op ids) that they stand for; then the overlays left."""
        for piece in slices.by_transaction(parts):
            own = left & {change.op_id for change in piece if change.op_id}
            self._show(slices.row_changes(piece, self.overlay.base), own)
            left -= own
            await asyncio.sleep(0)
        self._show((), left)
        self.shown = self.revs

    async def install(
        self,
        snapshots: Sequence[StreamSnapshot],
        cursors: Cursors,
        on_part: Callable[[float], None],
        *,
        reopen: bool,
    ) -> None:
        """Whole streams anew; only the rows that differ reach the screens.

        `on_part` is told how much is done, 0.0 to 1.0. `reopen`: the server is another one under
        the same address, so all ops that this terminal still knows wait again (`ledger`).
        """
        settlement = Settlement() if reopen else self.ledger.reached(cursors)
        entries, decisions = await self._replica.install(snapshots, settlement, reopen=reopen)
        self.durable.update((one.stream, one.reaches) for one in snapshots)
        self.reached.update(self.durable)
        self._tell_written()
        left = self.ledger.take(settlement)
        changes = [c for one in snapshots for c in slices.to_snapshot(self.overlay.base, one)]
        for index, piece in enumerate(slices.pieces(changes)):
            on_part(index * slices.SLICE_ROWS / len(changes))
            self._show(piece, (), "load")
            await asyncio.sleep(0)
        self._show((), left)
        self.shown = self.revs
        if reopen:
            self._reopen(entries, decisions)

    async def told(self, op_id: str) -> None:
        """The server knows what was decided about an op."""
        self.ledger.decisions.pop(op_id, None)
        await self._replica.outbox.told(op_id)

    async def watch(self, stream: str) -> Passing:
        """Add up the rows of a stream on the disk from now on, until `unwatch`."""
        return await self._replica.watch(stream)

    def unwatch(self, passing: Passing) -> None:
        self._replica.unwatch(passing)

    async def compare(self, passing: Passing, there: StreamSum, stream: str) -> Verdict:
        """The server's checksum of a stream beside that of the rows on the disk at the same rev.

        Waits until the disk has that rev. "moved" when it will never have it.
        """
        while True:
            written = self._written
            here, to_come = await self._replica.sums_at(passing, there.reaches)
            if here is not None or not to_come:
                break
            await written.wait()
        if here is None:
            return "moved"
        if here == {table: found for table, found in there.tables.items() if found.rows}:
            return "equal"
        log.error("%s differs from the server at rev %d", stream, there.reaches.rev)
        return "differs"

    def _tell_written(self) -> None:
        self._written.set()
        self._written = asyncio.Event()

    async def _settle(self, settlement: Settlement) -> None:
        if settlement:
            await self._replica.outbox.settle(settlement)
            self._show((), self.ledger.take(settlement))

    def _reopen(self, entries: Sequence[Entry], decisions: Sequence[Decision]) -> None:
        """Every op waits again, in the order on the disk; what was accepted since goes behind."""
        log.warning("the server was restored; %d ops are sent again", len(entries))
        stored = {entry.command.seq for entry in entries}
        later = [entry for seq, entry in self.ledger.entries.items() if seq not in stored]
        old = self.ledger
        self.ledger = Ledger(
            [*entries, *later],
            old.dead.values(),
            {one.op_id: one for one in (*decisions, *old.decisions.values())}.values(),
            old.places,
        )
        base = [(table, row) for table, rows in self.overlay.base.items() for row in rows.values()]
        commands = self.ledger.unanswered
        self._emit(replace(self.overlay.load(base, commands), revs=self.revs))

    def _show(
        self,
        changes: Sequence[RowChange],
        dropped: Iterable[str],
        initiator: Initiator = "remote",
    ) -> None:
        """Take base rows in and overlays off."""
        change_set = self.overlay.rebase(changes, tuple(dropped), self.revs)
        self._emit(replace(change_set, initiator=initiator))

    def _emit(self, change_set: ChangeSet) -> None:
        if change_set.changes:
            self.changed.emit(change_set)
