"""The notices of every branch in one list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from heapq import merge
from itertools import islice
from typing import TYPE_CHECKING

from kds.base.events import Event
from kds.domain.notices import Notice
from kds.session.notices import KEPT

if TYPE_CHECKING:
    from kds.session.house import Branch


class Bell:
    """What a `NoticeBox` offers, over all branches that it was given; the newest `KEPT` of them.

    With more than one branch a notice carries the name of its own.
    """

    def __init__(self) -> None:
        self._branches: tuple[Branch, ...] = ()
        self._undo: list[Callable[[], None]] = []
        self.items: tuple[Notice, ...] = ()
        self.changed: Event[Notice | None] = Event()

    @property
    def unread(self) -> int:
        return sum(not notice.read for notice in self.items)

    def follow(self, branches: tuple[Branch, ...]) -> None:
        """Ring for these from now on."""
        while self._undo:
            self._undo.pop()()
        self._branches = branches
        for branch in branches:
            notices = branch.session.notices
            self._undo.append(notices.changed.connect(self._ring(branch)))
        self._collect()
        self.changed.emit(None)

    def find(self, notice_id: str) -> tuple[Branch, Notice] | None:
        """Whose notice it is, and as its own branch has it; None when it fell off the end."""
        for branch in self._branches:
            for notice in branch.session.notices.items:
                if self._named(branch, notice).id == notice_id:
                    return branch, notice
        return None

    async def mark_read(self, notice_id: str) -> None:
        if found := self.find(notice_id):
            branch, notice = found
            await branch.session.notices.mark_read(notice.id)

    async def mark_all_read(self) -> None:
        for branch in self._branches:
            await branch.session.notices.mark_all_read()

    def _ring(self, branch: Branch) -> Callable[[Notice | None], None]:
        def ring(notice: Notice | None) -> None:
            self._collect()
            self.changed.emit(self._named(branch, notice) if notice else None)

        return ring

    def _collect(self) -> None:
        lists = [
            [self._named(branch, notice) for notice in branch.session.notices.items]
            for branch in self._branches
        ]
        newest_first = merge(*lists, key=lambda notice: notice.at, reverse=True)
        self.items = tuple(islice(newest_first, KEPT))

    def _named(self, branch: Branch, notice: Notice) -> Notice:
        """Two branches may have the same stock item, and so the same id of a notice."""
        if len(self._branches) == 1:
            return notice
        return replace(notice, id=f"{branch.id}/{notice.id}", branch=branch.name)
