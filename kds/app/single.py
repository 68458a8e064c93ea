"""One window a profile: a second start raises the first one's window instead of opening another."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtNetwork import QLocalServer, QLocalSocket

ANSWER_MS = 1000


def raise_running(data: Path) -> bool:
    """Ask the process that has the profile in `data` to come to the front; False when none does."""
    socket = QLocalSocket()
    socket.connectToServer(_name(data))
    if not socket.waitForConnected(ANSWER_MS):
        return False
    socket.disconnectFromServer()
    return True


class SingleWindow(QObject):
    """Listens for second starts of the same profile; any connection means "come to the front"."""

    def __init__(self, data: Path, raise_window: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._raise_window = raise_window
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        QLocalServer.removeServer(_name(data))  # left behind by a crash; the file lock is ours
        self._server.listen(_name(data))
        self._server.newConnection.connect(self._on_connection)

    def _on_connection(self) -> None:
        while socket := self._server.nextPendingConnection():
            socket.disconnected.connect(socket.deleteLater)
            self._raise_window()


def _name(data: Path) -> str:
    return "kds-" + hashlib.sha256(str(data.resolve()).encode()).hexdigest()[:24]
