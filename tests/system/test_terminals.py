"""Terminals as a restaurant meets them: no hub, no power, the wrong password, a second start."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.commands import HubProcess, kds, watched


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[HubProcess]:
    """A furnished hub that is not running now."""
    process = HubProcess(tmp_path / "hub")
    async with process.running():
        await process.furnish()
    return process


def simulate(count: int) -> tuple[str, ...]:
    return ("simulate", "--profile", "till", "--count", str(count), "--speed", "100000")


async def test_a_till_without_a_hub_takes_orders_survives_a_kill_and_delivers_each_once(
    tmp_path: Path, hub: HubProcess
) -> None:
    environment = hub.environment(tmp_path, "pos")
    async with hub.running():
        done = await kds(*simulate(1), environment=environment)
        assert done.code == 0, done.err
        first = set(await hub.orders())

    async with watched(*simulate(8), environment=environment) as till:
        await till.until_said("tap", 8)
        till.child.kill()
        await till.child.wait()
        taps = {tap["order_id"]: tap["pieces"] for tap in till.of("tap")}

    async with hub.running():
        done = await kds(*simulate(0), environment=environment)
        assert done.code == 0, done.err
        delivered = {o: known for o, known in (await hub.orders()).items() if o not in first}
    assert {order: known["pieces"] for order, known in delivered.items()} == taps
    assert len({known["number"] for known in delivered.values()}) == 8


async def test_a_wrong_password_is_refused_and_said(tmp_path: Path, hub: HubProcess) -> None:
    async with hub.running():
        environment = hub.environment(tmp_path, "pos", KDS_PASSWORD="wrong")
        done = await kds(*simulate(1), environment=environment)
    assert done.code == 1
    assert "password" in done.err


async def test_a_terminal_of_another_branch_is_refused_and_said(
    tmp_path: Path, hub: HubProcess
) -> None:
    other = "00000000-0000-4000-8000-00000000ffff"
    async with hub.running():
        environment = hub.environment(tmp_path, "pos", KDS_BRANCH=other)
        done = await kds(*simulate(1), environment=environment)
    assert done.code == 1
    assert "another branch" in done.err


async def test_a_second_hub_on_the_same_data_is_refused(hub: HubProcess) -> None:
    async with hub.running():
        done = await kds("hub", "--data", str(hub.data), "--port", "0")
    assert done.code == 1
    assert str(hub.data) in done.err


async def test_a_killed_hub_starts_again_with_everything_it_had(
    tmp_path: Path, hub: HubProcess
) -> None:
    environment = hub.environment(tmp_path, "pos")
    async with hub.running() as process:
        assert (await kds(*simulate(3), environment=environment)).code == 0
        before = await hub.orders()
        process.child.kill()
        await process.child.wait()
    async with hub.running():
        assert await hub.orders() == before
    assert len(before) == 3


async def test_a_second_start_of_a_window_raises_the_first_and_ends(
    tmp_path: Path, hub: HubProcess
) -> None:
    environment = hub.environment(tmp_path, "kitchen", KDS_ROLE="kitchen")
    async with hub.running(), watched("kitchen", environment=environment) as first:
        await first.until_said("ready")
        done = await kds("kitchen", environment=environment)
        assert done.code == 0, done.err
        assert first.child.running
