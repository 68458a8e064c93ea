"""HTTP for packages that speak httpx, carried by aiohttp.

Every tap waits for a request. aiohttp sends one in one piece, so that the server wakes up once,
and reads the answer in C: half the work of httpx's own transport.
"""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import aiohttp
import httpx
from yarl import URL

_OURS = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")
"""Headers that aiohttp would add by itself; what may be packed, the reader of the answer knows."""


class Carrier(httpx.AsyncBaseTransport):
    """At most `connections` at a time, kept open for `keep_s` seconds between two requests.

    Raises httpx.TimeoutException and httpx.NetworkError, also while an answer is read. Redirects
    and packed bodies are handed on as they came; cookies are not kept.
    """

    def __init__(self, tls: ssl.SSLContext, *, connections: int, keep_s: float) -> None:
        self._tls = tls
        self._connections = connections
        self._keep_s = keep_s
        self._session: aiohttp.ClientSession | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = await request.aread()
        with _in_words_of_httpx():
            answer = await self._opened().request(
                request.method,
                URL(str(request.url), encoded=True),
                data=body or None,
                headers=request.headers.multi_items(),
                skip_auto_headers=_OURS,
                allow_redirects=False,
                timeout=_patience(request),
            )
        return httpx.Response(answer.status, headers=answer.raw_headers, stream=_Body(answer))

    async def aclose(self) -> None:
        if self._session is not None:
            await self._session.close()

    def _opened(self) -> aiohttp.ClientSession:
        """Made at the first request: it belongs to the loop that runs then."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    ssl=self._tls, limit=self._connections, keepalive_timeout=self._keep_s
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
            )
        return self._session


class _Body(httpx.AsyncByteStream):
    """An answer's body as it comes; one that is not read to its end costs the connection."""

    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _in_words_of_httpx():
            async for part in self._answer.content.iter_any():
                yield part

    async def aclose(self) -> None:
        self._answer.release()


def _patience(request: httpx.Request) -> aiohttp.ClientTimeout:
    limits = request.extensions.get("timeout", {})
    return aiohttp.ClientTimeout(
        connect=limits.get("pool"), sock_connect=limits.get("connect"), sock_read=limits.get("read")
    )


@contextmanager
def _in_words_of_httpx() -> Iterator[None]:
    try:
        yield
    except TimeoutError as error:
        raise httpx.TimeoutException(str(error)) from error
    except (aiohttp.ClientError, OSError) as error:
        raise httpx.NetworkError(str(error)) from error
