"""Engines in a test: each with a real file of its own, on the model server."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kds.base.clock import SystemClock
from kds.base.events import until
from kds.domain.changes import ChangeSet
from kds.domain.commands import Command
from kds.domain.rows import Role
from kds.sync.attempts import Pace
from kds.sync.engine import Engine
from kds.sync.replica import Replica
from tests.support.fake_connection import FakeConnection, ModelServer
from tests.support.restaurant import BRANCH, name_uuid, new_line, new_order

QUICK = Pace(
    poll=0.2,
    settle=0.02,
    audit_first=3600,
    audit=3600,
    audit_again=0.01,
    retry=0.01,
    retry_most=0.05,
    pause=0.05,
    snapshot_apart=0.0,
)
"""Everything soon, no audit."""


@dataclass
class Terminal:
    """An engine that is open, and all that it said."""

    name: str
    replica: Replica
    engine: Engine
    connection: FakeConnection
    device_id: str
    shown: list[ChangeSet] = field(default_factory=list)

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for something that shows in the progress or in the rows."""
        progress = until(self.engine.progress_changed, condition)
        rows = until(self.engine.changed, condition)
        waits = [asyncio.ensure_future(progress), asyncio.ensure_future(rows)]
        try:
            done, _ = await asyncio.wait(waits, timeout=10, return_when=asyncio.FIRST_COMPLETED)
            assert done, f"never came; {self.engine.progress}"
        finally:
            for wait in waits:
                wait.cancel()
            await asyncio.gather(*waits, return_exceptions=True)

    async def online(self) -> None:
        """Connected, and complete."""
        self.connection.connect()
        await self.until(lambda: self.engine.progress.complete_to is not None)

    async def sent(self) -> None:
        """Nothing waits for an answer."""
        await self.until(lambda: self.engine.progress.waiting == 0)

    async def place(self, order: str, *lines: str) -> Command:
        return await self.engine.submit(
            "place_order",
            order,
            "Mia",
            {"order": new_order(order), "lines": [new_line(line) for line in lines or (order,)]},
        )

    async def on_order(self, kind: Any, order: str, **args: Any) -> Command:
        return await self.engine.submit(kind, order, "Mia", {"order_id": order, **args})

    def row(self, table: str, pk: str) -> Any:
        return self.engine.tables.get(table, {}).get(pk)

    def rows(self, table: str) -> dict[str, Any]:
        return dict(self.engine.tables.get(table, {}))


@asynccontextmanager
async def terminal(
    server: ModelServer, folder: Path, name: str = "till", role: Role = "pos", pace: Pace = QUICK
) -> AsyncIterator[Terminal]:
    """A registered terminal, offline until told otherwise."""
    clock = SystemClock()
    device_id = name_uuid("device", name)
    numbers = itertools.count(1)
    replica = Replica(folder / f"{name}.db", clock=clock, new_id=lambda: device_id)
    connection = FakeConnection(server)
    await replica.open()
    run = (await replica.settings.get("run") or 0) + 1
    await replica.settings.put("run", run)
    engine = Engine(
        replica,
        connection,
        clock=clock,
        new_id=lambda: name_uuid(name, "op", run, next(numbers)),
        branch_id=BRANCH,
        role=role,
        dice=lambda: 0.5,
        pace=pace,
    )
    if device_id not in server.rows.tables["devices"]:
        server.register(device_id, role)
    try:
        await engine.open()
        found = Terminal(name, replica, engine, connection, device_id)
        engine.changed.connect(found.shown.append)
        await engine.start()
        yield found
    finally:
        await engine.stop()
        connection.close()
        await replica.close()
