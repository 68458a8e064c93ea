"""Decoder of PostgreSQL's logical replication messages, `pgoutput` protocol version 1. Pure.

One instance decodes the messages of one replication session in order: relations are described
once and then referred to by oid. Source: PostgreSQL documentation, "Logical Replication Message
Formats".
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


class Unchanged:
    """The value of a column stored out of line that an UPDATE did not touch: it is not sent."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "UNCHANGED"


UNCHANGED: Final = Unchanged()

Value = str | None | Unchanged
"""A column's value as PostgreSQL's text output."""
Action = Literal["INSERT", "UPDATE", "DELETE"]


@dataclass(frozen=True, slots=True)
class Column:
    """`identity`: part of the table's replica identity."""

    name: str
    type_oid: int
    identity: bool


@dataclass(frozen=True, slots=True)
class Relation:
    oid: int
    schema: str
    table: str
    full_identity: bool
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One changed row. `old` holds what the replica identity gives: for an UPDATE that kept its
    key, the key's values of the new row. `lsn` is the commit's place in the WAL."""

    action: Action
    relation: Relation
    lsn: int
    committed_at: datetime
    new: dict[str, Value] | None
    old: dict[str, Value] | None


class Decoder:
    """Feed it one message after another; changes come out as they are met."""

    def __init__(self) -> None:
        self._relations: dict[int, Relation] = {}
        self._lsn = 0
        self._committed_at = _EPOCH

    def decode(self, message: bytes) -> Change | None:
        """The change in `message`; None for transaction marks, types, truncates and the like.

        Raises ValueError for bytes that are no such message.
        """
        reader = _Reader(message)
        try:
            return self._decode(chr(reader.byte()), reader)
        except (struct.error, LookupError, ValueError) as error:
            raise ValueError(f"not a pgoutput message: {message[:40]!r}") from error

    def _decode(self, kind: str, reader: _Reader) -> Change | None:
        if kind == "B":
            self._lsn = reader.int64()
            self._committed_at = _EPOCH + timedelta(microseconds=reader.int64())
        elif kind == "R":
            relation = _read_relation(reader)
            self._relations[relation.oid] = relation
        elif kind == "I":
            return self._insert(reader)
        elif kind == "U":
            return self._update(reader)
        elif kind == "D":
            return self._delete(reader)
        elif kind not in "COYTM":
            raise ValueError(f"unknown pgoutput message {kind!r}")
        return None

    def _insert(self, reader: _Reader) -> Change:
        relation = self._relations[reader.uint32()]
        reader.skip(1)
        return Change(
            "INSERT", relation, self._lsn, self._committed_at, _read_row(reader, relation), None
        )

    def _update(self, reader: _Reader) -> Change:
        relation = self._relations[reader.uint32()]
        mark, before = chr(reader.byte()), None
        if mark in "KO":
            before = _identity(_read_row(reader, relation), relation)
            reader.skip(1)
        new = _read_row(reader, relation)
        old = _identity(new, relation) if before is None else before
        filled = {
            name: old.get(name, UNCHANGED) if value is UNCHANGED else value
            for name, value in new.items()
        }
        return Change("UPDATE", relation, self._lsn, self._committed_at, filled, old)

    def _delete(self, reader: _Reader) -> Change:
        relation = self._relations[reader.uint32()]
        reader.skip(1)
        old = _identity(_read_row(reader, relation), relation)
        return Change("DELETE", relation, self._lsn, self._committed_at, None, old)


def _identity(row: dict[str, Value], relation: Relation) -> dict[str, Value]:
    return {c.name: row[c.name] for c in relation.columns if c.identity}


def _read_relation(reader: _Reader) -> Relation:
    oid = reader.uint32()
    schema, table = reader.text(), reader.text()
    full = chr(reader.byte()) == "f"
    columns = []
    for _ in range(reader.int16()):
        identity = bool(reader.byte() & 1)
        name = reader.text()
        type_oid = reader.uint32()
        reader.skip(4)
        columns.append(Column(name, type_oid, identity))
    return Relation(oid, schema or "pg_catalog", table, full, tuple(columns))


def _read_row(reader: _Reader, relation: Relation) -> dict[str, Value]:
    count = reader.int16()
    values = [_read_value(reader) for _ in range(count)]
    return dict(zip((c.name for c in relation.columns), values, strict=True))


def _read_value(reader: _Reader) -> Value:
    kind = chr(reader.byte())
    if kind == "n":
        return None
    if kind == "u":
        return UNCHANGED
    if kind != "t":
        raise ValueError(f"unknown kind of column value {kind!r}")
    return reader.take(reader.uint32()).decode()


class _Reader:
    """A cursor over big-endian bytes; raises struct.error or IndexError at the end."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, size: int) -> bytes:
        end = self._at + size
        if end > len(self._data):
            raise IndexError("message ends early")
        part = self._data[self._at : end]
        self._at = end
        return part

    def skip(self, size: int) -> None:
        self.take(size)

    def byte(self) -> int:
        return self.take(1)[0]

    def int16(self) -> int:
        return int(struct.unpack(">h", self.take(2))[0])

    def uint32(self) -> int:
        return int(struct.unpack(">I", self.take(4))[0])

    def int64(self) -> int:
        return int(struct.unpack(">q", self.take(8))[0])

    def text(self) -> str:
        end = self._data.index(0, self._at)
        return self.take(end - self._at + 1)[:-1].decode()
