"""The replay screen on Qt's offscreen platform, fed by a log in memory."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kds.session.replay import ReplayDesk
from kds.ui.replay.screen import ReplayScreen
from kds.ui.theme import DARK, apply_theme
from tests.support.qt import LocalSession
from tests.support.replay import START, LogServer, evening
from tests.support.restaurant import BRANCH


class ReplaySession(LocalSession):
    """A session whose past is a log."""

    def __init__(self, server: LogServer) -> None:
        super().__init__(start=START + timedelta(days=1))
        self.server = server

    def replay_desk(self) -> ReplayDesk:
        return ReplayDesk(self.server, lambda: BRANCH)


@pytest.fixture
def server() -> LogServer:
    return LogServer(evening())


@pytest.fixture
def screen(qapp: QApplication, qtbot: QtBot, server: LogServer) -> Iterator[ReplayScreen]:
    apply_theme(qapp, DARK)
    found = ReplayScreen(ReplaySession(server))  # type: ignore[arg-type]
    qtbot.addWidget(found)
    found.resize(1920, 1080)
    yield found
    apply_theme(qapp, DARK)
