"""The replay screen on Qt's offscreen platform, fed by a log in memory."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytestqt.qtbot import QtBot

from kds.session.replay import ReplayDesk
from kds.ui.replay.screen import ReplayScreen
from tests.support.qt import LocalSession
from tests.support.replay import START, LogServer, evening
from tests.support.restaurant import BRANCH
from tests.support.screens import dark

__all__ = ["dark", "screen", "server"]


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
def screen(dark: None, qtbot: QtBot, server: LogServer) -> ReplayScreen:
    found = ReplayScreen(ReplaySession(server))  # type: ignore[arg-type]
    qtbot.addWidget(found)
    found.resize(1920, 1080)
    return found
