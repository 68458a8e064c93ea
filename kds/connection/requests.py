"""Requests to the back end, each with a token that is still good."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from kds.base.clock import Clock
from kds.base.errors import Unauthorized
from kds.connection.auth import Auth
from kds.connection.ports import Backend, Network
from kds.connection.signals import Reason
from kds.connection.tasks import Tasks
from kds.connection.tokens import TokenStore

T = TypeVar("T")


class Requests:
    """The back end behind `network`, made when it is first asked for anything.

    `on_contact` hears how every exchange went. `auth` is who this device is there.
    """

    def __init__(
        self,
        network: Network,
        tokens: TokenStore,
        clock: Clock,
        tasks: Tasks,
        on_contact: Callable[[Reason], None],
    ) -> None:
        self.auth = Auth(self._backend, tokens, clock, tasks)
        self._network = network
        self._on_contact = on_contact
        self._loading = asyncio.Lock()
        self._made: Backend | None = None

    async def rpc(self, name: str, params: dict[str, Any]) -> Any:
        """The JSON that function `name` answers. Renews an expired token once by itself."""
        return await self._with_token(lambda server, token: server.rpc(name, params, token))

    async def select(
        self,
        table: str,
        columns: str,
        filters: Sequence[tuple[str, str, str]],
        limit: int | None,
    ) -> list[dict[str, Any]]:
        """Rows of a table; a filter is (column, operator, value) in PostgREST's words."""
        return await self._with_token(
            lambda server, token: server.select(table, columns, filters, limit, token)
        )

    async def close(self) -> None:
        """Close its connections; the next request opens new ones."""
        made, self._made = self._made, None
        if made is not None:
            await made.close()

    async def _with_token(self, call: Callable[[Backend, str], Awaitable[T]]) -> T:
        server = await self._backend()
        token = await self.auth.token()
        try:
            return await call(server, token)
        except Unauthorized:
            return await call(server, await self.auth.renew(token))

    async def _backend(self) -> Backend:
        async with self._loading:
            if self._made is None:
                self._made = await self._network.backend(self._on_contact)
            return self._made
