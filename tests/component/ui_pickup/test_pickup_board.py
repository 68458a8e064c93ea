"""The guests' board: numbers come, are called once, and go; its settings survive."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from kds.base.clock import to_iso
from kds.domain.pickup import SHOWN_S
from kds.ui.kit.tasks import running
from kds.ui.models.pickup import PickupModel
from kds.ui.pickup.layout import fit
from kds.ui.pickup.screen import OFFLINE, PickupScreen
from kds.ui.pickup.settings import KEPT_AS, PickupSettings
from tests.support.qt import NOON, LocalSession, line_row, menu_rows, order_row
from tests.support.screens import exposed


@pytest.fixture
def session() -> LocalSession:
    found = LocalSession()
    found.put(*menu_rows(), initiator="load")
    for number, kind in enumerate(("takeaway", "delivery", "dine_in"), 1):
        placed = NOON - timedelta(minutes=10 - number)
        order = order_row(f"o{number}", f"A-{number}", placed, type=kind)
        found.put(("orders", order), ("order_lines", line_row(f"l{number}", f"o{number}", 1)))
    return found


@pytest.fixture
def board(session: LocalSession, qtbot: QtBot) -> PickupScreen:
    return exposed(qtbot, PickupScreen(session), 1280, 720)  # type: ignore[arg-type]


def becomes(session: LocalSession, board: PickupScreen, number: int, **fields: object) -> None:
    row = session.store.row("orders", f"o{number}")
    assert row is not None
    session.put(("orders", {**row, **fields}))
    board.orders.flush()
    board.refresh()


def test_a_ready_number_is_called_once_and_stands_alone_for_a_while(
    session: LocalSession, board: PickupScreen
) -> None:
    called: list[str] = []
    board.became_ready.connect(called.append)
    assert board.board.numbers.preparing == ("A-1", "A-2", "A-3")
    becomes(session, board, 2, ready_at=to_iso(NOON))
    becomes(session, board, 2, note="no napkins")
    numbers = board.board.numbers
    assert (numbers.preparing, numbers.ready) == (("A-1", "A-3"), ("A-2",))
    assert (called, numbers.front) == (["A-2"], "A-2")
    session.clock.advance(SHOWN_S)
    board.refresh()
    assert board.board.numbers.front == ""


def test_a_load_calls_nobody(session: LocalSession, qtbot: QtBot) -> None:
    row = session.store.row("orders", "o1")
    assert row is not None
    session.put(("orders", {**row, "ready_at": to_iso(NOON)}))
    screen = PickupScreen(session)  # type: ignore[arg-type]
    qtbot.addWidget(screen)
    assert (screen.board.numbers.ready, screen.spotlight.number) == (("A-1",), "")


def test_a_recalled_number_steps_back(session: LocalSession, board: PickupScreen) -> None:
    becomes(session, board, 1, ready_at=to_iso(NOON))
    becomes(session, board, 1, ready_at=None)
    assert (board.board.numbers.ready, board.board.numbers.front) == ((), "")


def test_what_is_handed_over_or_forgotten_leaves(
    session: LocalSession, board: PickupScreen
) -> None:
    becomes(session, board, 1, ready_at=to_iso(NOON))
    becomes(session, board, 2, ready_at=to_iso(NOON))
    becomes(session, board, 1, handed_at=to_iso(NOON))
    assert board.board.numbers.ready == ("A-2",)
    session.clock.advance(30 * 60)
    board.refresh()
    assert board.board.numbers.ready == ()


def test_the_board_says_discreetly_that_it_may_be_behind(
    session: LocalSession, board: PickupScreen
) -> None:
    session.set_status(link="reconnecting")
    assert board.board.numbers.quiet == OFFLINE
    session.set_status(link="connected")
    assert board.board.numbers.quiet == ""


async def test_types_are_chosen_in_the_settings_and_kept(
    session: LocalSession, board: PickupScreen
) -> None:
    QTest.keyClick(board, Qt.Key.Key_Comma)
    board.sheet.types["dine_in"].click()
    while waiting := running():
        await asyncio.gather(*waiting)
    assert board.board.numbers.preparing == ("A-1", "A-2")
    kept = PickupSettings.from_json(session.settings.kept[KEPT_AS])
    assert kept.types == {"takeaway", "delivery"}
    for kind in ("delivery", "takeaway"):
        board.sheet.types[kind].click()
    assert board.settings.types == {"takeaway"}
    while waiting := running():
        await asyncio.gather(*waiting)


async def test_a_board_comes_back_as_it_was_set_up(
    session: LocalSession, board: PickupScreen
) -> None:
    session.settings.kept[KEPT_AS] = {"types": ["delivery"], "ready_min": 10}
    await board.load_display()
    assert board.board.numbers.preparing == ("A-2",)


@pytest.mark.parametrize("kept", [None, 7, {"types": "x", "ready_min": True}, {"types": ["pizza"]}])
def test_broken_settings_are_the_defaults(kept: object) -> None:
    assert PickupSettings.from_json(kept) == PickupSettings()


def test_the_model_keeps_qts_rules(session: LocalSession) -> None:
    model = PickupModel(session.store)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    for number in (3, 1, 2):
        row = session.store.row("orders", f"o{number}")
        assert row is not None
        session.put(("orders", {**row, "ready_at": to_iso(NOON + timedelta(seconds=number))}))
        model.flush()
    model.set_types(frozenset({"takeaway", "dine_in"}))
    assert model.keys == ("o3", "o1")
    model.detach()


@pytest.mark.parametrize("count", [0, 1, 7, 30, 500])
def test_numbers_are_as_large_as_fits_and_no_smaller_than_readable(count: int) -> None:
    grid = fit(count, 700, 500, most=170, least=60, ratio=2.9)
    assert 60 <= grid.cell <= 170
    assert grid.pages * grid.on_page >= count
    assert grid.columns * grid.cell * 2.9 <= 700
    assert grid.rows * grid.cell <= 500
    assert (grid.pages > 1) == (count == 500)


def test_its_sounds_stand_below_its_other_settings(board: PickupScreen) -> None:
    sounds = QLabel("sounds")
    board.sheet.add_section("Sounds", sounds)
    QTest.keyClick(board, Qt.Key.Key_Comma)
    top = board.sheet.minutes.mapTo(board.sheet, QPoint())
    assert sounds.mapTo(board.sheet, QPoint()).y() > top.y()
    assert sounds.isVisible()


def test_a_board_that_is_read_from_the_right_begins_there(board: PickupScreen) -> None:
    numbers = board.board
    preparing, ready = numbers.grab().toImage(), numbers.width() - 40
    title = preparing.pixelColor(40, 60)
    board.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    assert numbers.grab().toImage().pixelColor(ready, 60) == title
