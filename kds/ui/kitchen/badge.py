"""A filled patch with a mark and a word on it: what must be read from across the kitchen."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont

from kds.ui.kit.shapes import Shape
from kds.ui.kitchen.canvas import Canvas, Color
from kds.ui.kitchen.style import TicketStyle


class Badge:
    """`width` and `height` in pixels; as wide as its words, wrapped when `room` is too narrow."""

    def __init__(
        self, text: str, font: QFont, style: TicketStyle, room: int, shape: Shape = "none"
    ) -> None:
        px = style.look.px
        self._style, self._shape = style, shape
        self._pad = px(7)
        self._side = 0 if shape == "none" else px(font.pixelSize() / style.look.scale * 0.7)
        self._left = self._pad + (self._side + px(6) if self._side else 0)
        self._text = style.words(text, font, room - self._left - self._pad)
        self.width = self._left + self._text.wide + self._pad
        self.height = self._text.height + px(2)

    def draw(self, canvas: Canvas, x: float, y: float, ground: Color, ink: Color) -> None:
        canvas.patch(QRectF(x, y, self.width, self.height), ground, self._style.look.px(5))
        if self._side:
            top = y + (self.height - self._side) / 2
            canvas.shape(self._shape, QRectF(x + self._pad, top, self._side, self._side), ink)
        self._text.draw(canvas, x + self._left, y + self._style.look.px(1), ink)
