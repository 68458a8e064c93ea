"""A main window at a desk in memory, on Qt's offscreen platform."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kds.ui.dashboard.screen import DashboardScreen
from kds.ui.notices.screen import NoticesScreen
from kds.ui.shell.screen import Screen
from kds.ui.shell.window import NOTICES, PEOPLE, MainWindow
from kds.ui.staff.screen import PeopleScreen
from kds.ui.stock.screen import StockScreen
from kds.ui.theme import LIGHT, apply_theme
from tests.support.pos import Desk
from tests.support.screens import exposed


@pytest.fixture
def desk(qapp: QApplication) -> Desk:
    apply_theme(qapp, LIGHT)
    return Desk("manager")


@pytest.fixture
def window(qapp: QApplication, qtbot: QtBot, desk: Desk) -> Iterator[MainWindow]:
    made = MainWindow(
        desk,  # type: ignore[arg-type]
        [
            Screen("Today", "chart", "today", lambda: DashboardScreen(desk)),  # type: ignore[arg-type]
            Screen("Stock", "stock", "stock", lambda: StockScreen(desk)),  # type: ignore[arg-type]
            Screen("Notices", "bell", NOTICES, lambda: NoticesScreen(desk)),  # type: ignore[arg-type]
            Screen("People", "people", PEOPLE, lambda: PeopleScreen(desk)),  # type: ignore[arg-type]
        ],
        title="Piazza Nord",
    )
    yield exposed(qtbot, made)
    apply_theme(qapp, LIGHT)
