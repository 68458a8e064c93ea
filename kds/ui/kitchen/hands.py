"""A cook's hands on the board: keys and fingers become `tapped`, `held` and `act` of the view.

What comes of a tap is decided elsewhere; what belongs to looking (arrows, pages) is done here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QMouseEvent

from kds.ui.kitchen.board import Hit
from kds.ui.kitchen.cursor import Direction
from kds.ui.kitchen.keys import KeyMap

if TYPE_CHECKING:
    from kds.ui.kitchen.view import BoardView

HOLD_MS = 500
_DIRECTIONS: dict[str, Direction] = {"up": "up", "down": "down", "left": "left", "right": "right"}
_PRESSES = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick)  # two taps are two taps


class Keys(QObject):
    """Reads the keys of the board by `map`."""

    def __init__(self, view: BoardView) -> None:
        super().__init__(view)
        self._view = view
        self.map = KeyMap()
        view.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent):
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            if self._meaning(event):
                event.accept()  # an F-key of the bump bar is not the window's
            return False
        return event.type() == QEvent.Type.KeyPress and self._press(event)

    def _meaning(self, event: QKeyEvent) -> str:
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        return "" if control else self.map.act(event.key())

    def _press(self, event: QKeyEvent) -> bool:
        meaning = self._meaning(event)
        if not meaning:
            event.ignore()
        elif meaning in _DIRECTIONS or not event.isAutoRepeat():
            self.do(meaning)
        return True

    def do(self, act: str) -> None:
        """What a key with this meaning does."""
        view, (verb, _, number) = self._view, act.partition(" ")
        if act in _DIRECTIONS:
            view.walk(_DIRECTIONS[act])
        elif verb == "bump" and number:
            self._tap(view.ticket_number(int(number)))
        elif act == "act":
            self._tap(view.here)
        elif act == "let go":
            view.choose(None)
        elif number == "page":
            turns = {"next": view.page + 1, "previous": view.page - 1, "first": 0}
            view.set_page(turns.get(verb, view.pages - 1))
        else:
            view.act.emit(act)

    def _tap(self, hit: Hit | None) -> None:
        if hit is not None:
            self._view.tapped.emit(hit.order_id, hit.line_id)


class Fingers(QObject):
    """Reads mouse and touch: a tap; a long press, or the right button.

    A finger that slides off what it pressed was not meant.
    """

    def __init__(self, view: BoardView) -> None:
        super().__init__(view)
        self._view = view
        self._down: tuple[Hit | None, str] | None = None  # what was pressed, and on which ticket
        self._timer = QTimer(self, singleShot=True, interval=HOLD_MS)
        self._timer.timeout.connect(self._hold)
        view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.Hide:
            self._let_go()
        if not isinstance(event, QMouseEvent):
            return kind == QEvent.Type.ContextMenu  # the right button has been heard
        if kind in _PRESSES:
            self._press(event.position(), event.button())
        elif kind == QEvent.Type.MouseMove and self._down != self._under(event.position()):
            self._let_go()
        elif kind == QEvent.Type.MouseButtonRelease:
            self._release(event.position())
        return True

    def _under(self, point: QPointF) -> tuple[Hit | None, str]:
        return self._view.hit_at(point), self._view.ticket_at(point)

    def _press(self, point: QPointF, button: Qt.MouseButton) -> None:
        self._down = self._under(point)
        if button == Qt.MouseButton.RightButton:
            self._hold()
        else:
            self._view.press(self._down[0])
            self._timer.start()

    def _release(self, point: QPointF) -> None:
        down = self._down
        self._let_go()
        if down is not None and down[0] is not None and down == self._under(point):
            self._view.tapped.emit(down[0].order_id, down[0].line_id)

    def _hold(self) -> None:
        down = self._down
        self._let_go()
        if down is not None and down[1]:
            self._view.held.emit(down[1], down[0].line_id if down[0] else "")

    def _let_go(self) -> None:
        self._down = None
        self._timer.stop()
        self._view.press(None)
