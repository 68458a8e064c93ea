"""A painter that thinks in reading order, so that what it draws mirrors as a whole."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen

from kds.ui.kit.icons import pixmap
from kds.ui.kit.shapes import Shape, paint_shape

Side = Literal["start", "middle", "end"]
Color = QColor | str

_ALIGN = {
    "start": Qt.AlignmentFlag.AlignLeft,
    "middle": Qt.AlignmentFlag.AlignHCenter,
    "end": Qt.AlignmentFlag.AlignRight,
}
_MIRRORED: dict[Side, Side] = {"start": "end", "middle": "middle", "end": "start"}
_ABSOLUTE = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute


def mirrored(box: QRectF, frame: QRectF) -> QRectF:
    """The box turned over about the frame's middle."""
    left = frame.left() + frame.right() - box.right()
    return QRectF(left, box.top(), box.width(), box.height())


class Canvas:
    """Draws within `frame`. Boxes are given as for reading left to right; with `rtl` each is
    mirrored before it is drawn. What is in a box is not: numbers and words of one line read left
    to right.
    """

    def __init__(self, painter: QPainter, frame: QRectF, *, rtl: bool = False) -> None:
        self.painter, self._frame, self._rtl = painter, frame, rtl

    def place(self, box: QRectF) -> QRectF:
        """Where a box really is."""
        return mirrored(box, self._frame) if self._rtl else box

    def fill(self, box: QRectF, color: Color) -> None:
        self.painter.fillRect(self.place(box), QColor(color))

    def patch(self, box: QRectF, color: Color, radius: float) -> None:
        """A filled box with round corners."""
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(QColor(color))
        self.painter.drawRoundedRect(self.place(box), radius, radius)

    def cap(self, box: QRectF, color: Color, radius: float) -> None:
        """A filled box with its two upper corners round."""
        self.patch(QRectF(box.topLeft(), QSizeF(box.width(), 3 * radius)), color, radius)
        self.fill(box.adjusted(0, radius, 0, 0), color)

    def outline(self, box: QRectF, color: Color, width: float, radius: float) -> None:
        self.painter.setPen(QPen(QColor(color), width))
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        self.painter.drawRoundedRect(self.place(box), radius, radius)

    def words(
        self, box: QRectF, text: str, font: QFont, color: Color, side: Side = "start"
    ) -> None:
        """One line, in the middle of the box's height."""
        self.painter.setFont(font)
        self.painter.setPen(QColor(color))
        align = _ALIGN[_MIRRORED[side] if self._rtl else side] | _ABSOLUTE
        flags = int(align) | int(Qt.TextFlag.TextForceLeftToRight)
        self.painter.drawText(self.place(box), flags, text)

    def icon(self, name: str, left: float, middle: float, side: int, color: Color) -> None:
        """A square icon that begins at `left`, around the height `middle`."""
        place = self.place(QRectF(left, middle - side / 2, side, side))
        ratio = self.painter.device().devicePixelRatioF()
        picture = pixmap(name, QColor(color).name(), side, ratio)
        self.painter.drawPixmap(round(place.left()), round(place.top()), picture)

    def shape(self, shape: Shape, box: QRectF, color: Color) -> None:
        paint_shape(self.painter, shape, self.place(box), QColor(color))


def wide(text: str, font: QFont) -> int:
    """The width of one line in pixels."""
    return QFontMetrics(font).horizontalAdvance(text)
