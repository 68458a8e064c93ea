"""`/auth/v1`: GoTrue's interface, as far as terminals and their administration need it.

What a hub does not have (sign-up, links by mail, other providers, second factors) answers as a
GoTrue in which that is switched off.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any, cast
from uuid import UUID

from aiohttp import web

from kds.hub.auth_admin import Accounts
from kds.hub.auth_sessions import Scope, Sessions, user_json
from kds.hub.auth_store import User
from kds.hub.errors import AuthError
from kds.hub.strict_json import loads
from kds.hub.tokens import Claims, bearer

ADMIN_ROLES = ("service_role", "supabase_admin")
_SETTINGS = {
    "external": {"email": True, "phone": False, "anonymous_users": False},
    "disable_signup": True,
    "mailer_autoconfirm": True,
    "phone_autoconfirm": False,
    "sms_provider": "",
    "saml_enabled": False,
}
_HEALTH = {
    "version": "kds-hub",
    "name": "GoTrue",
    "description": "GoTrue is a user registration and authentication API",
}
_OFF = {
    "otp": (422, "otp_disabled", "Signups not allowed for otp"),
    "magiclink": (422, "otp_disabled", "Signups not allowed for otp"),
    "recover": (500, "unexpected_failure", "Error sending recovery email"),
    "resend": (500, "unexpected_failure", "Error sending confirmation email"),
    "invite": (500, "unexpected_failure", "Error sending invite email"),
    "authorize": (400, "validation_failed", "Unsupported provider: provider is not enabled"),
    "callback": (400, "bad_oauth_callback", "OAuth state parameter missing"),
    "verify": (403, "otp_expired", "Email link is invalid or has expired"),
    "sso": (404, "saml_provider_disabled", "SAML 2.0 is disabled"),
    "factors": (422, "mfa_totp_enroll_not_enabled", "MFA enroll is disabled for TOTP"),
    "reauthenticate": (400, "validation_failed", "Reauthentication requires an email provider"),
}


class Auth:
    """The handlers. Errors leave as AuthError."""

    def __init__(self, sessions: Sessions, accounts: Accounts) -> None:
        self._sessions = sessions
        self._accounts = accounts

    def add_routes(self, router: web.UrlDispatcher) -> None:
        router.add_get("/auth/v1/health", _constant(_HEALTH))
        router.add_get("/auth/v1/settings", _constant(_SETTINGS))
        router.add_get("/auth/v1/.well-known/jwks.json", _constant({"keys": []}))
        router.add_post("/auth/v1/token", self._token)
        router.add_post("/auth/v1/logout", self._logout)
        router.add_get("/auth/v1/user", self._user)
        router.add_put("/auth/v1/user", self._change_self)
        router.add_post("/auth/v1/signup", self._sign_up)
        router.add_get("/auth/v1/admin/users", self._list)
        router.add_post("/auth/v1/admin/users", self._create)
        router.add_get("/auth/v1/admin/users/{id}", self._read)
        router.add_put("/auth/v1/admin/users/{id}", self._change)
        router.add_delete("/auth/v1/admin/users/{id}", self._delete)
        router.add_route("*", "/auth/v1/{rest:.*}", _off)

    # -- sessions -------------------------------------------------------------------------

    async def _token(self, request: web.Request) -> web.Response:
        body = await read_object(request)
        grant = request.query.get("grant_type")
        if grant == "password":
            return web.json_response(await self._sign_in(request, body))
        if grant == "refresh_token":
            token = text(body, "refresh_token")
            if not token:
                raise AuthError(400, "validation_failed", "refresh_token required")
            return web.json_response(await self._sessions.refresh(token))
        if grant in ("pkce", "id_token", "web3"):
            message = f"Unsupported provider: the {grant} grant is not enabled"
            raise AuthError(400, "provider_disabled", message)
        raise AuthError(400, "invalid_credentials", "unsupported_grant_type")

    async def _sign_in(self, request: web.Request, body: dict[str, Any]) -> dict[str, Any]:
        email, phone = text(body, "email"), text(body, "phone")
        if email and phone:
            message = "Only an email address or phone number should be provided on login."
            raise AuthError(400, "validation_failed", message)
        if phone:
            raise AuthError(422, "phone_provider_disabled", "Phone logins are disabled")
        if not email:
            raise AuthError(400, "validation_failed", "missing email or phone")
        return await self._sessions.sign_in(email, text(body, "password"), request.remote or "")

    async def _logout(self, request: web.Request) -> web.Response:
        scope = request.query.get("scope") or "global"
        if scope not in ("global", "local", "others"):
            message = f"Unsupported logout scope {json.dumps(scope)}"
            raise AuthError(400, "validation_failed", message)
        user, session_id, _ = await self._caller(request)
        await self._sessions.sign_out(user.id, session_id, cast("Scope", scope))
        return web.Response(status=204)

    async def _sign_up(self, request: web.Request) -> web.Response:
        body = await read_object(request)
        if not text(body, "email") and not text(body, "phone"):
            message = "Anonymous sign-ins are disabled"
            raise AuthError(422, "anonymous_provider_disabled", message)
        raise AuthError(422, "signup_disabled", "Signups not allowed for this instance")

    # -- the own account ------------------------------------------------------------------

    async def _user(self, request: web.Request) -> web.Response:
        user, _, _ = await self._caller(request)
        return web.json_response(user_json(user))

    async def _change_self(self, request: web.Request) -> web.Response:
        """Password and user_metadata (`data`); the rest is for an administrator."""
        user, _, _ = await self._caller(request)
        body = await read_object(request)
        changes = {"password": body.get("password"), "user_metadata": body.get("data")}
        return web.json_response(user_json(await self._accounts.change(user.id, changes)))

    async def _caller(self, request: web.Request) -> tuple[User, UUID | None, Claims]:
        return await self._sessions.caller(_bearer(request))

    # -- administration -------------------------------------------------------------------

    async def _list(self, request: web.Request) -> web.Response:
        self._require_admin(request)
        try:
            page = int(request.query.get("page") or 1)
            size = int(request.query.get("per_page") or 50)
        except ValueError as error:
            message = f"Bad Pagination Parameters: {error}"
            raise AuthError(400, "validation_failed", message) from error
        users, total = await self._accounts.page(max(1, page), min(1000, max(1, size)))
        return web.json_response(
            {"users": [user_json(user) for user in users], "aud": "authenticated"},
            headers={"X-Total-Count": str(total)},
        )

    async def _create(self, request: web.Request) -> web.Response:
        self._require_admin(request)
        created = await self._accounts.create(await read_object(request))
        return web.json_response(user_json(created))

    async def _read(self, request: web.Request) -> web.Response:
        self._require_admin(request)
        return web.json_response(user_json(await self._accounts.read(_path_id(request))))

    async def _change(self, request: web.Request) -> web.Response:
        self._require_admin(request)
        user_id = _path_id(request)
        changed = await self._accounts.change(user_id, await read_object(request))
        return web.json_response(user_json(changed))

    async def _delete(self, request: web.Request) -> web.Response:
        self._require_admin(request)
        await self._accounts.delete(_path_id(request))
        return web.json_response({})

    def _require_admin(self, request: web.Request) -> None:
        claims = self._sessions.claims(_bearer(request))
        if claims.get("role") not in ADMIN_ROLES:
            raise AuthError(403, "not_admin", "User not allowed")


def _constant(body: object) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handler(request: web.Request) -> web.Response:
        return web.json_response(body)

    return handler


async def _off(request: web.Request) -> web.StreamResponse:
    first = request.match_info["rest"].partition("/")[0]
    if first in _OFF:
        raise AuthError(*_OFF[first])
    raise AuthError(404, "unknown", "404 page not found")


def _bearer(request: web.Request) -> str:
    token = bearer(request.headers.get("Authorization"))
    if not token:
        message = "This endpoint requires a valid Bearer token"
        raise AuthError(401, "no_authorization", message)
    return token


def _path_id(request: web.Request) -> UUID:
    try:
        return UUID(request.match_info["id"])
    except ValueError:
        raise AuthError(404, "validation_failed", "user_id must be an UUID") from None


async def read_object(request: web.Request) -> dict[str, Any]:
    """The body. Raises AuthError 400 unless it is a JSON object."""
    try:
        body = loads(await request.read() or b"{}")
    except ValueError as error:
        message = f"Could not parse request body as JSON: {error}"
        raise AuthError(400, "bad_json", message) from error
    if not isinstance(body, dict):
        message = "Could not parse request body as JSON: it is not an object"
        raise AuthError(400, "bad_json", message)
    return body


def text(body: dict[str, Any], name: str) -> str:
    """The member `name`, empty when it is missing. Raises AuthError 400 for anything but text."""
    value = body.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        message = f"Could not parse request body as JSON: {name} must be a string"
        raise AuthError(400, "bad_json", message)
    if "\0" in value or any("\ud800" <= sign <= "\udfff" for sign in value):
        raise AuthError(400, "validation_failed", f"{name} holds a character that is not allowed")
    return value
