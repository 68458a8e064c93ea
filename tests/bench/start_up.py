"""From starting the process to the first window that is usable, cold and warm."""

from __future__ import annotations

import time
from pathlib import Path

from tests.bench.figures import Figure
from tests.bench.terminals import furnished_hub
from tests.support.commands import kds, watched


async def measure(folder: Path, *, quick: bool) -> list[Figure]:
    rounds = 2 if quick else 5
    async with furnished_hub(folder) as hub:
        environment = hub.environment(folder, "kitchen", QT_QPA_PLATFORM="offscreen")
        times = [await _window(environment) for _ in range(rounds)]
    floor = await _nothing()
    return [
        Figure("kitchen window, first start", times[0], "ms", floor),
        Figure("kitchen window, later starts", min(times[1:]), "ms", floor, 1500.0),
    ]


async def _window(environment: dict[str, str]) -> float:
    began = time.perf_counter()
    async with watched("kitchen", environment=environment) as kitchen:
        await kitchen.until_said("ready")
        return (time.perf_counter() - began) * 1000


async def _nothing() -> float:
    """The floor: a command of ours that does nothing but say how it is used."""
    began = time.perf_counter()
    await kds("--help")
    return (time.perf_counter() - began) * 1000
