"""A copied terminal on the screen People: what happened, and the manager's key."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kds.base.errors import Refused
from kds.domain.rows import Role
from kds.ui.kit.tasks import running
from kds.ui.shell.screen import Screen
from kds.ui.shell.window import MainWindow
from kds.ui.staff.locked import LockedCard, LockedPanel
from kds.ui.staff.screen import PeopleScreen
from kds.ui.theme import LIGHT, apply_theme, look
from tests.component.ui_pos.test_till import settle
from tests.support.pos import Desk
from tests.support.restaurant import device_row

SINCE = "2026-11-21T11:48:00+00:00"
TILL = {**device_row("d-9", "pos", "B"), "name": "Till 2", "locked_since": SINCE}


@pytest.fixture(params=["manager", "pos"])
def desk(qapp: QApplication, request: pytest.FixtureRequest) -> Desk:
    apply_theme(qapp, LIGHT)
    role: Role = request.param
    return Desk(role)


@pytest.fixture
def panel(desk: Desk, qtbot: QtBot) -> LockedPanel:
    window = MainWindow(
        desk, [Screen("People", "people", "people", lambda: PeopleScreen(desk))], title="x"
    )  # type: ignore[arg-type]
    qtbot.addWidget(window)
    window.resize(1280, 720)
    with qtbot.waitExposed(window):
        window.show()
    screen = window.screen_widget(0)
    assert isinstance(screen, PeopleScreen)
    return screen.locked


def only_card(panel: LockedPanel) -> LockedCard:
    (card,) = panel.cards
    return card


def test_nothing_is_shown_while_no_terminal_is_locked(panel: LockedPanel, desk: Desk) -> None:
    desk.put(("devices", {**TILL, "locked_since": None}))
    assert not panel.isVisible()


def test_a_locked_terminal_comes_and_goes(panel: LockedPanel, desk: Desk) -> None:
    desk.put(("devices", TILL))
    assert panel.isVisible()
    assert only_card(panel).accessibleName().startswith("Till 2 was copied. Two machines use")
    desk.put(("devices", {**TILL, "locked_since": None}))
    assert not panel.isVisible()
    assert panel.cards == []


@pytest.mark.parametrize("desk", ["pos"], indirect=True)
def test_a_till_is_told_who_has_the_key(panel: LockedPanel, desk: Desk) -> None:
    desk.put(("devices", TILL))
    assert not only_card(panel).button.isVisible()
    assert only_card(panel).hint.text() == "A manager can let it in again."


@pytest.mark.parametrize("desk", ["pos"], indirect=True)
def test_the_locked_terminal_itself_says_so(panel: LockedPanel, desk: Desk) -> None:
    desk.put(("devices", {**TILL, "id": desk.device.id}))
    assert only_card(panel).title == "This terminal was copied"


@pytest.mark.parametrize("desk", ["manager"], indirect=True)
async def test_a_manager_lets_it_in_with_one_tap(panel: LockedPanel, desk: Desk) -> None:
    desk.put(("devices", TILL))
    button = only_card(panel).button
    assert button.height() >= look().px(56)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert not button.isEnabled()
    await settle()
    assert desk.asked == [("release_device", {"device_id": "d-9"})]


@pytest.mark.parametrize("desk", ["manager"], indirect=True)
async def test_what_did_not_come_about_is_said_and_can_be_tried_again(
    panel: LockedPanel, desk: Desk
) -> None:
    desk.put(("devices", TILL))
    desk.refusal = Refused("Only a manager of this branch may do this.", "42501")
    card = only_card(panel)
    card.button.setFocus()
    QTest.keyClick(card.button, Qt.Key.Key_Space)
    await settle()
    assert card.hint.text() == "Not done: Only a manager of this branch may do this."
    assert card.button.isEnabled()
    assert not running()
