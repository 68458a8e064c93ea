"""From the tap at a till to the glass of a kitchen and back, through the real hub."""

from __future__ import annotations

import asyncio
import gc
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from kds.app.collector import Collector
from kds.domain.cart import Cart, CartLine
from kds.domain.receipts import Receipt
from kds.domain.sightings import PATIENCE, Patience
from kds.session.session import Session, SessionOptions
from kds.session.world import World
from kds.ui.kitchen import KitchenScreen
from kds.ui.theme import DARK, apply_theme
from tests.support.hub import RunningHub, Site
from tests.support.restaurant import menu
from tests.support.sessions import Place, cart, set_up, started, wait_for


@dataclass
class Restaurant:
    """A till and a kitchen with a board, started, in touch with one hub."""

    till: Session
    kitchen: Session
    board: KitchenScreen

    async def stage(self, order_id: str, stage: str) -> Receipt:
        """Wait until the till knows that the order has come so far."""

        def reached() -> bool:
            receipt = self.till.receipts.of(order_id)
            return receipt is not None and receipt.stage == stage

        await wait_for(self.till.receipts.changed, reached)
        receipt = self.till.receipts.of(order_id)
        assert receipt is not None
        return receipt

    async def alarm(self, *order_ids: str) -> None:
        receipts = self.till.receipts
        await wait_for(receipts.changed, lambda: receipts.alarmed == order_ids)


HASTY = Patience(unseen=0.2)
"""For tests that wait for the alarm."""


def world(options: SessionOptions, patience: Patience) -> World:
    real = World.real(options.url, options.key, options.data_dir)
    return replace(real, patience=patience)


@asynccontextmanager
async def restaurant(
    place: Place, stations: frozenset[str] = frozenset(), patience: Patience = PATIENCE
) -> AsyncIterator[Restaurant]:
    till_options = await place.options("till")
    kitchen_options = await place.options("grill", "kitchen", stations=stations)
    async with (
        started(till_options, world(till_options, patience)) as till,
        started(kitchen_options) as kitchen,
    ):
        await set_up(till)
        await set_up(kitchen)
        board = KitchenScreen(kitchen)
        board.resize(1280, 720)
        board.show()
        try:
            yield Restaurant(till, kitchen, board)
        finally:
            board.hide()
            board.tickets.detach()
            board.deleteLater()


Scene = Callable[[Place], Awaitable[None]]
Run = Callable[[Scene], None]


@pytest.fixture
def place(hub: RunningHub, tmp_path: Path) -> Place:
    return Place(Site(hub), tmp_path)


@pytest.fixture(scope="module")
def runner(qapp: QApplication) -> Iterator[asyncio.Runner]:
    """Qt's own loop, as the program runs on; one for all scenes. Boards are garbage only on the
    thread of the windows, as in the program."""
    apply_theme(qapp, DARK)
    collector = Collector(qapp)
    with asyncio.Runner(loop_factory=lambda: QEventLoop(qapp)) as runner:
        yield runner
    gc.collect()
    collector.stop()


@pytest.fixture
def run(runner: asyncio.Runner, place: Place) -> Run:
    """Plays a scene in a branch with a menu."""

    async def play(scene: Scene) -> None:
        await place.site.open()
        place.site.hub.sql(
            "select public.import_menu(%s::uuid, %s::jsonb)",
            place.site.branch_id,
            json.dumps(menu()),
        )
        await scene(place)

    return lambda scene: runner.run(play(scene))


def test_an_order_is_followed_from_the_till_to_the_cook(run: Run) -> None:
    async def scene(place: Place) -> None:
        async with restaurant(place) as here:
            order_id = await here.till.actions.place_order(cart("l1"))
            receipt = here.till.receipts.of(order_id)
            assert receipt is not None
            assert receipt.stage == "stored"
            painted = await here.stage(order_id, "painted")
            (station,) = painted.stations
            assert station.sight is not None
            assert station.sight.screen == "grill"
            assert here.board.board.on_glass == {order_id}
            await here.kitchen.actions.start(order_id, ["l1"])
            await wait_for(
                here.till.store.changed,
                lambda: (
                    (known := here.till.receipts.of(order_id)) is not None
                    and known.stage == "started"
                ),
            )

    run(scene)


