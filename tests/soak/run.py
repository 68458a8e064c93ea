"""The run itself: feed, wait, count, cut the network, and again."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import psycopg

from kds.sim.proxy import Proxy
from tests.bench.terminals import furnished_hub
from tests.soak.growth import Sample
from tests.soak.kitchen import SoakedKitchen, soaked_kitchen
from tests.soak.rush import Rush

AHEAD = 60
"""Revs that the rush may be ahead of the kitchen."""


async def soak(
    folder: Path,
    events: int,
    every: int,
    tell: Callable[[Sample, float], None],
    *,
    cut_every: int = 1,
) -> list[Sample]:
    """Send `events` row changes through a kitchen; a sample each `every` of them.

    After each `cut_every` samples the network is cut, so that reconnecting is soaked too. `tell`
    hears of each sample, with the events a second since the one before.
    """
    samples: list[Sample] = []
    async with (
        furnished_hub(folder) as hub,
        Proxy(hub.url) as proxy,
        soaked_kitchen(hub, folder, proxy) as kitchen,
        await psycopg.AsyncConnection.connect(hub.dsn) as writer,
    ):
        rush = Rush(writer)
        while rush.events < events:
            began, before = time.monotonic(), rush.events
            await _feed(rush, kitchen, before + every)
            rate = (rush.events - before) / (time.monotonic() - began)
            samples.append(Sample(rush.events, await kitchen.sample()))
            tell(samples[-1], rate)
            await rush.forget()
            if len(samples) % cut_every == 0:
                proxy.cut()
    return samples


async def _feed(rush: Rush, kitchen: SoakedKitchen, until_events: int) -> None:
    while rush.events < until_events:
        await rush.step()
        await kitchen.until_complete_to(rush.rev - AHEAD)
    await kitchen.until_complete_to(rush.rev)
