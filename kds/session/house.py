"""Every branch of one account on one device: one connection, a whole session for each.

A branch has its own file, outbox and registration, so nothing of one can reach another. Which
branches there are is what the account's token says; it is kept, so that all of them are there
again without a network. The home branch has the profile's own file, the others a folder each:

    <profile>/replica.db
    <profile>/branches/<branch id>/replica.db
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from kds.base.errors import KdsError, StorageError
from kds.base.events import Event, until
from kds.connection.tasks import Tasks
from kds.domain import notices
from kds.session.account import Account, branches_of
from kds.session.bell import Bell
from kds.session.session import Session, SessionOptions
from kds.session.world import World
from kds.sync.shapes import text

log = logging.getLogger(__name__)

UNNAMED = "New branch"
_KEPT = "branches"


@dataclass(frozen=True, slots=True)
class Branch:
    """One of the house. `id` is "" while a new device has not learnt it."""

    id: str
    session: Session

    @property
    def name(self) -> str:
        """As the branch calls itself, as soon as its rows are here."""
        row = self.session.store.branch
        return str(row["name"]) if row else UNNAMED


class House:
    """`branches` in the account's order, the `home` one among them unless it was taken away.

    `changed` fires when `branches` has. `notices` rings for all of them. `only`: the ids to keep
    to, the home branch first when the options name none; empty for all of the account.
    """

    def __init__(self, options: SessionOptions, world: World, only: Sequence[str] = ()) -> None:
        if only and options.branch_id is None:
            options = replace(options, branch_id=only[0])
        self._only = frozenset(only)
        self._options = options
        self._world = world
        self._tasks = Tasks()
        self._account = Account.of(world, options.email, options.password)
        self.home = Session.open(options, world, self._account)
        self.uplink = self.home.uplink  # of all branches
        self._others: dict[str, Session] = {}  # by branch, from before they start to their end
        self.branches: tuple[Branch, ...] = (Branch(options.branch_id or "", self.home),)
        self.changed: Event[None] = Event()
        self.notices = Bell()
        self.notices.follow(self.branches)

    @classmethod
    def open(
        cls, options: SessionOptions, only: Sequence[str] = (), world: World | None = None
    ) -> House:
        """Not started yet; AlreadyRunning when the profile is open elsewhere."""
        return cls(options, world or World.real(options.url, options.key, options.data_dir), only)

    # -- life -----------------------------------------------------------------------------

    async def start(self) -> None:
        """Show every branch that is on the disk, then connect in the background.

        Raises AlreadyRunning, or StorageError when the profile's file cannot be used at all.
        """
        await self.home.start()
        await self._turn_to(await self.home.settings.get(_KEPT, _branches) or ())
        self._tasks.start(self._keep_up(), "branches")
        self._tasks.start(self._account.run(), "account")

    async def stop(self) -> None:
        """End it; what was accepted is on the disk. Nothing runs on, and nothing is open."""
        await self._tasks.close(patience=2.0)
        for session in (*self._others.values(), self.home):
            await session.stop()
        await self._account.close()

    # -- which branches there are ---------------------------------------------------------

    async def _keep_up(self) -> None:
        """Follow the account's token."""
        granted = self._account.connection.granted
        at = tuple(branch.id for branch in self.branches)
        while True:
            await until(granted, partial(self._is_news, at))
            at = self._allowed() or ()
            await self._turn_to(at)
            try:
                await self.home.settings.put(_KEPT, at)
            except StorageError as error:
                log.warning("which branches there are was not kept: %s", error)

    def _is_news(self, at: tuple[str, ...]) -> bool:
        return self._allowed() not in (None, at)

    def _allowed(self) -> tuple[str, ...] | None:
        """The branches to show, as far as a token says; None without one."""
        claims = self._account.connection.claims
        if not claims:
            return None
        return tuple(
            branch_id
            for branch_id in branches_of(claims)
            if not self._only or branch_id in self._only
        )

    async def _turn_to(self, ids: tuple[str, ...]) -> None:
        """Show these branches, and leave the others."""
        before, home = self.branches, self._home_id(ids)
        found: list[Branch] = []
        for branch_id in ids:
            known = self.home if branch_id == home else self._others.get(branch_id)
            if session := known or await self._opened(branch_id):
                found.append(Branch(branch_id, session))
        self.branches = tuple(found) or (Branch(home, self.home),)
        self.notices.follow(self.branches)
        self.changed.emit(None)
        here = {branch.session for branch in self.branches}
        for branch in before:
            if branch.session not in here:
                await self._leave(branch)

    def _home_id(self, ids: tuple[str, ...]) -> str:
        """The branch of the profile's own file: the account's first, when nothing else is said."""
        if self._options.branch_id is not None:
            return self._options.branch_id
        return self.home.device.branch_id if self.home.device else next(iter(ids), "")

    async def _opened(self, branch_id: str) -> Session | None:
        """The session of another branch, with its rows; None, and said so, when it has none."""
        folder = self._options.data_dir / "branches" / branch_id
        options = replace(self._options, branch_id=branch_id, data_dir=folder)
        try:
            session = Session.open(options, self._world, self._account)
            self._others[branch_id] = session
            await session.start()
        except KdsError as error:
            log.error("branch %s cannot be opened: %s", branch_id, error)  # noqa: TRY400
            await self._stop(branch_id)
            self._tell(notices.not_opened(branch_id, str(error), self.home.now()))
            return None
        return session

    async def _leave(self, branch: Branch) -> None:
        """Let go of a branch that the account may not see any more; its file stays."""
        status = branch.session.status
        await self._stop(branch.id)
        unsent = status.waiting + status.blocked
        self._tell(notices.taken_away(branch.id, branch.name, unsent, self.home.now()))

    async def _stop(self, branch_id: str) -> None:
        """The home goes on: the profile's settings are in its file."""
        if branch_id in self._others:
            await self._others[branch_id].stop()
            del self._others[branch_id]

    def _tell(self, notice: notices.Notice) -> None:
        self.branches[0].session.notices.add([notice])


def _branches(kept: Any) -> tuple[str, ...]:
    return tuple(map(text, kept))
