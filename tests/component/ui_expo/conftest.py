"""An expo's screen on Qt's offscreen platform."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kds.ui.expo.screen import ExpoScreen
from kds.ui.theme import DARK, apply_theme
from tests.support.qt import LocalSession, menu_rows


@pytest.fixture
def session() -> LocalSession:
    found = LocalSession()
    found.put(*menu_rows(), initiator="load")
    return found


@pytest.fixture
def expo(qapp: QApplication, qtbot: QtBot, session: LocalSession) -> Iterator[ExpoScreen]:
    apply_theme(qapp, DARK)
    screen = ExpoScreen(session)  # type: ignore[arg-type]
    qtbot.addWidget(screen)
    screen.resize(1920, 1080)
    with qtbot.waitExposed(screen):
        screen.show()
    yield screen
    apply_theme(qapp, DARK)
