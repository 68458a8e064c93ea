"""The rows of a ticket under its header: what is asked and noted, courses, additions, lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QRectF

from kds.domain.tickets import Question, Ticket, TicketLine
from kds.ui.kitchen.badge import Badge
from kds.ui.kitchen.canvas import Canvas, wide
from kds.ui.kitchen.lines import LineRow
from kds.ui.kitchen.row import Row
from kds.ui.kitchen.style import TicketStyle
from kds.ui.kitchen.words import coming_text, time_text
from kds.ui.theme import Tone


class BandRow(Row):
    """Words across the whole ticket on a ground of their own, with an icon."""

    glued = True

    def __init__(self, text: str, icon: str, style: TicketStyle, tone: Tone, *, loud: bool) -> None:
        self._style, self._icon = style, icon
        self._ground, self._ink = (tone.solid, tone.on_solid) if loud else (tone.soft, tone.ink)
        self._left = style.pad + style.look.px(32)
        font = style.removed if loud else style.where
        self._text = style.words(text, font, style.width - self._left - style.pad)
        self.height = self._text.height + 2 * style.look.px(8)

    def draw(self, canvas: Canvas, box: QRectF, *, waiting: bool = False) -> None:
        px, top = self._style.look.px, box.top() + self._style.look.px(8)
        canvas.fill(box, self._ground)
        middle = top + self._text.line_height / 2
        canvas.icon(self._icon, box.left() + self._style.pad, middle, px(24), self._ink)
        self._text.draw(canvas, box.left() + self._left, top, self._ink)


class QuietRow(Row):
    """Something to know, not to do: what is still to come from elsewhere."""

    glued = True

    def __init__(self, text: str, style: TicketStyle) -> None:
        self._style = style
        self._text = style.words(text, style.small, style.inner)
        self.height = self._text.height + 2 * style.look.px(6)

    def draw(self, canvas: Canvas, box: QRectF, *, waiting: bool = False) -> None:
        style = self._style
        self._text.draw(canvas, box.left() + style.pad, box.top() + style.look.px(6), style.soft)


class TitleRow(Row):
    """`COURSE 2`, `ADDED 19:42`: words and a rule above the lines that they are about."""

    glued = True

    def __init__(self, text: str, style: TicketStyle) -> None:
        self._text, self._style = text, style
        self.height = style.look.px(38)

    def draw(self, canvas: Canvas, box: QRectF, *, waiting: bool = False) -> None:
        style = self._style
        inner = self._inner(box)
        canvas.words(inner, self._text, style.small, style.soft)
        left = inner.left() + wide(self._text, style.small) + style.look.px(12)
        right = inner.right() - self._end_room
        canvas.fill(QRectF(left, inner.center().y(), max(0.0, right - left), 2), style.line)

    @property
    def _end_room(self) -> int:
        """What is kept free at the end of the rule."""
        return 0

    def _inner(self, box: QRectF) -> QRectF:
        style = self._style
        return box.adjusted(style.pad, style.look.px(6), -style.pad, 0)


class CourseRow(TitleRow):
    """`COURSE 2`, and whether it is held, counts down, or was fired."""

    def __init__(self, course: int, lines: Sequence[TicketLine], style: TicketStyle) -> None:
        super().__init__(f"COURSE {course}", style)
        mine = [line for line in lines if line.course == course and line.open]
        self._held = any(line.held for line in mine)
        moments = [line.fire_at for line in mine if line.fire_at and not line.held]
        whole = bool(moments) and len(moments) == len(mine)
        self.begins = min(moments) if whole else None
        self._hold = Badge("HOLD", style.word, style, style.inner, "pause")

    def draw(self, canvas: Canvas, box: QRectF, *, waiting: bool = False) -> None:
        super().draw(canvas, box)
        style, inner = self._style, self._inner(box)
        if self._held:
            top = inner.center().y() - self._hold.height / 2
            left = inner.right() - self._hold.width
            self._hold.draw(canvas, left, top, style.text, style.card)
        elif self.begins and not waiting:
            canvas.words(inner, "fired", style.small, style.soft, "end")

    def draw_wait(self, canvas: Canvas, box: QRectF, text: str) -> None:
        style = self._style
        canvas.words(self._inner(box), f"in {text}", style.small, style.text, "end")

    @property
    def _end_room(self) -> int:
        gap = self._style.look.px(12)
        if self._held:
            return self._hold.width + gap
        return wide("in 88:88", self._style.small) + gap if self.begins else 0


def build_rows(ticket: Ticket, style: TicketStyle) -> Iterator[Row]:
    """The rows of a ticket, top to bottom."""
    yield from about_the_order(ticket, style)
    titled = _titled(ticket.lines)
    above: TicketLine | None = None
    for line in ticket.lines:
        added = line.batch > 0 and (above is None or line.batch != above.batch)
        if added:
            when = f" {time_text(line.sent_at, style.zone)}" if line.sent_at else ""
            yield TitleRow(f"ADDED{when}", style)
        new_course = titled and (added or above is None or line.course != above.course)
        if new_course:
            batch = [one for one in ticket.lines if one.batch == line.batch]
            yield CourseRow(line.course, batch, style)
        yield LineRow(line, style, ruled=not added and not new_course and above is not None)
        above = line


def about_the_order(ticket: Ticket, style: TicketStyle) -> Iterator[Row]:
    """What the cook must know before the first line."""
    if ticket.note:
        yield BandRow(ticket.note, "note", style, style.tone("info"), loud=False)
    for question in ticket.questions:
        yield _question(question, style)
    if quiet := coming_text(ticket.coming, ticket.done_before):
        yield QuietRow(quiet, style)


def _question(question: Question, style: TicketStyle) -> Row:
    """What was asked, quietly; the answer, loudly."""
    if not question.answer:
        neutral = style.tone("neutral")
        return BandRow(f"Asked: {question.text}", "clock", style, neutral, loud=False)
    words = f"{question.text} Answer: {question.answer}"
    return BandRow(words, "bell", style, style.tone("info"), loud=True)


def _titled(lines: Sequence[TicketLine]) -> bool:
    """Courses are told apart when there are several, or when one is held."""
    return len({line.course for line in lines}) > 1 or any(one.held and one.open for one in lines)