def test_an_addition_has_to_be_seen_again(run: Run) -> None:
    async def scene(place: Place) -> None:
        async with restaurant(place) as here:
            order_id = await here.till.actions.place_order(cart("l1"))
            await here.stage(order_id, "painted")
            await here.till.actions.add_lines(order_id, cart("l2"))
            receipt = here.till.receipts.of(order_id)
            assert receipt is not None
            assert receipt.stage == "stored"
            await here.stage(order_id, "painted")

    run(scene)


def test_a_till_that_starts_later_learns_what_is_on_the_screens(run: Run) -> None:
    async def scene(place: Place) -> None:
        async with restaurant(place) as here:
            order_id = await here.till.actions.place_order(cart("l1"))
            await here.stage(order_id, "painted")
            async with started(await place.options("bar")) as late:
                await wait_for(
                    late.receipts.changed,
                    lambda: (
                        (known := late.receipts.of(order_id)) is not None
                        and known.stage == "painted"
                    ),
                )

    run(scene)


def test_an_order_on_no_screen_raises_an_alarm_until_the_board_is_looked_at(run: Run) -> None:
    async def scene(place: Place) -> None:
        async with restaurant(place, patience=HASTY) as here:
            here.board.hide()
            order_id = await here.till.actions.place_order(cart("l1"))
            await here.alarm(order_id)
            receipt = here.till.receipts.of(order_id)
            assert receipt is not None
            assert receipt.missing == ("Grill",)
            assert [one.kind for one in here.till.notices.items] == ["not_seen"]
            here.board.show()
            await here.alarm()
            await here.stage(order_id, "painted")

    run(scene)


def test_an_acknowledged_alarm_is_not_repeated_after_a_restart(run: Run) -> None:
    async def scene(place: Place) -> None:
        options = await place.options("till")
        async with started(options, world(options, HASTY)) as till:
            await set_up(till)
            order_id = await till.actions.place_order(cart("l1"))
            await wait_for(till.receipts.changed, lambda: till.receipts.alarmed == (order_id,))
            till.receipts.acknowledge(order_id)
        async with started(options, world(options, HASTY)) as again:
            await set_up(again)
            later = await again.actions.place_order(cart("l2"))
            await wait_for(again.receipts.changed, lambda: again.receipts.alarmed == (later,))
            assert [one.kind for one in again.notices.items] == ["not_seen", "not_seen"]

    run(scene)


def test_a_kitchen_that_is_closed_says_goodbye(run: Run) -> None:
    async def scene(place: Place) -> None:
        async with restaurant(place) as here:
            order_id = await here.till.actions.place_order(cart("l1"))
            await here.stage(order_id, "painted")
            listener = here.till._room.listener
            await here.kitchen.stop()
            await wait_for(listener.heard, lambda: len(listener.screens.closed) == 1)
            assert not listener.screens.said

    run(scene)


def test_a_screen_of_another_station_is_not_enough(run: Run) -> None:
    async def scene(place: Place) -> None:
        async with restaurant(place, frozenset({"cold"}), HASTY) as here:
            order_id = await here.till.actions.place_order(cart_of_grill())
            await here.alarm(order_id)
            here.till.receipts.acknowledge(order_id)
            assert here.till.receipts.alarmed == ()

    run(scene)


def test_a_till_without_its_hub_says_that_nobody_has_seen_the_order(run: Run) -> None:
    async def scene(place: Place) -> None:
        options = await place.options("till")
        async with started(options) as till:
            await set_up(till)
        options = await place.options("till", url="http://127.0.0.1:9", email=options.email)
        async with started(options, world(options, HASTY)) as alone:
            order_id = await alone.actions.place_order(cart("l1"))
            await wait_for(alone.receipts.changed, lambda: alone.receipts.alarmed == (order_id,))
            receipt = alone.receipts.of(order_id)
            assert receipt is not None
            assert receipt.stage == "stored"

    run(scene)


def cart_of_grill() -> Cart:
    line = CartLine("l1", "margherita", "Margherita", "M", "grill", 1, 1200)
    return Cart((line,), table_name="7")
