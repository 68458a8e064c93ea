"""Screens on Qt's offscreen platform, and the session in memory that they show."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from kds.ui.theme import DARK, apply_theme
from tests.support.qt import LocalSession, menu_rows

W = TypeVar("W", bound=QWidget)


@pytest.fixture
def session() -> LocalSession:
    """A session with a menu, and no order yet."""
    found = LocalSession()
    found.put(*menu_rows(), initiator="load")
    return found


@pytest.fixture
def dark(qapp: QApplication) -> Iterator[None]:
    """The kitchen's theme, also after a test that has changed it."""
    apply_theme(qapp, DARK)
    yield
    apply_theme(qapp, DARK)


def exposed(qtbot: QtBot, screen: W, width: int = 1920, height: int = 1080) -> W:
    """The screen when it has been shown in this size; it is closed with the test."""
    qtbot.addWidget(screen)
    screen.resize(width, height)
    with qtbot.waitExposed(screen):
        screen.show()
    return screen


def reveal(widget: QWidget) -> None:
    """Lay out what is due and scroll the widget into view: a finger finds nothing else."""
    QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    above = widget.parentWidget()
    while above is not None:
        if isinstance(above, QScrollArea):
            above.ensureWidgetVisible(widget)
        above = above.parentWidget()
