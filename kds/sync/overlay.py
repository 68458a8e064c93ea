"""The pending taps on top of the server's rows.

Pending commands are run again over every new base and never stored as row images, so what a
screen shows is always "the server's truth, and then what I asked for".

How it stays cheap with 10,000 rows and 10,000 pending commands. Each command remembers which
keys it read and which rows it wrote. When base rows change or commands leave, only the commands
that can tell the difference run again: those that touch a changed key, and those connected to
them through a row that somebody pending writes (`_affected`). Stock is moved by increments
(`domain.effect`), so all the orders that use the same cheese are not connected.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kds.domain.apply import Effect, Refusal, effect_of
from kds.domain.changes import ChangeSet, Initiator, RowChange
from kds.domain.commands import Command
from kds.domain.effect import Key, moved
from kds.domain.rows import Row, Tables
from kds.sync.view import Reader, Rows, keys_of


@dataclass(slots=True)
class _Pending:
    """A command, its place in the queue, and what it did when it last ran."""

    command: Command
    place: int
    reads: set[Key] = field(default_factory=set)
    writes: set[Key] = field(default_factory=set)
    effect: Effect = field(default_factory=Effect)
    refusal: Refusal | None = None


class Overlay:
    """The merged view of one device: base rows, and pending commands run over them.

    Every method returns what truly changed in the merged view, each row once.
    """

    def __init__(self, branch_id: str, device_id: str) -> None:
        self.branch_id = branch_id
        self.device_id = device_id
        self._reset()

    def _reset(self) -> None:
        self._base: dict[str, dict[str, Row]] = defaultdict(dict)
        self._merged = Rows()
        self._queue: dict[str, _Pending] = {}  # op id -> entry, in order of place
        self._next_place = 0
        self._readers: dict[Key, set[str]] = defaultdict(set)  # key -> op ids
        self._writers: dict[Key, set[str]] = defaultdict(set)
        self._stock: dict[str, int] = defaultdict(int)  # stock item -> pending movement

    # -- what there is --------------------------------------------------------------------

    @property
    def tables(self) -> Tables:
        """The merged rows: the server's, with the pending commands on top."""
        return self._merged.tables

    @property
    def base(self) -> Tables:
        """The server's rows alone."""
        return self._base

    @property
    def pending(self) -> tuple[Command, ...]:
        """The commands on top, oldest first."""
        return tuple(entry.command for entry in self._queue.values())

    def refusal(self, op_id: str) -> Refusal | None:
        """Why a pending command has no effect here; None when it has, or is not pending."""
        entry = self._queue.get(op_id)
        return entry.refusal if entry else None

    # -- what happens ---------------------------------------------------------------------

    def load(self, base: Iterable[tuple[str, Row]], pending: Sequence[Command]) -> ChangeSet:
        """Start over from these base rows (table, row) and these commands, oldest first."""
        before = self._merged.tables
        self._reset()
        for table, row in base:
            self._base[table][row["id"]] = row
            self._merged.put(table, row["id"], row)
        for command in pending:
            self._run(self._enqueue(command), {})
        return ChangeSet(tuple(_difference(before, self._merged.tables)), "load")

    def push(self, command: Command) -> ChangeSet:
        """Put one more command on top."""
        seen: dict[Key, Row | None] = {}
        self._run(self._enqueue(command), seen)
        return self._change_set(seen, "local", {})

    def rebase(
        self,
        base_changes: Sequence[RowChange],
        dropped: Collection[str],
        revs: Mapping[str, int],
    ) -> ChangeSet:
        """Take new base rows in and let commands go whose fate the server has decided.

        Of `base_changes` only `after` counts. `dropped` holds op ids; unknown ones are ignored.
        """
        seen: dict[Key, Row | None] = {}
        dirty: set[Key] = set()
        for change in base_changes:
            dirty |= self._rebase_row(change.table, change.pk, change.after, seen)
        for op_id in dropped:
            if entry := self._queue.pop(op_id, None):
                dirty |= entry.writes
                self._undo(entry, seen)
        self._run_again(dirty, seen)
        return self._change_set(seen, "remote", revs)

    # -- how ------------------------------------------------------------------------------

    def _enqueue(self, command: Command) -> _Pending:
        entry = self._queue[command.op_id] = _Pending(command, self._next_place)
        self._next_place += 1
        return entry

    def _run(self, entry: _Pending, seen: dict[Key, Row | None]) -> None:
        """Run a command over the merged rows as they are, and write its effect to them."""
        reader = Reader(self._merged)
        result = effect_of(reader, entry.command, self.branch_id, self.device_id)
        entry.effect, entry.refusal = (
            (result, None) if isinstance(result, Effect) else (Effect(), result)
        )
        entry.reads = reader.keys
        entry.writes = set()
        for (table, pk), row in entry.effect.rows.items():
            before = self._merged.row(table, pk)
            entry.writes.update(keys_of(table, pk, before, row))
            self._put(table, pk, row, seen)
        for pk, delta in entry.effect.stock.items():
            self._move_stock(pk, delta, seen)
        op_id = entry.command.op_id
        for key in entry.reads:
            self._readers[key].add(op_id)
        for key in entry.writes:
            self._writers[key].add(op_id)

    def _undo(self, entry: _Pending, seen: dict[Key, Row | None]) -> None:
        """Take a command's effect off again; the rows it wrote fall back to the base."""
        for table, pk in entry.effect.rows:
            self._put(table, pk, self._base[table].get(pk), seen)
        for pk, delta in entry.effect.stock.items():
            self._move_stock(pk, -delta, seen)
        for index, keys in ((self._readers, entry.reads), (self._writers, entry.writes)):
            for key in keys:
                index[key].discard(entry.command.op_id)
                if not index[key]:
                    del index[key]

    def _run_again(self, dirty: set[Key], seen: dict[Key, Row | None]) -> None:
        """Run every command that `dirty` keys concern over the rows below it, in order.

        A command may take another path than before and meet rows of commands that were thought
        unconcerned; then those join in and the round is repeated. The set only grows.
        """
        affected: set[str] = set()
        while more := self._affected(dirty) - affected:
            affected |= more
            entries = sorted((self._queue[op_id] for op_id in affected), key=lambda e: e.place)
            for entry in entries:
                self._undo(entry, seen)
            for entry in entries:
                self._run(entry, seen)
                dirty |= self._uncertain(entry)

    def _affected(self, dirty: set[Key]) -> set[str]:
        """The pending commands that touch a dirty key, or a key that such a one makes uncertain.

        Grows `dirty` by those keys.
        """
        found: set[str] = set()
        open_keys = list(dirty)
        while open_keys:
            key = open_keys.pop()
            for op_id in (*self._readers.get(key, ()), *self._writers.get(key, ())):
                if op_id in found:
                    continue
                found.add(op_id)
                news = self._uncertain(self._queue[op_id]) - dirty
                dirty |= news
                open_keys.extend(news)
        return found

    def _uncertain(self, entry: _Pending) -> set[Key]:
        """The keys that a command makes uncertain when it runs again.

        All that it writes, and those it reads of which a pending command is a writer: that one
        must run before it again.
        """
        return entry.writes | {key for key in entry.reads if key in self._writers}

    def _rebase_row(
        self, table: str, pk: str, row: Row | None, seen: dict[Key, Row | None]
    ) -> set[Key]:
        """Replace a base row; the keys under which commands may read that it changed."""
        before = self._base[table].get(pk)
        if before == row:
            return set()
        if row is None:
            del self._base[table][pk]
        else:
            self._base[table][pk] = row
        if table == "stock_items":
            self._put_stock(pk, seen)
            # Commands ask whether a stock item is there, never for its level.
            return {(table, pk)} if before is None or row is None else set()
        if (table, pk) not in self._writers:  # else the writers run again and write it
            self._put(table, pk, row, seen)
        return set(keys_of(table, pk, before, row))

    def _move_stock(self, pk: str, delta: int, seen: dict[Key, Row | None]) -> None:
        self._stock[pk] += delta
        if not self._stock[pk]:
            del self._stock[pk]
        self._put_stock(pk, seen)

    def _put_stock(self, pk: str, seen: dict[Key, Row | None]) -> None:
        row = self._base["stock_items"].get(pk)
        delta = self._stock.get(pk, 0)
        self._put("stock_items", pk, moved(row, delta) if row and delta else row, seen)

    def _put(self, table: str, pk: str, row: Row | None, seen: dict[Key, Row | None]) -> None:
        """Write a merged row, and keep in `seen` what it was before all this began."""
        seen.setdefault((table, pk), self._merged.row(table, pk))
        self._merged.put(table, pk, row)

    def _change_set(
        self, seen: Mapping[Key, Row | None], initiator: Initiator, revs: Mapping[str, int]
    ) -> ChangeSet:
        found = ((key, before, self._merged.row(*key)) for key, before in seen.items())
        changes = (
            RowChange(table, pk, before, after)
            for (table, pk), before, after in found
            if before != after
        )
        return ChangeSet(tuple(changes), initiator, dict(revs))


def _difference(before: Tables, after: Tables) -> Iterator[RowChange]:
    for table in {**before, **after}:
        old, new = before.get(table, {}), after.get(table, {})
        for pk in {**old, **new}:
            if old.get(pk) != new.get(pk):
                yield RowChange(table, pk, old.get(pk), new.get(pk))
