"""The rows of a ticket under its header: lines, course titles, the order's note."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter

from kds.domain.tickets import Ticket, TicketLine
from kds.ui.kit.icons import pixmap
from kds.ui.kit.shapes import paint_shape
from kds.ui.kitchen.style import TicketStyle
from kds.ui.kitchen.text import Text


class Row(ABC):
    """One row. `line_id` is the line a tap on it means, "" for none; `glued` as in `layout`."""

    line_id = ""
    glued = False
    height = 0

    @abstractmethod
    def draw(self, painter: QPainter, box: QRectF) -> None:
        """Paint it into `box` (its own height, the ticket's width)."""


class CourseRow(Row):
    """`COURSE 2` above the first line of a course."""

    glued = True

    def __init__(self, course: int, style: TicketStyle) -> None:
        self._text, self._style = f"COURSE {course}", style
        self.height = style.look.px(38)

    def draw(self, painter: QPainter, box: QRectF) -> None:
        style = self._style
        painter.setFont(style.small)
        painter.setPen(style.soft)
        inner = box.adjusted(style.pad, style.look.px(6), -style.pad, 0)
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter, self._text)
        left = inner.left() + QFontMetrics(style.small).horizontalAdvance(self._text) + style.pad
        middle = inner.center().y()
        painter.fillRect(QRectF(left, middle, inner.right() - left, 2), style.line)


class NoteRow(Row):
    """What the guest wants of the whole order, above its lines."""

    glued = True

    def __init__(self, note: str, style: TicketStyle) -> None:
        self._style = style
        left = style.pad + style.look.px(32)
        self._text = Text(note, style.where, style.width - left - style.pad)
        self.height = self._text.height + 2 * style.look.px(8)

    def draw(self, painter: QPainter, box: QRectF) -> None:
        style, px = self._style, self._style.look.px
        tone = style.look.theme.tones["info"]
        painter.fillRect(box, QColor(tone.soft))
        side = px(24)
        picture = pixmap("note", tone.ink, side, painter.device().devicePixelRatioF())
        painter.drawPixmap(round(box.left()) + style.pad, round(box.top()) + px(9), picture)
        left = box.left() + style.pad + px(32)
        self._text.draw(painter, left, box.top() + px(8), style.note)


class LineRow(Row):
    """Quantity, name and variant; under it removals, additions, note and allergens."""

    def __init__(self, line: TicketLine, style: TicketStyle, *, ruled: bool) -> None:
        self.line_id = line.id if line.open else ""
        self._line, self._style, self._ruled = line, style, ruled
        name_font, strong = style.name, style.strong
        if line.state == "void":
            name_font, strong = _struck(name_font), _struck(strong)
        self._qty_width = self._measure_qty()
        push = max(0, self._qty_width + style.look.px(10) - style.gutter)
        self._left = style.text_left + push
        room = style.text_width - push
        self._name = Text(line.name, name_font, room, line.variant, strong)
        self._details = tuple(_details(line, style, room))
        inner = self._name.height + sum(detail.height for detail in self._details)
        self.height = max(style.row_least, inner + 2 * style.row_pad)

    def draw(self, painter: QPainter, box: QRectF) -> None:
        style = self._style
        if self._ruled:
            rule = QRectF(box.left() + style.pad, box.top(), box.width() - 2 * style.pad, 1)
            painter.fillRect(rule, style.line)
        alone = not self._details
        top = box.top() + ((box.height() - self._name.height) / 2 if alone else style.row_pad)
        left = box.left() + self._left
        self._draw_qty(painter, box.left() + style.pad, top)
        self._name.draw(painter, left, top, style.text if self._line.open else style.faint)
        self._draw_state(painter, box, top)
        y = top + self._name.height
        for detail in self._details:
            detail.draw(painter, left, y, dimmed=not self._line.open)
            y += detail.height

    def _measure_qty(self) -> int:
        style = self._style
        wide = QFontMetrics(style.strong).horizontalAdvance(str(self._line.qty))
        return max(style.gutter - style.look.px(10), wide + style.look.px(10))

    def _draw_qty(self, painter: QPainter, x: float, top: float) -> None:
        """More than one stands in a filled box: the number nobody may miss."""
        style, text = self._style, str(self._line.qty)
        painter.setFont(style.strong)
        height = self._name.line_height
        box = QRectF(x, top, self._qty_width, height)
        many = self._line.qty > 1 and self._line.open
        if many:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(style.text)
            painter.drawRoundedRect(box, style.look.px(5), style.look.px(5))
        ink = style.card if many else style.text if self._line.open else style.faint
        painter.setPen(ink)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _draw_state(self, painter: QPainter, box: QRectF, top: float) -> None:
        style, state = self._style, self._line.state
        side = style.look.px(22)
        y = top + (self._name.line_height - side) / 2
        mark = QRectF(box.right() - style.pad - side, y, side, side)
        if state == "started":
            paint_shape(painter, "half", mark, style.added_ink)
        elif state == "ready":
            paint_shape(painter, "check", mark, style.done)
        elif state == "void":
            paint_shape(painter, "cross", mark, style.voided)


