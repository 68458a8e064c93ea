"""Entries of this disk that the program cannot read, set aside byte for byte until a person looks.

The rest of the disk is fine, so the terminal starts. What such an entry asked for is not known; its
lane, where that can be read, stays closed behind it.
"""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Mapping
from typing import Any, Final, Literal

from kds.base.clock import from_iso
from kds.domain.commands import Command
from kds.sync.ops import DeadOp

log = logging.getLogger(__name__)

REASON: Final = (
    "What was asked for here cannot be read any more. It is kept as it is in this terminal's "
    "file replica.db, in the table unreadable."
)

_NO_TIME: Final = "1970-01-01T00:00:00+00:00"
_TEXTS: Final = ("op_id", "kind", "lane", "actor", "at")


def command_of(text: bytes) -> Command:
    """The command of an op as `Command.to_wire` made it. Raises ValueError for anything else."""
    wire = parsed(text)
    if not isinstance(wire, dict):
        raise ValueError("an op is an object")  # noqa: TRY004  (unreadable, like any)
    try:
        command = Command(**wire)
    except TypeError as error:
        raise ValueError(str(error)) from error
    texts = (getattr(command, name) for name in _TEXTS)
    shaped = all(isinstance(text, str) for text in texts) and isinstance(command.args, Mapping)
    if not shaped or not isinstance(command.seq, int):
        raise ValueError("an op has texts and arguments")
    from_iso(command.at)
    return command


def parsed(text: bytes | None) -> Any:
    """The JSON value; None for no text. Raises ValueError for what is no JSON."""
    try:
        return None if text is None else json.loads(text)
    except RecursionError as error:
        raise ValueError(str(error)) from error


def lenient(text: bytes | None) -> Any:
    """The JSON value, or None when it cannot be read: for what the server tells again."""
    try:
        return parsed(text)
    except ValueError:
        log.exception("a detail on this disk cannot be read")
        return None


def set_aside(
    connection: sqlite3.Connection, table: Literal["outbox", "dead_ops"], row: int
) -> None:
    """Move one row (by rowid) of a table."""
    log.error("an entry of %s on this disk cannot be read; it is kept in `unreadable`", table)
    blocks = "1" if table == "outbox" else "result <> 'conflict'"
    connection.execute(
        "INSERT INTO unreadable (seq, op_id, lane, json, at, blocks)"  # noqa: S608
        f" SELECT CAST(seq AS INTEGER), op_id, lane, json, at, {blocks}"
        f" FROM {table} WHERE rowid = ?",
        (row,),
    )
    connection.execute(f"DELETE FROM {table} WHERE rowid = ?", (row,))  # noqa: S608


def deal_with(connection: sqlite3.Connection, seq: int, resolution: str) -> bool:
    """A person has decided about an entry; its bytes stay. False when it is not one of these."""
    found = connection.execute(
        "UPDATE unreadable SET resolution = ? WHERE seq = ? AND resolution = ''",
        (resolution, seq),
    )
    return found.rowcount > 0


def dead_ops(connection: sqlite3.Connection) -> list[DeadOp]:
    """Those that nobody has decided about, as ops that need a person; oldest first."""
    rows = connection.execute(
        "SELECT seq, CAST(op_id AS BLOB), CAST(lane AS BLOB), CAST(at AS BLOB), blocks"
        " FROM unreadable WHERE resolution = '' ORDER BY seq"
    )
    return [
        _dead(seq, _text(op_id), _text(lane), _text(at), blocks=bool(blocks))
        for seq, op_id, lane, at, blocks in rows
    ]


def _dead(seq: int, op_id: str, lane: str, at: str, *, blocks: bool) -> DeadOp:
    """What it asked for is not known, so `kind` and `args` of its command say nothing."""
    try:
        from_iso(at)
    except ValueError:
        at = _NO_TIME
    lane = lane if lane and blocks else f"unreadable:{op_id}"
    command = Command(op_id, seq, "place_order", lane, "", at, {})
    return DeadOp(command, "rejected", REASON, None, at, unreadable=True)


def _text(value: bytes | None) -> str:
    return (value or b"").decode(errors="replace")
