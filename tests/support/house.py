"""A house in memory: several desks, each a branch of its own."""

from __future__ import annotations

from kds.base.events import Event
from kds.session.bell import Bell
from kds.session.house import Branch
from tests.support.pos import Desk
from tests.support.qt import LocalUplink


class LocalHouse:
    """What the screens see of a `House`; `have` says which branches there are."""

    def __init__(self, *names: str) -> None:
        self.desks = {name: self._desk(name) for name in names}
        self.changed: Event[None] = Event()
        self.notices = Bell()
        self.branches: tuple[Branch, ...] = ()
        self.have(*names)

    @property
    def home(self) -> Desk:
        return next(iter(self.desks.values()))

    def have(self, *names: str) -> None:
        """These are the branches now."""
        self.branches = tuple(
            Branch(name.lower(), self.desks[name])  # type: ignore[arg-type]
            for name in names
        )
        self.notices.follow(self.branches)
        self.changed.emit(None)

    @property
    def uplink(self) -> LocalUplink:
        return self.home.uplink

    def _desk(self, name: str) -> Desk:
        desk = Desk("manager")
        branch = desk.store.branch
        assert branch is not None
        desk.edit("branches", branch["id"], name=name)
        return desk
