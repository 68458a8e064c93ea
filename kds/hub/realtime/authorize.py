"""May this token read or write this private topic? The row level security of
`realtime.messages` decides, asked in a transaction that is always rolled back.

For each extension (broadcast, presence) a row is written as superuser and looked for as the
token's role (read), then another is written as that role (write), with `realtime.topic` and
`request.jwt.claims` set as policies expect.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import psycopg

from kds.base.errors import Unreachable
from kds.hub.errors import RestError
from kds.hub.phoenix import dumps
from kds.hub.pool import Connection, Pool
from kds.hub.realtime.claims import Identity

log = logging.getLogger(__name__)
_EXTENSIONS = ("broadcast", "presence")


@dataclass(frozen=True, slots=True)
class Policies:
    """What a channel may do. A public channel may do everything."""

    read_broadcast: bool = True
    write_broadcast: bool = True
    read_presence: bool = True
    write_presence: bool = True

    @property
    def readable(self) -> bool:
        """Whether the channel may be joined at all."""
        return self.read_broadcast or self.read_presence


PUBLIC = Policies()


class Authorizer:
    """Asks the database; keeps nothing."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def policies(self, topic: str, identity: Identity) -> Policies:
        """What `identity` may do on the private `topic`. Raises Unreachable."""
        try:
            async with self._pool.connection() as connection:
                return await _evaluate(connection, topic, identity)
        except (RestError, psycopg.OperationalError) as error:
            raise Unreachable(str(error)) from error
        except psycopg.Error as error:
            log.warning("the policies of realtime.messages failed on %r: %s", topic, error)
            return Policies(False, False, False, False)


async def become(connection: Connection, role: str, claims: Mapping[str, Any], topic: str) -> None:
    """Act as `role` with `claims` for the rest of the transaction."""
    await connection.execute(
        "select set_config('role', %s, true), set_config('realtime.topic', %s, true),"
        " set_config('request.jwt.claims', %s, true), set_config('request.headers', '{}', true)",
        (role, topic, dumps(dict(claims))),
    )


async def _evaluate(connection: Connection, topic: str, identity: Identity) -> Policies:
    async with connection.transaction(force_rollback=True):
        cursor = await connection.execute(
            "insert into realtime.messages (topic, extension)"
            " values (%s, 'broadcast'), (%s, 'presence') returning id",
            (topic, topic),
        )
        probes = [row[0] for row in await cursor.fetchall()]
        await become(connection, identity.role, identity.claims, topic)
        readable = await _readable(connection, topic, probes)
        writable = {name for name in _EXTENSIONS if await _may_write(connection, topic, name)}
    return Policies(
        read_broadcast="broadcast" in readable,
        write_broadcast="broadcast" in writable,
        read_presence="presence" in readable,
        write_presence="presence" in writable,
    )


async def _readable(connection: Connection, topic: str, probes: list[Any]) -> set[str]:
    try:
        async with connection.transaction():
            cursor = await connection.execute(
                "select extension from realtime.messages where topic = %s and id = any(%s)",
                (topic, probes),
            )
            return {row[0] for row in await cursor.fetchall()}
    except psycopg.errors.InsufficientPrivilege:
        return set()


async def _may_write(connection: Connection, topic: str, extension: str) -> bool:
    try:
        async with connection.transaction():
            await connection.execute(
                "insert into realtime.messages (topic, extension) values (%s, %s)",
                (topic, extension),
            )
    except psycopg.errors.InsufficientPrivilege:
        return False
    return True
