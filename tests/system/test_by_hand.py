"""A whole service by keys alone, and by touch alone: a real till, a real hub, a real screen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputDevice, QPointingDevice
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from kds.ui.kitchen.display import KEPT_AS
from tests.support.hands import Hands, KeyHands, TouchHands
from tests.support.hub import RunningHub, Site, hub
from tests.support.qtloop import run
from tests.support.shift import Kitchen, Shift, Till, expo, shift

__all__ = ["hub"]

Key = Qt.Key


@pytest.fixture(scope="module")
def touchscreen(qapp: QApplication) -> QPointingDevice:
    return QTest.createTouchDevice(QInputDevice.DeviceType.TouchScreen)


async def cook(hands: Hands, kitchen: Kitchen, till: Till) -> None:
    """Start, bump a line, take it back, bump the rest; then bring the order back by its number."""
    order = await till.order("thin", "thick")
    await kitchen.gets(order)
    await hands.start(order)
    await till.sees(lambda: till.states(order) == ["started", "started"])
    await hands.bump(order, till.lines(order)[1]["id"])
    await till.sees(lambda: till.states(order) == ["started", "ready"])
    await hands.undo()
    await till.sees(lambda: till.states(order) == ["started", "sent"])
    await hands.bump(order)
    await till.sees(lambda: till.states(order) == ["ready", "ready"])
    assert kitchen.screen.tickets.item(order) is None

    other = await till.order("")
    await kitchen.gets(other)
    await hands.bump(other)
    await till.sees(lambda: till.states(other) == ["ready"])
    await hands.recall(till.row(order)["number"].partition("-")[2])
    await till.sees(lambda: till.states(order) == ["sent", "sent"])
    assert till.states(other) == ["ready"]
    await kitchen.gets(order)
    await hands.bump(order)


async def mind_changes(hands: Hands, kitchen: Kitchen, till: Till) -> None:
    """A quantity is changed: acknowledge it. An order is urgent, a dish is out."""
    order = await till.order("thin", "thick")
    await kitchen.gets(order)
    line = till.lines(order)[0]["id"]
    await till.session.actions.change_qty(order, line, 3)
    await kitchen.until(lambda: line in _ticket(kitchen, order).flagged_line_ids)
    await hands.acknowledge(order)
    await till.sees(lambda: till.lines(order)[0]["flag"] == "")
    assert till.states(order) == ["sent", "sent"]

    await hands.rush(order)
    await till.sees(lambda: till.row(order)["rush"])
    await hands.choose(order, line, "86", "86 Margherita")
    await till.sees(lambda: _sold_out(till))
    await hands.choose(order, line, "86", "Margherita is back")
    await till.sees(lambda: not _sold_out(till))
    await hands.bump(order)


async def pace_courses(hands: Hands, kitchen: Kitchen, till: Till) -> None:
    """The second course is fired, held again, and fired for good."""
    order = await till.order("first", "second", courses=(1, 2), pacing="manual")
    await kitchen.gets(order)
    second = till.lines(order)[1]["id"]
    await hands.choose(order, second, "fire", "Fire course 2")
    await till.sees(lambda: not till.lines(order)[1]["held"])
    await hands.choose(order, second, "hold", "Hold course 2")
    await till.sees(lambda: till.lines(order)[1]["held"])
    await hands.bump(order)
    await till.sees(lambda: till.states(order) == ["ready", "sent"])
    await till.session.actions.fire(order, 2)
    await kitchen.gets(order)
    await hands.bump(order)
    await till.sees(lambda: till.states(order) == ["ready", "ready"])


async def ask_front_of_house(hands: Hands, kitchen: Kitchen, till: Till) -> None:
    order = await till.order("thin")
    await kitchen.gets(order)
    await hands.ask(order, "Can it wait?")
    await till.sees(lambda: bool(till.row(order)["questions"]))
    question = till.row(order)["questions"][0]
    assert question["options"] == ["Yes", "No"]
    await till.session.actions.answer(order, question["id"], "No")
    await kitchen.until(lambda: _ticket(kitchen, order).questions[0].answer == "No")
    await hands.bump(order)


async def look_around(hands: Hands, kitchen: Kitchen, till: Till) -> None:
    """A larger text makes pages, which are turned; the all-day counts come and go."""
    orders = [await till.order(*(f"{n} {m}" for m in range(8))) for n in range(12)]
    for order in orders:
        await kitchen.gets(order)
    board = kitchen.screen.board
    before = board.pages
    await hands.set_text("Huge")
    assert board.pages > before
    assert (await kitchen.session.settings.get(KEPT_AS))["text"] == "xl"
    await hands.turn_page(forward=True)
    assert board.page == 1
    await hands.turn_page(forward=False)
    assert board.page == 0
    await hands.all_day()
    assert kitchen.panel.isVisible()
    assert kitchen.panel.dishes.pieces == 8 * 12
    await hands.all_day()
    assert not kitchen.panel.isVisible()
    await hands.set_text("Medium")
    for order in orders:
        await hands.bump(order)
    await till.sees(lambda: all(set(till.states(order)) == {"ready"} for order in orders))
    assert kitchen.screen.nothing.isVisible()


async def serve(hands: Hands, kitchen: Kitchen, till: Till) -> None:
    for part in (cook, mind_changes, pace_courses, ask_front_of_house, look_around):
        await part(hands, kitchen, till)


def _ticket(kitchen: Kitchen, order_id: str):  # type: ignore[no-untyped-def]
    ticket = kitchen.screen.tickets.item(order_id)
    assert ticket is not None
    return ticket


def _sold_out(till: Till) -> bool:
    row = till.session.store.row("menu_items", "margherita")
    return row is not None and row["out_since"] is not None


async def _service(site: Site, folder: Path, hands: Callable[[Shift], Hands]) -> None:
    await site.open()
    async with shift(site, folder) as now:
        await serve(hands(now), now.kitchen, now.till)


def test_a_whole_service_by_keys_alone(qapp: QApplication, hub: RunningHub, tmp_path: Path) -> None:
    run(qapp, _service(Site(hub), tmp_path, lambda now: KeyHands(now.kitchen.screen)))


def test_a_whole_service_by_touch_alone(
    qapp: QApplication, hub: RunningHub, tmp_path: Path, touchscreen: QPointingDevice
) -> None:
    def hands(now: Shift) -> Hands:
        return TouchHands(now.kitchen.screen, touchscreen)

    run(qapp, _service(Site(hub), tmp_path, hands))


async def _pass_on(site: Site, folder: Path) -> None:
    """Assembled, not after all, assembled and handed over, not after all, and for good."""
    await site.open()
    site.hub.sql("update public.branches set expo_stages = 2 where id = %s", site.branch_id)
    async with shift(site, folder) as now, expo(site, folder) as here:
        till, kitchen = now.till, now.kitchen
        order = await till.order("thin", "thick")
        await kitchen.gets(order)
        await KeyHands(kitchen.screen).bump(order)
        await here.gets_ready(order)
        for key, column, done in (
            (Key.Key_1, "assembled_at", True),
            (Key.Key_U, "assembled_at", False),
            (Key.Key_1, "assembled_at", True),
            (Key.Key_1, "handed_at", True),
            (Key.Key_U, "handed_at", False),
            (Key.Key_1, "handed_at", True),
        ):
            await here.press(key)
            await till.sees(lambda column=column, done=done: bool(till.row(order)[column]) is done)
        assert len(here.screen.orders) == 0
        await here.press(Key.Key_0)
        await till.sees(lambda: not till.row(order)["handed_at"])
        assert till.row(order)["assembled_at"]


def test_the_expo_assembles_hands_over_and_takes_back_by_keys_alone(
    qapp: QApplication, hub: RunningHub, tmp_path: Path
) -> None:
    run(qapp, _pass_on(Site(hub), tmp_path))
