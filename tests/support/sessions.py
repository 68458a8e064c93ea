"""Terminals in a test: real sessions with a folder of their own, and what tests wait for."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from kds.base.events import Event, until
from kds.domain.cart import Cart, CartLine
from kds.domain.rows import Role
from kds.session.session import Session, SessionOptions
from kds.session.world import World
from tests.support.hub import PASSWORD, Site
from tests.support.restaurant import menu

PATIENCE_S = 20.0


async def wait_for(event: Event[Any], condition: Callable[[], bool]) -> None:
    """`until`, but a condition that never comes fails the test."""
    await asyncio.wait_for(until(event, condition), PATIENCE_S)


@dataclass(frozen=True)
class Place:
    """A branch with a menu, and a folder for each terminal that is put there."""

    site: Site
    folder: Path

    async def options(self, name: str, role: Role = "pos", **changes: Any) -> SessionOptions:
        """A profile with an account of its own."""
        options = SessionOptions(
            url=self.site.hub.url,
            key=self.site.hub.keys.anon,
            branch_id=self.site.branch_id,
            role=role,
            name=name,
            stations=frozenset(),
            data_dir=self.folder / name,
            email="" if "email" in changes else await self.site.account(role),
            password=PASSWORD,
        )
        return replace(options, **changes)


@pytest.fixture
async def place(site: Site, tmp_path: Path) -> Place:
    """A branch with a menu, where terminals can be put."""
    site.hub.sql(
        "select public.import_menu(%s::uuid, %s::jsonb)", site.branch_id, json.dumps(menu())
    )
    return Place(site, tmp_path)


@asynccontextmanager
async def started(options: SessionOptions, world: World | None = None) -> AsyncIterator[Session]:
    """A session from start to stop."""
    session = Session.open(options, world)
    try:
        await session.start()
        yield session
    finally:
        await session.stop()


async def set_up(session: Session) -> None:
    """Wait until the hub has registered the terminal and given it a menu."""
    await wait_for(
        session.status_changed,
        lambda: session.device is not None and session.status.complete_to is not None,
    )


def cart(line_id: str, qty: int = 1) -> Cart:
    """One kind of pizza for table 7."""
    line = CartLine(line_id, "margherita", "Margherita", "M", "pizza", qty, 1200)
    return Cart((line,), table_name="7")
