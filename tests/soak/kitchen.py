"""The kitchen window under soak, watched from outside and by its own probe."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psutil

from kds.app.processes import Child
from kds.base.events import Event, until
from kds.sim.proxy import Proxy
from tests.bench.windows import SIZE
from tests.support.commands import HubProcess

_COMPLETE = re.compile(r"complete to #(\d+)")
MB = 1024 * 1024


class SoakedKitchen:
    """`rev`: how far the window says that it is complete."""

    def __init__(self, data: Path) -> None:
        self.child = Child("kitchen", self._take)
        self.rev = 0
        self.ready = False
        self._data = data
        self._heard: Event[None] = Event()

    def _take(self, _: str, message: dict[str, Any]) -> None:
        if message["event"] == "ready":
            self.ready = True
        elif message["event"] == "status" and (found := _COMPLETE.search(message["text"])):
            self.rev = int(found[1])
        self._heard.emit(None)

    async def until_ready(self) -> None:
        await until(self._heard, lambda: self.ready and self.rev > 0)

    async def until_complete_to(self, rev: int) -> None:
        await until(self._heard, lambda: self.rev >= rev)

    async def sample(self) -> dict[str, float]:
        """Everything that must not grow."""
        counted = await self.child.ask(do="counts")
        process = psutil.Process(self.child.pid)
        files = sum(file.stat().st_size for file in self._data.glob("replica.db*"))
        return {
            "rss_mb": process.memory_info().rss / MB,
            "sqlite_mb": files / MB,
            "open_files": float(process.num_fds()),
            **{name: float(count) for name, count in counted.items()},
        }


@asynccontextmanager
async def soaked_kitchen(
    hub: HubProcess, folder: Path, proxy: Proxy
) -> AsyncIterator[SoakedKitchen]:
    """A window of full size on no screen, whose network is `proxy`."""
    kitchen = SoakedKitchen(folder / "data" / "kitchen")
    environment = hub.environment(
        folder, "kitchen", QT_QPA_PLATFORM="offscreen", KDS_TOKENS="file", KDS_URL=proxy.url
    )
    await kitchen.child.start("kitchen", "--size", SIZE, "--probe", environment=environment)
    try:
        await kitchen.until_ready()
        yield kitchen
    finally:
        await kitchen.child.stop()
