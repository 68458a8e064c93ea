"""The head of a ticket: which order, whose, how long it has waited, and when it is due."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFont

from kds.domain.tickets import AgeLevel, Ticket
from kds.ui.kit.shapes import paint_shape
from kds.ui.kitchen.canvas import Canvas, wide
from kds.ui.kitchen.faces import Age, Face
from kds.ui.kitchen.style import AGE_SHAPES, TicketStyle
from kds.ui.kitchen.words import time_text, whose

_ICONS = {"dine_in": "table", "takeaway": "bag", "delivery": "scooter"}
_WIDEST = "88:88"
_AFTER_SHAPE = 8  # token pixels
_AROUND = 6  # on either side of the age, for the patch of its pulse


class Header:
    """Paints the head of one ticket; `part` above 0 is the smaller one of a continuation.

    From top to bottom: RUSH and VIP, the number with the age, whose it is with the server, and
    when it is due. Names wrap rather than be cut.
    """

    def __init__(self, ticket: Ticket, style: TicketStyle) -> None:
        self._ticket, self._style = ticket, style
        self.width = style.width
        px = style.look.px
        self._side = px(24)
        room = style.inner - self._side - px(8)
        called = whose(ticket.type, ticket.table_name, ticket.customer)
        self._whose = style.words(called, style.where, room)
        self._server = style.words(ticket.server, style.small, room)
        beside = self._whose.wide + px(12) + self._server.wide <= room
        self._server_beside = beside and self._whose.lines == 1
        self._strip = style.strip if ticket.rush or ticket.vip else 0
        self._number_height = style.head_one * (2 if style.stacked else 1)
        self._whose_height = max(style.head_two, self._whose.height)
        own_row = bool(ticket.server) and not self._server_beside
        self._server_height = self._server.height + px(2) if own_row else 0
        due_rows = 2 if style.stacked else 1
        self._due_height = due_rows * style.head_two if ticket.promised_at else 0

    def height(self, part: int) -> int:
        style = self._style
        if part:
            return style.head_again
        rows = self._number_height + self._whose_height + self._server_height + self._due_height
        return self._strip + rows + 2 * style.head_pad

    # -- what stands still ----------------------------------------------------------------

    def draw(self, canvas: Canvas, box: QRectF, part: int, level: AgeLevel, hinted: bool) -> None:
        """All that stands still. `hinted`: leave room for the key that bumps it."""
        tone = self._style.band(level)
        canvas.cap(box, tone.solid, self._style.radius)
        if part:
            self._draw_again(canvas, box, tone.on_solid, hinted)
            return
        self._draw_strip(canvas, box)
        self._draw_number(canvas, self._number_box(box), level, hinted)
        self._draw_whose(canvas, self._whose_box(box), tone.on_solid)
        if self._ticket.promised_at:
            self._draw_due(canvas, self._due_box(box), tone.on_solid)

    def _draw_strip(self, canvas: Canvas, box: QRectF) -> None:
        """RUSH and VIP: each with a mark and its word, side by side when it is both."""
        style, ticket = self._style, self._ticket
        if not self._strip:
            return
        accent = style.tone("accent")
        strip = QRectF(box.left(), box.top(), box.width(), self._strip)
        ground = style.text if ticket.rush else QColor(accent.solid)
        canvas.cap(strip, ground, style.radius)
        if ticket.rush:
            self._draw_word(canvas, strip, "bolt", "RUSH", style.card)
        else:
            self._draw_word(canvas, strip, "star", "VIP", QColor(accent.on_solid))
        if ticket.rush and ticket.vip:
            half = strip.adjusted(strip.width() / 2, 0, 0, 0)
            canvas.fill(half.adjusted(0, style.radius, 0, 0), accent.solid)
            canvas.patch(half.adjusted(0, 0, 0, -1), accent.solid, style.radius)
            canvas.fill(half.adjusted(0, 0, -2 * style.radius, 0), accent.solid)
            self._draw_word(canvas, half, "star", "VIP", QColor(accent.on_solid))

    def _draw_word(self, canvas: Canvas, strip: QRectF, icon: str, word: str, ink: QColor) -> None:
        style, side = self._style, self._style.look.px(22)
        left = strip.left() + style.pad
        canvas.icon(icon, left, strip.center().y(), side, ink)
        row = strip.adjusted(style.pad + side + style.look.px(8), 0, 0, 0)
        canvas.words(row, word, style.word, ink)

    def _draw_number(self, canvas: Canvas, row: QRectF, level: AgeLevel, hinted: bool) -> None:
        """Smaller rather than cut: the number is what is called across the kitchen."""
        style, number = self._style, self._ticket.number
        taken = 0.0 if style.stacked else self._age_width(_WIDEST, level)
        room = row.adjusted(self._hint_room if hinted else 0, 0, -taken, 0)
        font, needed = style.number, wide(number, style.number)
        if needed > room.width():
            font = QFont(font)
            font.setPixelSize(max(1, int(font.pixelSize() * max(0.0, room.width()) / needed)))
        canvas.words(room, number, font, style.band(level).on_solid)

    def _draw_whose(self, canvas: Canvas, row: QRectF, ink: str) -> None:
        style, side = self._style, self._side
        top = row.top() + max(0.0, (style.head_two - self._whose.height) / 2)
        middle = top + self._whose.line_height / 2
        canvas.icon(_ICONS[self._ticket.type], row.left(), middle, side, ink)
        text = row.adjusted(side + style.look.px(8), 0, 0, 0)
        self._whose.draw(canvas, text.left(), top, ink)
        if self._server_beside:
            canvas.words(text, self._ticket.server, style.small, ink, "end")
        else:
            self._server.draw(canvas, text.left(), row.top() + self._whose_height, ink)

    def _draw_due(self, canvas: Canvas, row: QRectF, ink: str) -> None:
        style, promised = self._style, self._ticket.promised_at
        if promised is None:
            return
        canvas.icon("clock", row.left(), row.center().y(), self._side, ink)
        text = row.adjusted(self._side + style.look.px(8), 0, 0, 0)
        canvas.words(text, f"due {time_text(promised, style.zone)}", style.where, ink)

    def _draw_again(self, canvas: Canvas, box: QRectF, ink: str, hinted: bool) -> None:
        style, px = self._style, self._style.look.px
        side = px(20)
        row = box.adjusted(style.pad + (self._hint_room if hinted else 0), 0, -style.pad, 0)
        canvas.words(row, self._ticket.number, style.strong, ink)
        canvas.icon("continued", row.right() - side, row.center().y(), side, ink)
        rest = row.width() - wide(self._ticket.number, style.strong) - side - px(16)
        if wide("continued", style.small) <= rest:
            words = row.adjusted(0, 0, -side - px(6), 0)
            canvas.words(words, "continued", style.small, ink, "end")

    # -- what comes over it ---------------------------------------------------------------

    @property
    def _hint_room(self) -> int:
        return self._style.look.px(38)

    def draw_hint(self, canvas: Canvas, box: QRectF, part: int, level: AgeLevel, hint: str) -> None:
        """The key that bumps it in a key's outline, over `draw`."""
        style, px = self._style, self._style.look.px
        row = box.adjusted(style.pad, 0, 0, 0) if part else self._number_box(box)
        ink, side = style.band(level).on_solid, px(30)
        cap = QRectF(row.left(), row.center().y() - side / 2, side, side)
        canvas.outline(cap, ink, px(2), px(6))
        canvas.words(cap, hint, style.small, ink, "middle")

    def draw_face(self, canvas: Canvas, box: QRectF, face: Face, *, pulse: bool) -> None:
        """What the clock changes, over `draw`. `pulse`: the bright half of a late one's pulse."""
        ink = self._style.band(face.age.level).on_solid
        self._draw_age(canvas, self._age_row(box), face.age, pulse=pulse)
        if face.due_in:
            canvas.words(self._due_in_row(box), face.due_in, self._style.where, ink, "end")

    def _draw_age(self, canvas: Canvas, row: QRectF, age: Age, *, pulse: bool) -> None:
        """From the end of the row: the time, the word LATE, the shape."""
        style, px = self._style, self._style.look.px
        tone = style.band(age.level)
        ink, time, word = tone.on_solid, wide(age.text, style.age), self._word(age.level)
        side = px(20)
        left = row.right() - time - word - side - px(_AFTER_SHAPE)
        if pulse:
            around = px(_AROUND)
            patch = QRectF(left, row.top(), row.right() - left, row.height())
            canvas.patch(patch.adjusted(-around, px(2), around, -px(2)), ink, px(8))
            ink = tone.solid
        canvas.words(row, age.text, style.age, ink, "end")
        if word:
            canvas.words(row.adjusted(0, 0, -time - px(8), 0), "LATE", style.word, ink, "end")
        mark = QRectF(left, row.center().y() - side / 2, side, side)
        paint_shape(canvas.painter, AGE_SHAPES[age.level], canvas.place(mark), QColor(ink))

    def _age_width(self, text: str, level: AgeLevel) -> float:
        """Of the shape, the word LATE and the time, with their patch and the space before it."""
        px, spaces = self._style.look.px, _AFTER_SHAPE + 2 * _AROUND
        return wide(text, self._style.age) + self._word(level) + px(20) + px(spaces)

    def _word(self, level: AgeLevel) -> int:
        if level != "late":
            return 0
        return wide("LATE", self._style.word) + self._style.look.px(8)

    # -- where ----------------------------------------------------------------------------

    def age_box(self, box: QRectF) -> QRectF:
        """Where the age of the first part changes and pulses, in the coordinates of `box`."""
        row, around = self._age_row(box), self._style.look.px(_AROUND)
        start = -around if self._style.stacked else row.width() * 0.38
        return row.adjusted(start, 0, around, 0)

    def due_in_box(self, box: QRectF) -> QRectF:
        """Where the time to the promised one changes."""
        row = self._due_in_row(box)
        return row.adjusted(row.width() * 0.42, 0, 0, 0)

    def _rows(self, box: QRectF, above: float, height: float) -> QRectF:
        top = box.top() + self._strip + self._style.head_pad + above
        return QRectF(box.left() + self._style.pad, top, self._style.inner, height)

    def _number_box(self, box: QRectF) -> QRectF:
        return self._rows(box, 0, self._style.head_one)

    def _age_row(self, box: QRectF) -> QRectF:
        above = self._style.head_one if self._style.stacked else 0
        return self._rows(box, above, self._style.head_one)

    def _whose_box(self, box: QRectF) -> QRectF:
        return self._rows(box, self._number_height, self._whose_height)

    def _due_box(self, box: QRectF) -> QRectF:
        above = self._number_height + self._whose_height + self._server_height
        return self._rows(box, above, self._style.head_two)

    def _due_in_row(self, box: QRectF) -> QRectF:
        row = self._due_box(box)
        return row.translated(0, row.height()) if self._style.stacked else row
