"""The outbox: ops that this terminal has accepted, until the server has settled them.

An op is in exactly one place at any time: `outbox` (waiting, or answered but not yet seen in
the rows), `dead_ops` (refused, or held behind a refused one), or `outcomes` (settled).
"""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from kds.domain.commands import Command
from kds.sync import settings, unreadable
from kds.sync.database import Database
from kds.sync.ops import DeadOp, Decision, Entry, Settlement
from kds.sync.unreadable import command_of, lenient

log = logging.getLogger(__name__)

OUTCOMES_KEPT: Final = 5000
"""Settled ops that are kept, for a server that comes back from a backup."""

_SENT_AGAIN: Final = "sent again as "


def to_json(command: Command) -> str:
    return json.dumps(command.to_wire(), ensure_ascii=False, separators=(",", ":"))


class Outbox:
    """The durable queue, in terms of one transaction a call."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def append(
        self, commands: Sequence[Command], keep: Mapping[str, Any] | None = None
    ) -> None:
        """Accept ops, and settings with them; all are on the disk when this returns."""

        def work(connection: sqlite3.Connection) -> None:
            append(connection, commands)
            for key, value in (keep or {}).items():
                settings.write(connection, key, value)

        await self._database.run(work)

    async def settle(self, settlement: Settlement) -> None:
        await self._database.run(lambda connection: settle(connection, settlement))

    async def revive(
        self,
        dead: Sequence[Command],
        successors: Sequence[Command],
        results: Mapping[str, str],
        decisions: Iterable[Decision] = (),
    ) -> None:
        """Take `dead` ops out; `successors` wait.

        `results`: op id -> what became of those that do not go again as they are
        (`sent_again_as`, a resolution). `decisions`: what the server is to be told of it.
        """

        def work(connection: sqlite3.Connection) -> None:
            for command in dead:
                result = results.get(command.op_id)
                if result and unreadable.deal_with(connection, command.seq, result):
                    continue
                connection.execute("DELETE FROM dead_ops WHERE op_id = ?", (command.op_id,))
                if result:
                    _remember(connection, command.seq, command.op_id, result, to_json(command))
            for decision in decisions:
                _decide(connection, decision)
            append(connection, successors)

        await self._database.run(work)

    async def told(self, op_id: str) -> None:
        """The server knows what was decided about this op."""

        def work(connection: sqlite3.Connection) -> None:
            connection.execute("UPDATE decisions SET told = 1 WHERE op_id = ?", (op_id,))
            connection.execute(
                "DELETE FROM decisions WHERE told"
                " AND place <= (SELECT max(place) FROM decisions) - ?",
                (OUTCOMES_KEPT,),
            )

        await self._database.run(work)


# -- inside a transaction -----------------------------------------------------------------


def append(connection: sqlite3.Connection, commands: Sequence[Command]) -> None:
    connection.executemany(
        "INSERT INTO outbox (seq, op_id, lane, kind, json, at) VALUES (?, ?, ?, ?, ?, ?)",
        ((c.seq, c.op_id, c.lane, c.kind, to_json(c), c.at) for c in commands),
    )


def settle(connection: sqlite3.Connection, settlement: Settlement) -> None:
    for seq, revs in settlement.answered:
        connection.execute(
            "UPDATE outbox SET revs = ? WHERE seq = ?", (json.dumps(dict(revs)), seq)
        )
    for seq, result in settlement.gone:
        row = connection.execute(
            "DELETE FROM outbox WHERE seq = ? RETURNING op_id, json", (seq,)
        ).fetchone()
        if row is not None:
            _remember(connection, seq, row[0], result, row[1])
    for dead in settlement.dead:
        _bury(connection, dead)
    if settlement.gone:
        newest = max(seq for seq, _ in settlement.gone)
        connection.execute("DELETE FROM outcomes WHERE seq < ?", (newest - OUTCOMES_KEPT,))


def _remember(connection: sqlite3.Connection, seq: int, op_id: str, result: str, text: str) -> None:
    connection.execute(
        "INSERT OR REPLACE INTO outcomes (seq, op_id, result, json) VALUES (?, ?, ?, ?)",
        (seq, op_id, result, text),
    )


def _bury(connection: sqlite3.Connection, dead: DeadOp) -> None:
    command = dead.command
    connection.execute("DELETE FROM outbox WHERE seq = ?", (command.seq,))
    connection.execute(
        "INSERT OR REPLACE INTO dead_ops"
        " (op_id, seq, lane, json, result, reason, blocked_by, at, remote)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            command.op_id,
            command.seq,
            command.lane,
            to_json(command),
            dead.result,
            dead.reason,
            dead.blocked_by,
            dead.at,
            _dump(dead.remote),
        ),
    )


def _decide(connection: sqlite3.Connection, decision: Decision) -> None:
    connection.execute(
        "INSERT OR REPLACE INTO decisions (op_id, resolution, actor, unsent) VALUES (?, ?, ?, ?)",
        (decision.op_id, decision.resolution, decision.actor, _dump(decision.unsent)),
    )


def _dump(value: Mapping[str, Any] | None) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False)


def sent_again_as(seq: int) -> str:
    """The result of a refused op that goes again as op `seq`."""
    return f"{_SENT_AGAIN}{seq}"


def reopen(connection: sqlite3.Connection) -> None:
    """Make every op that the server ever applied wait again, and every decision that it was told:
    it may have forgotten them.

    For a server that came back from a backup. Those that it does remember it answers with
    `duplicate`, by device and seq; a decision about what it does not know changes nothing there.
    """
    waiting = [entry.command for entry in entries(connection)]
    connection.execute("DELETE FROM outbox")
    append(connection, [*_take_applied(connection), *waiting])
    connection.execute("UPDATE decisions SET told = 0")


def _take_applied(connection: sqlite3.Connection) -> list[Command]:
    """Out of `outcomes`; one that cannot be read is not missed before a server has lost it."""
    found: list[Command] = []
    for seq, op in connection.execute(
        "SELECT seq, CAST(json AS BLOB) FROM outcomes WHERE result = 'applied'"
    ).fetchall():
        try:
            found.append(command_of(op))
        except ValueError:
            log.exception("op %d was settled, and cannot be sent again", seq)
        else:
            connection.execute("DELETE FROM outcomes WHERE seq = ?", (seq,))
    return found


def places(connection: sqlite3.Connection) -> dict[int, int]:
    """Seq of an op that was sent again -> seq of the first op that it goes back to (`Ledger`)."""
    renewals = connection.execute(
        "SELECT seq, substr(result, ?) FROM outcomes WHERE result LIKE ? ORDER BY seq",
        (len(_SENT_AGAIN) + 1, f"{_SENT_AGAIN}%"),
    )
    found: dict[int, int] = {}
    for seq, heir in renewals:
        found[int(heir)] = found.get(seq, seq)
    return found


def entries(connection: sqlite3.Connection) -> list[Entry]:
    """Every op in the outbox, in the order of sending. What cannot be read is set aside."""
    found: list[Entry] = []
    for row, op, revs in connection.execute(
        "SELECT rowid, CAST(json AS BLOB), CAST(revs AS BLOB) FROM outbox ORDER BY seq"
    ).fetchall():
        try:
            found.append(Entry(command_of(op), lenient(revs)))
        except ValueError:
            unreadable.set_aside(connection, "outbox", row)
    sent_again = places(connection)
    return sorted(found, key=lambda one: sent_again.get(one.command.seq, one.command.seq))


def dead_ops(connection: sqlite3.Connection) -> list[DeadOp]:
    """Every op that needs a person, oldest first; also those that cannot be read."""
    found: list[DeadOp] = []
    for row, op, result, reason, behind, at, remote in connection.execute(
        "SELECT rowid, CAST(json AS BLOB), result, reason, blocked_by, at, CAST(remote AS BLOB)"
        " FROM dead_ops ORDER BY seq"
    ).fetchall():
        try:
            found.append(DeadOp(command_of(op), result, reason, behind, at, lenient(remote)))
        except ValueError:
            unreadable.set_aside(connection, "dead_ops", row)
    return sorted([*found, *unreadable.dead_ops(connection)], key=lambda one: one.command.seq)


def decisions(connection: sqlite3.Connection) -> list[Decision]:
    """Every decision that the server has not heard of, oldest first."""
    rows = connection.execute(
        "SELECT op_id, resolution, actor, CAST(unsent AS BLOB) FROM decisions"
        " WHERE NOT told ORDER BY place"
    )
    return [
        Decision(op_id, resolution, actor, lenient(unsent))
        for op_id, resolution, actor, unsent in rows
    ]


def last_seq(connection: sqlite3.Connection) -> int:
    """The highest seq ever used; 0 when there is none."""
    tables = ("outbox", "outcomes", "dead_ops", "unreadable")
    union = " UNION ALL ".join(f"SELECT max(seq) AS seq FROM {table}" for table in tables)  # noqa: S608
    return int(connection.execute(f"SELECT max(seq) FROM ({union})").fetchone()[0] or 0)  # noqa: S608


def first_unsent(connection: sqlite3.Connection) -> int:
    """The lowest seq that the server may not have an outcome of."""
    waiting = connection.execute(
        "SELECT min(seq) FROM (SELECT seq FROM outbox WHERE revs IS NULL"
        " UNION ALL SELECT seq FROM dead_ops WHERE result = 'blocked')"
    ).fetchone()[0]
    return last_seq(connection) + 1 if waiting is None else int(waiting)
