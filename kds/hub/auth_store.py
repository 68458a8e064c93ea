"""Accounts, sessions and refresh tokens in GoTrue's tables."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from kds.hub.errors import AuthError, RestError
from kds.hub.pool import Connection, Pool

AUDIENCE = "authenticated"
_USER = """
    id, coalesce(email, '') as email, encrypted_password as password, role,
    coalesce(raw_app_meta_data, '{}') as app_metadata,
    coalesce(raw_user_meta_data, '{}') as user_metadata,
    created_at, updated_at, email_confirmed_at, last_sign_in_at, banned_until
"""


@dataclass(frozen=True, slots=True)
class User:
    """One account."""

    id: UUID
    email: str
    password: str | None  # its hash
    role: str
    app_metadata: dict[str, Any]
    user_metadata: dict[str, Any]
    created_at: datetime
    updated_at: datetime
    email_confirmed_at: datetime | None
    last_sign_in_at: datetime | None
    banned_until: datetime | None


@dataclass(frozen=True, slots=True)
class RefreshToken:
    token: str
    revoked: bool
    updated_at: datetime
    session_id: UUID
    user_id: UUID


class AuthStore:
    """The SQL of `/auth/v1`. Methods take the connection of a `transaction`."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """Raises AuthError 500 or 503 when the database fails."""
        try:
            async with self._pool.connection() as connection, connection.transaction():
                yield connection
        except RestError as error:
            message = "Database error: the connection could not be made"
            raise AuthError(error.status, "unexpected_failure", message) from error
        except psycopg.Error as error:
            status = 500 if error.sqlstate else 503
            raise AuthError(status, "unexpected_failure", f"Database error: {error}") from error

    async def user(self, c: Connection, user_id: UUID) -> User | None:
        return await self._one_user(c, "id = %s", user_id)

    async def user_by_email(self, c: Connection, email: str) -> User | None:
        return await self._one_user(c, "email = %s", email.lower())

    async def _one_user(self, c: Connection, where: str, value: object) -> User | None:
        async with c.cursor(row_factory=class_row(User)) as cursor:
            sql = f"select {_USER} from auth.users where {where} and deleted_at is null"  # noqa: S608
            await cursor.execute(sql.encode(), [value])
            return await cursor.fetchone()

    async def users(self, c: Connection, offset: int, limit: int) -> tuple[Sequence[User], int]:
        """A page of all accounts, newest first, and how many there are."""
        async with c.cursor(row_factory=class_row(User)) as cursor:
            sql = f"select {_USER} from auth.users where deleted_at is null "  # noqa: S608
            order = "order by created_at desc, id limit %s offset %s"
            await cursor.execute((sql + order).encode(), [limit, offset])
            rows = await cursor.fetchall()
        counted = await c.execute("select count(*) from auth.users where deleted_at is null")
        return rows, (await counted.fetchone() or (0,))[0]

    async def add_user(
        self,
        c: Connection,
        user_id: UUID,
        email: str,
        password: str,
        app_metadata: Mapping[str, Any],
        user_metadata: Mapping[str, Any],
        now: datetime,
        confirmed: bool,
        role: str,
    ) -> None:
        """Raises psycopg's UniqueViolation when the address is taken."""
        await c.execute(
            "insert into auth.users (instance_id, id, aud, role, email, encrypted_password, "
            "raw_app_meta_data, raw_user_meta_data, created_at, updated_at, email_confirmed_at) "
            "values ('00000000-0000-0000-0000-000000000000', %s, %s, %s, %s, %s, %s, %s, "
            "%s, %s, %s)",
            [
                *(user_id, AUDIENCE, role, email, password),
                *(Jsonb(app_metadata), Jsonb(user_metadata)),
                *(now, now, now if confirmed else None),
            ],
        )

    async def change_user(
        self, c: Connection, user_id: UUID, now: datetime, changes: Mapping[str, Any]
    ) -> None:
        """Set columns of `auth.users`; their names are ours, never the client's."""
        values = {
            name: Jsonb(value) if isinstance(value, dict) else value
            for name, value in changes.items()
        }
        names = ", ".join(f"{name} = %s" for name in (*values, "updated_at"))
        sql = f"update auth.users set {names} where id = %s"  # noqa: S608
        await c.execute(sql.encode(), [*values.values(), now, user_id])

    async def delete_user(self, c: Connection, user_id: UUID) -> None:
        await c.execute("delete from auth.users where id = %s", [user_id])

    # -- sessions -------------------------------------------------------------------------

    async def add_session(
        self, c: Connection, session_id: UUID, user_id: UUID, token: str, now: datetime
    ) -> None:
        """A new session with its first refresh token."""
        await c.execute(
            "insert into auth.sessions (id, user_id, created_at, updated_at) "
            "values (%s, %s, %s, %s)",
            [session_id, user_id, now, now],
        )
        await self._add_token(c, token, None, session_id, user_id, now)

    async def session_exists(self, c: Connection, session_id: UUID) -> bool:
        found = await c.execute("select from auth.sessions where id = %s", [session_id])
        return await found.fetchone() is not None

    async def delete_sessions(
        self, c: Connection, user_id: UUID, only: UUID | None = None, but: UUID | None = None
    ) -> None:
        """Every session of the account, only one of them, or all but one."""
        await c.execute(
            "delete from auth.sessions where user_id = %s "
            "and (%s::uuid is null or id = %s) and (%s::uuid is null or id <> %s)",
            [user_id, only, only, but, but],
        )

    # -- refresh tokens -------------------------------------------------------------------

    async def lock_token(self, c: Connection, token: str) -> RefreshToken | None:
        """The token, with its session locked: two refreshes of one session take turns."""
        async with c.cursor(row_factory=class_row(RefreshToken)) as cursor:
            session = (
                "select from auth.sessions s where s.id = "
                "(select session_id from auth.refresh_tokens where token = %s) for update"
            )
            await cursor.execute(session, [token])
            await cursor.execute(
                "select t.token, t.revoked, t.updated_at, t.session_id, s.user_id "
                "from auth.refresh_tokens t join auth.sessions s on s.id = t.session_id "
                "where t.token = %s",
                [token],
            )
            return await cursor.fetchone()

    async def active_token(self, c: Connection, session_id: UUID) -> tuple[str, str | None] | None:
        """The session's newest token that still counts, and the one it came from."""
        found = await c.execute(
            "select token, parent from auth.refresh_tokens "
            "where session_id = %s and not revoked order by id desc limit 1",
            [session_id],
        )
        return await found.fetchone()

    async def swap_token(self, c: Connection, old: RefreshToken, token: str, now: datetime) -> None:
        """`token` takes the place of `old`, which is marked as used at `now`."""
        await c.execute(
            "update auth.refresh_tokens set revoked = true, updated_at = %s where token = %s",
            [now, old.token],
        )
        await self._add_token(c, token, old.token, old.session_id, old.user_id, now)
        await c.execute(
            "update auth.sessions set refreshed_at = %s, updated_at = %s where id = %s",
            [now.replace(tzinfo=None), now, old.session_id],
        )

    async def revoke_tokens(self, c: Connection, session_id: UUID, now: datetime) -> None:
        await c.execute(
            "update auth.refresh_tokens set revoked = true, updated_at = %s "
            "where session_id = %s and not revoked",
            [now, session_id],
        )

    async def _add_token(
        self,
        c: Connection,
        token: str,
        parent: str | None,
        session_id: UUID,
        user_id: UUID,
        now: datetime,
    ) -> None:
        await c.execute(
            "insert into auth.refresh_tokens "
            "(token, parent, session_id, user_id, revoked, created_at, updated_at) "
            "values (%s, %s, %s, %s, false, %s, %s)",
            [token, parent, session_id, str(user_id), now, now],
        )
