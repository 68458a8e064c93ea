"""The service from left to right: how much there was to make, what was late, and where we are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta, tzinfo

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from kds.ui.replay.words import clock, exact, load_words
from kds.ui.theme import Look, look

_TICKS_MIN = (1, 2, 5, 10, 15, 30, 60, 120, 240)
_HEIGHT = 132  # token pixels
_LEAST_TICK = 84  # token pixels between two times
_BEFORE = datetime(1970, 1, 1, tzinfo=UTC)  # until there is a service
_LEAST_TOP = 6  # lines: a quiet hour does not look like a rush

Load = Sequence[tuple[int, int]]
"""`(open, late)` at the end of each step."""


class Scrubber(QWidget):
    """A touch or a drag is `sought` with the instant; `marks` are the moments that are listed."""

    sought = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._start = self._end = self._at = _BEFORE
        self._zone: tzinfo | None = None
        self._load: Load = ()
        self._marks: tuple[datetime, ...] = ()
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_service(self, start: datetime, end: datetime, zone: tzinfo) -> None:
        self._start, self._end, self._at, self._zone = start, end, start, zone
        self.update()

    def set_load(self, load: Load) -> None:
        self._load = load
        self.update()

    def set_marks(self, marks: Sequence[datetime]) -> None:
        """Moments to point out; none when all of them are listed anyway."""
        self._marks = tuple(marks)
        self.update()

    def set_now(self, at: datetime) -> None:
        if at != self._at:
            self._at = at
            self.setAccessibleName(f"{self._clock(at)}: {load_words(*self.load_now)}")
            self.update()

    @property
    def load_now(self) -> tuple[int, int]:
        """Open and late lines at the instant that is shown."""
        if not self._load:
            return 0, 0
        step = int(self._share(self._at) * len(self._load))
        return self._load[min(step, len(self._load) - 1)]

    def x_of(self, at: datetime) -> float:
        """Where an instant stands."""
        return self._plot.left() + self._share(at) * self._plot.width()

    def sizeHint(self) -> QSize:
        return QSize(look().px(640), look().px(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(look().px(240), look().px(_HEIGHT))

    # -- touching it ----------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._seek(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._seek(event.position().x())

    def _seek(self, x: float) -> None:
        share = min(1.0, max(0.0, (x - self._plot.left()) / max(1.0, self._plot.width())))
        self.sought.emit(self._start + self._length * share)

    # -- painting -------------------------------------------------------------------------

    @property
    def _length(self) -> timedelta:
        return self._end - self._start

    @property
    def _plot(self) -> QRectF:
        px = look().px
        return QRectF(self.rect()).adjusted(px(16), px(34), -px(16), -px(26))

    def _share(self, at: datetime) -> float:
        return (at - self._start) / self._length if self._length else 0.0

    def _clock(self, at: datetime) -> str:
        return exact(at, self._zone) if self._zone else ""

    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter = look(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(now.theme.sunken))
        painter.drawRoundedRect(self._plot, now.px(4), now.px(4))
        self._paint_load(painter, now)
        self._paint_times(painter, now)
        self._paint_marks(painter, now)
        self._paint_now(painter, now)
        painter.end()

    def _paint_load(self, painter: QPainter, now: Look) -> None:
        """Open lines as a hill; the late ones hatched at its foot, for those who see no red."""
        tones = now.theme.tones
        top = max([_LEAST_TOP, *(opened for opened, _ in self._load)])
        painter.setBrush(QColor(tones["info"].soft))
        painter.setPen(QPen(QColor(tones["info"].ink), now.px(2)))
        painter.drawPolygon(self._hill([opened for opened, _ in self._load], top))
        late = self._hill([late for _, late in self._load], top)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tones["danger"].solid))
        painter.drawPolygon(late)
        painter.setBrush(QBrush(QColor(tones["danger"].on_solid), Qt.BrushStyle.BDiagPattern))
        painter.drawPolygon(late)

    def _hill(self, heights: Sequence[int], top: int) -> QPolygonF:
        plot = self._plot
        width = plot.width() / max(1, len(heights))
        points = [plot.bottomLeft()]
        for step, height in enumerate(heights):
            y = plot.bottom() - plot.height() * height / top
            left = plot.left() + step * width
            points += [QPointF(left, y), QPointF(left + width, y)]
        return QPolygonF([*points, plot.bottomRight()])

    def _paint_times(self, painter: QPainter, now: Look) -> None:
        painter.setFont(now.font_of(15, 500))
        for at in self._ticks(now):
            x = self.x_of(at)
            painter.setPen(QColor(now.theme.line))
            painter.drawLine(QPointF(x, self._plot.top()), QPointF(x, self._plot.bottom()))
            painter.setPen(QColor(now.theme.text_soft))
            box = QRectF(x - now.px(40), self._plot.bottom() + now.px(2), now.px(80), now.px(22))
            if box.left() >= 0 and box.right() <= self.width():
                align = Qt.AlignmentFlag.AlignCenter
                painter.drawText(box, int(align), clock(at, self._zone) if self._zone else "")

    def _ticks(self, now: Look) -> Iterator[datetime]:
        """Round times, as many as have room."""
        if not self._length or self._zone is None:
            return
        minutes = self._length / timedelta(minutes=1)
        room = max(1.0, self._plot.width() / now.px(_LEAST_TICK))
        every = next((n for n in _TICKS_MIN if minutes / n <= room), _TICKS_MIN[-1])
        there = self._start.astimezone(self._zone)
        midnight = there.replace(hour=0, minute=0, second=0, microsecond=0)
        step = timedelta(minutes=every)
        at = midnight + step * ((there - midnight) // step + 1)
        while at <= self._end:
            yield at
            at += step

    def _paint_marks(self, painter: QPainter, now: Look) -> None:
        painter.setPen(QPen(QColor(now.theme.text), now.px(2)))
        plot = self._plot
        for at in self._marks:
            x = self.x_of(at)
            painter.drawLine(QPointF(x, plot.top() - now.px(8)), QPointF(x, plot.top() + now.px(8)))

    def _paint_now(self, painter: QPainter, now: Look) -> None:
        """A line through the hill, and what there was to do above it."""
        tone, x, plot = now.theme.tones["warn"], self.x_of(self._at), self._plot
        painter.setPen(QPen(QColor(now.theme.text), now.px(3)))
        painter.drawLine(QPointF(x, plot.top() - now.px(4)), QPointF(x, plot.bottom()))
        painter.setFont(now.font_of(16, 700))
        words = f"{self._clock(self._at)} · {load_words(*self.load_now)}"
        width = painter.fontMetrics().horizontalAdvance(words) + now.px(24)
        left = min(max(0.0, x - width / 2), self.width() - width)
        tag = QRectF(left, now.px(1), width, now.px(28))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tone.solid))
        painter.drawRoundedRect(tag, now.px(6), now.px(6))
        painter.setPen(QColor(tone.on_solid))
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # time runs so, too
        painter.drawText(tag, int(Qt.AlignmentFlag.AlignCenter), words)
