"""A whole back end in memory, and connections to it that fail on command.

`ModelServer` answers the five RPCs as the SQL does, with the effects of `domain.apply`: one rev
per call and stream, a log, outcomes by device and seq, dead letters by lane. `FakeConnection` is
a terminal's way to it. Time, ids and randomness are nobody's here: the same calls give the same
answers.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from kds.base.clock import Clock, to_iso
from kds.base.errors import Refused, RemoteError, TooLarge, Unreachable
from kds.base.events import Event
from kds.connection.machine import Link
from kds.domain.apply import Conflict, apply
from kds.domain.commands import Command
from kds.domain.refusals import Rejected
from kds.domain.rows import FLOOR_TABLES, OFFICE_TABLES, Row, floor_stream, office_stream
from kds.sync.canonical import table_checksum
from kds.sync.view import Rows
from tests.support.restaurant import BRANCH, device_row, rows

Json = dict[str, Any]


@dataclass
class Stream:
    """One numbered log. `floor`: below it changes are forgotten."""

    name: str
    tables: tuple[str, ...]
    epoch: str = "first"
    rev: int = 0
    floor: int = 0
    log: list[Json] = field(default_factory=list)

    def since(self, cursor: Json, max_rows: int) -> Json:
        if cursor["epoch"] != self.epoch or not self.floor <= cursor["rev"] <= self.rev:
            return self._answer(self.rev, [], reset=True)
        found: list[Json] = []
        through = cursor["rev"]
        for change in self._after(cursor["rev"]):
            if len(found) >= max_rows and change["rev"] != through:
                return self._answer(through, found, reset=False)
            through = change["rev"]
            found.append(change)
        return self._answer(self.rev, found, reset=False)

    def _after(self, rev: int) -> list[Json]:
        return self.log[bisect_right(self.log, rev, key=lambda change: change["rev"]) :]

    def _answer(self, through: int, found: list[Json], *, reset: bool) -> Json:
        return {
            "epoch": self.epoch,
            "head": self.rev,
            "floor": self.floor,
            "through_rev": through,
            "rows": found,
            "reset": reset,
        }


class ModelServer:
    """One branch: the small restaurant of `tests.support.restaurant`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.ahead_s = 0.0  # how far its clock is ahead of the terminals'
        self.rows = Rows()
        self.floor = Stream(floor_stream(BRANCH), FLOOR_TABLES)
        self.office = Stream(office_stream(BRANCH), OFFICE_TABLES)
        self.streams = {one.name: one for one in (self.floor, self.office)}
        self.outcomes: dict[tuple[str, int], tuple[str, Json]] = {}
        self.applied: list[str] = []  # op ids, each as often as it had an effect
        self.dead: dict[tuple[str, str], list[str]] = defaultdict(list)  # device, lane -> op ids
        self.asked: dict[str | None, tuple[str, Json]] = {}  # op id -> device and op, if applied
        self.resolved: dict[str, tuple[str, str]] = {}  # op id -> what was decided, and by whom
        self.told: Event[str] = Event()  # of a decision
        self.max_bytes = 10**9
        self.inline_rows = True
        self.poked: Event[Json] = Event()
        for table, row in rows():
            self.rows.put(table, row["id"], row)

    def register(self, device_id: str, role: str) -> None:
        self.write([("devices", device_id, device_row(device_id, role, "T"))], None)

    def write(self, changes: list[tuple[str, str, Json | None]], op_id: str | None) -> None:
        """A transaction of its own, as from a dashboard."""
        self._poke(self._log(changes, op_id, {}))

    def restore(self, epoch: str, *, forget_outcomes: bool) -> None:
        """Come back as another database of the same rows."""
        for stream in self.streams.values():
            stream.epoch, stream.log, stream.floor = epoch, [], stream.rev
        if forget_outcomes:
            self.outcomes.clear()

    def tables_of(self, stream: Stream) -> dict[str, list[Json]]:
        return {
            table: [dict(row) for row in self.rows.tables.get(table, {}).values()]
            for table in stream.tables
        }

    # -- the RPCs -------------------------------------------------------------------------

    def answer(self, name: str, params: Json) -> Json:
        now = self._now
        return {"server_time": to_iso(now), **getattr(self, f"_{name}")(now, **params)}

    @property
    def _now(self) -> datetime:
        return self._clock.now() + timedelta(seconds=self.ahead_s)

    def _apply_ops(
        self,
        now: datetime,
        device_id: str,
        ops: list[Json],
        more: bool = False,
        epoch: str | None = None,
    ) -> Json:
        self._require_epoch(epoch)
        if len(json.dumps(ops)) > self.max_bytes:
            raise TooLarge("Payload too large")
        revs: dict[str, int] = {}
        outcomes = [
            {"seq": op["seq"], "op_id": op["op_id"], **self._take(device_id, op, revs)}
            for op in ops
        ]
        self._poke(revs)
        return {"outcomes": outcomes}

    def _require_epoch(self, epoch: str | None) -> None:
        if epoch not in (None, self.floor.epoch):
            raise Refused("The server was restored from a backup.", "PT412")

    def _take(self, device: str, op: Json, revs: dict[str, int]) -> Json:
        digest = digest_of(op)
        if earlier := self.outcomes.get((device, op["seq"])):
            if earlier[0] != digest:
                raise Refused("Two machines are using this terminal's data.", "PT409")
            return {**earlier[1], "result": "duplicate", "first": earlier[1]["result"]}
        if closed := self.dead[device, op["lane"]]:
            return {"result": "blocked", "blocked_by": closed[0], "revs": {}}
        outcome = {"op_id": op["op_id"], **self._try(device, op, revs)}
        self.outcomes[device, op["seq"]] = (digest, outcome)
        return outcome

    def _try(self, device: str, op: Json, revs: dict[str, int]) -> Json:
        found = apply(self.rows, Command(**op), BRANCH, device)
        if isinstance(found, Rejected):
            self.dead[device, op["lane"]].append(op["op_id"])
            return {"result": "rejected", "reason": found.reason, "revs": {}}
        if isinstance(found, Conflict):
            return {"result": "conflict", "remote": self._other_side(found.remote), "revs": {}}
        self.applied.append(op["op_id"])
        self.asked[op["op_id"]] = (device, op)
        changes = [(c.table, c.pk, None if c.after is None else dict(c.after)) for c in found]
        changes.sort(key=lambda change: change[0] in OFFICE_TABLES)  # the floor first, as in SQL
        touched = self._log(changes, op["op_id"], revs)
        return {"result": "applied", "revs": {self.floor.name: self.floor.rev, **touched}}

    def _other_side(self, row: Row) -> Json:
        """The row as it is, and who changed it last."""
        log = reversed(self.floor.log)
        cause = next((one["op_id"] for one in log if one["pk"] == row["id"]), None)
        device, op = self.asked.get(cause, ("", {}))
        terminal = self.rows.row("devices", device)
        known = {name: op.get(name) for name in ("kind", "actor", "at")}
        return {"row": dict(row), "device": terminal["name"] if terminal else None, **known}

    def _resolve_dead_letter(
        self,
        now: datetime,
        device_id: str,
        op_id: str,
        resolution: str = "",
        actor: str = "",
        op: Json | None = None,
    ) -> Json:
        self.resolved.setdefault(op_id, (resolution, actor))
        self.told.emit(op_id)
        if op is not None:
            refusal: Json = {"result": "rejected", "reason": "given up", "revs": {}}
            outcome = {"op_id": op_id, **refusal}
            self.outcomes.setdefault((device_id, op["seq"]), (digest_of(op), outcome))
        for (device, _), op_ids in self.dead.items():
            if self._related(device, device_id) and op_id in op_ids:
                op_ids.remove(op_id)
        return {}

    def _related(self, device: str, other: str) -> bool:
        """Whether what was decided at one is decided at the other."""
        return device == other

    def _changes_since(self, now: datetime, cursors: Json, max_rows: int) -> Json:
        return {
            "streams": {
                name: self.streams[name].since(cursor, max_rows) for name, cursor in cursors.items()
            }
        }

    def _snapshot(self, now: datetime, streams: list[str]) -> Json:
        found = [self.streams[name] for name in streams]
        return {
            "streams": {
                one.name: {"epoch": one.epoch, "rev": one.rev, "tables": self.tables_of(one)}
                for one in found
            }
        }

    def _checksum(self, now: datetime, stream: str) -> Json:
        one = self.streams[stream]
        sums = {table: table_checksum(found) for table, found in self.tables_of(one).items()}
        tables = {table: {"rows": found.rows, "sum": found.sum} for table, found in sums.items()}
        return {"epoch": one.epoch, "rev": one.rev, "tables": tables}

    # -- the log --------------------------------------------------------------------------

    def _log(
        self,
        changes: list[tuple[str, str, Json | None]],
        op_id: str | None,
        revs: dict[str, int],
    ) -> dict[str, int]:
        """Write rows and log them; `revs` holds the rev of each stream touched before."""
        for table, pk, row in changes:
            stream = self.office if table in OFFICE_TABLES else self.floor
            if stream.name not in revs:
                stream.rev += 1
                revs[stream.name] = stream.rev
            self.rows.put(table, pk, row)
            stream.log.append(
                {
                    "rev": stream.rev,
                    "seq": len(stream.log),
                    "table": table,
                    "pk": pk,
                    "op": "D" if row is None else "U",
                    "row": row,
                    "op_id": op_id,
                    "at": to_iso(self._now),
                }
            )
        return revs

    def _poke(self, revs: Mapping[str, int]) -> None:
        for name, rev in revs.items():
            stream = self.streams[name]
            poke: Json = {"stream": name, "epoch": stream.epoch, "rev": rev}
            if self.inline_rows:
                news: list[Json] = []
                for change in reversed(stream.log):
                    if change["rev"] != rev:
                        break
                    news.insert(0, change)
                poke["rows"] = news
            self.poked.emit(poke)


