"""A terminal's first minutes, and a fresh snapshot later on."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kds.session.status import Status
from kds.ui.pos.till import Till
from kds.ui.shell.screen import Screen
from kds.ui.shell.window import MainWindow
from kds.ui.theme import LIGHT, apply_theme
from tests.component.ui_pos.test_till import tap
from tests.support.pos import Desk, pizza_rows

Show = Callable[[Desk], MainWindow]


@pytest.fixture
def new(qapp: QApplication) -> Desk:
    """A till that has never been connected."""
    apply_theme(qapp, LIGHT)
    desk = Desk("pos", with_menu=False)
    desk.status = Status()
    return desk


@pytest.fixture
def show(qapp: QApplication, qtbot: QtBot) -> Iterator[Show]:
    def shown(desk: Desk) -> MainWindow:
        till = Screen("Till", "cash", "till", lambda: Till(desk))  # type: ignore[arg-type]
        window = MainWindow(desk, [till], title="Front till")  # type: ignore[arg-type]
        qtbot.addWidget(window)
        with qtbot.waitExposed(window):
            window.show()
        return window

    yield shown
    apply_theme(qapp, LIGHT)


def test_the_first_snapshot_is_shown_from_nothing_to_the_till(new: Desk, show: Show) -> None:
    window = show(new)
    assert window.loading.title == "Opening this terminal…"
    new.set_status(link="connected", quality="good", bootstrapping=0.0)
    assert window.loading.title == "Loading the restaurant: 0 %"
    new.put(*pizza_rows(), initiator="load")
    new.set_status(bootstrapping=0.62)
    assert (window.loading.title, window.loading.bar.value) == (
        "Loading the restaurant: 62 %",
        0.62,
    )
    assert not window.screen_widget(0).isVisible()
    new.set_status(bootstrapping=None, complete_to=4821, head=4821)
    assert window.screen_widget(0).isVisible()
    assert not window.loading.isVisible()


def test_the_keyboard_is_the_tills_when_loading_has_ended(new: Desk, show: Show) -> None:
    window = show(new)
    assert window.focusWidget() is window.loading
    new.put(*pizza_rows(), initiator="load")
    new.set_status(link="connected", complete_to=4821)
    assert window.screen_widget(0).isAncestorOf(window.focusWidget())


def test_an_open_panel_keeps_the_keyboard_and_gives_it_to_the_till(new: Desk, show: Show) -> None:
    window = show(new)
    window.connection_panel.open()
    new.put(*pizza_rows(), initiator="load")
    new.set_status(link="connected", complete_to=4821)
    assert window.focusWidget() is window.connection_panel
    QTest.keyClick(window.connection_panel, Qt.Key.Key_Escape)
    assert window.screen_widget(0).isAncestorOf(window.focusWidget())


def test_a_first_start_without_a_network_says_what_to_do(new: Desk, show: Show) -> None:
    window = show(new)
    new.set_status(link="reconnecting", problem="The server cannot be reached.")
    assert window.loading.title == "This terminal must reach the restaurant once"
    assert "Check the network" in window.loading.hint
    assert not window.loading.bar.isVisible()
    assert window.banner.text == ""  # it would say the same again


def test_a_first_start_leads_to_the_sign_in(new: Desk, show: Show) -> None:
    window = show(new)
    new.needs_sign_in = True
    new.set_status(link="disconnected", reason="signed_out")
    tap(window.loading.button)
    assert window.sign_in.isVisible()


def test_a_later_snapshot_is_told_in_the_bar_and_covers_nothing(show: Show) -> None:
    desk = Desk("pos")
    window = show(desk)
    desk.set_status(bootstrapping=0.25)
    assert window.screen_widget(0).isVisible()
    assert window.top_bar.complete.words == "Loading 25 %"
    desk.set_status(complete_to=None, bootstrapping=0.5)
    assert window.screen_widget(0).isVisible()


def test_rows_on_the_disk_are_shown_without_a_server(show: Show) -> None:
    desk = Desk("pos")
    desk.status = Status("reconnecting", "offline")
    assert show(desk).screen_widget(0).isVisible()
