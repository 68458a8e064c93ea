"""How full something is."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from kds.ui.theme import ToneName, look


class ProgressLine(QWidget):
    """A slim bar from 0.0 to 1.0, with an optional mark (a threshold) across it."""

    def __init__(
        self, value: float = 0.0, tone: ToneName = "accent", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._value, self._tone, self._mark = value, tone, -1.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def value(self) -> float:
        return self._value

    def set(self, value: float, tone: ToneName = "accent", mark: float = -1.0) -> None:
        """Values outside 0.0 to 1.0 are clamped; a negative `mark` means none."""
        said = (min(1.0, max(0.0, value)), tone, mark)
        if said != (self._value, self._tone, self._mark):
            self._value, self._tone, self._mark = said
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(look().px(120), look().px(10))

    def minimumSizeHint(self) -> QSize:
        return QSize(look().px(40), look().px(10))

    def paintEvent(self, event: QPaintEvent) -> None:
        now = look()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        height = now.px(8)
        track = QRectF(0, (self.height() - height) / 2, self.width(), height)
        painter.setBrush(QColor(now.theme.sunken))
        painter.drawRoundedRect(track, height / 2, height / 2)
        if self._value > 0:
            filled = QRectF(track)
            filled.setWidth(max(height, track.width() * self._value))
            painter.setBrush(QColor(now.theme.tones[self._tone].solid))
            painter.drawRoundedRect(filled, height / 2, height / 2)
        if 0 <= self._mark <= 1:
            painter.setBrush(QColor(now.theme.text))
            painter.drawRect(QRectF(track.width() * self._mark - 1, 0, 2, self.height()))
        painter.end()
