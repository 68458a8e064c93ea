"""Accounts as their administrator handles them: made, looked up, changed, deleted."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg

from kds.base.clock import Clock
from kds.base.ids import uuid7
from kds.hub.auth_store import AuthStore, User
from kds.hub.errors import AuthError
from kds.hub.passwords import Passwords
from kds.hub.pool import Connection

MIN_PASSWORD = 6
MAX_PASSWORD = 72  # GoTrue's, bcrypt's limit: an account stays portable
_EMAIL = re.compile(r"[^@\s\x00]{1,64}@[^@\s\x00]{1,190}")
_SPAN = re.compile(r"(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s)?")


class Accounts:
    """What `/admin/users` does. Bodies are GoTrue's; anything odd raises AuthError."""

    def __init__(self, store: AuthStore, passwords: Passwords, clock: Clock) -> None:
        self._store = store
        self._passwords = passwords
        self._clock = clock

    async def page(self, page: int, size: int) -> tuple[Sequence[User], int]:
        """Page `page` (from 1) of all accounts, newest first, and how many there are."""
        async with self._store.transaction() as c:
            return await self._store.users(c, (page - 1) * size, size)

    async def read(self, user_id: UUID) -> User:
        async with self._store.transaction() as c:
            return await self._found(c, user_id)

    async def create(self, body: Mapping[str, Any]) -> User:
        """Of {email, password?, email_confirm?, app_metadata?, user_metadata?, role?}."""
        if not body.get("email"):
            message = "Cannot create a user without either an email or phone"
            raise AuthError(400, "validation_failed", message)
        email = _email(body["email"])
        password = body.get("password") or secrets.token_urlsafe(32)
        hashed = await self._passwords.hash(_password(password))
        now = self._clock.now()
        user_id = UUID(uuid7(now, secrets.randbits(74)))
        provider = {"provider": "email", "providers": ["email"]}
        try:
            async with self._store.transaction() as c:
                await self._store.add_user(
                    c,
                    user_id,
                    email,
                    hashed,
                    _merge(provider, _object(body, "app_metadata")),
                    _merge({}, _object(body, "user_metadata")),
                    now,
                    confirmed=body.get("email_confirm") is True,
                    role=str(body.get("role") or "authenticated"),
                )
                return await self._found(c, user_id)
        except AuthError as error:
            raise _taken_or(error) from error

    async def change(self, user_id: UUID, body: Mapping[str, Any]) -> User:
        """The same members as `create`; what is missing stays."""
        changes: dict[str, Any] = {}
        now = self._clock.now()
        if body.get("email"):
            changes["email"] = _email(body["email"])
        if body.get("password") is not None:
            changes["encrypted_password"] = await self._passwords.hash(_password(body["password"]))
        if body.get("email_confirm") is True:
            changes["email_confirmed_at"] = now
        if body.get("role"):
            changes["role"] = str(body["role"])
        if body.get("ban_duration"):
            changes["banned_until"] = _banned_until(body["ban_duration"], now)
        try:
            async with self._store.transaction() as c:
                user = await self._found(c, user_id)
                for column, name, old in (
                    ("raw_app_meta_data", "app_metadata", user.app_metadata),
                    ("raw_user_meta_data", "user_metadata", user.user_metadata),
                ):
                    if body.get(name) is not None:
                        changes[column] = _merge(old, _object(body, name))
                await self._store.change_user(c, user_id, now, changes)
                return await self._found(c, user_id)
        except AuthError as error:
            raise _taken_or(error) from error

    async def delete(self, user_id: UUID) -> None:
        """With every session; access tokens that are out stay good until they expire."""
        async with self._store.transaction() as c:
            await self._found(c, user_id)
            await self._store.delete_user(c, user_id)

    async def _found(self, c: Connection, user_id: UUID) -> User:
        user = await self._store.user(c, user_id)
        if user is None:
            raise AuthError(404, "user_not_found", "User not found")
        return user


def _taken_or(error: AuthError) -> AuthError:
    """The refusal of an address that somebody has, where that is what `error` is about."""
    if not isinstance(error.__cause__, psycopg.errors.UniqueViolation):
        return error
    message = "A user with this email address has already been registered"
    return AuthError(422, "email_exists", message)


def _email(value: object) -> str:
    if not isinstance(value, str) or not _EMAIL.fullmatch(value) or not value.isprintable():
        message = "Unable to validate email address: invalid format"
        raise AuthError(400, "validation_failed", message)
    return value.lower()


def _password(value: object) -> str:
    if not isinstance(value, str):
        message = "Could not parse request body as JSON: password must be a string"
        raise AuthError(400, "bad_json", message)
    if len(value) < MIN_PASSWORD:
        message = f"Password should be at least {MIN_PASSWORD} characters."
        raise AuthError(422, "weak_password", message, weak_password={"reasons": ["length"]})
    if len(value.encode("utf-8", "surrogatepass")) > MAX_PASSWORD:
        message = f"Password cannot be longer than {MAX_PASSWORD} characters"
        raise AuthError(400, "validation_failed", message)
    return value


def _object(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = body.get(name)
    if value is None:
        return {}
    # jsonb has no place for a NUL or half a character; better said here than by it.
    plain = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict) or re.search(r"\\u0000|[\ud800-\udfff]", plain):
        message = f"Could not parse request body as JSON: {name} must be an object of plain text"
        raise AuthError(400, "bad_json", message)
    return value


def _merge(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """GoTrue's way: member by member, null takes one away."""
    return {name: value for name, value in {**old, **new}.items() if value is not None}


def _banned_until(duration: object, now: datetime) -> datetime | None:
    """`24h`, `1h30m`; `none` lifts it."""
    if duration == "none":
        return None
    match = _SPAN.fullmatch(str(duration))
    if match is None or not any(match.groups()):
        message = f"invalid format for ban duration: {duration}"
        raise AuthError(400, "validation_failed", message)
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return now + timedelta(hours=hours, minutes=minutes, seconds=seconds)
