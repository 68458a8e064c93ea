"""The bell: what happened that the person at this device should know."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable
from dataclasses import replace
from typing import Any

from kds.base.clock import from_iso, to_iso
from kds.base.events import Event
from kds.connection.tasks import Tasks
from kds.domain.notices import Notice
from kds.sync.settings import NoticeShelf

KEPT = 200

__all__ = ["KEPT", "Notice", "NoticeBox"]


class NoticeBox:
    """The newest notices, newest first; kept in the profile's file.

    `changed` fires with each new notice, and with None after marks. A notice whose id is known
    is no news.
    """

    def __init__(self, shelf: NoticeShelf, tasks: Tasks) -> None:
        self._shelf = shelf
        self._tasks = tasks
        self.items: tuple[Notice, ...] = ()
        self.changed: Event[Notice | None] = Event()

    @property
    def unread(self) -> int:
        return sum(not notice.read for notice in self.items)

    async def load(self) -> None:
        """Take over what earlier runs have left."""
        self.items = tuple(_from_json(kept) for kept in await self._shelf.list(KEPT))
        self.changed.emit(None)

    def add(self, notices: Iterable[Notice]) -> None:
        """Show what is new among `notices` at once, and keep it soon."""
        known = {notice.id for notice in self.items}
        for notice in notices:
            if notice.id in known:
                continue
            known.add(notice.id)
            self.items = (notice, *self.items)[:KEPT]
            self._keep(self._shelf.put(_to_json(notice)))
            self.changed.emit(notice)

    async def mark_read(self, notice_id: str) -> None:
        self._mark({notice_id})
        await self._keep(self._shelf.mark_read(notice_id))

    async def mark_all_read(self) -> None:
        self._mark({notice.id for notice in self.items})
        await self._keep(self._shelf.mark_all_read())

    def _keep(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Write in the order of the calls: tasks begin in the order they were made."""
        return self._tasks.start(work, "keep notice", finish=True)

    def _mark(self, ids: set[str]) -> None:
        self.items = tuple(
            replace(notice, read=True) if notice.id in ids else notice for notice in self.items
        )
        self.changed.emit(None)


def _to_json(notice: Notice) -> dict[str, Any]:
    return {
        "id": notice.id,
        "kind": notice.kind,
        "title": notice.title,
        "body": notice.body,
        "at": to_iso(notice.at),
        "order_id": notice.order_id,
        "read": notice.read,
    }


def _from_json(kept: dict[str, Any]) -> Notice:
    return Notice(**{**kept, "at": from_iso(kept["at"])})
