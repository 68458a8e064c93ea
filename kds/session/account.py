"""Who this device is to the back end, for all of its branches: signed in once, and kept so.

Runs for as long as the program does, since a device may be signed out at any time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from kds.base.errors import RemoteError, Unauthorized, Unreachable
from kds.base.events import Event, until
from kds.connection.link import Link
from kds.connection.manager import Connection
from kds.session.world import World

RETRY_S = 2.0


def metadata_of(claims: Mapping[str, Any]) -> Mapping[str, Any]:
    """What an access token's claims say of the account: `role`, `branches`."""
    metadata = claims.get("app_metadata")
    return metadata if isinstance(metadata, Mapping) else {}


def branches_of(claims: Mapping[str, Any]) -> tuple[str, ...]:
    """The ids of the branches that an access token's claims open, in the account's order."""
    named = metadata_of(claims).get("branches")
    return tuple(dict.fromkeys(map(str, named))) if isinstance(named, list) else ()


class Account:
    """Keeps `connection` signed in: with the kept session, the password, or by asking a person.

    `problem` is a sentence for the person in front of the screen or None, `needs_sign_in` says
    that only an e-mail and a password will help; `changed` fires after either has. `session`
    counts the sign-ins of this run, and `signed_in` fires after each of them.
    """

    def __init__(self, connection: Connection, email: str, password: str | None) -> None:
        self.connection = connection
        self._email = email
        self._password = password  # until it is refused; never kept on disk
        self._silence: str | None = None  # why the password could not be used
        self._one_at_a_time = asyncio.Lock()
        self.session = 0  # the kept one
        self.problem: str | None = None
        self.needs_sign_in = False
        self.changed: Event[None] = Event()
        self.signed_in: Event[None] = Event()

    @classmethod
    def of(cls, world: World, email: str, password: str | None) -> Account:
        """An account with a connection of its own."""
        connection = Connection(
            world.network,
            clock=world.clock,
            tokens=world.tokens,
            rng=world.rng,
            policy=world.policy,
        )
        return cls(connection, email, password)

    @property
    def link(self) -> Link:
        """The connection's. While the password is being tried nobody is signed out: the link is
        on its way, or offline."""
        link = self.connection.link
        if not self.signed_out or self._password is None:
            return link
        if self._silence is None:
            return replace(link, state="connecting", reason="")
        return replace(link, reason="offline", problem=self._silence)

    @property
    def signed_out(self) -> bool:
        """There is no session that the server would renew."""
        return self.connection.link.reason == "signed_out"

    async def run(self) -> None:
        """Connect, and stay signed in, for ever."""
        await self.connection.connect()
        while True:
            await until(self.connection.link_changed, lambda: self.signed_out)
            if self._password:
                await self._use_password(self.session)
            else:
                await self._wait_for_person()

    async def close(self) -> None:
        """Disconnect; the session is kept for the next time."""
        await self.connection.disconnect()

    async def sign_in(self, email: str, password: str) -> None:
        """Use this account from now on. Raises Unauthorized, Refused or Unreachable."""
        try:
            await self.connection.sign_in(email, password)
        except Unauthorized as refused:
            self._say(str(refused), needs_sign_in=True)
            raise
        self._email, self._password = email, password
        self._signed_in()

    async def other_session(self, seen: int) -> bool:
        """Session number `seen` was not let in: use a better one.

        A kept session may be of another account than the profile's, so the password is tried once.
        False when there is nothing better; then it takes a person.
        """
        if self.session == seen == 0 and self._password:
            await self._use_password(seen)
            return True
        return self.session != seen

    async def _use_password(self, seen: int) -> None:
        """One attempt, instead of session number `seen`."""
        async with self._one_at_a_time:
            if self.session != seen and not self.signed_out:
                return  # somebody else was faster
            if self._password is None:
                return  # it was refused meanwhile
            try:
                await self.connection.sign_in(self._email, self._password)
            except Unreachable as silence:
                self._silence = str(silence)
                self._say(None)
                self.changed.emit(None)
                await asyncio.sleep(RETRY_S)
            except RemoteError as refused:
                self._password = None
                self._say(str(refused), needs_sign_in=True)
            else:
                self._signed_in()

    async def _wait_for_person(self) -> None:
        seen = self.session
        self._say(self.problem, needs_sign_in=True)
        await until(self.signed_in, lambda: self.session != seen)

    def _signed_in(self) -> None:
        self.session += 1
        self._silence = None
        self._say(None)
        self.signed_in.emit(None)

    def _say(self, problem: str | None, *, needs_sign_in: bool = False) -> None:
        if (problem, needs_sign_in) != (self.problem, self.needs_sign_in):
            self.problem, self.needs_sign_in = problem, needs_sign_in
            self.changed.emit(None)
