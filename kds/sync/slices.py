"""Cutting a big change into pieces that a screen can take in between two frames; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from kds.domain.changes import RowChange
from kds.domain.rows import Row, Tables
from kds.sync.wire import Change, StreamChanges, StreamSnapshot

SLICE_ROWS: Final = 200


def by_transaction(
    parts: Iterable[StreamChanges], rows: int = SLICE_ROWS
) -> Iterator[list[Change]]:
    """The changes in order, in pieces of `rows` or a few more: no transaction is cut."""
    for part in parts:
        piece: list[Change] = []
        for change in part.changes:
            if len(piece) >= rows and change.rev != piece[-1].rev:
                yield piece
                piece = []
            piece.append(change)
        if piece:
            yield piece


def row_changes(changes: Iterable[Change], base: Tables) -> tuple[RowChange, ...]:
    """The last word on each row, beside what the base has."""
    last = {(change.table, change.pk): change.row for change in changes}
    return tuple(
        RowChange(table, pk, base.get(table, {}).get(pk), row) for (table, pk), row in last.items()
    )


def to_snapshot(base: Tables, snapshot: StreamSnapshot) -> Iterator[RowChange]:
    """What turns the base's rows of the snapshot's tables into the snapshot's."""
    for table, rows in snapshot.tables.items():
        old = base.get(table, {})
        new: dict[str, Row] = {row["id"]: row for row in rows}
        for pk in old.keys() - new.keys():
            yield RowChange(table, pk, old[pk], None)
        for pk, row in new.items():
            if old.get(pk) != row:
                yield RowChange(table, pk, old.get(pk), row)


def pieces(changes: Sequence[RowChange], rows: int = SLICE_ROWS) -> Iterator[tuple[RowChange, ...]]:
    for start in range(0, len(changes), rows):
        yield tuple(changes[start : start + rows])
