"""The model server with all that the SQL adds to `ModelServer`: who may what, and what remains.

Accounts and tokens, terminals that must be registered, copied ones that are locked and let in
again, pruning, backups. A backup holds the database, not
the sessions: an account stays signed in over a restore.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from kds.base.clock import Clock, from_iso, to_iso
from kds.base.errors import Refused, Unauthorized
from kds.connection.ports import Grant
from kds.domain.rows import Role, Row
from kds.sync.canonical import canonical, row_sum
from tests.faults import house
from tests.support.fake_connection import Json, ModelServer, Stream, digest_of
from tests.support.restaurant import BRANCH

QUARANTINED = "Two machines are using this terminal's data."
LET_IN = "This terminal is being let in again."
NOT_REGISTERED = "This terminal is not registered."
LETTERS = "DEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A registered terminal. `family`: the id from which it was copied first, its own when it never
    was. `spent`: the numbers of ops up to here were used before it was let in again."""

    role: str
    family: str
    spent: int = 0
    locked: bool = False
    released: bool = False


@dataclass(frozen=True)
class Backup:
    """The database as it was. Rows are never changed in place, so the tables are copied flat."""

    tables: dict[str, dict[str, Row]]
    streams: dict[str, Stream]
    outcomes: dict[tuple[str, int], tuple[str, Json]]
    dead: dict[tuple[str, str], list[str]]
    resolved: dict[str, tuple[str, str]]
    registered: dict[str, Enrolled]
    history: list[tuple[str, Json]]


@dataclass
class Accounts:
    """Who may sign in, and with which tokens; an access token is a JWT without a signature."""

    clock: Clock
    lifetime: float = 3600.0
    roles: dict[str, Role] = field(default_factory=dict)  # by e-mail
    refreshable: dict[str, str] = field(default_factory=dict)  # refresh token -> e-mail
    _given: int = 0

    def sign_in(self, email: str, password: str) -> Grant:
        if email not in self.roles or password != "right":
            raise Refused("Invalid login credentials", "invalid_credentials")
        self._given += 1
        claims = {
            "exp": self.clock.now().timestamp() + self.lifetime,
            "email": email,
            "n": self._given,
            "app_metadata": {"branches": [BRANCH], "role": self.roles[email]},
        }
        body = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
        refresh = f"refresh-{self._given}"
        self.refreshable[refresh] = email
        return Grant(f"head.{body}.sign", refresh, self.lifetime)

    def refresh(self, token: str) -> Grant:
        """A refresh token works once."""
        email = self.refreshable.pop(token, None)
        if email is None:
            raise Refused("Invalid Refresh Token: Already Used", "refresh_token_already_used")
        return self.sign_in(email, "right")

    def revoke(self, email: str) -> None:
        self.refreshable = {t: who for t, who in self.refreshable.items() if who != email}

    def good_for(self, token: str) -> float:
        """Seconds until the token expires."""
        return float(_claims(token)["exp"] - self.clock.now().timestamp())

    def role(self, token: str) -> Role:
        if self.good_for(token) <= 0:
            raise Unauthorized("JWT expired")
        role: Role = _claims(token)["app_metadata"]["role"]
        return role


def _claims(token: str) -> dict[str, Any]:
    body = token.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return claims


