"""What lies over a screen: a passing word with a way back, and a sheet from the side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from kds.ui.kit.buttons import Button, IconButton
from kds.ui.kit.panels import Card, Panel
from kds.ui.kit.text import ElidedLabel, Label
from kds.ui.theme import look

TOAST_MS = 5000
Side = Literal["end", "center"]  # of the reading direction


class Toast(Card):
    """A sentence at the bottom of its parent for five seconds, with one action to take it back.

    One toast a screen: a newer sentence replaces the older one.
    """

    def __init__(self, parent: QWidget, *, lift: int = 96, across: float = 0.5) -> None:
        """`lift`: how far above the parent's lower edge, in token pixels; `across`: 0 is at its
        left edge, 1 at its right."""
        super().__init__(horizontal=True, padding=6, parent=parent)
        self._over, self._lift, self._across = parent, lift, across
        self._act: Callable[[], None] | None = None
        self._text = Label("", "label")
        self._text.setContentsMargins(look().px(12), 0, look().px(12), 0)
        self._button = Button("Undo", "primary", icon_name="undo")
        self._button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a tap leaves the keyboard alone
        self._button.clicked.connect(self._take)
        self.box.addWidget(self._text)
        self.box.addWidget(self._button)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.hide)
        parent.installEventFilter(self)
        self.hide()

    def say(
        self,
        text: str,
        act: Callable[[], None] | None = None,
        *,
        act_text: str = "Undo",
        ms: int = TOAST_MS,
    ) -> None:
        """Show `text`; with `act`, a button that does it once. Gone after `ms` milliseconds."""
        self._act = act
        self._text.setText(text)
        self._button.setText(act_text)
        self._button.setVisible(act is not None)
        self.setAccessibleName(text)
        self.show()
        self._place()
        self.raise_()
        self._timer.start(ms)

    @property
    def text(self) -> str:
        return self._text.text()

    def act(self) -> bool:
        """Do what the button does, if it is still offered; True when it was."""
        if self.isHidden() or self._act is None:
            return False
        self._take()
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and not self.isHidden():
            self._place()
        return super().eventFilter(watched, event)

    def _take(self) -> None:
        act, self._act = self._act, None
        self._timer.stop()
        self.hide()
        if act is not None:
            act()

    def _place(self) -> None:
        room = self._over.rect()
        self.adjustSize()
        width = min(self.width(), room.width() - look().px(32))
        left = round((room.width() - width) * self._across)
        top = room.height() - self.height() - look().px(self._lift)
        self.setGeometry(left, max(0, top), width, self.height())


class Sheet(QWidget):
    """A panel over its parent, the rest dimmed; Escape, a tap outside or the cross closes it.

    Put widgets into `body`. Hidden until `open()`.
    """

    closed = Signal()

    def __init__(self, title: str, parent: QWidget, *, side: Side = "end", width: int = 520):
        """`width` in token pixels; never more than the parent has."""
        super().__init__(parent)
        self._over = parent
        self._side, self._width = side, width
        self._before: QWidget | None = None
        self._placed = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.panel = Panel("card", padding=20, parent=self)
        head = QHBoxLayout()
        self._title = ElidedLabel(title, "heading")
        head.addWidget(self._title, 1)
        cross = IconButton("x", "Close")
        cross.clicked.connect(self.close_sheet)
        head.addWidget(cross)
        self.panel.box.addLayout(head)
        self.body = Panel("ground", padding=0)
        self.body.setProperty("panel", "")
        self.panel.box.addWidget(self.body, 1)
        parent.installEventFilter(self)
        self.hide()

    def set_title(self, title: str) -> None:
        self._title.setText(title)

    def open(self) -> None:
        """Show it and take the keyboard."""
        self._before = self.window().focusWidget()
        self._place()
        self.show()
        self.raise_()
        self.setFocus()

    def close_sheet(self) -> None:
        """Hide it and give the keyboard back."""
        if self.isHidden():
            return
        self.hide()
        if self._before is not None:
            self._before.setFocus()
        self._before = None
        self.closed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and not self.isHidden():
            self._place()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_sheet()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and not self.isHidden() and self._placed:
            self._place()  # at another scale it has another width

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes round inside: what lies under the sheet cannot be seen."""
        stops = [part for part in self.findChildren(QWidget) if _is_stop(part)]
        if not stops:
            return True
        here = self.focusWidget()
        at = stops.index(here) if here in stops else (-1 if forward else 0)
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        stops[(at + (1 if forward else -1)) % len(stops)].setFocus(reason)
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.panel.geometry().contains(event.position().toPoint()):
            self.close_sheet()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        dim = QColor(look().theme.scrim)
        dim.setAlphaF(0.6)
        painter.fillRect(self.rect(), dim)
        painter.end()

    def _place(self) -> None:
        self._placed = True
        room = self._over.rect()
        self.setGeometry(room)
        gap = look().px(12)
        width = min(look().px(self._width), room.width() - 2 * gap)
        height = room.height() - 2 * gap
        if self._side == "center":
            height = min(self.panel.sizeHint().height(), height)
        box = QRect(gap, gap, width, height)
        if self._side == "center":
            box.moveCenter(room.center())
        elif not self.isRightToLeft():
            box.moveRight(room.right() - gap)
        self.panel.setGeometry(box)


def _is_stop(part: QWidget) -> bool:
    """The keyboard stops there on its way with Tab."""
    takes = bool(part.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return takes and part.isVisible() and part.isEnabled() and part.focusProxy() is None
