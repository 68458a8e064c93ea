"""The checksums of a stream at every rev that it passes, so that an audit needs no standstill.

The server's checksum holds at one rev, and in a busy restaurant this terminal is at another one
by the time it is known. So the terminal adds up its rows once, before it asks, and then keeps the
sums up to date with every change; one of the revs that it passes is the server's. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kds.sync.canonical import TableSum, row_sum
from kds.sync.wire import Cursor

Sums = Mapping[str, TableSum]


class Passing:
    """From `start`, where the tables hold the rows whose canonical `texts` are given."""

    def __init__(self, start: Cursor | None, texts: Iterable[tuple[str, str]]) -> None:
        self._now: dict[str, tuple[int, int]] = {}  # table -> rows, sum
        self._at: dict[Cursor | None, Sums] = {}
        self._wanted: Cursor | None = None
        for table, text in texts:
            self._add(table, text, 1)
        self.reach(start)

    def change(self, table: str, before: str | None, after: str | None) -> None:
        """A row's canonical text changes; None stands for "is not there"."""
        if before is not None:
            self._add(table, before, -1)
        if after is not None:
            self._add(table, after, 1)

    def reach(self, cursor: Cursor | None) -> None:
        """What was changed so far leads to here."""
        if self._wanted in (None, cursor):
            found = {t: TableSum(rows, str(total)) for t, (rows, total) in self._now.items()}
            self._at[cursor] = {table: one for table, one in found.items() if one.rows}
        self.last = cursor

    def forget(self) -> None:
        """What was added up is not what the disk has: nothing will ever be found."""
        self._at.clear()
        self.last = None

    def want(self, cursor: Cursor) -> None:
        """This is the one that will be asked for; the others need not be kept."""
        self._wanted = cursor
        self._at = {at: sums for at, sums in self._at.items() if at == cursor}

    def at(self, cursor: Cursor) -> Sums | None:
        """The sums there, without empty tables; None when it was not passed (yet)."""
        return self._at.get(cursor)

    def may_reach(self, cursor: Cursor) -> bool:
        """Whether it still lies ahead."""
        last = self.last
        return last is not None and last.epoch == cursor.epoch and last.rev < cursor.rev

    def _add(self, table: str, text: str, sign: int) -> None:
        rows, total = self._now.get(table, (0, 0))
        self._now[table] = (rows + sign, total + sign * row_sum(text))
