"""The head of a ticket: which order, whose, and how long it has waited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen

from kds.domain.tickets import AgeLevel, Ticket
from kds.ui.kit.icons import pixmap
from kds.ui.kit.shapes import paint_shape
from kds.ui.kitchen.style import AGE_SHAPES, TicketStyle
from kds.ui.kitchen.words import age_text, whose

_ICONS = {"dine_in": "table", "takeaway": "bag", "delivery": "scooter"}
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class Age:
    """How long a ticket has waited, as the header says it."""

    text: str
    level: AgeLevel

    @classmethod
    def of(cls, ticket: Ticket, now: datetime) -> Age:
        return cls(age_text(ticket.age_s(now)), ticket.age_level(now))


class Header:
    """Paints the head of one ticket; `part` above 0 is the smaller one of a continuation."""

    def __init__(self, ticket: Ticket, style: TicketStyle) -> None:
        self._ticket, self._style = ticket, style
        self._whose = whose(ticket.type, ticket.table_name, ticket.customer)

    def height(self, part: int) -> int:
        style = self._style
        if part:
            return style.head_again
        return style.header + (style.strip if self._ticket.rush else 0)

    def age_box(self, box: QRectF) -> QRectF:
        """Where the age of the first part changes every second, in the coordinates of `box`."""
        top = self._first_row(box)
        return top.adjusted(top.width() * 0.42, 0, 0, 0)

    def draw(
        self, painter: QPainter, box: QRectF, part: int, level: AgeLevel, hinted: bool
    ) -> None:
        """All that stands still. `hinted`: leave room for the key that bumps it."""
        tone = self._style.band(level)
        ink = QColor(tone.on_solid)
        self._cap(painter, box, QColor(tone.solid))
        if part:
            self._draw_again(painter, box, ink, hinted)
            return
        if self._ticket.rush:
            self._draw_rush(painter, box)
        first = self._first_row(box)
        left = first.left() + (self._hint_room if hinted else 0)
        right = first.right() - self._age_width("88:88", level)
        room = QRectF(left, first.top(), max(0.0, right - left), first.height())
        self._draw_number(painter, room, ink)
        self._draw_whose(painter, first.translated(0, first.height()), ink)

    # -- parts ----------------------------------------------------------------------------

    def _first_row(self, box: QRectF) -> QRectF:
        style = self._style
        top = box.top() + style.head_pad + (style.strip if self._ticket.rush else 0)
        return QRectF(box.left() + style.pad, top, box.width() - 2 * style.pad, style.head_one)

    def _draw_number(self, painter: QPainter, room: QRectF, ink: QColor) -> None:
        """Smaller rather than cut: the number is what is called across the kitchen."""
        font = self._style.number
        wide = QFontMetrics(font).horizontalAdvance(self._ticket.number)
        if wide > room.width():
            font = QFont(font)
            font.setPixelSize(max(1, int(font.pixelSize() * room.width() / wide)))
        painter.setFont(font)
        painter.setPen(ink)
        painter.drawText(room, _LEFT, self._ticket.number)

    @property
    def _hint_room(self) -> int:
        return self._style.look.px(38)

    def draw_hint(
        self, painter: QPainter, box: QRectF, part: int, level: AgeLevel, hint: str
    ) -> None:
        """The key that bumps it in a key's outline, over `draw`."""
        style, px = self._style, self._style.look.px
        row = box.adjusted(style.pad, 0, 0, 0) if part else self._first_row(box)
        ink = QColor(style.band(level).on_solid)
        side = px(30)
        cap = QRectF(row.left(), row.center().y() - side / 2, side, side)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(ink, px(2)))
        painter.drawRoundedRect(cap, px(6), px(6))
        painter.setFont(self._style.small)
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, hint)

    def _age_width(self, text: str, level: AgeLevel) -> float:
        """Of the shape, the word LATE and the time, with the space before them."""
        px = self._style.look.px
        return self._wide(text) + self._word(level) + px(20) + px(14)

    def _wide(self, text: str) -> int:
        return QFontMetrics(self._style.age).horizontalAdvance(text)

    def _word(self, level: AgeLevel) -> int:
        if level != "late":
            return 0
        return QFontMetrics(self._style.word).horizontalAdvance("LATE") + self._style.look.px(8)

    def draw_age(self, painter: QPainter, box: QRectF, age: Age, *, pulse: bool) -> None:
        """What the clock changes, over `draw`, right to left: time, the word LATE, the shape.

        `pulse`: the bright half of a late ticket's pulse.
        """
        style, px = self._style, self._style.look.px
        row, ink = self._first_row(box), QColor(style.band(age.level).on_solid)
        wide, word = self._wide(age.text), self._word(age.level)
        side = px(20)
        left = row.right() - wide - word - side - px(8)
        if pulse:
            patch = QRectF(left - px(8), row.top() + px(2), row.right() - left + px(14), 0)
            patch.setBottom(row.bottom() - px(2))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ink)
            painter.drawRoundedRect(patch, px(8), px(8))
            ink = QColor(style.band(age.level).solid)
        painter.setPen(ink)
        painter.setFont(style.age)
        painter.drawText(row, _RIGHT, age.text)
        if word:
            painter.setFont(style.word)
            painter.drawText(row.adjusted(0, 0, -wide - px(8), 0), _RIGHT, "LATE")
        shape = QRectF(left, row.center().y() - side / 2, side, side)
        paint_shape(painter, AGE_SHAPES[age.level], shape, ink)

    def _draw_whose(self, painter: QPainter, row: QRectF, ink: QColor) -> None:
        style, px = self._style, self._style.look.px
        row.setHeight(style.head_two)
        side = px(24)
        ratio = painter.device().devicePixelRatioF()
        picture = pixmap(_ICONS[self._ticket.type], ink.name(), side, ratio)
        painter.drawPixmap(round(row.left()), round(row.center().y() - side / 2), picture)
        painter.setPen(ink)
        painter.setFont(style.where)
        metrics = painter.fontMetrics()
        text = row.adjusted(side + px(8), 0, 0, 0)
        wide = metrics.horizontalAdvance(self._whose)
        rest = round(text.width() - wide - px(12))
        painter.drawText(text, _LEFT, _elided(metrics, self._whose, round(text.width())))
        painter.setFont(style.small)
        server = _elided(painter.fontMetrics(), self._ticket.server, rest)
        if len(server) > 1:
            painter.drawText(text, _RIGHT, server)

    def _draw_again(self, painter: QPainter, box: QRectF, ink: QColor, hinted: bool) -> None:
        style, px = self._style, self._style.look.px
        row = box.adjusted(style.pad, 0, -style.pad, 0)
        left = self._hint_room if hinted else 0
        painter.setPen(ink)
        painter.setFont(style.strong)
        painter.drawText(row.adjusted(left, 0, 0, 0), _LEFT, self._ticket.number)
        painter.setFont(style.small)
        side = px(20)
        ratio = painter.device().devicePixelRatioF()
        picture = pixmap("continued", ink.name(), side, ratio)
        painter.drawText(row.adjusted(0, 0, -side - px(6), 0), _RIGHT, "continued")
        painter.drawPixmap(round(row.right()) - side, round(row.center().y() - side / 2), picture)

    def _draw_rush(self, painter: QPainter, box: QRectF) -> None:
        style, px = self._style, self._style.look.px
        strip = QRectF(box.left(), box.top(), box.width(), style.strip)
        self._cap(painter, strip, style.text)
        side = px(22)
        ratio = painter.device().devicePixelRatioF()
        picture = pixmap("bolt", style.card.name(), side, ratio)
        x = round(box.left()) + style.pad
        painter.drawPixmap(x, round(strip.center().y() - side / 2), picture)
        painter.setPen(style.card)
        painter.setFont(style.word)
        painter.drawText(strip.adjusted(style.pad + side + px(8), 0, 0, 0), _LEFT, "RUSH")

    def _cap(self, painter: QPainter, box: QRectF, color: QColor) -> None:
        """Fill `box` with its two upper corners round."""
        radius = self._style.radius
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawRoundedRect(
            QRectF(box.topLeft(), QSizeF(box.width(), 3 * radius)), radius, radius
        )
        painter.fillRect(box.adjusted(0, radius, 0, 0), color)


def _elided(metrics: QFontMetrics, text: str, width: int) -> str:
    return metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(0, width))
