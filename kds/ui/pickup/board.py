"""Paints the guests' board: what is being made, what is ready, and the newest one alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from kds.ui.kit.shapes import Shape, paint_shape
from kds.ui.kitchen.canvas import mirrored
from kds.ui.pickup.layout import Grid, fit
from kds.ui.theme import Look, Tone, look

RATIO = 2.9  # of a cell: "A-017" with air around it
_CENTER = int(Qt.AlignmentFlag.AlignCenter)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


@dataclass(frozen=True, slots=True)
class Numbers:
    """All that stands on the board. `front`: the number that stands alone now, or "".

    `quiet`: a word at the foot for whoever wonders, "" when all is well.
    """

    preparing: tuple[str, ...] = ()
    ready: tuple[str, ...] = ()
    front: str = ""
    quiet: str = ""


class NumbersBoard(QWidget):
    """Two columns of numbers, as large as they all fit; the pages turn with `turn`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.numbers = Numbers()
        self._turn = 0
        self.setAccessibleName("Orders")

    def show_numbers(self, numbers: Numbers) -> None:
        if numbers == self.numbers:
            return
        self.numbers = numbers
        ready = f"Ready: {', '.join(numbers.ready)}" if numbers.ready else "Nothing is ready"
        made = f"Preparing: {', '.join(numbers.preparing)}" if numbers.preparing else ""
        self.setAccessibleDescription(". ".join(filter(None, (ready, made))))
        self.update()

    def turn(self) -> None:
        """Show the next page of whatever does not fit on one."""
        self._turn += 1
        if self.grid_of(self.numbers.preparing, self._room(0)).pages > 1 or (
            self.grid_of(self.numbers.ready, self._room(1)).pages > 1
        ):
            self.update()

    def grid_of(self, numbers: Sequence[str], room: QRect) -> Grid:
        """How the numbers of a column stand in its room."""
        px = look().px
        longest = max((len(number) for number in numbers), default=5)
        ratio = RATIO * max(5, longest) / 5
        return fit(len(numbers), room.width(), room.height(), most=px(170), least=px(84),
                   ratio=ratio)  # fmt: skip

    # -- painting -------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, now = QPainter(self), look()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = now.theme
        painter.fillRect(self.rect(), QColor(theme.ground))
        self._title(painter, now, 0, "Preparing", "half", theme.tones["neutral"])
        self._title(painter, now, 1, "Ready", "check", theme.tones["ok"])
        self._numbers(painter, now, 0, self.numbers.preparing)
        self._numbers(painter, now, 1, self.numbers.ready)
        if self.numbers.front:
            self._front(painter, now)
        if self.numbers.quiet:
            painter.setFont(now.font("label"))
            painter.setPen(QColor(theme.text_soft))
            foot = QRectF(0, self.height() - now.px(40), self.width(), now.px(36))
            painter.drawText(foot, _CENTER, self.numbers.quiet)
        painter.end()

    def _column(self, column: int) -> QRect:
        """Ready is the wider one: that is what guests look for."""
        middle = round(self.width() * 0.42)
        left, right = ((0, middle), (middle, self.width()))[column]
        if self.isRightToLeft():
            left, right = self.width() - right, self.width() - left
        gap = look().px(24)
        return QRect(left + gap, gap, right - left - 2 * gap, self.height() - 2 * gap)

    def _room(self, column: int) -> QRect:
        """Where its numbers stand: under the title, over the foot."""
        px = look().px
        top = px(120)
        if column and self.numbers.front:
            top += self._front_height
        return self._column(column).adjusted(0, top, 0, -px(28))

    @property
    def _front_height(self) -> int:
        return round(self._column(1).height() * 0.46)

    def _title(
        self, painter: QPainter, now: Look, column: int, title: str, shape: Shape, tone: Tone
    ) -> None:
        box = QRectF(self._column(column))
        box.setHeight(now.px(96))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tone.solid))
        painter.drawRoundedRect(box, now.px(16), now.px(16))
        side = now.px(44)
        ink = QColor(tone.on_solid)
        mark = QRectF(box.left() + now.px(28), box.center().y() - side / 2, side, side)
        words = box.adjusted(now.px(28) + side + now.px(20), 0, 0, 0)
        if self.isRightToLeft():
            mark, words = mirrored(mark, box), mirrored(words, box)
        paint_shape(painter, shape, mark, ink)
        painter.setPen(ink)
        painter.setFont(now.font_of(52, 800))
        painter.drawText(words, _LEFT, title)

    def _numbers(self, painter: QPainter, now: Look, column: int, numbers: Sequence[str]) -> None:
        room = self._room(column)
        grid = self.grid_of(numbers, room)
        page = self._turn % grid.pages
        shown = numbers[page * grid.on_page : (page + 1) * grid.on_page]
        wide = room.width() / grid.columns
        font = now.font_of(1, 800 if column else 600)
        font.setPixelSize(max(1, round(grid.cell * 0.62)))
        painter.setFont(font)
        theme = now.theme
        painter.setPen(QColor(theme.tones["ok"].ink if column else theme.text_soft))
        for place, number in enumerate(shown):
            row, at = divmod(place, grid.columns)
            at = grid.columns - 1 - at if self.isRightToLeft() else at
            box = QRectF(room.left() + at * wide, room.top() + row * grid.cell, wide, grid.cell)
            painter.drawText(box, _CENTER, number)
        if grid.pages > 1:
            painter.setFont(now.font("label"))
            painter.setPen(QColor(theme.text_soft))
            foot = QRectF(room.left(), room.bottom(), room.width(), now.px(28))
            painter.drawText(foot, _CENTER, f"{page + 1} / {grid.pages}")

    def _front(self, painter: QPainter, now: Look) -> None:
        tone = now.theme.tones["ok"]
        box = QRectF(self._column(1)).adjusted(0, now.px(112), 0, 0)
        box.setHeight(self._front_height - now.px(8))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tone.solid))
        painter.drawRoundedRect(box, now.px(16), now.px(16))
        painter.setPen(QColor(tone.on_solid))
        painter.setFont(_filling(self.numbers.front, box, now))
        painter.drawText(box, _CENTER, self.numbers.front)


def _filling(text: str, box: QRectF, now: Look) -> QFont:
    """The largest font in which the text fits its box."""
    font = now.font_of(1, 800)
    font.setPixelSize(max(1, round(box.height() * 0.8)))
    wide = QFontMetrics(font).horizontalAdvance(text)
    room = box.width() * 0.9
    if wide > room:
        font.setPixelSize(max(1, int(font.pixelSize() * room / wide)))
    return font
