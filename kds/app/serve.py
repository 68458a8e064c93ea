"""`kds hub`: the hub in a process of its own, until it is told to stop."""

from __future__ import annotations

import asyncio
from pathlib import Path

from kds.app.processes import say
from kds.app.stopping import on_stop_signals, stop_with_parent
from kds.hub.service import Hub, HubConfig


async def serve(data: Path, host: str, port: int, *, seed: bool, probe: bool) -> int:
    """Run until SIGINT or SIGTERM. With `probe` the addresses go to stdout as JSON."""
    stop = asyncio.Event()
    on_stop_signals(stop)
    if probe:
        stop_with_parent(stop)
    hub = Hub(HubConfig(data=data, host=host, port=port, seed=seed))
    await hub.start()
    try:
        if probe:
            say(event="ready", url=hub.url, dsn=hub.dsn)
        else:
            print(
                f"The hub is ready at {hub.url}\nIts keys are in {data / 'keys.json'}", flush=True
            )
        await stop.wait()
    finally:
        await hub.stop()
    return 0
