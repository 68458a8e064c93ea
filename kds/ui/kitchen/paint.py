"""A ticket laid out for a column width, and how its parts are painted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from kds.domain.tickets import Ticket
from kds.ui.kit.icons import pixmap
from kds.ui.kitchen.header import Age, Header
from kds.ui.kitchen.layout import Block, Segment, Shape
from kds.ui.kitchen.rows import build_rows
from kds.ui.kitchen.style import TicketStyle


@dataclass(frozen=True, slots=True)
class Dress:
    """What a part of a ticket shows beside its ticket, at this moment.

    `hint`: the key that bumps it. `chosen`: the selection is on this ticket, on the line
    `line_id` or, when that is "", on the ticket as a whole. `pressed`: what a finger is on: a
    line id, "ticket", or "".
    """

    age: Age
    hint: str = ""
    chosen: bool = False
    line_id: str = ""
    pressed: str = ""
    pulse: bool = False

    @property
    def touched(self) -> bool:
        """A line is selected, or a finger is on the ticket: it looks unlike itself."""
        return bool(self.line_id or self.pressed)


class Sheet:
    """One ticket with its texts measured; made again when the ticket or the style changes."""

    def __init__(self, ticket: Ticket, style: TicketStyle) -> None:
        self.ticket, self._style = ticket, style
        self.header = Header(ticket, style)
        self.rows = tuple(build_rows(ticket, style))
        self.shape = Shape(
            ticket.order_id,
            self.header.height(0),
            self.header.height(1),
            tuple(Block(row.height, row.glued) for row in self.rows),
        )

    def header_box(self, segment: Segment, box: QRectF) -> QRectF:
        height = min(self.header.height(segment.part), box.height())
        return QRectF(box.left(), box.top(), box.width(), height)

    def row_boxes(self, segment: Segment, box: QRectF) -> Iterator[tuple[int, QRectF]]:
        """The rows of a part with where they stand, given the part's own `box`."""
        top = self.header_box(segment, box).bottom()
        for number in range(segment.first, segment.last):
            height = self.rows[number].height
            yield number, QRectF(box.left(), top, box.width(), height)
            top += height

    # -- painting -------------------------------------------------------------------------

    def draw(self, painter: QPainter, segment: Segment, box: QRectF, dress: Dress) -> None:
        """The part without its key, its age and its ring: what stays until something happens."""
        style = self._style
        painter.setPen(QPen(style.line, 1))
        painter.setBrush(style.card)
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), style.radius, style.radius)
        self._draw_header(painter, segment, box, dress)
        painter.save()
        painter.setClipRect(box, Qt.ClipOperation.IntersectClip)
        for number, row_box in self.row_boxes(segment, box):
            row = self.rows[number]
            self._draw_touch(painter, row.line_id, row_box, dress)
            row.draw(painter, row_box)
        painter.restore()
        if segment.more:
            self._draw_more(painter, box)

    def draw_over(self, painter: QPainter, segment: Segment, box: QRectF, dress: Dress) -> None:
        """The key, the age and the ring of the selection, over `draw`."""
        head = self.header_box(segment, box)
        if dress.hint:
            self.header.draw_hint(painter, head, segment.part, dress.age.level, dress.hint)
        if not segment.part:
            self.header.draw_age(painter, head, dress.age, pulse=dress.pulse)
        if dress.chosen:
            self._draw_ring(painter, box)

    def _draw_header(self, painter: QPainter, segment: Segment, box: QRectF, dress: Dress) -> None:
        head = self.header_box(segment, box)
        self.header.draw(painter, head, segment.part, dress.age.level, bool(dress.hint))
        if dress.pressed == "ticket":
            veil = QColor(self._style.card)
            veil.setAlpha(90)
            painter.fillRect(head, veil)

    def _draw_touch(self, painter: QPainter, line_id: str, box: QRectF, dress: Dress) -> None:
        if not line_id:
            return
        style = self._style
        inner = box.adjusted(2, 1, -2, 0)
        if dress.pressed == line_id:
            painter.fillRect(inner, style.pressed)
        elif dress.chosen and dress.line_id == line_id:
            painter.fillRect(inner, style.chosen)
            painter.fillRect(QRectF(inner.topLeft(), inner.bottomLeft()).adjusted(
                0, 0, style.look.px(7), 0), style.focus)  # fmt: skip

    def _draw_more(self, painter: QPainter, box: QRectF) -> None:
        style, px = self._style, self._style.look.px
        foot = QRectF(box.left(), box.bottom() - style.more, box.width(), style.more)
        inner = foot.adjusted(style.pad, 0, -style.pad, 0)
        side = px(20)
        ratio = painter.device().devicePixelRatioF()
        picture = pixmap("continued", style.soft.name(), side, ratio)
        y = round(foot.center().y() - side / 2)
        painter.drawPixmap(round(inner.right()) - side, y, picture)
        painter.setPen(style.soft)
        painter.setFont(style.small)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(inner.adjusted(0, 0, -side - px(8), 0), right, "continues")

    def _draw_ring(self, painter: QPainter, box: QRectF) -> None:
        style = self._style
        half = style.ring / 2
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(style.focus, style.ring))
        painter.drawRoundedRect(box.adjusted(half, half, -half, -half), style.radius, style.radius)
