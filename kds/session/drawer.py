"""A small matter of this device that a restart must not forget."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from kds.connection.tasks import Tasks
from kds.sync.settings import Read, as_it_is


class Shelf(Protocol):
    """As much of the profile's settings as a drawer needs."""

    async def get(self, key: str, read: Read = as_it_is) -> Any: ...

    async def put(self, key: str, value: Any) -> None: ...


class Drawer:
    """One value (plain JSON) among the settings, under `key`; written in the background, also
    while the session ends."""

    def __init__(self, key: str, shelf: Callable[[], Shelf], tasks: Tasks) -> None:
        self._key, self._shelf, self._tasks = key, shelf, tasks

    async def read(self, read: Read) -> Any:
        """What `read` makes of what was kept; None at a first start, or when it cannot."""
        return await self._shelf().get(self._key, read)

    def keep(self, value: Any) -> None:
        """From now on, also after a restart."""
        keeping = self._shelf().put(self._key, value)
        self._tasks.start(keeping, f"keep {self._key}", finish=True)
