"""The rows of an order at the pass: what it waits for, its courses, and every station's share."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFont

from kds.domain.expo import Course, PassTicket, Share
from kds.domain.tickets import Ticket, TicketLine
from kds.ui.expo.words import (
    DONE,
    LATER,
    ON_HOLD,
    done_text,
    item_text,
    next_tap,
    progress_text,
    share_text,
    summary,
)
from kds.ui.kit.shapes import Shape
from kds.ui.kitchen.badge import Badge
from kds.ui.kitchen.canvas import Canvas, wide
from kds.ui.kitchen.details import FLAG_LOOKS, flag_words
from kds.ui.kitchen.row import Row
from kds.ui.kitchen.rows import TitleRow, about_the_order
from kds.ui.kitchen.style import TicketStyle

COURSE = "course:"
"""The line id of a course that a tap fires begins with this; its number follows."""
_SHAPES: dict[str, Shape] = {DONE: "check", ON_HOLD: "pause", LATER: "dot"}


class PassRow(Row):
    """A row of an order at the pass. `says` is what the clock makes of it, "" for nothing."""

    def says(self, now: datetime) -> str:
        return ""


class SummaryRow(PassRow):
    """Across the ticket: how far the order is, and what its bump does. A tap on it is that bump."""

    whole = glued = True

    def __init__(self, ticket: PassTicket, style: TicketStyle) -> None:
        self._ticket, self._style = ticket, style
        self._does = next_tap(ticket)
        self.height = style.look.px(46)
        tone = style.tone("ok")
        self._ground = QColor(tone.solid) if self._does else style.sunken
        self._ink = QColor(tone.on_solid) if self._does else style.text

    def says(self, now: datetime) -> str:
        return summary(self._ticket, now)

    def draw(self, canvas: Canvas, box: QRectF, *, waiting: bool = False) -> None:
        canvas.fill(box.adjusted(1, 0, -1, 0), self._ground)

    def draw_wait(self, canvas: Canvas, box: QRectF, text: str) -> None:
        style, px = self._style, self._style.look.px
        inner = box.adjusted(style.pad, 0, -style.pad, 0)
        side = px(22)
        mark = QRectF(inner.left(), inner.center().y() - side / 2, side, side)
        canvas.shape("check" if self._does else "half", mark, self._ink)
        row = inner.adjusted(side + px(10), 0, 0, 0)
        canvas.words(row, text, style.removed if self._does else style.where, self._ink)
        room = row.width() - wide(text, style.removed) - px(10)
        if wide(self._does, style.where) <= room:
            canvas.words(row, self._does, style.where, self._ink, "end")


class CourseTitle(TitleRow, PassRow):
    """`COURSE 2`; one on hold says that a tap fires it."""

    def __init__(self, course: Course, style: TicketStyle) -> None:
        super().__init__(f"COURSE {course.number}", style)
        self._held = course.held
        self._badge = Badge("HOLD · tap to fire", style.word, style, style.inner, "pause")
        if course.held:
            self.line_id = f"{COURSE}{course.number}"
            self.height = style.look.touch

    def draw(self, canvas: Canvas, box: QRectF, *, waiting: bool = False) -> None:
        super().draw(canvas, box)
        if self._held:
            inner = self._inner(box)
            top = inner.center().y() - self._badge.height / 2
            left = inner.right() - self._badge.width
            self._badge.draw(canvas, left, top, self._style.text, self._style.card)

    @property
    def _end_room(self) -> int:
        return self._badge.width + self._style.look.px(12) if self._held else 0


class ShareRow(PassRow):
    """A station: how it stands, how much of it is done, and how long it has had it."""

    glued = True

    def __init__(self, share: Share, style: TicketStyle) -> None:
        self._share, self._style = share, style
        self._begun = any(line.state in ("started", "ready") for line in share.lines)
        self.height = style.look.px(36)

    def says(self, now: datetime) -> str:
        return share_text(self._share, now)

    def draw(self, canvas: Canvas, box: QRectF, *, waiting: bool = False) -> None:
        style = self._style
        canvas.fill(QRectF(box.left() + style.pad, box.top(), style.inner, 1), style.line)

    def draw_wait(self, canvas: Canvas, box: QRectF, text: str) -> None:
        style, px = self._style, self._style.look.px
        ink = {DONE: style.done, ON_HOLD: style.soft, LATER: style.soft}.get(text, style.text)
        inner = box.adjusted(style.pad, px(3), -style.pad, 0)
        side = px(20)
        mark = QRectF(inner.left(), inner.center().y() - side / 2, side, side)
        canvas.shape(_SHAPES.get(text, "half" if self._begun else "ring"), mark, ink)
        canvas.words(inner, text, style.where, ink, "end")
        row = inner.adjusted(px(32), 0, -wide(text, style.where) - px(10), 0)
        canvas.words(row, self._share.station, style.where, ink)
        left = wide(self._share.station, style.where) + px(10)
        canvas.words(row.adjusted(left, 0, 0, 0), progress_text(self._share), style.small,
                     style.soft)  # fmt: skip


class ItemRow(PassRow):
    """Something that a station still has to make, or that was changed; with its change."""

    def __init__(self, line: TicketLine, style: TicketStyle) -> None:
        self._style, self._line = style, line
        px = style.look.px
        self._left = style.pad + px(32)
        room = style.width - self._left - style.pad
        words = flag_words(line)
        self._flag = Badge(words, style.word, style, room, FLAG_LOOKS[line.flag][1]) if words \
            else None  # fmt: skip
        font = QFont(style.added)
        font.setStrikeOut(line.state == "void")
        self._text = style.words(item_text(line), font, room)
        flag = self._flag.height + px(2) if self._flag else 0
        self.height = self._text.height + flag + px(6)

    def draw(self, canvas: Canvas, box: QRectF, *, waiting: bool = False) -> None:
        style, y = self._style, box.top() + self._style.look.px(2)
        left = box.left() + self._left
        if self._flag:
            tone = style.tone(FLAG_LOOKS[self._line.flag][0])
            self._flag.draw(canvas, left, y, tone.solid, tone.on_solid)
            y += self._flag.height + style.look.px(2)
        self._text.draw(canvas, left, y, style.soft if self._line.held else style.text)
        if self._line.state == "started":
            side = style.look.px(14)
            top = y + (self._text.line_height - side) / 2
            mark = QRectF(box.left() + style.pad + style.look.px(6), top, side, side)
            canvas.shape("half", mark, style.added_ink)


class DoneRow(PassRow):
    """What a station has made, quietly: it is to be found on the pass."""

    def __init__(self, share: Share, style: TicketStyle) -> None:
        self._style = style
        self._left = style.pad + style.look.px(32)
        room = style.width - self._left - style.pad
        self._text = style.words(done_text(share), style.small, room)
        self._marked = any(line.open for line in share.lines)
        self.height = self._text.height + style.look.px(8)

    def draw(self, canvas: Canvas, box: QRectF, *, waiting: bool = False) -> None:
        style, y = self._style, box.top() + self._style.look.px(2)
        self._text.draw(canvas, box.left() + self._left, y, style.soft)
        if self._marked:
            side = style.look.px(14)
            top = y + (self._text.line_height - side) / 2
            mark = QRectF(box.left() + style.pad + style.look.px(6), top, side, side)
            canvas.shape("check", mark, style.done)


def pass_rows(ticket: Ticket, style: TicketStyle) -> Iterator[Row]:
    """The rows of an order at the pass, top to bottom."""
    assert isinstance(ticket, PassTicket)
    yield SummaryRow(ticket, style)
    yield from about_the_order(ticket, style)
    titled = len(ticket.courses) > 1 or bool(ticket.held_courses)
    for course in ticket.courses:
        if titled:
            yield CourseTitle(course, style)
        for share in course.shares:
            yield from _share_rows(share, style)


def _share_rows(share: Share, style: TicketStyle) -> Iterator[Row]:
    yield ShareRow(share, style)
    for line in share.lines:
        if line.open or line.flag:
            yield ItemRow(line, style)
    if share.done:
        yield DoneRow(share, style)
