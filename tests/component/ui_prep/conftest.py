"""The manager's screen of kitchen times, fed by made-up days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kds.ui.dashboard.prep_screen import PrepScreen
from kds.ui.theme import DARK, apply_theme
from tests.support.prep import TODAY, PrepServer, PrepSession, line

HOUR = timedelta(hours=1)


@pytest.fixture
def server() -> PrepServer:
    """Four dishes of today, one of them late, and one of yesterday."""
    noon = TODAY + 17 * HOUR
    return PrepServer(
        [
            line(1, noon - 24 * HOUR, 60, item_id="cola", name="Cola", station_id="bar"),
            line(2, noon, 100),
            line(3, noon, 300),
            line(4, noon + HOUR, 600, made_by="Li Wei"),
            line(5, noon + HOUR, 200, item_id="fries", name="Fries", station_id="fry"),
        ]
    )


@pytest.fixture
def screen(qapp: QApplication, qtbot: QtBot, server: PrepServer) -> Iterator[PrepScreen]:
    apply_theme(qapp, DARK)
    found = PrepScreen(PrepSession(server, TODAY + 20 * HOUR))  # type: ignore[arg-type]
    qtbot.addWidget(found)
    found.resize(1824, 1000)
    yield found
    apply_theme(qapp, DARK)
