"""A till and an order list at a desk in memory, on Qt's offscreen platform."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kds.ui.pos.orders import OrdersScreen
from kds.ui.pos.till import Till
from kds.ui.theme import LIGHT, apply_theme
from tests.support.pos import Desk
from tests.support.screens import exposed
from tests.support.sessions import place

__all__ = ["desk", "orders", "place", "till"]


@pytest.fixture
def desk(qapp: QApplication) -> Desk:
    apply_theme(qapp, LIGHT)
    return Desk()


@pytest.fixture
def till(qtbot: QtBot, desk: Desk) -> Till:
    screen = exposed(qtbot, Till(desk), 1800, 1000)  # type: ignore[arg-type]
    screen.setFocus()
    return screen


@pytest.fixture
def orders(qtbot: QtBot, desk: Desk) -> OrdersScreen:
    return exposed(qtbot, OrdersScreen(desk), 1800, 1000)  # type: ignore[arg-type]
