"""One size of an item on its tile: the name of the size, and what it costs."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from kds.ui.theme import look


class SizeButton(QAbstractButton):
    """Two lines that a finger can hit. `size` "" shows the price alone."""

    def __init__(self, size: str, price: str, says: str, parent: QWidget | None = None) -> None:
        """`price` is ready to show; `says` is what a screen reader says."""
        super().__init__(parent)
        self._size_name, self._price = size, price
        self.setAccessibleName(says)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a tap leaves the keyboard where it is
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        return QSize(look().px(72), look().touch)

    def minimumSizeHint(self) -> QSize:
        return QSize(look().px(56), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        now, theme = look(), look().theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        radius = now.px(theme.radius.m)
        painter.setBrush(QColor(self._ground()))
        painter.setPen(
            QPen(QColor(theme.focus), 2) if self.hasFocus() else QPen(QColor(theme.line), 1)
        )
        painter.drawRoundedRect(box, radius, radius)
        enabled, pressed = self.isEnabled(), self.isDown()
        accent = theme.tones["accent"]
        ink = accent.on_solid if pressed else theme.text if enabled else theme.text_faint
        soft = accent.on_solid if pressed else theme.text_soft if enabled else theme.text_faint
        if self._size_name:
            upper, lower = QRectF(box), QRectF(box)
            upper.setBottom(box.top() + box.height() * 0.56)
            lower.setTop(box.top() + box.height() * 0.5)
            self._write(painter, upper, self._size_name, now.font_of(19, 800), ink)
            self._write(painter, lower, self._price, now.font_of(15, 600), soft)
        else:
            self._write(painter, box, self._price, now.font_of(18, 700), ink)
        painter.end()

    def _ground(self) -> str:
        theme = look().theme
        if not self.isEnabled():
            return theme.surface
        if self.isDown():
            return theme.tones["accent"].solid
        return theme.raised_hover if self.underMouse() else theme.raised

    def _write(self, painter: QPainter, box: QRectF, text: str, font: QFont, ink: str) -> None:
        painter.setFont(font)
        painter.setPen(QColor(ink))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
