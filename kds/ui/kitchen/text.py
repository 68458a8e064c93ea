"""Text that is measured at once, laid out when first drawn, and kept."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QTextCharFormat, QTextLayout, QTextLine
from PySide6.QtGui import QTextOption as Option

from kds.ui.kitchen.canvas import Canvas, Color

_TALLEST = 1.15
"""Of a line in the typeface itself: other typefaces lend their scripts with more air around them
than two lines of a note need between them."""
_LATIN_END = "\u0300"  # what comes before is in the typeface itself: its measures hold


class Text:
    """A run of text in one font, wrapped at `width`, with an optional `tail` in another font.

    The tail never stands alone on a line: a size without its pizza is read as nothing. Words run
    in their own direction; `rtl` says from which side the lines begin.

    `height`, `line_height` (of the first line) and `wide` (what is really used of `width`) in
    pixels, `lines` counted. Wrapping costs; most texts fit
    on a line, and then only their width is asked for until they are drawn.
    """

    def __init__(
        self,
        text: str,
        font: QFont,
        width: int,
        tail: str = "",
        tail_font: QFont | None = None,
        *,
        rtl: bool = False,
    ) -> None:
        self.text = f"{text}\u00a0{tail}" if tail else text
        self._font, self._width, self._rtl = font, max(1, width), rtl
        self._tail, self._tail_font = len(tail), tail_font
        self._layout: QTextLayout | None = None
        metrics = QFontMetrics(font)
        self.line_height = metrics.height()
        self.wide = metrics.horizontalAdvance(self.text) + 2 + len(tail) * self.line_height // 8
        if self.wide <= width and max(self.text, default="") < _LATIN_END:
            self.height, self.lines = self.line_height, 1
        else:
            layout = self._laid_out()
            rows = [layout.lineAt(number) for number in range(layout.lineCount())]
            self.height = round(sum(map(self._step, rows)))
            self.wide = min(self._width, round(max(row.naturalTextWidth() for row in rows)) + 2)
            self.line_height = round(self._step(rows[0]))
            self.lines = len(rows)

    def draw(self, canvas: Canvas, x: float, y: float, color: Color) -> None:
        """At `x`, `y` of the reading side."""
        place = canvas.place(QRectF(x, y, self._width, self.height))
        canvas.painter.setPen(QColor(color))
        self._laid_out().draw(canvas.painter, place.topLeft())

    def _laid_out(self) -> QTextLayout:
        if self._layout is not None:
            return self._layout
        layout = QTextLayout(self.text, self._font)
        layout.setCacheEnabled(True)
        side = Qt.AlignmentFlag.AlignRight if self._rtl else Qt.AlignmentFlag.AlignLeft
        option = Option(side | Qt.AlignmentFlag.AlignAbsolute)
        option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        option.setWrapMode(Option.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        if self._tail and self._tail_font is not None:
            layout.setFormats([self._tail_format(self._tail_font)])
        layout.beginLayout()
        top = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(self._width)
            step = self._step(line)
            line.setPosition(QPointF(0, top - line.ascent() * (1 - step / line.height())))
            top += step
        layout.endLayout()
        self._layout = layout
        return layout

    def _step(self, line: QTextLine) -> float:
        """How far the next line is below this one."""
        return min(line.height(), QFontMetrics(self._font).height() * _TALLEST)

    def _tail_format(self, font: QFont) -> QTextLayout.FormatRange:
        part = QTextLayout.FormatRange()
        part.start, part.length = len(self.text) - self._tail, self._tail
        style = QTextCharFormat()
        style.setFont(font)
        part.format = style
        return part