def digest_of(op: Json) -> str:
    return hashlib.sha256(json.dumps(op, sort_keys=True).encode()).hexdigest()


class FakeChannel:
    def __init__(self, topic: str) -> None:
        self.topic = topic
        self.joined: Event[None] = Event()
        self.heard: Event[Json] = Event()

    def on_broadcast(self, event: str, listener: Callable[[Json], None]) -> Callable[[], None]:
        assert event == "poke"
        return self.heard.connect(listener)

    def drop(self) -> None:
        """Nothing holds it."""


class FakeConnection:
    """`up`: requests reach the server. `deaf`: pokes get lost. `lose`: names of RPCs whose next
    answer gets lost, after they had their effect. `fail`: what the next RPC of a name raises."""

    def __init__(self, server: ModelServer) -> None:
        self._server = server
        self.link = Link()
        self.link_changed: Event[Link] = Event()
        self.up = False
        self.deaf = False
        self.lose: list[str] = []
        self.fail: dict[str, RemoteError] = {}
        self.calls: list[tuple[str, Json]] = []
        self._channels: list[FakeChannel] = []
        self._leave = server.poked.connect(self._hear)

    def called(self, name: str) -> list[Json]:
        """The parameters of every call of an RPC, oldest first."""
        return [params for called, params in self.calls if called == name]

    async def rpc(self, name: str, params: Json) -> Any:
        self.calls.append((name, params))
        await asyncio.sleep(0)
        if not self.up:
            raise Unreachable("The server cannot be reached.")
        if name in self.fail:
            raise self.fail.pop(name)
        answer = self._server.answer(name, json.loads(json.dumps(params)))
        await asyncio.sleep(0)
        if name in self.lose:
            self.lose.remove(name)
            raise Unreachable("The answer got lost.")
        return json.loads(json.dumps(answer))

    def channel(self, topic: str) -> FakeChannel:
        channel = FakeChannel(topic)
        self._channels.append(channel)
        return channel

    def connect(self) -> None:
        """The network is there."""
        self.up = True
        self._set_link(Link(state="connected", reason="", quality="excellent"))
        for channel in self._channels:
            channel.joined.emit(None)

    def cut(self) -> None:
        """The network is gone."""
        self.up = False
        self._set_link(Link(state="reconnecting", reason="offline"))

    def close(self) -> None:
        self._leave()

    def _set_link(self, link: Link) -> None:
        self.link = link
        self.link_changed.emit(link)

    def _hear(self, poke: Json) -> None:
        if not self.up or self.deaf:
            return
        for channel in self._channels:
            if channel.topic == f"stream:{poke['stream']}":
                asyncio.get_running_loop().call_soon(
                    channel.heard.emit, json.loads(json.dumps(poke))
                )
