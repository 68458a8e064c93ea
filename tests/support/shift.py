"""A till and a kitchen screen at a real hub, on one loop of Qt and asyncio, as in the program."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from kds.domain.cart import Cart, CartLine
from kds.domain.rows import Row
from kds.session.session import Session
from kds.ui.expo.screen import ExpoScreen
from kds.ui.kit.tasks import running
from kds.ui.kitchen import KitchenScreen
from kds.ui.kitchen.all_day import AllDayPanel
from tests.support.hub import Site
from tests.support.restaurant import menu
from tests.support.sessions import Place, set_up, started, wait_for


async def settle() -> None:
    """Until every tap has taken effect on its own screen."""
    while waiting := running():
        await asyncio.gather(*waiting)


@dataclass
class Till:
    """What front of house does meanwhile, and what it sees of the kitchen."""

    session: Session
    sent: int = 0

    async def order(self, *notes: str, courses: tuple[int, ...] = (), **cart: Any) -> str:
        """An order of one pizza a note; `courses` as many as there are notes, else all first."""
        self.sent += 1
        lines = tuple(
            CartLine(
                self.session.new_id(), "margherita", "Margherita", "M", "pizza", 1, 1200,
                note=note, course=course,
            )
            for note, course in zip(notes, courses or (1,) * len(notes), strict=True)
        )  # fmt: skip
        return await self.session.actions.place_order(
            Cart(lines, table_name=str(self.sent), **cart)
        )

    def row(self, order_id: str) -> Row:
        found = self.session.store.row("orders", order_id)
        assert found is not None
        return found

    def lines(self, order_id: str) -> tuple[Row, ...]:
        return self.session.store.lines_of(order_id)

    def states(self, order_id: str) -> list[str]:
        return [line["state"] for line in self.lines(order_id)]

    async def sees(self, condition: Callable[[], bool]) -> None:
        """Wait until the kitchen's work has reached this till."""
        await wait_for(self.session.store.changed, condition)


@dataclass
class Kitchen:
    """The screen of a cook."""

    session: Session
    screen: KitchenScreen
    panel: AllDayPanel

    async def gets(self, order_id: str) -> None:
        """Wait until the order stands on the board."""
        await self.until(lambda: self.screen.tickets.item(order_id) is not None)

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for something that the board shows."""

        def shown() -> bool:
            self.screen.tickets.flush()
            return condition()

        await wait_for(self.session.store.changed, shown)


@dataclass
class Shift:
    till: Till
    kitchen: Kitchen


@dataclass
class Pass:
    """The screen of the expo."""

    session: Session
    screen: ExpoScreen

    async def press(self, *keys: Qt.Key) -> None:
        for key in keys:
            QTest.keyClick(self.screen.window().focusWidget() or self.screen.board, key)
            await settle()
            self.screen.orders.flush()

    async def gets_ready(self, order_id: str) -> None:
        """Wait until the kitchen has made all of the order."""

        def ready() -> bool:
            self.screen.orders.flush()
            order = self.screen.orders.order(order_id)
            return order is not None and order.step != "cook"

        await wait_for(self.session.store.changed, ready)


@asynccontextmanager
async def expo(site: Site, folder: Path) -> AsyncIterator[Pass]:
    """One more terminal, at the pass of a branch that has a shift."""
    options = await Place(site, folder).options("expo", "kitchen")
    async with started(options) as session:
        await set_up(session)
        screen = ExpoScreen(session)
        async with _shown(screen):
            yield Pass(session, screen)


@asynccontextmanager
async def _shown(screen: QWidget) -> AsyncIterator[None]:
    screen.resize(1920, 1080)
    screen.show()
    try:
        yield
    finally:
        screen.close()
        screen.deleteLater()
        await settle()


@asynccontextmanager
async def shift(site: Site, folder: Path) -> AsyncIterator[Shift]:
    """Both terminals, from the start to the end of their sessions."""
    site.hub.sql(
        "select public.import_menu(%s::uuid, %s::jsonb)", site.branch_id, json.dumps(menu())
    )
    place = Place(site, folder)
    grill = await place.options("grill", "kitchen", stations=frozenset({"grill"}))
    async with started(await place.options("till")) as till, started(grill) as cook:
        await set_up(till)
        await set_up(cook)
        screen, panel = KitchenScreen(cook), AllDayPanel(cook)
        screen.put_all_day(panel)
        async with _shown(screen):
            yield Shift(Till(till), Kitchen(cook, screen, panel))
