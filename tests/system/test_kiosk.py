"""A kiosk whose window is killed has another one, and ends with it in order."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest

from tests.support.commands import HubProcess, watched

PATIENCE_S = 60.0


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_a_killed_window_is_replaced_and_a_stop_ends_both(tmp_path: Path) -> None:
    hub = HubProcess(tmp_path / "hub")
    async with asyncio.timeout(PATIENCE_S), hub.running():
        await hub.furnish()
        environment = hub.environment(tmp_path, "kitchen", QT_QPA_PLATFORM="offscreen")
        async with watched("kitchen", "--kiosk", environment=environment) as kiosk:
            await kiosk.until_said("ready")
            first = kiosk.of("ready")[0]["pid"]
            os.kill(first, signal.SIGKILL)
            await kiosk.until_said("ready", 2)
            second = kiosk.of("ready")[1]["pid"]
            assert second != first
            kiosk.child.terminate()
            assert await kiosk.child.wait() == 0
        assert not _alive(first)
        assert not _alive(second)


async def test_a_profile_that_is_wrong_is_told_once(tmp_path: Path) -> None:
    async with asyncio.timeout(PATIENCE_S):
        environment = {"KDS_CONFIG_DIR": str(tmp_path), "KDS_DATA_DIR": str(tmp_path)}
        async with watched("kitchen", "--kiosk", environment=environment) as kiosk:
            assert await kiosk.child.wait() == 1


pytestmark = pytest.mark.skipif(os.name == "nt", reason="it is killed with a signal")
