"""How a terminal gets in: a session of an account that belongs here, and its name on the list.

Runs for as long as the program does, since a terminal may be signed out at any time. Nothing
that was accepted here is sent before the terminal is in; nothing is lost while it is not.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kds.base.errors import RemoteError, Unauthorized, Unreachable
from kds.base.events import Event, until
from kds.connection.manager import Connection
from kds.domain.rows import Role
from kds.session.device import Device

log = logging.getLogger(__name__)

OTHER_BRANCH = "This terminal belongs to another branch."
NO_BRANCH = "This account does not belong to any branch."
RETRY_S = 2.0


@dataclass(frozen=True, slots=True)
class Application:
    """Who asks. `branch_id` is None when the account decides."""

    device_id: str
    name: str
    role: Role
    branch_id: str | None


class NotAdmitted(Exception):
    """This account does not get this terminal in; the text says why."""


def branch_for(claims: Mapping[str, Any], wanted: str | None) -> str:
    """The branch that an access token's claims let this terminal work at.

    The `wanted` one, or the account's first. Raises NotAdmitted.
    """
    branches = [str(branch) for branch in claims.get("app_metadata", {}).get("branches") or ()]
    if not branches:
        raise NotAdmitted(NO_BRANCH)
    if wanted is None:
        return branches[0]
    if wanted not in branches:
        raise NotAdmitted(OTHER_BRANCH)
    return wanted


class Admission:
    """Keeps the terminal in.

    `problem` is a sentence for the person in front of it or None, `needs_sign_in` says that only
    an e-mail and a password will help; `changed` fires after either has. `admitted` is called
    with the registered device each time it gets in.
    """

    def __init__(
        self,
        connection: Connection,
        application: Application,
        email: str,
        password: str | None,
        admitted: Callable[[Device], Awaitable[None]],
    ) -> None:
        self._connection = connection
        self._application = application
        self._email = email
        self._password = password  # until it is refused; never kept on disk
        self._by_password = False  # the session is of this run, not a kept one
        self._admitted = admitted
        self._another_account = asyncio.Event()
        self.problem: str | None = None
        self.needs_sign_in = False
        self.changed: Event[None] = Event()

    async def sign_in(self, email: str, password: str) -> None:
        """Use this account from now on. Raises Unauthorized, Refused or Unreachable."""
        try:
            await self._connection.sign_in(email, password)
        except Unauthorized as refused:
            self._say(str(refused), needs_sign_in=True)
            raise
        self._email, self._password, self._by_password = email, password, True
        self._say(None)
        self._another_account.set()

    async def run(self) -> None:
        """Get in, stay in, for ever."""
        await self._connection.connect()
        while True:
            await self._until(lambda: self._signed_out or bool(self._connection.claims))
            self._another_account.clear()
            if self._signed_out:
                await self._get_session()
            elif await self._get_in():
                await self._until(lambda: self._signed_out)

    @property
    def _signed_out(self) -> bool:
        return self._connection.link.reason == "signed_out"

    async def _until(self, condition: Callable[[], bool]) -> None:
        await until(self._connection.link_changed, condition)

    async def _get_session(self) -> None:
        """One attempt with the password, if there is one; else wait for a person."""
        if not self._password:
            self._say(self.problem, needs_sign_in=True)
            await self._another_account.wait()
            return
        try:
            await self._connection.sign_in(self._email, self._password)
            self._by_password = True
            self._say(None)
        except Unreachable:
            self._say(None)
            await asyncio.sleep(RETRY_S)
        except RemoteError as refused:
            self._password = None
            self._say(str(refused), needs_sign_in=True)

    async def _get_in(self) -> bool:
        """Register; False when it has to be tried again from the start."""
        try:
            device = await self._register()
        except NotAdmitted as refused:
            if self._password and not self._by_password:
                await self._get_session()  # the kept session may be of another account
            else:
                self._say(str(refused), needs_sign_in=True)
                await self._another_account.wait()
            return False
        except Unauthorized:
            return False
        except Unreachable as silence:
            log.info("not registered yet: %s", silence)
            await asyncio.sleep(RETRY_S)
            return False
        self._say(None)
        await self._admitted(device)
        return True

    async def _register(self) -> Device:
        mine = self._application
        params = {
            "device_id": mine.device_id,
            "branch_id": branch_for(self._connection.claims, mine.branch_id),
            "name": mine.name,
            "role": mine.role,
        }
        try:
            return Device.from_json(await self._connection.rpc("register_device", params))
        except (Unauthorized, Unreachable):
            raise
        except RemoteError as refused:
            raise NotAdmitted(str(refused)) from None

    def _say(self, problem: str | None, *, needs_sign_in: bool = False) -> None:
        if (problem, needs_sign_in) != (self.problem, self.needs_sign_in):
            self.problem, self.needs_sign_in = problem, needs_sign_in
            self.changed.emit(None)