class _Detail:
    """A text under a line's name, with a mark before it that says what it is."""

    def __init__(self, kind: str, text: str, style: TicketStyle, room: int) -> None:
        self._kind, self._style = kind, style
        font = {"removed": style.removed, "allergens": style.small, "void": style.removed}
        self._font = font.get(kind, style.added)
        self._mark = self._mark_width()
        self._text = Text(text, self._font, room - self._mark)
        self.height = self._text.height + style.look.px(3)

    def draw(self, painter: QPainter, x: float, y: float, *, dimmed: bool) -> None:
        y += self._style.look.px(3)
        ink = self._style.faint if dimmed and self._kind != "void" else self._ink()
        self._draw_mark(painter, QRectF(x, y, self._mark, self._text.line_height), ink)
        plain = self._style.soft if self._kind == "added" and not dimmed else ink
        self._text.draw(painter, x + self._mark, y, plain)

    def _ink(self) -> QColor:
        style = self._style
        return {
            "removed": style.text,
            "added": style.added_ink,
            "allergens": style.allergen,
            "void": style.voided,
        }.get(self._kind, style.note)

    def _mark_width(self) -> int:
        px = self._style.look.px
        if self._kind == "removed":
            return QFontMetrics(self._style.small).horizontalAdvance("NO") + px(20)
        return 0 if self._kind == "void" else px(28)

    def _draw_mark(self, painter: QPainter, box: QRectF, ink: QColor) -> None:
        px = self._style.look.px
        if self._kind == "removed":
            badge = box.adjusted(0, px(2), -px(8), -px(2))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ink)
            painter.drawRoundedRect(badge, px(4), px(4))
            painter.setPen(self._style.card)
            painter.setFont(self._style.small)
            painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, "NO")
        elif self._kind == "added":
            painter.setPen(ink)
            painter.setFont(self._style.removed)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, "+")
        elif self._kind == "allergens":
            side = px(14)
            mark = QRectF(box.left() + px(1), box.center().y() - side / 2, side, side)
            paint_shape(painter, "diamond", mark, ink)
        elif self._kind == "note":
            side = px(20)
            ratio = painter.device().devicePixelRatioF()
            top = round(box.center().y() - side / 2)
            painter.drawPixmap(round(box.left()), top, pixmap("note", ink.name(), side, ratio))


def build_rows(ticket: Ticket, style: TicketStyle) -> Iterator[Row]:
    """The rows of a ticket, top to bottom."""
    if ticket.note:
        yield NoteRow(ticket.note, style)
    titled = len({line.course for line in ticket.lines}) > 1
    course = None
    for line in ticket.lines:
        new_course = titled and line.course != course
        if new_course:
            yield CourseRow(line.course, style)
        yield LineRow(line, style, ruled=not new_course and line is not ticket.lines[0])
        course = line.course


def _details(line: TicketLine, style: TicketStyle, room: int) -> Iterator[_Detail]:
    if line.state == "void":
        yield _Detail("void", "VOIDED", style, room)
    for name in line.removed:
        yield _Detail("removed", name, style, room)
    for name in line.added:
        yield _Detail("added", name, style, room)
    if line.note:
        yield _Detail("note", line.note, style, room)
    if line.seat is not None:
        yield _Detail("note", f"Seat {line.seat}", style, room)
    if line.allergens:
        yield _Detail("allergens", " · ".join(line.allergens), style, room)


def _struck(font: QFont) -> QFont:
    result = QFont(font)
    result.setStrikeOut(True)
    return result
