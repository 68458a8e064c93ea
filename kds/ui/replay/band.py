"""The band that says that this is the past, so that nobody cooks from it."""

from __future__ import annotations

from datetime import datetime, tzinfo

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from kds.ui.kitchen.canvas import mirrored
from kds.ui.replay.words import exact, short_day
from kds.ui.theme import look

_HEIGHT = 64  # token pixels
_STRIPE = 22
_EDGE = 6
_NOT_NOW = "Not the orders of now. Do not cook from this screen."


class Edge(QWidget):
    """The band's colour around the board: whoever looks at a corner of it knows as well."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.box = QVBoxLayout(self)
        self._space()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "box"):
            self._space()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, edge = look().theme, look().px(_EDGE)
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.tones["warn"].solid))
        inner = self.rect().adjusted(edge, 0, -edge, -edge)
        painter.fillRect(inner, QColor(theme.ground))
        painter.end()

    def _space(self) -> None:
        edge = look().px(_EDGE)
        self.box.setContentsMargins(edge, 0, edge, edge)


class ReplayBand(QWidget):
    """`REPLAY  Thu 26 Nov  19:42:10` between stripes, across the whole screen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._day = self._time = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def words(self) -> str:
        return f"REPLAY {self._day} {self._time}"

    def set(self, at: datetime, zone: tzinfo) -> None:
        said = (short_day(at, zone), exact(at, zone))
        if said != (self._day, self._time):
            self._day, self._time = said
            self.setAccessibleName(f"{self.words}. {_NOT_NOW}")
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(look().px(640), look().px(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(look().px(320), look().px(_HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        now = look()
        tone = now.theme.tones["warn"]
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(tone.solid))
        wide = now.px(_STRIPE) * 5
        for left in (0.0, float(self.width() - wide)):
            _stripes(painter, QRectF(left, 0, wide, self.height()), QColor(tone.on_solid))
        painter.setPen(QColor(tone.on_solid))
        inner = QRectF(self.rect()).adjusted(wide + now.px(20), 0, -wide - now.px(20), 0)
        rtl, taken = self.isRightToLeft(), 0.0
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # `mirrored` does it
        for text, size, weight in (
            ("REPLAY", 34, 800),
            (self._day, 28, 600),
            (self._time, 40, 800),
        ):
            font = now.font_of(size, weight)
            box = QRectF(inner.left() + taken, 0, QFontMetricsF(font).horizontalAdvance(text) + 2,
                         inner.height())  # fmt: skip
            _write(painter, mirrored(box, inner) if rtl else box, text, font)
            taken += box.width() + now.px(20)
        room = inner.adjusted(taken + now.px(10), 0, 0, 0)
        font = now.font_of(18, 600)
        needed = QFontMetricsF(font).horizontalAdvance(_NOT_NOW) + 2
        if needed <= room.width():
            box = room.adjusted(room.width() - needed, 0, 0, 0)
            _write(painter, mirrored(box, inner) if rtl else box, _NOT_NOW, font)
        painter.end()


def _write(painter: QPainter, box: QRectF, text: str, font: QFont) -> None:
    painter.setFont(font)
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), text)


def _stripes(painter: QPainter, box: QRectF, ink: QColor) -> None:
    """Slanted bars, as on the edge of a step: seen from afar, also without colours."""
    step = look().px(_STRIPE)
    painter.save()
    painter.setClipRect(box)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    x = box.left() - box.height()
    while x < box.right():
        painter.drawPolygon(
            QPolygonF(
                [
                    QPointF(x, box.bottom()),
                    QPointF(x + step, box.bottom()),
                    QPointF(x + step + box.height(), box.top()),
                    QPointF(x + box.height(), box.top()),
                ]
            )
        )
        x += 2 * step
    painter.restore()
