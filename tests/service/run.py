"""A service from the first order to the last guest: real hub, real terminals, real screens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

from kds.base.clock import SystemClock
from kds.base.events import until
from kds.domain.sightings import PATIENCE
from kds.session.session import Session
from kds.session.world import World
from kds.sim.driver import take_orders
from kds.sim.service import SimOrder, share
from kds.ui.kit.tasks import running
from tests.service.crew import Cook, Expo
from tests.service.ledger import Ledger
from tests.service.line import STATIONS, furnish, route_of
from tests.support.hub import Site
from tests.support.sessions import Place, set_up, started

TILLS = 2
FAULTS = ("", "station-dark")
DARK = STATIONS[0]
"""The station whose screen goes dark, and whose backup is asked."""


@dataclass(frozen=True, slots=True)
class Plan:
    """`speed`: times as fast as it was. `pace_s`: seconds of the service from tap to tap of a
    person. `silent_s`: when a screen that says nothing counts as gone. `patience_s`: the service
    may stand still for so long."""

    orders: Sequence[SimOrder]
    speed: float = 60.0
    pace_s: float = 12.0
    seed: int = 1
    fault: str = ""
    silent_s: float = PATIENCE.silent
    patience_s: float = 120.0


class Service:
    """One run at a fresh branch. Qt and asyncio must be on one loop, as in the program."""

    def __init__(self, site: Site, folder: Path, plan: Plan) -> None:
        self._place, self._plan = Place(site, folder), plan
        self._rng, self._clock = Random(plan.seed), SystemClock()
        self._ledger = Ledger()
        self._pace_s = plan.pace_s / plan.speed
        self._lives: dict[str, AsyncExitStack] = {}  # the terminals by name
        self._gone: Session | None = None  # that of the dark station
        self._limit = asyncio.Timeout(None)
        self._missing: list[str] = []  # what is waited for

    async def play(self) -> dict[str, Any]:
        """The report; TimeoutError, with what it waits for, when the service stands still."""
        await self._place.site.open()
        furnish(self._place.site, self._plan.orders)
        try:
            async with self._limit, AsyncExitStack() as house:
                return await self._serve(house)
        except TimeoutError:
            if not self._limit.expired():
                raise
            waits = " and ".join(self._missing)
            still = f"The service stands still, and waits for {waits}"
            raise TimeoutError(f"{still}: {self._ledger.report()}") from None

    async def _serve(self, house: AsyncExitStack) -> dict[str, Any]:
        self._stir()
        tills = [await self._open(house, f"till-{n}") for n in range(TILLS)]
        cooks = [await self._cook(house, station.id) for station in STATIONS]
        expo = await self._expo(house)
        async with self._people(cooks, expo) as people:
            await asyncio.gather(
                *(self._take(till, number) for number, till in enumerate(tills)),
                self._go_wrong(cooks[0], people[0], expo),
            )
            async with self._waiting_for("every order to be handed over"):
                await until(expo.session.store.changed, lambda: self._all_handed(expo))
        sessions = [*tills, *(cook.session for cook in cooks), expo.session]
        alive = [session for session in sessions if session is not self._gone]
        async with self._waiting_for("every terminal to be complete"):
            for session in alive:
                await _all_sent(session)
        async with self._waiting_for("every terminal to be compared"):
            equal = [await session.audit() for session in alive]
        return {
            **self._ledger.report(),
            "terminals": len(alive),
            "checksum_equal": all(equal),
        }

    @asynccontextmanager
    async def _waiting_for(self, what: str) -> AsyncIterator[None]:
        """What never comes is still on the list when patience is at its end."""
        self._missing.append(what)
        yield
        self._missing.remove(what)

    def _stir(self) -> None:
        """Something has happened."""
        if not self._limit.expired():
            self._limit.reschedule(asyncio.get_running_loop().time() + self._plan.patience_s)

    # -- terminals ------------------------------------------------------------------------

    async def _open(self, house: AsyncExitStack, name: str, **options: Any) -> Session:
        life = self._lives[name] = await house.enter_async_context(AsyncExitStack())
        made = await self._place.options(name, **options)
        world = World.real(made.url, made.key, made.data_dir)
        patience = replace(PATIENCE, silent=self._plan.silent_s)
        session = await life.enter_async_context(started(made, replace(world, patience=patience)))
        session.store.changed.connect(lambda _: self._stir())
        async with self._waiting_for(f"{name} to be let in"):
            await set_up(session)
        return session

    async def _cook(self, house: AsyncExitStack, station: str) -> Cook:
        session = await self._open(house, station, role="kitchen", stations=frozenset({station}))
        rng = Random(self._rng.random())
        cook = Cook(station, session, self._ledger, rng, self._clock.monotonic)
        self._close_with(station, cook.screen)
        return cook

    async def _expo(self, house: AsyncExitStack) -> Expo:
        session = await self._open(house, "expo", role="kitchen")
        expo = Expo(session, self._ledger, Random(self._rng.random()))
        self._close_with("expo", expo.screen, expo.strip)
        return expo

    def _close_with(self, name: str, *screens: Any) -> None:
        """The screens go before their session does."""
        for screen in screens:
            self._lives[name].callback(screen.deleteLater)
            self._lives[name].callback(screen.close)
        self._lives[name].push_async_callback(_nothing_under_way)

    # -- what happens ---------------------------------------------------------------------

    @asynccontextmanager
    async def _people(self, cooks: Sequence[Cook], expo: Expo) -> AsyncIterator[list[Any]]:
        """Everybody at work, the cooks in the order of the stations."""
        tasks = [asyncio.create_task(one.work(self._pace_s)) for one in (*cooks, expo)]
        try:
            yield tasks
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _take(self, till: Session, number: int) -> None:
        def tapped(order: SimOrder, at: float, order_id: str) -> None:
            category = {line.item_id: line.category for line in order.lines}
            for line in till.store.lines_of(order_id):
                route = route_of(category[line["item_id"]])
                self._ledger.send(line["id"], order_id, at, route)

        orders = share(self._plan.orders, number, TILLS)
        async with self._waiting_for(f"till-{number} to take its orders"):
            await take_orders(
                till, orders, speed=self._plan.speed, clock=self._clock, tapped=tapped
            )

    async def _go_wrong(self, cook: Cook, work: asyncio.Task[None], expo: Expo) -> None:
        """In the middle of the service a station with work to do loses its screen."""
        if self._plan.fault != "station-dark":
            return
        half = len(self._plan.orders) // 2
        session = cook.session
        async with self._waiting_for("half of the orders"):
            await until(session.store.changed, lambda: len(session.store.rows("orders")) >= half)
        work.cancel()
        await _nothing_under_way()  # else the last tap may leave nothing to be given away
        async with self._waiting_for(f"something to do for {DARK.name}"):
            await until(session.store.changed, cook.has_work)
            await until(session.status_changed, lambda: session.status.waiting == 0)
        self._gone = session
        await self._lives[cook.station].aclose()
        async with self._waiting_for(f"{DARK.name} to be given away"):
            await expo.give_away(DARK.name)

    def _all_handed(self, expo: Expo) -> bool:
        orders = expo.session.store.rows("orders")
        return len(orders) == len(self._plan.orders) and all(
            order["handed_at"] for order in orders.values()
        )


async def _all_sent(session: Session) -> None:
    await until(
        session.status_changed, lambda: session.status.complete and session.status.waiting == 0
    )


async def _nothing_under_way() -> None:
    while waiting := running():
        await asyncio.gather(*waiting)
