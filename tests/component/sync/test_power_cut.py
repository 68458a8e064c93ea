"""A terminal that is killed at any instant has exactly what it has accepted."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from kds.base.clock import SystemClock
from tests.support.fake_connection import ModelServer
from tests.support.terminals import terminal

_TAPS = """
import asyncio, sys
from pathlib import Path
from kds.base.clock import SystemClock
from tests.support.fake_connection import ModelServer
from tests.support.terminals import terminal

async def main():
    async with terminal(ModelServer(SystemClock()), Path(sys.argv[1])) as till:
        async def tap(number):
            await till.place(f"o{number}")
            print(f"o{number}", flush=True)
        for start in range(0, 100_000, 3):
            await asyncio.gather(*(tap(number) for number in range(start, start + 3)))

asyncio.run(main())
"""


async def test_taps_accepted_before_kill_9_are_delivered_exactly_once(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _TAPS, str(tmp_path), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    said = [(await process.stdout.readline()).decode() for _ in range(20)]
    process.kill()
    said += (await process.stdout.read()).decode().splitlines(keepends=True)
    await process.wait()
    accepted = {line.strip() for line in said if line.endswith("\n")}

    server = ModelServer(SystemClock())
    async with terminal(server, tmp_path) as till:
        found = till.rows("orders").keys()
        # A tap may be on the disk and not answered yet, never the other way round.
        assert accepted <= found
        assert len(found - accepted) <= 4
        await till.online()
        await till.sent()
    assert server.rows.tables["orders"].keys() == found
    assert len(server.applied) == len(found)
    assert till.engine.dead_ops == ()
