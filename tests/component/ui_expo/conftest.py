"""An expo's screen on Qt's offscreen platform."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from kds.ui.expo.screen import ExpoScreen
from tests.support.qt import LocalSession
from tests.support.screens import dark, exposed, session

__all__ = ["dark", "expo", "session"]


@pytest.fixture
def expo(dark: None, qtbot: QtBot, session: LocalSession) -> ExpoScreen:
    return exposed(qtbot, ExpoScreen(session))  # type: ignore[arg-type]
