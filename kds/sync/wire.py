"""The server's answers as values; the only place that knows their JSON.

A row of `changes_since` and of a poke: {rev, seq, table, pk, op, row, op_id, at}.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kds.domain.commands import Outcome
from kds.domain.rows import Row
from kds.sync.canonical import TableSum


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a stream is known: every change up to and including `rev` of this `epoch`."""

    epoch: str
    rev: int

    def to_wire(self) -> dict[str, Any]:
        return {"epoch": self.epoch, "rev": self.rev}


@dataclass(frozen=True, slots=True)
class Change:
    """One logged change of a row; `row` is None when it was deleted."""

    rev: int
    table: str
    pk: str
    row: Row | None
    op_id: str | None


@dataclass(frozen=True, slots=True)
class StreamChanges:
    """Changes of whole transactions, oldest first, and the cursor that they lead to."""

    stream: str
    reaches: Cursor
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class StreamAnswer:
    """One stream of a `changes_since`. `reset`: the cursor is of no use, take a snapshot."""

    head: int
    reset: bool
    part: StreamChanges


@dataclass(frozen=True, slots=True)
class StreamSnapshot:
    """All rows of a stream at `reaches`."""

    stream: str
    reaches: Cursor
    tables: Mapping[str, Sequence[Row]]


@dataclass(frozen=True, slots=True)
class StreamSum:
    """The server's checksum of each table of a stream at `reaches`."""

    reaches: Cursor
    tables: Mapping[str, TableSum]


@dataclass(frozen=True, slots=True)
class Poke:
    """The hint that a stream has moved to `rev`; `changes` is None when they did not fit."""

    stream: str
    reaches: Cursor
    changes: tuple[Change, ...] | None


def read_changes(rows: Sequence[Mapping[str, Any]]) -> tuple[Change, ...]:
    return tuple(
        Change(
            row["rev"],
            row["table"],
            str(row["pk"]),
            None if row["op"] == "D" else row["row"],
            row.get("op_id"),
        )
        for row in rows
    )


def read_pull(answer: Mapping[str, Any]) -> dict[str, StreamAnswer]:
    return {
        stream: StreamAnswer(
            part["head"],
            bool(part.get("reset")),
            StreamChanges(
                stream,
                Cursor(part["epoch"], part["through_rev"]),
                read_changes(part.get("rows") or ()),
            ),
        )
        for stream, part in answer["streams"].items()
    }


def read_snapshot(answer: Mapping[str, Any]) -> tuple[StreamSnapshot, ...]:
    return tuple(
        StreamSnapshot(stream, Cursor(part["epoch"], part["rev"]), part["tables"])
        for stream, part in answer["streams"].items()
    )


def read_checksum(answer: Mapping[str, Any]) -> StreamSum:
    tables = {
        table: TableSum(found["rows"], str(found["sum"]))
        for table, found in answer["tables"].items()
    }
    return StreamSum(Cursor(answer["epoch"], answer["rev"]), tables)


def read_poke(payload: Mapping[str, Any]) -> Poke:
    """A poke's payload. Raises KeyError or TypeError for something else under its name."""
    rows = payload.get("rows")
    return Poke(
        payload["stream"],
        Cursor(payload["epoch"], int(payload["rev"])),
        None if rows is None else read_changes(rows),
    )


def read_outcomes(answer: Mapping[str, Any]) -> tuple[Outcome, ...]:
    return tuple(
        Outcome(
            seq=one["seq"],
            op_id=one["op_id"],
            result=one["result"],
            first=one.get("first"),
            reason=one.get("reason") or "",
            blocked_by=one.get("blocked_by"),
            remote=one.get("remote"),
            revs=one.get("revs") or {},
        )
        for one in answer["outcomes"]
    )