class Server(ModelServer):
    """`history`: (device id, op) of every op that had an effect, in order, at the time it got."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.accounts = Accounts(clock)
        self.registered: dict[str, Enrolled] = {}  # by device id
        self.history: list[tuple[str, Json]] = []
        self._sums: dict[int, tuple[Row, int]] = {}  # by identity; the row is kept alive
        self.down = 0  # how many faults keep it down
        for table, row in house.rows():
            self.rows.put(table, row["id"], row)

    def request(self, name: str, params: Json, token: str) -> Any:
        """An RPC as somebody: what PostgREST would answer, or the error that it would be."""
        role = self.accounts.role(token)
        if name in ("apply_ops", "resolve_dead_letter"):
            self._require_known(params["device_id"])
        if name == "apply_ops":
            self._require_epoch(params.get("epoch"))
            self._require_device(params["device_id"], role)
        if name == "release_device" and role != "manager":
            raise Refused("Only a manager of this branch may do this.", "42501")
        if role == "kitchen" and self.office.name in (
            *params.get("cursors", ()),
            *params.get("streams", ()),
            params.get("stream"),
        ):
            raise Refused(f"This account may not read {self.office.name}.", "42501")
        return self.answer(name, params)

    def may_join(self, topic: str, token: str) -> bool:
        return topic != f"stream:{self.office.name}" or self.accounts.role(token) != "kitchen"

    def _require_known(self, device_id: str) -> None:
        if device_id not in self.registered:
            raise Refused(NOT_REGISTERED, "42501")

    def _require_device(self, device_id: str, role: str) -> None:
        known = self.registered[device_id]
        if role not in (known.role, "manager"):
            raise Refused(f"This account is for {role} terminals.", "42501")
        if known.released:
            raise Refused(LET_IN, "PT410")
        if known.locked:
            raise Refused(QUARANTINED, "PT409")

    def locked_out(self, device_id: str) -> bool:
        """Copied, and not let in again so far."""
        known = self.registered.get(device_id)
        return known is not None and known.locked and not known.released

    def let_in(self) -> int:
        """A manager lets everybody in again who is locked out; how many."""
        locked = [device_id for device_id in self.registered if self.locked_out(device_id)]
        for device_id in locked:
            self._release_device(self._now, device_id)
        return len(locked)

    def _checksum(self, now: datetime, stream: str) -> Json:
        """As the model's; a row is added up once in its life."""
        one = self.streams[stream]
        tables = {}
        for table in one.tables:
            rows = self.rows.tables.get(table, {}).values()
            tables[table] = {"rows": len(rows), "sum": str(sum(map(self._sum_of, rows)))}
        return {"epoch": one.epoch, "rev": one.rev, "tables": tables}

    def _sum_of(self, row: Row) -> int:
        known = self._sums.get(id(row))
        if known is None:
            known = self._sums[id(row)] = (row, row_sum(canonical(row)))
        return known[1]

    # -- the RPCs that differ -------------------------------------------------------------

    def _register_device(
        self,
        now: datetime,
        device_id: str,
        branch_id: str,
        name: str,
        role: str,
        was: str | None = None,
        first_seq: int = 1,
    ) -> Json:
        known = self.rows.row("devices", device_id)
        letter = known["letter"] if known else LETTERS[len(self.registered)]
        enrolled = self.registered.get(device_id) or self._heir(device_id, role, was, first_seq)
        self.registered[device_id] = replace(enrolled, role=role)
        row = {"id": device_id, "branch_id": branch_id, "name": name, "role": role}
        device = {"locked_since": None, **(known or {}), **row, "letter": letter}
        if device != known:
            self.write([("devices", device_id, device)], None)
        return device

    def _heir(self, device_id: str, role: str, was: str | None, first_seq: int) -> Enrolled:
        """A new terminal. Of a release that a backup does not know nothing is spent."""
        earlier = self.registered.get(was or "")
        spent = first_seq - 1 if earlier and earlier.released else 0
        return Enrolled(role, earlier.family if earlier else was or device_id, spent)

    def _release_device(self, now: datetime, device_id: str) -> Json:
        if self.locked_out(device_id):
            self.registered[device_id] = replace(self.registered[device_id], released=True)
            self.write([self._locked_since(device_id, None)], None)
        return {}

    def _locked_since(self, device_id: str, at: str | None) -> tuple[str, str, Json]:
        return "devices", device_id, {**self.rows.tables["devices"][device_id], "locked_since": at}

    def _apply_ops(
        self,
        now: datetime,
        device_id: str,
        ops: list[Json],
        more: bool = False,
        epoch: str | None = None,
    ) -> Json:
        revs: dict[str, int] = {}
        outcomes = []
        try:
            for op in ops:
                outcome = self._take(device_id, op, revs)
                outcomes.append({"seq": op["seq"], "op_id": op["op_id"], **outcome})
        except Refused:
            self.registered[device_id] = replace(self.registered[device_id], locked=True)
            self._log([self._locked_since(device_id, to_iso(now))], None, revs)
            raise
        finally:
            self._poke(revs)
        return {"outcomes": outcomes}

    def _take(self, device: str, op: Json, revs: dict[str, int]) -> Json:
        if any(other != device and self._related(other, device) for other in self.registered):
            self._inherit(device, op)
        if op["seq"] <= self.registered[device].spent and (device, op["seq"]) not in self.outcomes:
            return {"result": "duplicate", "first": "applied", "revs": {}}
        return super()._take(device, op, revs)

    def _inherit(self, device: str, op: Json) -> None:
        """What a relative was told about an op is the answer to this terminal's copy of it too.

        One that waits for a person does so here as well; one that was decided about is done with.
        """
        told = {
            other: outcome
            for (other, _), (_, outcome) in self.outcomes.items()
            if outcome["op_id"] == op["op_id"] and self._related(other, device)
        }
        if not told or device in told or (device, op["seq"]) in self.outcomes:
            return
        other, outcome = next(iter(told.items()))
        if op["op_id"] in self.dead[other, op["lane"]]:
            self.dead[device, op["lane"]].append(op["op_id"])
        elif outcome["result"] == "rejected" or op["op_id"] in self.resolved:
            outcome = {**outcome, "result": "applied"}
        self.outcomes[device, op["seq"]] = (digest_of(op), outcome)

    def _related(self, device: str, other: str) -> bool:
        return self.registered[device].family == self.registered[other].family

    def _try(self, device: str, op: Json, revs: dict[str, int]) -> Json:
        at = min(from_iso(op["at"]), self._now)
        op = {**op, "at": to_iso(at)}
        outcome = super()._try(device, op, revs)
        if outcome["result"] == "applied":
            self.history.append((device, op))
        return outcome

    # -- what happens to a database -------------------------------------------------------

    def prune(self, keep: int) -> None:
        """Forget all but the newest `keep` revs of every stream."""
        for stream in self.streams.values():
            stream.floor = max(stream.floor, stream.rev - keep)
            stream.log = [change for change in stream.log if change["rev"] > stream.floor]

    def backup(self) -> Backup:
        return Backup(
            {table: dict(rows) for table, rows in self.rows.tables.items()},
            {name: replace(one, log=list(one.log)) for name, one in self.streams.items()},
            dict(self.outcomes),
            {lane: list(op_ids) for lane, op_ids in self.dead.items()},
            dict(self.resolved),
            dict(self.registered),
            list(self.history),
        )

    def come_back_as(self, backup: Backup, epoch: str) -> None:
        """Be the database of the backup, under a new epoch."""
        for table in list(self.rows.tables):
            for pk in list(self.rows.tables[table]):
                if pk not in backup.tables.get(table, {}):
                    self.rows.put(table, pk, None)
        for table, rows in backup.tables.items():
            for pk, row in rows.items():
                self.rows.put(table, pk, row)
        for name, stream in backup.streams.items():
            mine = self.streams[name]
            mine.rev, mine.floor, mine.epoch = stream.rev, stream.floor, epoch
            mine.log = list(stream.log)
        self.outcomes = dict(backup.outcomes)
        self.dead.clear()
        self.dead.update({lane: list(op_ids) for lane, op_ids in backup.dead.items()})
        self.resolved = dict(backup.resolved)
        self.registered = dict(backup.registered)
        self.history = list(backup.history)
