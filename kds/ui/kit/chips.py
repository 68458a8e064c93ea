"""Small statements: a shape, a few words, a tone."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from kds.ui.kit.shapes import Shape, paint_shape
from kds.ui.theme import ToneName, look


class Pill(QWidget):
    """A state in shape, text and colour: `Pill("Late", "danger", "triangle")`."""

    def __init__(
        self,
        text: str = "",
        tone: ToneName = "neutral",
        shape: Shape = "none",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._said = (text, tone, shape)
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def text(self) -> str:
        return self._said[0]

    @property
    def tone(self) -> ToneName:
        return self._said[1]

    def set(self, text: str, tone: ToneName = "neutral", shape: Shape = "none") -> None:
        """Say something else; nothing happens when it is the same."""
        said = (text, tone, shape)
        if said == self._said:
            return
        self._said = said
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        now = look()
        text, _, shape = self._said
        width = QFontMetrics(now.font_of(15, 600)).horizontalAdvance(text) + 2 * now.px(12)
        mark = now.px(12) + (now.px(8) if text else 0) if shape != "none" else 0
        return QSize(width + mark, now.px(32))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        now = look()
        text, tone_name, shape = self._said
        tone = now.theme.tones[tone_name]
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tone.soft))
        box = QRectF(self.rect())
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        inner = box.adjusted(now.px(12), 0, -now.px(12), 0)
        if shape != "none":
            side = now.px(12)
            mark = QRectF(inner.left(), (box.height() - side) / 2, side, side)
            paint_shape(painter, shape, mark, QColor(tone.ink))
            inner.setLeft(mark.right() + now.px(8))
        painter.setPen(QColor(tone.ink))
        painter.setFont(now.font_of(15, 600))
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        painter.end()


Chip = Pill
