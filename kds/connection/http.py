"""Auth, RPC and select through the official packages, with their failures in our own words.

Import this module off the GUI thread: the packages behind it take most of a second.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from math import ceil
from typing import Any

import httpx
from postgrest import APIError, AsyncPostgrestClient
from supabase_auth import AsyncGoTrueClient, AuthResponse
from supabase_auth.errors import AuthError

from kds.base.errors import RemoteError, Unreachable
from kds.connection.answers import translate, wait_of
from kds.connection.carrier import Carrier
from kds.connection.policy import Policy
from kds.connection.ports import Grant
from kds.connection.signals import Reason

_NONSENSE = "The server's answer could not be understood."
_LONGEST_S = 10 * 365 * 86_400.0
MAX_ANSWER = 64 * 1024 * 1024
"""Bytes, unpacked. The snapshot of 10,000 rows is about 5 MB."""


@cache
def _tls() -> ssl.SSLContext:
    """One for all connections of the process: reading the certificates takes a while."""
    return httpx.create_ssl_context()


class Edge(httpx.AsyncBaseTransport):
    """Where HTTP becomes ours: every failure leaves here as a RemoteError.

    Sits below the official clients, which lose the HTTP status of an error on the way up.
    `on_contact` hears of every exchange: "" an answer, "server_error" trouble, "offline" nobody.
    `deadline`: seconds for a whole exchange. A service that is busy and says until when is not
    asked before: whoever does hears `Unreachable` at once.
    """

    def __init__(
        self,
        inner: httpx.AsyncBaseTransport,
        on_contact: Callable[[Reason], None],
        deadline: float,
    ) -> None:
        self._inner = inner
        self._on_contact = on_contact
        self._deadline = deadline
        self._busy_until: dict[str, float] = {}  # by service

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        now, service = asyncio.get_running_loop().time(), request.url.path.split("/", 2)[1]
        if (wait := self._busy_until.get(service, now) - now) > 0:
            raise Unreachable(f"The server is busy. It is asked again in {ceil(wait)} s.")
        response = await self._exchange(request)
        asked = response.headers.get("retry-after", "")
        if pause := wait_of(response.status_code, asked):
            self._busy_until[service] = asyncio.get_running_loop().time() + pause
        content_type = response.headers.get("content-type", "")
        failure = translate(response.status_code, content_type, response.content)
        self._on_contact("server_error" if isinstance(failure, Unreachable) else "")
        if failure is not None:
            raise failure
        return response

    async def _exchange(self, request: httpx.Request) -> httpx.Response:
        """The whole answer, in time."""
        try:
            async with asyncio.timeout(self._deadline):
                return await _whole(await self._inner.handle_async_request(request))
        except (httpx.TimeoutException, TimeoutError) as error:
            self._on_contact("offline")
            raise Unreachable("The server did not answer in time.") from error
        except httpx.TransportError as error:
            self._on_contact("offline")
            raise Unreachable("The server cannot be reached.") from error
        except httpx.DecodingError as error:
            self._on_contact("server_error")
            raise Unreachable(_NONSENSE) from error

    async def aclose(self) -> None:
        await self._inner.aclose()


async def _whole(answer: httpx.Response) -> httpx.Response:
    """The answer with its body read, unpacked, and cut off at MAX_ANSWER: nothing that a server
    sends, and nothing that unpacks to more than it seems, fills this terminal's memory."""
    body = bytearray()
    try:
        async for part in answer.aiter_bytes():
            body += part
            if len(body) > MAX_ANSWER:
                raise httpx.DecodingError("the answer is too long")
    finally:
        await answer.aclose()
    answer.headers.pop("content-encoding", None)
    return httpx.Response(answer.status_code, headers=answer.headers, content=bytes(body))


@contextmanager
def _our_errors() -> Iterator[None]:
    """Whatever the packages raise on top of the edge is an answer that made no sense to them."""
    try:
        yield
    except RemoteError:
        raise
    except (httpx.HTTPError, AuthError, APIError, ValueError, RecursionError) as error:
        raise Unreachable(_NONSENSE) from error
    except RuntimeError as error:  # httpx: the client has been closed
        raise Unreachable("The connection is closed.") from error


class Http:
    """One keep-alive HTTP connection pool to a back end. `url` is the project's root."""

    def __init__(
        self, url: str, key: str, policy: Policy, on_contact: Callable[[Reason], None]
    ) -> None:
        carrier = Carrier(_tls(), connections=8, keep_s=55.0)
        self._edge = Edge(carrier, on_contact, policy.http_deadline)
        self._timeout = httpx.Timeout(policy.http_timeout, connect=policy.http_connect_timeout)
        self._client = httpx.AsyncClient(transport=self._edge, timeout=self._timeout)
        self._rest_url = f"{url}/rest/v1"
        self._key = key
        headers = {"apikey": key, "Authorization": f"Bearer {key}"}
        self._auth = AsyncGoTrueClient(
            url=f"{url}/auth/v1",
            headers=headers,
            http_client=self._client,
            auto_refresh_token=False,
            persist_session=False,
        )
        self._rest = AsyncPostgrestClient(
            self._rest_url, headers=headers, http_client=self._client, retry_enabled=False
        )

    async def sign_in(self, email: str, password: str) -> Grant:
        with _our_errors():
            answer = await self._auth.sign_in_with_password({"email": email, "password": password})
            return _grant(answer)

    async def refresh(self, refresh_token: str) -> Grant:
        with _our_errors():
            return _grant(await self._auth.refresh_session(refresh_token))

    async def sign_out(self, access_token: str) -> None:
        """End this session on the server; other devices of the account stay signed in."""
        with _our_errors():
            await self._auth.admin.sign_out(access_token, "local")

    async def rpc(self, name: str, params: dict[str, Any], token: str) -> Any:
        """One plain POST, straight to the edge: every tap waits for it, and the query builder and
        the client above would cost twice as much again."""
        if self._client.is_closed:
            raise Unreachable("The connection is closed.")
        with _our_errors():
            request = httpx.Request(
                "POST",
                f"{self._rest_url}/rpc/{name}",
                headers={"apikey": self._key, "Authorization": f"Bearer {token}"},
                json=params,
                extensions={"timeout": self._timeout.as_dict()},
            )
            response = await self._edge.handle_async_request(request)
            return response.json() if response.content else None

    async def select(
        self,
        table: str,
        columns: str,
        filters: Sequence[tuple[str, str, str]],
        limit: int | None,
        token: str,
    ) -> list[dict[str, Any]]:
        query = self._rest.auth(token).from_(table).select(columns)
        for column, operator, value in filters:
            query = query.filter(column, operator, value)
        if limit is not None:
            query = query.limit(limit)
        with _our_errors():
            rows: Any = (await query.execute()).data
            if not isinstance(rows, list):  # or text: what the package makes of no JSON
                raise Unreachable(_NONSENSE)
            return rows

    async def close(self) -> None:
        await self._client.aclose()


def _grant(answer: AuthResponse) -> Grant:
    """A session that has ended already would be renewed without a pause, so it is none."""
    session = answer.session
    if session is None or not 0 < session.expires_in < _LONGEST_S:
        raise Unreachable(_NONSENSE)
    return Grant(session.access_token, session.refresh_token, float(session.expires_in))
