"""The front door: API keys, CORS, routes, and errors as JSON whatever happens behind it."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from hmac import compare_digest
from typing import Protocol

from aiohttp import web

from kds.hub.auth import Auth
from kds.hub.errors import AuthError, GateError, HubError
from kds.hub.keys import Keys
from kds.hub.rest import Rest

log = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
API_VERSION = "X-Supabase-Api-Version"
_NAMED_CODES_SINCE = "2024-01-01"
_METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
_EXPOSED = "Content-Range, Content-Location, Preference-Applied, X-Total-Count, Location"


class Realtime(Protocol):
    """What the gateway mounts of the realtime service."""

    async def handle(self, request: web.Request) -> web.StreamResponse: ...

    async def broadcast_http(self, request: web.Request) -> web.StreamResponse: ...


def build_app(
    keys: Keys, auth: Auth, rest: Rest, realtime: Realtime, body_limit: int
) -> web.Application:
    """The application. Bodies over `body_limit` bytes are refused with 413."""
    app = web.Application(middlewares=[_Gate(keys)], client_max_size=body_limit)
    app.router.add_get("/health", _health)
    app.router.add_get("/realtime/v1/websocket", realtime.handle)
    app.router.add_post("/realtime/v1/api/broadcast", realtime.broadcast_http)
    auth.add_routes(app.router)
    rest.add_routes(app.router)
    return app


async def _health(request: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})


class _Gate:
    """Stands before every handler. A class, so that aiohttp's middleware has its keys at hand."""

    __middleware_version__ = 1

    def __init__(self, keys: Keys) -> None:
        self._keys = (keys.anon.encode(), keys.service.encode())

    async def __call__(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await self._answer(request, handler)
        if not response.prepared:
            response.headers.update(_cors(request))
        return response

    async def _answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            if request.method == "OPTIONS":
                return web.Response(status=204)
            if request.path != "/health":
                self._require_key(request)
            return await handler(request)
        except HubError as error:
            return _error_response(request, error)
        except web.HTTPException as error:
            return _error_response(request, _gate_error(error))
        except Exception:
            log.exception("%s %s failed", request.method, request.path)
            return _error_response(request, GateError(500, "An unexpected error occurred"))

    def _require_key(self, request: web.Request) -> None:
        key = request.headers.get("apikey") or request.query.get("apikey")
        if not key:
            hint = "No `apikey` request header or url param was found."
            raise GateError(401, "No API key found in request", hint)
        given = key.encode("utf-8", "surrogatepass")
        if not any(compare_digest(given, known) for known in self._keys):
            hint = "Double check your Supabase `anon` or `service_role` API key."
            raise GateError(401, "Invalid API key", hint)


def _cors(request: web.Request) -> Mapping[str, str]:
    """Any page may ask: what protects the data is the key and the token, not the origin."""
    if "Origin" not in request.headers:
        return {}
    headers = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": _EXPOSED}
    if request.method == "OPTIONS":
        wanted = request.headers.get("Access-Control-Request-Headers", "*")
        headers |= {
            "Access-Control-Allow-Methods": _METHODS,
            "Access-Control-Allow-Headers": wanted,
            "Access-Control-Max-Age": "3600",
        }
    return headers


def _gate_error(error: web.HTTPException) -> HubError:
    if error.status == 404:
        return GateError(404, "no Route matched with those values")
    if error.status == 413:
        return GateError(413, "Request size limit exceeded")
    return GateError(error.status, error.reason)


def _error_response(request: web.Request, error: HubError) -> web.Response:
    body, headers = error.body, error.headers
    version = request.headers.get(API_VERSION, "")
    if isinstance(error, AuthError) and version >= _NAMED_CODES_SINCE:
        body = {"code": error.code, "message": error.message, **error.more}
        headers = {API_VERSION: _NAMED_CODES_SINCE}
    return web.json_response(body, status=error.status, headers=headers)
