"""`postgres_changes`: committed rows, decoded from a logical slot and sent to who may see them.

There is a slot only while somebody subscribes. It is temporary, so it goes with its connection
and never holds back WAL for a hub that died. It is polled over SQL; when the database restarts a
new one is made and what happened in between is lost, as on a real server.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import psycopg

from kds.base.errors import Unreachable
from kds.base.tasks import end
from kds.hub.errors import RestError
from kds.hub.phoenix import Shared, dumps
from kds.hub.pool import Connection, Pool
from kds.hub.realtime import records, tables
from kds.hub.realtime.bindings import Binding
from kds.hub.realtime.claims import Identity
from kds.hub.realtime.filters import passes
from kds.hub.realtime.limits import Limits
from kds.hub.realtime.member import Member
from kds.hub.realtime.pgoutput import Change, Decoder
from kds.hub.realtime.records import TableInfo

log = logging.getLogger(__name__)
_RETRY_S = (0.1, 0.2, 0.5, 1.0)
_CHANGES_A_POLL = 10_000

Group = tuple[str, str]
"""Subscribers who see the same rows: role and claims."""
Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Subscription:
    """All bindings of one channel; what was committed before `since` (WAL place) is not for it."""

    member: Member
    identity: Identity
    bindings: tuple[Binding, ...]
    since: int

    @property
    def group(self) -> Group:
        return self.identity.role, dumps(dict(self.identity.claims))


class PostgresChanges:
    """Runs for as long as the hub; works only while there are subscriptions."""

    def __init__(self, dsn: str, pool: Pool, limits: Limits, sent: Callable[[int], None]) -> None:
        self._dsn = dsn
        self._pool = pool
        self._limits = limits
        self._sent = sent
        self._interested: set[Member] = set()
        self._subscriptions: dict[Member, Subscription] = {}
        self._wanted = asyncio.Event()
        self._ready = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="realtime-postgres-changes")

    async def stop(self) -> None:
        if self._task is not None:
            await end([self._task])

    async def subscribe(
        self, member: Member, identity: Identity, bindings: Iterable[Binding]
    ) -> None:
        """Every change committed after the return reaches `member`.

        One bad binding cancels all, those of an earlier call included. Raises SubscriptionError,
        Unreachable.
        """
        self._interested.add(member)
        self._wanted.set()
        try:
            await self._ready.wait()
            async with self._pool.connection() as connection:
                checked = [await tables.check_binding(connection, b, identity) for b in bindings]
                since = await tables.wal_place(connection)
        except (psycopg.OperationalError, RestError) as error:
            raise Unreachable(str(error)) from error
        except tables.SubscriptionError:
            self.unsubscribe(member)
            raise
        if member in self._interested:
            earlier = self._subscriptions.get(member)
            since = earlier.since if earlier else since
            self._subscriptions[member] = Subscription(member, identity, tuple(checked), since)

    def unsubscribe(self, member: Member) -> None:
        """Nothing more for `member`. The slot goes with the last one."""
        self._interested.discard(member)
        self._subscriptions.pop(member, None)
        if not self._interested:
            self._wanted.clear()

    async def _run(self) -> None:
        failures = 0
        while True:
            await self._wanted.wait()
            try:
                async with await psycopg.AsyncConnection.connect(
                    self._dsn, autocommit=True, options="-c timezone=UTC -c datestyle=ISO"
                ) as connection:
                    failures = 0
                    await self._follow(connection)
            except psycopg.Error as error:
                log.warning("lost the database's changes, following again soon: %s", error)
                await asyncio.sleep(_RETRY_S[min(failures, len(_RETRY_S) - 1)])
                failures += 1

    async def _follow(self, connection: Connection) -> None:
        decoder = Decoder()
        slot = f"hub_realtime_{secrets.token_hex(6)}"
        await connection.execute(
            "select pg_create_logical_replication_slot(%s, 'pgoutput', temporary => true)", (slot,)
        )
        self._ready.set()
        try:
            while self._wanted.is_set():
                await self._poll(connection, slot, decoder)
                await asyncio.sleep(self._limits.poll_s)
        finally:
            # At once, before the connection is closed: who subscribes from now on needs a new slot.
            self._ready.clear()

    async def _poll(self, connection: Connection, slot: str, decoder: Decoder) -> None:
        cursor = await connection.execute(
            "select data from pg_logical_slot_get_binary_changes("
            "%s, null, %s, 'proto_version', '1', 'publication_names', %s)",
            (slot, _CHANGES_A_POLL, tables.PUBLICATION),
            binary=True,
        )
        decoded = [decoder.decode(row[0]) for row in await cursor.fetchall()]
        changes = [change for change in decoded if change is not None]
        if changes:
            await self._distribute(connection, changes)

    async def _distribute(self, connection: Connection, changes: list[Change]) -> None:
        subscriptions = tuple(self._subscriptions.values())
        infos = await tables.describe(
            connection,
            {c.relation.oid for c in changes},
            {s.identity.role for s in subscriptions},
        )
        changes = [c for c in changes if c.relation.oid in infos]
        seen = await self._look(connection, changes, infos, subscriptions)
        for change in changes:
            messages = _Messages(change, infos[change.relation.oid], self._limits.max_record_bytes)
            for subscription in subscriptions:
                if subscription.member in self._subscriptions and change.lsn >= subscription.since:
                    self._sent(messages.send(subscription, seen))

    async def _look(
        self,
        connection: Connection,
        changes: list[Change],
        infos: dict[int, TableInfo],
        subscriptions: tuple[Subscription, ...],
    ) -> dict[tuple[int, Group], set[Key]]:
        """Which of the changed rows each group of subscribers sees, asked once per table."""
        asked: dict[tuple[int, Group], tuple[Identity, dict[Key, None]]] = {}
        for change in changes:
            info = infos[change.relation.oid]
            if change.action == "DELETE" or not info.rls:
                continue
            for subscription in subscriptions:
                if _matching(subscription, change, info) and not records.refusal(
                    change, info, subscription.identity.role
                ):
                    where = (change.relation.oid, subscription.group)
                    keys = asked.setdefault(where, (subscription.identity, {}))[1]
                    keys[records.key_of(change, info)] = None
        return {
            where: await tables.visible(connection, infos[where[0]], identity, list(keys))
            for where, (identity, keys) in asked.items()
        }


def _matching(subscription: Subscription, change: Change, info: TableInfo) -> list[Binding]:
    """The bindings that ask for this change; a DELETE is filtered by what is known of the row."""
    row = change.old if change.action == "DELETE" else change.new
    return [
        binding
        for binding in subscription.bindings
        if binding.wants(info.schema, info.table, change.action)
        and passes(binding.filters, row, info.types)
    ]


class _Messages:
    """The messages that tell of one change, each written once for all who get the same."""

    def __init__(self, change: Change, info: TableInfo, max_bytes: int) -> None:
        self._change = change
        self._info = info
        self._max_bytes = max_bytes
        self._data: dict[tuple[str, tuple[str, ...] | None], str] = {}
        self._messages: dict[Any, Shared] = {}

    def send(self, subscription: Subscription, seen: dict[tuple[int, Group], set[Key]]) -> int:
        """Send what `subscription` is due; the number of messages."""
        role = subscription.identity.role
        error = records.refusal(self._change, self._info, role)
        if error is not None:
            bindings = self._addressed(subscription)
        elif self._visible(subscription, seen):
            bindings = _matching(subscription, self._change, self._info)
        else:
            return 0
        by_select: dict[tuple[str, ...] | None, list[int]] = {}
        for binding in bindings:
            by_select.setdefault(binding.select, []).insert(0, binding.id)
        member = subscription.member
        for select, ids in by_select.items():
            data = self._text(role, select, error)
            message = self._message(member.topic, tuple(ids), data)
            member.link.send(message.frame(member.link.vsn))
        return len(by_select)

    def _addressed(self, subscription: Subscription) -> list[Binding]:
        """Refusals are told whatever the filters say: without the right there is no looking."""
        info = self._info
        return [
            b
            for b in subscription.bindings
            if b.wants(info.schema, info.table, self._change.action)
        ]

    def _visible(self, subscription: Subscription, seen: dict[tuple[int, Group], set[Key]]) -> bool:
        if self._change.action == "DELETE" or not self._info.rls:
            return True
        keys = seen.get((self._change.relation.oid, subscription.group), set())
        return records.key_of(self._change, self._info) in keys

    def _text(self, role: str, select: tuple[str, ...] | None, error: str | None) -> str:
        if (role, select) not in self._data:
            self._data[role, select] = (
                records.record(self._change, self._info, role, select, self._max_bytes)
                if error is None
                else records.refused_record(self._change, error)
            )
        return self._data[role, select]

    def _message(self, topic: str, ids: tuple[int, ...], data: str) -> Shared:
        known = (topic, ids, data)
        if known not in self._messages:
            payload = f'{{"data":{data},"ids":{dumps(list(ids))}}}'
            self._messages[known] = Shared(topic, "postgres_changes", payload)
        return self._messages[known]
