"""Who this device is to the back end: one access token at a time, renewed once for everybody."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from kds.base.clock import Clock
from kds.base.errors import Refused, RemoteError, Unauthorized
from kds.base.events import Event
from kds.connection.answers import claims_of
from kds.connection.ports import Backend, Grant
from kds.connection.tasks import Tasks
from kds.connection.tokens import TokenStore

log = logging.getLogger(__name__)

NOT_ACCEPTED = "The e-mail or password was not accepted."
SIGN_IN = "Sign in to connect."
SIGNED_OUT = "This device was signed out. Sign in again."

_MARGIN_S = 5.0  # a token this close to its end would expire on the way
_BAD_PASSWORD_CODES = frozenset({"invalid_credentials", "invalid_grant", "400"})


class Auth:
    """The current token. `granted` fires with every new grant, `ended` with a sentence for the
    person when the server will renew no more. A refresh token is kept before its session is used:
    it works once, and losing it would sign the device out."""

    def __init__(
        self,
        server: Callable[[], Awaitable[Backend]],
        store: TokenStore,
        clock: Clock,
        tasks: Tasks,
    ) -> None:
        self.granted: Event[Grant] = Event()
        self.ended: Event[str] = Event()
        self.claims: Mapping[str, Any] = {}
        self._server = server
        self._store = store
        self._clock = clock
        self._tasks = tasks
        self._grant: Grant | None = None
        self._good_until = 0.0
        self._renewal: asyncio.Task[str] | None = None

    async def sign_in(self, email: str, password: str) -> None:
        """Raises Unauthorized for a wrong e-mail or password, Refused or Unreachable."""
        if not email or not password:
            raise Unauthorized(NOT_ACCEPTED)
        try:
            grant = await (await self._server()).sign_in(email, password)
        except Unauthorized:
            raise Unauthorized(NOT_ACCEPTED) from None
        except Refused as error:
            if error.code in _BAD_PASSWORD_CODES:
                raise Unauthorized(NOT_ACCEPTED) from None
            raise
        await self._take(grant)

    async def sign_out(self) -> None:
        """Forget the session here for good, and on the server if it can be told."""
        grant = self._grant
        await self._forget(SIGN_IN)
        if grant is not None:
            try:
                await (await self._server()).sign_out(grant.access_token)
            except RemoteError as error:
                log.info("the server was not told of the sign-out: %s", error)

    async def token(self) -> str:
        """A token that is still good. Raises Unauthorized (signed out) or Unreachable."""
        if self._grant is not None and self._clock.monotonic() < self._good_until:
            return self._grant.access_token
        return await self._renewed()

    async def renew(self, stale: str | None) -> str:
        """A token other than `stale`: the server's own word that it is no good any more.

        However many ask at the same time, the server is asked once.
        """
        if self._grant is not None and self._grant.access_token != stale:
            return self._grant.access_token
        return await self._renewed()

    async def _renewed(self) -> str:
        if self._renewal is None or self._renewal.done():
            self._renewal = self._tasks.start(self._renew(), "renew token", finish=True)
        return await asyncio.shield(self._renewal)

    async def refresh(self) -> None:
        """Renew the token although it may still be good."""
        await self._renewed()

    async def _renew(self) -> str:
        refresh_token = await asyncio.to_thread(self._store.load)
        if refresh_token is None:
            await self._forget(SIGN_IN)
            raise Unauthorized(SIGN_IN)
        try:
            grant = await (await self._server()).refresh(refresh_token)
        except Unauthorized:
            await self._forget(SIGNED_OUT)
            raise Unauthorized(SIGNED_OUT) from None
        except Refused as error:
            if error.code == "404":  # the address is wrong, not the token
                raise
            log.info("the refresh token was refused: %s", error)
            await self._forget(SIGNED_OUT)
            raise Unauthorized(SIGNED_OUT) from None
        await self._take(grant)
        return grant.access_token

    async def _take(self, grant: Grant) -> None:
        await asyncio.to_thread(self._store.save, grant.refresh_token)
        self._grant = grant
        self._good_until = self._clock.monotonic() + grant.lifetime - _MARGIN_S
        self.claims = claims_of(grant.access_token)
        self.granted.emit(grant)

    async def _forget(self, why: str) -> None:
        await asyncio.to_thread(self._store.clear)
        self._grant = None
        self.claims = {}
        self.ended.emit(why)
