"""`kds hub`: the hub in a process of its own, until it is told to stop."""

from __future__ import annotations

import asyncio
import json
import signal
from pathlib import Path

from kds.hub.service import Hub, HubConfig


async def serve(data: Path, host: str, port: int, *, seed: bool, probe: bool) -> int:
    """Run until SIGINT or SIGTERM. With `probe` the addresses go to stdout as JSON."""
    stop = asyncio.Event()
    _on_stop_signals(stop)
    hub = Hub(HubConfig(data=data, host=host, port=port, seed=seed))
    await hub.start()
    try:
        if probe:
            print(json.dumps({"event": "ready", "url": hub.url, "dsn": hub.dsn}), flush=True)
        else:
            print(
                f"The hub is ready at {hub.url}\nIts keys are in {data / 'keys.json'}", flush=True
            )
        await stop.wait()
    finally:
        await hub.stop()
    return 0


def _on_stop_signals(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, stop.set)
        except NotImplementedError:  # Windows
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
