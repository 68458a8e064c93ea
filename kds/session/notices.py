"""The bell: what happened that the person at this device should know."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from kds.base.clock import from_iso, to_iso
from kds.base.events import Event
from kds.connection.tasks import Tasks
from kds.domain.notices import Notice
from kds.sync.settings import NoticeShelf

KEPT = 200
SOON_S = 0.1
"""Until notices are written: a burst shares one sync of the disk, and no tap waits behind one for
each change."""

__all__ = ["KEPT", "Notice", "NoticeBox"]


class NoticeBox:
    """The newest notices, newest first; kept in the profile's file.

    `changed` fires with each new notice, and with None after marks. A notice whose id is known
    is no news. `lost`: how many are on the disk that cannot be read.
    """

    def __init__(self, shelf: NoticeShelf, tasks: Tasks) -> None:
        self._shelf = shelf
        self._tasks = tasks
        self._unsaved: dict[str, Notice | None] = {}  # by id; None: fell off the end
        self._saving: asyncio.Task[None] | None = None
        self.items: tuple[Notice, ...] = ()
        self.lost = 0
        self.changed: Event[Notice | None] = Event()

    @property
    def unread(self) -> int:
        return sum(not notice.read for notice in self.items)

    async def load(self) -> None:
        """Take over what earlier runs have left."""
        found = await self._shelf.list(KEPT, _from_json)
        self.items = tuple(notice for notice in found if notice is not None)
        self.lost = len(found) - len(self.items)
        self.changed.emit(None)

    def add(self, notices: Iterable[Notice]) -> None:
        """Show what is new among `notices` at once, and keep it soon."""
        known = {notice.id for notice in self.items}
        for notice in notices:
            if notice.id in known:
                continue
            known.add(notice.id)
            self._put_first(notice)
            self._keep()
            self.changed.emit(notice)

    async def mark_read(self, notice_id: str) -> None:
        await self._mark({notice_id})

    async def mark_all_read(self) -> None:
        await self._mark({notice.id for notice in self.items})

    def _put_first(self, notice: Notice) -> None:
        items = (notice, *self.items)
        self.items = items[:KEPT]
        self._unsaved[notice.id] = notice
        self._unsaved.update((old.id, None) for old in items[KEPT:])

    async def _mark(self, ids: set[str]) -> None:
        self.items = tuple(
            replace(notice, read=True) if notice.id in ids else notice for notice in self.items
        )
        self._unsaved.update((notice.id, notice) for notice in self.items if notice.id in ids)
        self.changed.emit(None)
        await asyncio.shield(self._keep())

    def _keep(self) -> asyncio.Task[None]:
        """The task after which everything is on the disk."""
        if self._saving is None or self._saving.done():
            self._saving = self._tasks.start(self._save(), "keep notices", finish=True)
        return self._saving

    async def _save(self) -> None:
        while self._unsaved:
            await asyncio.sleep(SOON_S)
            unsaved, self._unsaved = self._unsaved, {}
            await self._shelf.put(
                [_to_json(notice) for notice in unsaved.values() if notice is not None],
                [notice_id for notice_id, notice in unsaved.items() if notice is None],
            )


def _to_json(notice: Notice) -> dict[str, Any]:
    return {
        "id": notice.id,
        "kind": notice.kind,
        "title": notice.title,
        "body": notice.body,
        "at": to_iso(notice.at),
        "order_id": notice.order_id,
        "read": notice.read,
        "options": list(notice.options),
    }


def _from_json(kept: dict[str, Any]) -> Notice:
    options = tuple(kept.get("options", ()))
    return Notice(**{**kept, "at": from_iso(kept["at"]), "options": options})
