"""A kitchen display on Qt's offscreen platform."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kds.ui.kitchen import KitchenScreen
from kds.ui.theme import DARK, apply_theme
from tests.support.kitchen_display import KitchenDisplay
from tests.support.qt import LocalSession, menu_rows


@pytest.fixture
def session() -> LocalSession:
    found = LocalSession()
    found.put(*menu_rows(), initiator="load")
    return found


@pytest.fixture
def display(qapp: QApplication, qtbot: QtBot, session: LocalSession) -> Iterator[KitchenDisplay]:
    apply_theme(qapp, DARK)
    screen = KitchenScreen(session)  # type: ignore[arg-type]
    qtbot.addWidget(screen)
    screen.resize(1920, 1080)
    with qtbot.waitExposed(screen):
        screen.show()
    yield KitchenDisplay(screen, session)
    apply_theme(qapp, DARK)
