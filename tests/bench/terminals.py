"""A hub in its own process and real sessions on it, for the benchmarks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from kds.base.events import until
from kds.domain.cart import Cart, CartLine
from kds.domain.rows import Role
from kds.hub.keys import load_keys
from kds.session.session import Session, SessionOptions
from tests.support.commands import BRANCH, PASSWORD, HubProcess
from tests.support.postgres import remove_clusters_of


@asynccontextmanager
async def furnished_hub(folder: Path) -> AsyncIterator[HubProcess]:
    """A hub with the demo's menu and accounts; nothing of it is left afterwards."""
    hub = HubProcess(folder / "hub")
    try:
        async with hub.running():
            await hub.furnish()
            yield hub
    finally:
        remove_clusters_of(folder)


def options_of(hub: HubProcess, folder: Path, role: Role, url: str = "") -> SessionOptions:
    """A profile in `folder`; `url` when it is not to meet the hub directly."""
    return SessionOptions(
        url=url or hub.url,
        key=load_keys(hub.data).anon,
        branch_id=BRANCH,
        role=role,
        name=role,
        stations=frozenset(),
        data_dir=folder / role,
        email=f"{role}@test.local",
        password=PASSWORD,
    )


@asynccontextmanager
async def terminal(
    hub: HubProcess, folder: Path, role: Role, url: str = ""
) -> AsyncIterator[Session]:
    """A signed-in session that is connected and complete."""
    session = Session.open(options_of(hub, folder, role, url))
    await session.start()
    try:
        await until(
            session.status_changed,
            lambda: (
                session.device is not None
                and session.status.complete
                and session.status.link == "connected"
            ),
        )
        yield session
    finally:
        await session.stop()


def order_of(session: Session, pieces: int = 3) -> Cart:
    """A cart of the first `pieces` items of the menu."""
    cart = Cart(table_name="T1")
    for item in list(session.store.rows("menu_items").values())[:pieces]:
        variant = item["variants"][0]
        cart = cart.add(
            CartLine(
                id=session.new_id(),
                item_id=item["id"],
                name=item["name"],
                variant=variant["name"],
                category=item["category"],
                qty=1,
                unit_price=variant["price"],
            )
        )
    return cart
