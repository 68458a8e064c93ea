"""A small matter of this device that a restart must not forget."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from kds.connection.tasks import Tasks


class Shelf(Protocol):
    """As much of the profile's settings as a drawer needs."""

    async def get(self, key: str) -> Any: ...

    async def put(self, key: str, value: Any) -> None: ...


class Drawer:
    """One value (plain JSON) among the settings, under `key`; written in the background, also
    while the session ends."""

    def __init__(self, key: str, shelf: Callable[[], Shelf], tasks: Tasks) -> None:
        self._key, self._shelf, self._tasks = key, shelf, tasks

    async def read(self) -> Any:
        """What was kept; None at a first start."""
        return await self._shelf().get(self._key)

    def keep(self, value: Any) -> None:
        """From now on, also after a restart."""
        keeping = self._shelf().put(self._key, value)
        self._tasks.start(keeping, f"keep {self._key}", finish=True)
