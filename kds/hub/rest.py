"""`/rest/v1`: functions and tables of the schema `public`, as PostgREST offers them.

Each request is one transaction under the role of its token, with the token's claims in
`request.jwt.claims`; PostgreSQL's row level security decides what it sees. The JSON is made by
PostgreSQL and passed through.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from kds.hub.catalog import SCHEMA, Catalog
from kds.hub.errors import RestError
from kds.hub.pool import Pool, Statement
from kds.hub.rest_http import read_query
from kds.hub.rest_rpc import call_function
from kds.hub.rest_tables import change_rows, delete_rows, insert_rows, read_rows
from kds.hub.tokens import Claims, TokenError, Verifier, bearer
from kds.hub.transaction import Transaction

ROLES = ("anon", "authenticated", "service_role")
_PRELUDE = (
    "select set_config('role', $1, true), set_config('request.jwt.claims', $2, true), "
    "set_config('statement_timeout', $3, true), set_config('request.method', $4, true), "
    "set_config('request.path', $5, true)"
)


class Rest:
    """The handlers; `timeouts_ms` limits a statement by the role that runs it (0: no limit)."""

    def __init__(
        self, pool: Pool, catalog: Catalog, verifier: Verifier, timeouts_ms: Mapping[str, int]
    ) -> None:
        self._pool = pool
        self._catalog = catalog
        self._verifier = verifier
        self._timeouts_ms = timeouts_ms

    def add_routes(self, router: web.UrlDispatcher) -> None:
        router.add_route("*", "/rest/v1/rpc/{name}", self._rpc)
        router.add_route("*", "/rest/v1/{name}", self._table)
        router.add_route("*", "/rest/v1/", self._root)
        router.add_route("*", "/rest/v1/{rest:.+}", self._nowhere)

    async def _rpc(self, request: web.Request) -> web.StreamResponse:
        if request.method not in ("GET", "HEAD", "POST"):
            message = f"Cannot use the {request.method} method on RPC"
            raise RestError(405, "PGRST101", message)
        transaction = self._transaction(request)
        return await call_function(request, read_query(request), transaction, self._catalog)

    async def _table(self, request: web.Request) -> web.StreamResponse:
        handler = _METHODS.get(request.method)
        if handler is None:
            raise RestError(405, "PGRST117", f"Unsupported HTTP method: {request.method}")
        transaction = self._transaction(request)
        query = read_query(request)
        name = request.match_info["name"]
        table = await self._catalog.table(name)
        if table is None:
            raise RestError(
                404,
                "PGRST205",
                f"Could not find the table '{SCHEMA}.{name}' in the schema cache",
                hint=self._catalog.table_hint(name),
            )
        return await handler(request, table, query, transaction)

    async def _root(self, request: web.Request) -> web.StreamResponse:
        raise RestError(404, "PGRST126", "Root endpoint metadata is disabled")

    async def _nowhere(self, request: web.Request) -> web.StreamResponse:
        raise RestError(404, "PGRST125", "Invalid path specified in request URL")

    def _transaction(self, request: web.Request) -> Transaction:
        _check_profile(request)
        claims = self._claims(request)
        role = claims.get("role", "anon")
        if role not in ROLES:
            raise RestError(401, "22023", f'role "{role}" does not exist')
        prelude = Statement(
            _PRELUDE,
            (
                role,
                json.dumps(claims),
                str(self._timeouts_ms.get(role, 0)),
                request.method,
                request.path.removeprefix("/rest/v1").replace("\0", ""),
            ),
            keep=True,
        )
        return Transaction(self._pool, prelude, signed_in=role != "anon")

    def _claims(self, request: web.Request) -> Claims:
        """Of the bearer token; of the API key, which is a token too, when there is none."""
        token = bearer(request.headers.get("Authorization"))
        if token is None:
            token = request.headers.get("apikey") or request.query.get("apikey", "")
        try:
            return self._verifier.claims(token)
        except TokenError as error:
            raise token_refused(error) from error


def token_refused(error: TokenError) -> RestError:
    """PostgREST's 401 for a token that is not accepted."""
    about = json.dumps(error.message)
    return RestError(
        401,
        "PGRST303" if error.in_claims else "PGRST301",
        error.message,
        error.details,
        headers={"WWW-Authenticate": f'Bearer error="invalid_token", error_description={about}'},
    )


def _check_profile(request: web.Request) -> None:
    reading = request.method in ("GET", "HEAD")
    profile = request.headers.get("Accept-Profile" if reading else "Content-Profile", SCHEMA)
    if profile != SCHEMA:
        hint = f"Only the following schemas are exposed: {SCHEMA}"
        raise RestError(406, "PGRST106", f"Invalid schema: {profile}", hint=hint)


_METHODS: Mapping[str, Callable[..., Awaitable[web.StreamResponse]]] = {
    "GET": read_rows,
    "HEAD": read_rows,
    "POST": insert_rows,
    "PATCH": change_rows,
    "DELETE": delete_rows,
}
