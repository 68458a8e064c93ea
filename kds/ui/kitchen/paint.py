"""A ticket laid out for a column width, and how its parts are painted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from kds.domain.tickets import Ticket
from kds.ui.kitchen.canvas import Canvas, mirrored, wide
from kds.ui.kitchen.faces import Face
from kds.ui.kitchen.header import Header
from kds.ui.kitchen.layout import Block, Segment, Shape
from kds.ui.kitchen.rows import build_rows
from kds.ui.kitchen.style import TicketStyle
from kds.ui.kitchen.words import wait_text


@dataclass(frozen=True, slots=True)
class Dress:
    """What a part of a ticket shows beside its ticket, at this moment.

    `hint`: the key that bumps it. `chosen`: the selection is on this ticket, on the line
    `line_id` or, when that is "", on the ticket as a whole. `pressed`: what a finger is on: a
    line id, "ticket", or "".
    """

    face: Face
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

    make_rows = staticmethod(build_rows)

    def __init__(self, ticket: Ticket, style: TicketStyle) -> None:
        self.ticket, self._style = ticket, style
        self.header = Header(ticket, style)
        self.rows = tuple(self.make_rows(ticket, style))
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

    # -- the clock ------------------------------------------------------------------------

    def face(self, segment: Segment, now: datetime) -> Face:
        """What the clock makes of a part."""
        waits = (
            (number, wait_text(now, begins))
            for number in range(segment.first, segment.last)
            if (begins := self.rows[number].begins) is not None
        )
        return Face.of(self.ticket, now, tuple(wait for wait in waits if wait[1]))

    def ticking(self, segment: Segment, box: QRectF, was: Face, face: Face) -> Iterator[QRectF]:
        """The places within `box` where one face looks unlike the other; late ages pulse."""
        head = self.header_box(segment, box)
        if not segment.part and (face.age != was.age or face.age.level == "late"):
            yield self._place(self.header.age_box(head), box)
        if not segment.part and face.due_in != was.due_in:
            yield self._place(self.header.due_in_box(head), box)
        changed = {number for number, _ in set(face.waits) ^ set(was.waits)}
        for number, row in self.row_boxes(segment, box):
            if number in changed:
                yield row

    # -- painting -------------------------------------------------------------------------

    def draw(self, painter: QPainter, segment: Segment, box: QRectF, dress: Dress) -> None:
        """The part without its key, its ring and what the clock says: what stays for a while."""
        style, canvas = self._style, self._canvas(painter, box)
        painter.setPen(QPen(style.line, 1))
        painter.setBrush(style.card)
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), style.radius, style.radius)
        self._draw_header(canvas, segment, box, dress)
        painter.save()
        painter.setClipRect(box, Qt.ClipOperation.IntersectClip)
        for number, row_box in self.row_boxes(segment, box):
            row = self.rows[number]
            row.draw(canvas, row_box, waiting=number in dress.face.waiting)
            self._draw_touch(canvas, row.line_id, row_box, dress)
        painter.restore()
        if segment.more:
            self._draw_more(canvas, box)

    def draw_over(self, painter: QPainter, segment: Segment, box: QRectF, dress: Dress) -> None:
        """The key, what the clock says and the ring of the selection, over `draw`."""
        canvas, head = self._canvas(painter, box), self.header_box(segment, box)
        if dress.hint:
            self.header.draw_hint(canvas, head, segment.part, dress.face.age.level, dress.hint)
        if not segment.part:
            self.header.draw_face(canvas, head, dress.face, pulse=dress.pulse)
        waits = dict(dress.face.waits)
        for number, row_box in self.row_boxes(segment, box) if waits else ():
            if number in waits:
                self.rows[number].draw_wait(canvas, row_box, waits[number])
        if dress.chosen:
            canvas.outline(
                _shrunk(box, self._style.ring / 2),
                self._style.focus,
                self._style.ring,
                self._style.radius,
            )

    def _place(self, part: QRectF, box: QRectF) -> QRectF:
        return mirrored(part, box) if self._style.rtl else part

    def _canvas(self, painter: QPainter, box: QRectF) -> Canvas:
        return Canvas(painter, box, rtl=self._style.rtl)

    def _draw_header(self, canvas: Canvas, segment: Segment, box: QRectF, dress: Dress) -> None:
        head = self.header_box(segment, box)
        self.header.draw(canvas, head, segment.part, dress.face.age.level, bool(dress.hint))
        if dress.pressed == "ticket":
            veil = QColor(self._style.card)
            veil.setAlpha(90)
            canvas.fill(head, veil)

    def _draw_touch(self, canvas: Canvas, line_id: str, box: QRectF, dress: Dress) -> None:
        """A finger, or the selection, over a line that may have a ground of its own."""
        if not line_id:
            return
        style, inner = self._style, box.adjusted(2, 1, -2, 0)
        if dress.pressed == line_id:
            veil = QColor(style.text)
            veil.setAlpha(40)
            canvas.fill(inner, veil)
        elif dress.chosen and dress.line_id == line_id:
            half = style.look.px(3) / 2
            canvas.outline(_shrunk(inner, half), style.focus, 2 * half, style.look.px(5))
            canvas.fill(QRectF(inner.left(), inner.top(), style.edge, inner.height()), style.focus)

    def _draw_more(self, canvas: Canvas, box: QRectF) -> None:
        style, px = self._style, self._style.look.px
        side = px(20)
        foot = QRectF(box.left(), box.bottom() - style.more, box.width(), style.more)
        inner = foot.adjusted(style.pad, 0, -style.pad, 0)
        canvas.icon("continued", inner.right() - side, foot.center().y(), side, style.soft)
        words = inner.adjusted(0, 0, -side - px(8), 0)
        if wide("continues", style.small) <= words.width():
            canvas.words(words, "continues", style.small, style.soft, "end")


def _shrunk(box: QRectF, by: float) -> QRectF:
    return box.adjusted(by, by, -by, -by)
