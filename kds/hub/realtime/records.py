"""A changed row as subscribers of `postgres_changes` see it. Pure.

Source: `realtime.apply_rls` of supabase/realtime, and recorded frames. What a client could stumble
over and is meant: a DELETE has no `record`, and under RLS only the key in `old_record`; a row over
the size limit keeps only its small values; a role without SELECT on the key gets an empty record.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from kds.hub.phoenix import dumps
from kds.hub.realtime.pgoutput import Change, Unchanged, Value
from kds.hub.realtime.values import to_json_value

NO_KEY = "Error 400: Bad Request, no primary key"
UNAUTHORIZED = "Error 401: Unauthorized"
TOO_LARGE = "Error 413: Payload Too Large"
_SMALL_BYTES = 64


@dataclass(frozen=True, slots=True)
class ColumnInfo:
    """`type_name` is the catalog's short name (int4), `cast` the name that SQL takes (integer)."""

    name: str
    type_name: str
    cast: str
    is_key: bool
    readers: frozenset[str]


@dataclass(frozen=True, slots=True)
class TableInfo:
    """What the catalog says of a table; `readers` of a column are the roles that may select it."""

    schema: str
    table: str
    rls: bool
    columns: tuple[ColumnInfo, ...]

    @property
    def key(self) -> tuple[ColumnInfo, ...]:
        """The columns of the primary key."""
        return tuple(c for c in self.columns if c.is_key)

    @property
    def types(self) -> dict[str, str]:
        """Column -> the catalog's short name of its type."""
        return {c.name: c.type_name for c in self.columns}

    def readable(self, role: str) -> frozenset[str]:
        """The columns that `role` may select."""
        return frozenset(c.name for c in self.columns if role in c.readers)


def refusal(change: Change, info: TableInfo, role: str) -> str | None:
    """Why subscribers of `role` get an empty record instead of this change; None when they do not.

    A DELETE is never refused.
    """
    if change.action == "DELETE":
        return None
    if not info.key:
        return NO_KEY
    return None if all(role in c.readers for c in info.key) else UNAUTHORIZED


def refused_record(change: Change, error: str) -> str:
    """The `data` of a refused change, as JSON text."""
    data: dict[str, Any] = _head(change) | {"record": {}, "columns": [], "errors": [error]}
    data |= {"schema": change.relation.schema, "commit_timestamp": None}
    if change.action == "UPDATE":
        data["old_record"] = {}
    return dumps(data)


def record(
    change: Change, info: TableInfo, role: str, select: tuple[str, ...] | None, max_bytes: int
) -> str:
    """The `data` of a change that `role` may see, as JSON text; `select` limits the columns."""
    key = {c.name for c in info.key}
    shown = {
        name for name in info.readable(role) if select is None or name in select or name in key
    }
    too_large = _size(change) > max_bytes
    data = _head(change)
    if change.new is not None:
        data["record"] = _values(change.new, shown, info.types, too_large)
    data["columns"] = [
        {"name": c.name, "type": c.type_name} for c in info.columns if c.name in shown
    ]
    data["errors"] = [TOO_LARGE] if too_large else None
    data["schema"] = change.relation.schema
    data["commit_timestamp"] = _stamp(change.committed_at)
    if change.old is not None:
        visible = shown & key if change.action == "DELETE" and info.rls else shown
        data["old_record"] = _values(change.old, visible, info.types, too_large)
    return dumps(data)


def key_of(change: Change, info: TableInfo) -> tuple[str, ...]:
    """The primary key of the row as it is now, as PostgreSQL's texts."""
    assert change.new is not None
    return tuple(str(change.new[c.name]) for c in info.key)


def _head(change: Change) -> dict[str, Any]:
    return {"table": change.relation.table, "type": change.action}


def _values(
    row: Mapping[str, Value], shown: set[str], types: Mapping[str, str], too_large: bool
) -> dict[str, Any]:
    out = {}
    for name, text in row.items():
        if name not in shown or isinstance(text, Unchanged):
            continue
        if too_large and (text is None or len(text.encode()) > _SMALL_BYTES):
            continue
        out[name] = to_json_value(text, types[name])
    return out


def _size(change: Change) -> int:
    """About the bytes of the change; what matters is the order of magnitude."""
    rows = [row for row in (change.new, change.old) if row is not None]
    return sum(len(v.encode()) for row in rows for v in row.values() if isinstance(v, str))


def _stamp(instant: datetime) -> str:
    """`2026-11-21T07:04:35.656Z`."""
    text = instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds")
    return f"{text}Z"
