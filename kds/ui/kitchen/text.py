"""Text that is measured at once, laid out when first drawn, and kept."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QTextCharFormat, QTextLayout
from PySide6.QtGui import QTextOption as Option


class Text:
    """A run of text in one font, wrapped at `width`, with an optional `tail` in another font.

    The tail never stands alone on a line: a size without its pizza is read as nothing.

    `height` in pixels. Wrapping costs; most texts fit on a line, and then only their width is
    asked for until they are drawn.
    """

    def __init__(
        self, text: str, font: QFont, width: int, tail: str = "", tail_font: QFont | None = None
    ) -> None:
        self.text = f"{text}\u00a0{tail}" if tail else text
        self._font, self._width = font, width
        self._tail, self._tail_font = len(tail), tail_font
        self._layout: QTextLayout | None = None
        metrics = QFontMetrics(font)
        self.line_height = metrics.height()
        wide = metrics.horizontalAdvance(self.text) + 2 + len(tail) * self.line_height // 8
        if wide <= width:
            self.height = self.line_height
        else:
            self.height = round(self._laid_out().boundingRect().height())

    def draw(self, painter: QPainter, x: float, y: float, color: QColor) -> None:
        painter.setPen(color)
        self._laid_out().draw(painter, QPointF(x, y))

    def _laid_out(self) -> QTextLayout:
        if self._layout is not None:
            return self._layout
        layout = QTextLayout(self.text, self._font)
        layout.setCacheEnabled(True)
        option = Option(Qt.AlignmentFlag.AlignLeft)
        option.setWrapMode(Option.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        if self._tail and self._tail_font is not None:
            layout.setFormats([self._tail_format(self._tail_font)])
        layout.beginLayout()
        top = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(self._width)
            line.setPosition(QPointF(0, top))
            top += line.height()
        layout.endLayout()
        self._layout = layout
        return layout

    def _tail_format(self, font: QFont) -> QTextLayout.FormatRange:
        part = QTextLayout.FormatRange()
        part.start, part.length = len(self.text) - self._tail, self._tail
        style = QTextCharFormat()
        style.setFont(font)
        part.format = style
        return part
