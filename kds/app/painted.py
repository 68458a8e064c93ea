"""Which tickets a board has really painted, and when."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal

from kds.ui.kitchen.view import BoardView


class Painted(QObject):
    """Calls `say(order id, monotonic second)` when a ticket has been painted for the first time.

    The second is taken when the event loop comes back from the paint, so it is never too early.
    """

    _begun = Signal()

    def __init__(self, board: BoardView, say: Callable[[str, float], None]) -> None:
        super().__init__(board)
        self._board = board
        self._say = say
        self._known: frozenset[str] = frozenset()
        self._begun.connect(self._look, Qt.ConnectionType.QueuedConnection)
        board.viewport().installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self._begun.emit()
        return False

    def _look(self) -> None:
        now = time.monotonic()
        shown = frozenset(self._board.board.tickets_on(self._board.page))
        for order_id in shown - self._known:
            self._say(order_id, now)
        self._known = shown
