"""A change of a table as those who watch it see it; pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypedDict

TableEvent = Literal["*", "INSERT", "UPDATE", "DELETE"]


class TableChange(TypedDict):
    """`type` "INSERT", "UPDATE" or "DELETE". `new`: the row as it is, {} after a DELETE. `old`:
    what the table's replica identity lets one see of the row before, by default its key; {} for
    an INSERT. `commit_timestamp`: ISO text, None when the server does not say. `errors`: why
    columns are missing (a row over 1 MiB, no permission), else empty.
    """

    type: str
    table: str
    schema: str
    new: dict[str, Any]
    old: dict[str, Any]
    commit_timestamp: str | None
    errors: list[str]


def read_change(data: Mapping[str, Any]) -> TableChange:
    """The `data` of a `postgres_changes` frame. Raises KeyError or TypeError for another shape."""
    errors = data.get("errors") or []
    return TableChange(
        type=data["type"],
        table=str(data["table"]),
        schema=str(data["schema"]),
        new=dict(data.get("record") or {}),
        old=dict(data.get("old_record") or {}),
        commit_timestamp=data.get("commit_timestamp"),
        errors=[errors] if isinstance(errors, str) else [str(error) for error in errors],
    )
