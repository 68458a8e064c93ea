"""A line of a ticket: how many of what, and how it stands with it."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QFontMetrics

from kds.domain.tickets import TicketLine
from kds.ui.kitchen.canvas import Canvas, Color, wide
from kds.ui.kitchen.details import FLAG_LOOKS, Flagged, details_of
from kds.ui.kitchen.row import Row
from kds.ui.kitchen.style import TicketStyle
from kds.ui.kitchen.text import Text


class LineRow(Row):
    """Quantity, name and variant; over it a change, under it what the cook must mind.

    A tap on it means the line while that is open, or until its change is acknowledged.
    """

    def __init__(self, line: TicketLine, style: TicketStyle, *, ruled: bool) -> None:
        self.line_id = line.id if line.open or line.flag else ""
        self.begins = line.fire_at if line.state == "sent" and not line.held else None
        self._line, self._style, self._ruled = line, style, ruled
        self._qty_width = self._measure_qty()
        push = max(0, self._qty_width + style.look.px(10) - style.gutter)
        self._left = style.text_left + push
        room = style.text_width - push
        whole = room + style.mark  # beside the name only
        self._flag = Flagged(line, style, whole) if line.flag else None
        self._name = self._measure_name(room - (style.wait if self.begins else 0))
        self._details = tuple(details_of(line, style, whole))
        inner = self._name.height + sum(part.height for part in self._details)
        inner += self._flag.height if self._flag else 0
        self.height = max(style.row_least, inner + 2 * style.row_pad)

    def draw(self, canvas: Canvas, box: QRectF, *, waiting: bool = False) -> None:
        idle = waiting or self._line.held
        dimmed = idle or not self._line.open
        self._draw_ground(canvas, box, idle=idle)
        y = self._top(box)
        left = box.left() + self._left
        if self._flag:
            self._flag.draw(canvas, left, y, dimmed=dimmed)
            y += self._flag.height
        self._draw_qty(canvas, box.left() + self._style.pad, y, dimmed=dimmed)
        self._name.draw(canvas, left, y, self._ink(dimmed=dimmed))
        if not waiting:
            self._draw_state(canvas, box, y)
        y += self._name.height
        for part in self._details:
            part.draw(canvas, left, y, dimmed=dimmed)
            y += part.height

    def draw_wait(self, canvas: Canvas, box: QRectF, text: str) -> None:
        """`4:00` until it is to be begun, where its state stands later."""
        style = self._style
        y = self._top(box) + (self._flag.height if self._flag else 0)
        row = QRectF(box.left(), y, box.width() - style.pad, self._name.line_height)
        canvas.words(row, text, style.added, style.text, "end")
        if not style.stacked:
            side = style.look.px(20)
            left = row.right() - wide(text, style.added) - side - style.look.px(6)
            canvas.icon("clock", left, row.center().y(), side, style.text)

    # -- parts ----------------------------------------------------------------------------

    def _top(self, box: QRectF) -> float:
        """One line of text stands in the middle, more begin at the top."""
        if self._details or self._flag:
            return box.top() + self._style.row_pad
        return box.top() + (box.height() - self._name.height) / 2

    def _ink(self, *, dimmed: bool) -> Color:
        if self._line.flag:
            return self._style.text
        return self._style.soft if dimmed else self._style.text

    def _measure_name(self, room: int) -> Text:
        name, strong = self._style.name, self._style.strong
        if self._line.state == "void":
            name, strong = _struck(name), _struck(strong)
        return self._style.words(self._line.name, name, room, self._line.variant, strong)

    def _measure_qty(self) -> int:
        style = self._style
        needed = wide(str(self._line.qty), style.strong)
        return max(style.gutter - style.look.px(10), needed + style.look.px(10))

    def _draw_ground(self, canvas: Canvas, box: QRectF, *, idle: bool) -> None:
        style = self._style
        inside = box.adjusted(1, 0, -1, 0)
        if self._line.flag:
            tone = style.tone(FLAG_LOOKS[self._line.flag][0])
            canvas.fill(inside, tone.soft)
            canvas.fill(QRectF(inside.left(), box.top(), style.edge, box.height()), tone.solid)
        elif idle:
            canvas.fill(inside, style.sunken)
        if self._ruled:
            rule = QRectF(box.left() + style.pad, box.top(), box.width() - 2 * style.pad, 1)
            canvas.fill(rule, style.line)

    def _draw_qty(self, canvas: Canvas, x: float, top: float, *, dimmed: bool) -> None:
        """More than one stands in a filled box: the number nobody may miss."""
        style = self._style
        high = min(self._name.line_height, QFontMetrics(style.strong).height())
        top += (self._name.line_height - high) / 2
        box = QRectF(x, top, self._qty_width, high)
        many = self._line.qty > 1 and not dimmed
        if many:
            canvas.patch(box, style.text, style.look.px(5))
        ink = style.card if many else self._ink(dimmed=dimmed)
        font = _struck(style.strong) if self._line.state == "void" else style.strong
        canvas.words(box, str(self._line.qty), font, ink, "middle")

    def _draw_state(self, canvas: Canvas, box: QRectF, top: float) -> None:
        style, line = self._style, self._line
        side = style.look.px(22)
        y = top + (self._name.line_height - side) / 2
        mark = QRectF(box.right() - style.pad - side, y, side, side)
        if line.held and line.open:
            canvas.shape("pause", mark, style.text)
        elif line.state == "started":
            canvas.shape("half", mark, style.added_ink)
        elif line.state == "ready":
            canvas.shape("check", mark, style.done)
        elif line.state == "void":
            canvas.shape("cross", mark, style.voided if line.flag else style.soft)


def _struck(font: QFont) -> QFont:
    result = QFont(font)
    result.setStrikeOut(True)
    return result
