"""The server's answers as values; the only place that knows their JSON.

A row of `changes_since` and of a poke: {rev, seq, table, pk, op, row, op_id, at}.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_args

from kds.domain.commands import Command, Outcome, Result
from kds.domain.rows import Row
from kds.sync.canonical import TableSum
from kds.sync.shapes import instant, mapping, objects, optional_text, text, whole

RESULTS: tuple[Result, ...] = get_args(Result)
UNKNOWN_RESULT = "The server is newer than this terminal. Please update this terminal."


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


def read_changes(rows: Any) -> tuple[Change, ...]:
    return tuple(map(_change, objects(rows)))


def _change(row: Mapping[str, Any]) -> Change:
    deleted = row["op"] == "D"
    return Change(
        whole(row["rev"]),
        text(row["table"]),
        str(row["pk"]),
        None if deleted else mapping(row["row"]),
        optional_text(row.get("op_id")),
    )


def read_pull(answer: Mapping[str, Any]) -> dict[str, StreamAnswer]:
    return {
        stream: StreamAnswer(
            whole(part["head"]),
            bool(part.get("reset")),
            StreamChanges(
                stream,
                _cursor(part["epoch"], part["through_rev"]),
                read_changes(part.get("rows") or []),
            ),
        )
        for stream, part in _streams(answer)
    }


def read_snapshot(answer: Mapping[str, Any], wanted: Sequence[str]) -> tuple[StreamSnapshot, ...]:
    """The `wanted` streams, every one of them: a snapshot with a hole is none."""
    parts = dict(_streams(answer))
    return tuple(_snapshot(stream, mapping(parts[stream])) for stream in wanted)


def _snapshot(stream: str, part: Mapping[str, Any]) -> StreamSnapshot:
    tables = {table: objects(rows) for table, rows in mapping(part["tables"]).items()}
    for rows in tables.values():
        for row in rows:
            text(row["id"])
    return StreamSnapshot(stream, _cursor(part["epoch"], part["rev"]), tables)


def read_checksum(answer: Mapping[str, Any]) -> StreamSum:
    tables = {
        table: TableSum(whole(found["rows"]), str(found["sum"]))
        for table, found in mapping(answer["tables"]).items()
    }
    return StreamSum(_cursor(answer["epoch"], answer["rev"]), tables)


def read_poke(payload: Mapping[str, Any]) -> Poke:
    """A poke's payload. Raises KeyError or ValueError for something else under its name."""
    rows = payload.get("rows")
    return Poke(
        text(payload["stream"]),
        _cursor(payload["epoch"], payload["rev"]),
        None if rows is None else read_changes(rows),
    )


def written_at(payload: Mapping[str, Any]) -> datetime | None:
    """When the newest row of a poke was written, by the server's clock; None when none is inline.

    Raises KeyError or ValueError for a row that does not say.
    """
    rows = payload.get("rows")
    return instant(objects(rows)[-1]["at"]) if rows else None


def read_outcomes(answer: Mapping[str, Any], sent: Iterable[Command]) -> tuple[Outcome, ...]:
    """The outcomes of ops that were `sent`. One that names another op settles nothing: what has
    no outcome is asked for again."""
    asked = {(command.seq, command.op_id) for command in sent}
    found = (_outcome(one) for one in objects(answer["outcomes"]))
    return tuple(outcome for outcome in found if (outcome.seq, outcome.op_id) in asked)


def _outcome(one: Mapping[str, Any]) -> Outcome:
    """A word of a later server settles nothing that this version knows: it needs a person."""
    seq, op_id = whole(one["seq"]), text(one["op_id"])
    result, first = _result(one["result"]), one.get("first")
    was = None if first is None else _result(first)
    if result is None or (first is not None and was is None):
        return Outcome(seq, op_id, "rejected", reason=UNKNOWN_RESULT)
    revs, remote = one.get("revs"), one.get("remote")
    return Outcome(
        seq=seq,
        op_id=op_id,
        result=result,
        first=was,
        reason=optional_text(one.get("reason")) or "",
        blocked_by=optional_text(one.get("blocked_by")),
        remote=None if remote is None else dict(mapping(remote)),
        revs={stream: whole(rev) for stream, rev in mapping(revs or {}).items()},
    )


def _result(value: Any) -> Result | None:
    """None for a word of a later version. Raises ValueError for what is none."""
    word = text(value)
    return next((known for known in RESULTS if known == word), None)


def _streams(answer: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    return mapping(answer["streams"]).items()


def _cursor(epoch: Any, rev: Any) -> Cursor:
    return Cursor(text(epoch), whole(rev))
