"""How a terminal gets in: the account belongs to its branch, and the hub has its name on the list.

Runs for as long as the program does, since a hub may forget a terminal and an account may change.
Nothing that was accepted here is sent before the terminal is in; nothing is lost while it is not.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kds.base.errors import RemoteError, StorageError, Unauthorized, Unreachable
from kds.base.events import Event, until
from kds.domain.rows import Role
from kds.session.account import Account, branches_of, metadata_of
from kds.session.device import Device
from kds.sync.replica import Former

log = logging.getLogger(__name__)

OTHER_BRANCH = "This terminal belongs to another branch."
NO_BRANCH = "This account does not belong to any branch."
RETRY_S = 2.0


@dataclass(frozen=True, slots=True)
class Application:
    """Who asks. `branch_id` is None when the account decides. `was`: who this terminal was before
    its disk was copied."""

    device_id: str
    name: str
    role: Role
    branch_id: str | None
    was: Former | None = None


class NotAdmitted(Exception):
    """This account does not get this terminal in; the text says why."""


def branch_for(claims: Mapping[str, Any], wanted: str | None) -> str:
    """The branch that an access token's claims let this terminal work at.

    The `wanted` one, or the account's first. Raises NotAdmitted.
    """
    branches = branches_of(claims)
    if not branches:
        raise NotAdmitted(NO_BRANCH)
    if wanted is None:
        return branches[0]
    if wanted not in branches:
        raise NotAdmitted(OTHER_BRANCH)
    return wanted


class Admission:
    """Keeps the terminal in, with whatever session `account` has.

    `problem` is a sentence for the person in front of it or None, `needs_sign_in` says that only
    an e-mail and a password will help; `changed` fires after either has. `admitted` is called
    with the registered device each time it gets in.
    """

    def __init__(
        self,
        account: Account,
        application: Application,
        admitted: Callable[[Device], Awaitable[None]],
    ) -> None:
        self._account = account
        self._connection = account.connection
        self._application = application
        self._admitted = admitted
        self._forgotten = False
        self._problem: str | None = None
        self._refused = False
        self._stirred: Event[None] = Event()
        self.changed: Event[None] = Event()

    @property
    def problem(self) -> str | None:
        return self._problem or self._account.problem

    @property
    def needs_sign_in(self) -> bool:
        return self._refused or self._account.needs_sign_in

    def forgotten(self) -> None:
        """The hub may not know this terminal any more: say again who this is."""
        self._forgotten = True
        self._stirred.emit(None)

    def become(self, application: Application) -> None:
        """This terminal is another one from now on."""
        self._application = application
        self.forgotten()

    async def run(self) -> None:
        """Get in, stay in, for ever."""
        undo = [
            self._connection.link_changed.connect(lambda _: self._stirred.emit(None)),
            self._connection.granted.connect(self._stirred.emit),
            self._account.changed.connect(self.changed.emit),
            self._account.signed_in.connect(lambda _: self._on_sign_in()),
        ]
        try:
            while True:
                await self._until(lambda: bool(self._connection.claims) and not self._signed_out)
                if await self._get_in():
                    await self._until(lambda: self._signed_out or self._forgotten)
        finally:
            for disconnect in undo:
                disconnect()

    @property
    def _signed_out(self) -> bool:
        return self._account.signed_out

    async def _until(self, condition: Callable[[], bool]) -> None:
        await until(self._stirred, condition)

    def _on_sign_in(self) -> None:
        self._say(None)
        self._stirred.emit(None)

    async def _get_in(self) -> bool:
        """Register; False when it has to be tried again from the start."""
        self._forgotten = False
        session, asked_as = self._account.session, metadata_of(self._connection.claims)
        try:
            device = await self._register()
        except NotAdmitted as refused:
            if not await self._account.other_session(session):
                self._say(str(refused), needs_sign_in=True)
                await self._until(lambda: self._someone_else(session, asked_as))
            return False
        except Unauthorized:
            return False
        except Unreachable as silence:
            log.info("not registered yet: %s", silence)
            await asyncio.sleep(RETRY_S)
            return False
        try:
            await self._admitted(device)
        except StorageError as full:
            self._say(str(full))
            await asyncio.sleep(RETRY_S)
            return False
        self._say(None)
        return True

    def _someone_else(self, session: int, asked_as: Mapping[str, Any]) -> bool:
        """Another account asks now, or the same one may do something else."""
        claims = self._connection.claims
        return self._account.session != session or (
            bool(claims) and metadata_of(claims) != asked_as
        )

    async def _register(self) -> Device:
        mine = self._application
        params: dict[str, Any] = {
            "device_id": mine.device_id,
            "branch_id": branch_for(self._connection.claims, mine.branch_id),
            "name": mine.name,
            "role": mine.role,
        }
        if mine.was is not None:
            params |= {"was": mine.was.device_id, "first_seq": mine.was.first_unsent}
        try:
            device = Device.from_json(await self._connection.rpc("register_device", params))
        except (Unauthorized, Unreachable):
            raise
        except (KeyError, TypeError):
            raise Unreachable("The answer was not a device.") from None
        except RemoteError as refused:
            raise NotAdmitted(str(refused)) from None
        # Another terminal's letter gives two orders one number; another role misses streams.
        asked = (mine.device_id, params["branch_id"], mine.role)
        if (device.id, device.branch_id, device.role) != asked or not device.letter:
            raise Unreachable("The answer was about another terminal.")
        return device

    def _say(self, problem: str | None, *, needs_sign_in: bool = False) -> None:
        if (problem, needs_sign_in) != (self._problem, self._refused):
            self._problem, self._refused = problem, needs_sign_in
            self.changed.emit(None)
