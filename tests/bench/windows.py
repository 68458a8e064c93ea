"""Real windows in processes of their own, as the benchmarks watch them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from kds.domain.rows import Role
from tests.support.commands import HubProcess, Watched, watched

SIZE = "1920x1080"


@asynccontextmanager
async def window(
    hub: HubProcess, folder: Path, role: Role, *options: str, online: bool = True
) -> AsyncIterator[Watched]:
    """A window of full size on no screen. `online`: wait until it is connected and complete.

    An installed program has its byte code beside it, whatever the shell of a developer says.
    """
    environment = hub.environment(
        folder, role, QT_QPA_PLATFORM="offscreen", KDS_TOKENS="file", PYTHONDONTWRITEBYTECODE=""
    )
    async with watched(role, "--size", SIZE, *options, environment=environment) as watch:
        await watch.until_said("ready")
        if online:
            await watch.until_status("connected, complete to")
        yield watch


class Paintings:
    """When each order came to a window's board, and when it was painted there."""

    def __init__(self, watch: Watched) -> None:
        self._at: dict[str, float] = {}
        self._rows: dict[str, float] = {}
        self._waiting: dict[str, asyncio.Future[float]] = {}
        self._watch = watch
        watch.heard.connect(lambda _: self._take(watch.said[-1]))

    async def of(self, order_id: str) -> float:
        """The monotonic second at which the order's ticket had been painted."""
        if order_id not in self._at:
            self._waiting[order_id] = asyncio.get_running_loop().create_future()
            await self._waiting[order_id]
        return self._at[order_id]

    def row_of(self, order_id: str) -> float:
        """The monotonic second at which a painted order had its row in the board's model."""
        return self._rows[order_id]

    def _take(self, message: dict[str, Any]) -> None:
        if message.get("event") == "row":
            self._rows.setdefault(message["order_id"], message["at"])
        if message.get("event") == "painted":
            order_id = message["order_id"]
            self._at.setdefault(order_id, message["at"])
            if waiting := self._waiting.pop(order_id, None):
                waiting.set_result(message["at"])
