"""Connections to the database; one HTTP request is one round trip on one of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import pq

from kds.hub.errors import RestError

Connection = psycopg.AsyncConnection[tuple[Any, ...]]
Row = tuple[bytes | None, ...]
"""One row in PostgreSQL's text format, undecoded: what is JSON already goes out as it came."""


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with `$1` placeholders and their values as text; PostgreSQL infers the types.

    `keep`: prepare it on first use, because it will come again.
    """

    sql: str
    params: Sequence[str | None] = ()
    keep: bool = False


class Pool:
    """At most `size` connections, opened on demand and kept.

    There is no background work: a connection that died while idle is noticed when it is taken,
    and a new one is made. So the first request after a restart of the database succeeds, and
    while it is down each request gets its 503 at once.
    """

    def __init__(self, dsn: str, size: int = 10, wait_s: float = 10) -> None:
        self._dsn = dsn
        self._wait_s = wait_s
        self._slots = asyncio.Semaphore(size)
        self._idle: list[Connection] = []
        self._open = True

    async def close(self) -> None:
        """Close what is idle now; what is still in use closes when it is given back."""
        self._open = False
        while self._idle:
            await self._idle.pop().close()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A healthy connection in autocommit mode, outside of any transaction.

        Raises RestError 503 while the database is down, 504 when all stay busy for `wait_s`.
        """
        try:
            await asyncio.wait_for(self._slots.acquire(), self._wait_s)
        except TimeoutError:
            message = "Timed out acquiring connection from connection pool."
            raise RestError(504, "PGRST003", message) from None
        try:
            connection = self._take() or await self._connect()
            try:
                yield connection
            finally:
                await self._give_back(connection)
        finally:
            self._slots.release()

    async def run(
        self,
        prelude: Statement,
        statement: Statement,
        *,
        read_only: bool = False,
        accept: Callable[[Row], None] | None = None,
    ) -> Row:
        """Both statements in one transaction; the first row of the second one.

        `accept` may look at the row before the commit; when it raises, nothing has happened.
        Without it the commit travels with the statements: one round trip in all.
        """
        begin = Statement("begin read only" if read_only else "begin", keep=True)
        commit = Statement("commit", keep=True)
        async with self.connection() as connection:
            if accept is None:
                return (await _pipeline(connection, begin, prelude, statement, commit))[2]
            row = (await _pipeline(connection, begin, prelude, statement))[2]
            accept(row)
            await connection.execute("commit", prepare=True)
            return row

    def _take(self) -> Connection | None:
        while self._idle:
            connection = self._idle.pop()
            if _alive(connection):
                return connection
        return None

    async def _connect(self) -> Connection:
        try:
            return await psycopg.AsyncConnection.connect(
                self._dsn, autocommit=True, options="-c timezone=UTC"
            )
        except psycopg.OperationalError as error:
            message = "Database connection error. Retrying the connection."
            raise RestError(503, "PGRST000", message, str(error).strip()) from error

    async def _give_back(self, connection: Connection) -> None:
        try:
            if connection.info.transaction_status not in (
                pq.TransactionStatus.IDLE,
                pq.TransactionStatus.UNKNOWN,
            ):
                await connection.rollback()
        except psycopg.Error:
            await connection.close()
        except BaseException:
            # Cancelled in the middle: nobody knows what state it is in.
            connection.pgconn.finish()
            raise
        if self._open and not connection.closed:
            self._idle.append(connection)
        else:
            await connection.close()


async def _pipeline(connection: Connection, *statements: Statement) -> list[Row]:
    """All statements in one round trip; the first row of each (empty for one without rows)."""
    cursors = []
    failure: psycopg.Error | None = None
    try:
        async with connection.pipeline():
            try:
                for statement in statements:
                    cursor = psycopg.AsyncRawCursor(connection)
                    await cursor.execute(
                        statement.sql, statement.params, prepare=True if statement.keep else None
                    )
                    cursors.append(cursor)
            except psycopg.Error as error:
                failure = error
    except psycopg.Error as error:
        # What follows a failure in a pipeline is only its echo.
        raise failure or error from None
    if failure is not None:
        raise failure
    return [_first_row(cursor.pgresult) for cursor in cursors]


def _first_row(result: pq.abc.PGresult | None) -> Row:
    if result is None or result.ntuples == 0:
        return ()
    return tuple(result.get_value(0, column) for column in range(result.nfields))


def _alive(connection: Connection) -> bool:
    """Whether the other end of an idle connection is still there; looks, does not ask."""
    if connection.closed:
        return False
    try:
        # Twice: the first may take in no more than the server's words of farewell.
        connection.pgconn.consume_input()
        connection.pgconn.consume_input()
    except psycopg.OperationalError:
        connection.pgconn.finish()
        return False
    return True
