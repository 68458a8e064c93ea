"""What stands under a line's name: removals, additions, notes, the seat, allergens, flags."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont

from kds.domain.rows import Flag
from kds.domain.tickets import TicketLine
from kds.ui.kit.shapes import Shape
from kds.ui.kitchen.badge import Badge
from kds.ui.kitchen.canvas import Canvas, Color, wide
from kds.ui.kitchen.style import TicketStyle
from kds.ui.theme import ToneName

FLAG_LOOKS: dict[Flag, tuple[ToneName, Shape]] = {
    "added": ("accent", "plus"),
    "qty": ("warn", "diamond"),
    "void": ("danger", "cross"),
}
"""Tone and mark of a change that nobody has acknowledged."""


def flag_words(line: TicketLine) -> str:
    """`ADDED`, `VOIDED`, `2 → 3`."""
    if line.flag == "qty":
        change = f"{line.was_qty}\u00a0\u2192\u00a0{line.qty}"
        return f"CHANGED {change}" if line.was_qty else "CHANGED"
    return {"added": "ADDED", "void": "VOIDED"}.get(line.flag, "")


class Detail(ABC):
    """Something under a line's name; `height` in pixels, the space above it included."""

    height = 0

    @abstractmethod
    def draw(self, canvas: Canvas, x: float, y: float, *, dimmed: bool) -> None:
        """Paint it from `x`, `y` on. `dimmed`: not for the hands, now or any more."""


class MarkedText(Detail):
    """A text with a mark before it that says what it is."""

    def __init__(self, text: str, font: QFont, style: TicketStyle, room: int, mark: int) -> None:
        self._style, self._mark, self._above = style, mark, style.look.px(3)
        self._text = style.words(text, font, room - mark)
        self.height = self._text.height + self._above

    def draw(self, canvas: Canvas, x: float, y: float, *, dimmed: bool) -> None:
        y += self._above
        mark = QRectF(x, y, self._mark, self._text.line_height)
        self._draw_mark(canvas, mark, self._style.soft if dimmed else self._ink)
        self._text.draw(canvas, x + self._mark, y, self._style.soft if dimmed else self._body)

    @property
    def _ink(self) -> Color:
        """Of the mark."""
        return self._style.text

    @property
    def _body(self) -> Color:
        """Of the text."""
        return self._ink

    @abstractmethod
    def _draw_mark(self, canvas: Canvas, box: QRectF, ink: Color) -> None: ...


class Removed(MarkedText):
    """`NO` in a filled box, and what to leave out in heavy letters."""

    def __init__(self, name: str, style: TicketStyle, room: int) -> None:
        mark = wide("NO", style.small) + style.look.px(20)
        super().__init__(name, style.removed, style, room, mark)

    def _draw_mark(self, canvas: Canvas, box: QRectF, ink: Color) -> None:
        px = self._style.look.px
        badge = box.adjusted(0, px(2), -px(8), -px(2))
        canvas.patch(badge, ink, px(4))
        canvas.words(badge, "NO", self._style.small, self._style.card, "middle")


class Added(MarkedText):
    """A plus, and what comes on top."""

    def __init__(self, name: str, style: TicketStyle, room: int) -> None:
        super().__init__(name, style.added, style, room, style.look.px(28))

    @property
    def _ink(self) -> Color:
        return self._style.added_ink

    @property
    def _body(self) -> Color:
        return self._style.soft

    def _draw_mark(self, canvas: Canvas, box: QRectF, ink: Color) -> None:
        side = self._style.look.px(16)
        mark = QRectF(box.left() + self._style.look.px(2), box.top(), side, box.height())
        canvas.shape("plus", mark, ink)


class Noted(MarkedText):
    """An icon, and words that somebody typed, or the seat."""

    def __init__(self, text: str, icon: str, style: TicketStyle, room: int) -> None:
        self._icon = icon
        super().__init__(text, style.added, style, room, style.look.px(28))

    @property
    def _ink(self) -> Color:
        return self._style.tone("info").ink

    def _draw_mark(self, canvas: Canvas, box: QRectF, ink: Color) -> None:
        side = self._style.look.px(20)
        canvas.icon(self._icon, box.left(), box.center().y(), side, ink)


class Covered(Detail):
    """For whom it is made: the station that this screen stands in for. Marked as in the bar."""

    def __init__(self, names: tuple[str, ...], style: TicketStyle, room: int) -> None:
        self._style, self._above = style, style.look.px(4)
        self._badge = Badge(f"for {', '.join(names)}", style.word, style, room, "diamond")
        self.height = self._badge.height + self._above

    def draw(self, canvas: Canvas, x: float, y: float, *, dimmed: bool) -> None:
        tone = self._style.tone("neutral" if dimmed else "info")
        self._badge.draw(canvas, x, y + self._above, tone.soft, tone.ink)


class Allergens(Detail):
    """What can kill a guest, in a filled badge."""

    def __init__(self, names: tuple[str, ...], style: TicketStyle, room: int) -> None:
        self._style, self._above = style, style.look.px(4)
        words = " \u00b7 ".join(name.upper() for name in names)
        self._badge = Badge(words, style.word, style, room, "triangle")
        self.height = self._badge.height + self._above

    def draw(self, canvas: Canvas, x: float, y: float, *, dimmed: bool) -> None:
        tone = self._style.tone("neutral" if dimmed else "warn")
        self._badge.draw(canvas, x, y + self._above, tone.solid, tone.on_solid)


class Flagged(Detail):
    """A change that nobody here has acknowledged; it stands over the name."""

    def __init__(self, line: TicketLine, style: TicketStyle, room: int) -> None:
        self._style = style
        tone, shape = FLAG_LOOKS[line.flag]
        self._tone = style.tone(tone)
        self._badge = Badge(flag_words(line), style.removed, style, room, shape)
        self.height = self._badge.height + style.look.px(4)

    def draw(self, canvas: Canvas, x: float, y: float, *, dimmed: bool) -> None:
        self._badge.draw(canvas, x, y, self._tone.solid, self._tone.on_solid)


def details_of(line: TicketLine, style: TicketStyle, room: int) -> Iterator[Detail]:
    """What stands under the name, top to bottom. Nothing under a void that everybody has seen."""
    if line.state == "void" and not line.flag:
        return
    if line.covers:
        yield Covered(line.covers, style, room)
    for name in line.removed:
        yield Removed(name, style, room)
    for name in line.added:
        yield Added(name, style, room)
    if line.note:
        yield Noted(line.note, "note", style, room)
    if line.seat is not None:
        yield Noted(f"Seat {line.seat}", "person", style, room)
    if line.allergens:
        yield Allergens(line.allergens, style, room)
