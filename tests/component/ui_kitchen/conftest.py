"""A kitchen display on Qt's offscreen platform."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from kds.ui.kitchen import KitchenScreen
from tests.support.kitchen_display import KitchenDisplay
from tests.support.qt import LocalSession
from tests.support.screens import dark, exposed, session

__all__ = ["dark", "display", "session"]


@pytest.fixture
def display(dark: None, qtbot: QtBot, session: LocalSession) -> KitchenDisplay:
    screen = exposed(qtbot, KitchenScreen(session))  # type: ignore[arg-type]
    return KitchenDisplay(screen, session)
