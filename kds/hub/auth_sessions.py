"""Signing in, staying signed in, signing out: what GoTrue decides, with the time passed in."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import jwt

from kds.base.clock import Clock
from kds.base.ids import uuid7
from kds.hub.auth_store import AUDIENCE, AuthStore, RefreshToken, User
from kds.hub.errors import AuthError
from kds.hub.limiter import FailureLimiter
from kds.hub.passwords import Passwords
from kds.hub.pool import Connection
from kds.hub.tokens import Claims, TokenError, Verifier

Scope = Literal["global", "local", "others"]
_WRONG = (400, "invalid_credentials", "Invalid login credentials")


@dataclass(frozen=True, slots=True)
class AuthSettings:
    """`access_ttl_s`: life of an access token. `reuse_s`: how long an old refresh token is
    still answered with the newer one."""

    jwt_secret: str
    issuer: str
    access_ttl_s: int = 3600
    reuse_s: int = 10


class Sessions:
    """Grants tokens and takes them back."""

    def __init__(
        self, store: AuthStore, passwords: Passwords, settings: AuthSettings, clock: Clock
    ) -> None:
        self._store = store
        self._passwords = passwords
        self._settings = settings
        self._clock = clock
        self._limiter = FailureLimiter()
        self._verifier = Verifier(settings.jwt_secret, lambda: clock.now().timestamp())

    def new_id(self) -> UUID:
        return UUID(uuid7(self._clock.now(), secrets.randbits(74)))

    async def sign_in(self, email: str, password: str, address: str) -> dict[str, Any]:
        """A new session. `address` is where the attempt came from."""
        key = (address, email.lower())
        if not self._limiter.allows(key, self._clock.monotonic()):
            raise AuthError(429, "over_request_rate_limit", "Request rate limit reached")
        async with self._store.transaction() as c:
            user = await self._store.user_by_email(c, email)
        if not await self._passwords.verify(user.password if user else None, password):
            self._limiter.failed(key, self._clock.monotonic())
            raise AuthError(*_WRONG)
        assert user is not None
        now = self._clock.now()
        _require_active(user, now)
        session_id, token = self.new_id(), _new_token()
        async with self._store.transaction() as c:
            await self._store.add_session(c, session_id, user.id, token, now)
            await self._store.change_user(c, user.id, now, {"last_sign_in_at": now})
            fresh = await self._store.user(c, user.id)
        return self._granted(fresh or user, session_id, token, now)

    async def refresh(self, token: str) -> dict[str, Any]:
        """The next pair of tokens of a session.

        An old token is met as GoTrue does: the parent of the newest one, or any one used less
        than `reuse_s` ago, is a client that did not get our answer and is given the newest
        one. Any other is a stolen one, and ends the whole family.
        """
        now = self._clock.now()
        async with self._store.transaction() as c:
            found = await self._store.lock_token(c, token)
            if found is None:
                message = "Invalid Refresh Token: Refresh Token Not Found"
                raise AuthError(400, "refresh_token_not_found", message)
            user = await self._store.user(c, found.user_id)
            if user is None or _banned(user, now):
                raise AuthError(400, "user_banned", "Invalid Refresh Token: User Banned")
            newest = await self._next_token(c, found, now)
            if newest is None:
                await self._store.revoke_tokens(c, found.session_id, now)
        if newest is None:
            message = "Invalid Refresh Token: Already Used"
            raise AuthError(400, "refresh_token_already_used", message)
        return self._granted(user, found.session_id, newest, now)

    async def _next_token(self, c: Connection, used: RefreshToken, now: datetime) -> str | None:
        if not used.revoked:
            token = _new_token()
            await self._store.swap_token(c, used, token, now)
            return token
        active = await self._store.active_token(c, used.session_id)
        if active is None:
            return None
        recent = now <= used.updated_at + timedelta(seconds=self._settings.reuse_s)
        return active[0] if recent or active[1] == used.token else None

    async def caller(self, token: str) -> tuple[User, UUID | None, Claims]:
        """Who a bearer token belongs to, its session and its claims."""
        claims = self.claims(token)
        user_id = _uuid(claims.get("sub"), "sub")
        session = claims.get("session_id")
        session_id = _uuid(session, "session_id") if session else None
        async with self._store.transaction() as c:
            user = await self._store.user(c, user_id)
            if user is None:
                message = "User from sub claim in JWT does not exist"
                raise AuthError(403, "user_not_found", message)
            if session_id is not None and not await self._store.session_exists(c, session_id):
                message = "Session from session_id claim in JWT does not exist"
                raise AuthError(403, "session_not_found", message)
        return user, session_id, claims

    def claims(self, token: str) -> Claims:
        """The claims of a bearer token. Raises AuthError 403."""
        try:
            return self._verifier.claims(token)
        except TokenError as error:
            why = (
                "token has invalid claims: token is expired"
                if error.message == "JWT expired"
                else error.message
            )
            message = f"invalid JWT: unable to parse or verify signature, {why}"
            raise AuthError(403, "bad_jwt", message) from error

    async def sign_out(self, user_id: UUID, session_id: UUID | None, scope: Scope) -> None:
        async with self._store.transaction() as c:
            if scope == "local":
                await self._store.delete_sessions(c, user_id, only=session_id)
            elif scope == "others":
                await self._store.delete_sessions(c, user_id, but=session_id)
            else:
                await self._store.delete_sessions(c, user_id)

    def _granted(self, user: User, session_id: UUID, token: str, now: datetime) -> dict[str, Any]:
        issued = int(now.timestamp())
        expires = issued + self._settings.access_ttl_s
        claims = {
            "iss": self._settings.issuer,
            "sub": str(user.id),
            "aud": AUDIENCE,
            "exp": expires,
            "iat": issued,
            "email": user.email,
            "phone": "",
            "app_metadata": user.app_metadata,
            "user_metadata": user.user_metadata,
            "role": user.role,
            "aal": "aal1",
            "amr": [{"method": "password", "timestamp": issued}],
            "session_id": str(session_id),
            "is_anonymous": False,
        }
        return {
            "access_token": jwt.encode(claims, self._settings.jwt_secret, algorithm="HS256"),
            "token_type": "bearer",
            "expires_in": self._settings.access_ttl_s,
            "expires_at": expires,
            "refresh_token": token,
            "user": user_json(user),
        }


def user_json(user: User) -> dict[str, Any]:
    """An account as GoTrue shows it."""
    return {
        "id": str(user.id),
        "aud": AUDIENCE,
        "role": user.role,
        "email": user.email,
        "email_confirmed_at": _instant(user.email_confirmed_at),
        "phone": "",
        "confirmed_at": _instant(user.email_confirmed_at),
        "last_sign_in_at": _instant(user.last_sign_in_at),
        "app_metadata": user.app_metadata,
        "user_metadata": user.user_metadata,
        "identities": [],
        "created_at": _instant(user.created_at),
        "updated_at": _instant(user.updated_at),
        "banned_until": _instant(user.banned_until),
        "is_anonymous": False,
    }


def _instant(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None


def _require_active(user: User, now: datetime) -> None:
    if _banned(user, now):
        raise AuthError(400, "user_banned", "User is banned")
    if user.email_confirmed_at is None:
        raise AuthError(400, "email_not_confirmed", "Email not confirmed")


def _banned(user: User, now: datetime) -> bool:
    return user.banned_until is not None and now < user.banned_until


def _new_token() -> str:
    return secrets.token_urlsafe(18)


def _uuid(text: object, claim: str) -> UUID:
    if not text:
        raise AuthError(403, "bad_jwt", f"invalid claim: missing {claim} claim")
    try:
        return UUID(str(text))
    except ValueError:
        message = f"invalid claim: {claim} claim must be a UUID"
        raise AuthError(403, "bad_jwt", message) from None
