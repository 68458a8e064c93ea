"""The real program on a real X server, worked with real key events, as a till sees it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from kds.app.demo import BRANCH
from kds.domain.cart import Cart, CartLine
from kds.hub.keys import load_keys
from kds.session.session import Session, SessionOptions
from tests.support.commands import PASSWORD, HubProcess, watched
from tests.support.sessions import set_up, started, wait_for
from tests.support.xserver import missing, x_server

if missing():
    pytest.skip(f"not installed: {missing()}", allow_module_level=True)

PATIENCE_S = 90.0


def till_of(hub: HubProcess, folder: Path) -> SessionOptions:
    return SessionOptions(
        url=hub.url,
        key=load_keys(hub.data).anon,
        branch_id=BRANCH,
        role="pos",
        name="Till",
        stations=frozenset(),
        data_dir=folder / "till",
        email="pos@test.local",
        password=PASSWORD,
    )


async def order(till: Session, *names: str) -> str:
    """One of each dish of the menu."""
    menu = {row["name"]: row for row in till.store.rows("menu_items").values()}
    lines = tuple(
        CartLine(
            till.new_id(), menu[name]["id"], name, menu[name]["variants"][0]["name"],
            menu[name]["category"], 1, menu[name]["variants"][0]["price"],
        )
        for name in names
    )  # fmt: skip
    return await till.actions.place_order(Cart(lines, table_name="7"))


async def test_bumps_of_a_real_keyboard_reach_the_till(tmp_path: Path) -> None:
    hub = HubProcess(tmp_path / "hub")
    async with asyncio.timeout(PATIENCE_S), hub.running(), x_server() as x:
        await hub.furnish()
        environment = hub.environment(tmp_path, "kitchen", **x.environment)
        async with (
            started(till_of(hub, tmp_path)) as till,
            watched("kitchen", "--full-screen", environment=environment) as kitchen,
        ):
            await set_up(till)
            dishes = sorted(row["name"] for row in till.store.rows("menu_items").values())[:2]
            first, second = await order(till, *dishes), await order(till, *dishes)

            def states(order_id: str) -> list[str]:
                return [line["state"] for line in till.store.lines_of(order_id)]

            async def sees(condition: Callable[[], bool]) -> None:
                await wait_for(till.store.changed, condition)

            await kitchen.until_said("painted", 2)
            await x.focus(kitchen.of("ready")[0]["pid"])
            await x.press("1")
            await sees(lambda: states(first) == ["ready", "ready"])
            await x.press("u")
            await sees(lambda: states(first) == ["sent", "sent"])
            await x.press("Right", "Down", "s")
            await sees(lambda: sorted(states(first)) == ["sent", "started"])
            await x.press("Return", "2")
            await sees(lambda: sorted(states(first)) == ["ready", "sent"])
            await sees(lambda: states(second) == ["ready", "ready"])
            await x.press("r", *"002", "Return")
            await sees(lambda: states(second) == ["sent", "sent"])
            await x.press("Escape", "Right", "x")
            await sees(lambda: any(o["rush"] for o in till.store.rows("orders").values()))
