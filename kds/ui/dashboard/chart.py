"""Orders per hour as bars. A shape to take in at a glance; the numbers stand on the bars."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from kds.ui.theme import look


def shown_hours(counts: Sequence[int], now_hour: int) -> range:
    """The hours worth showing: from the first order to the last or to now; at least eight."""
    busy = [hour for hour, count in enumerate(counts) if count]
    first = min([*busy, now_hour])
    last = max([*busy, now_hour])
    while last - first < 7:
        first, last = max(0, first - 1), min(23, last + 1)
    return range(first, last + 1)


class HourBars(QWidget):
    """24 counts; the running hour is marked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts: tuple[int, ...] = (0,) * 24
        self._now_hour = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set(self, counts: Sequence[int], now_hour: int) -> None:
        if (tuple(counts), now_hour) == (self._counts, self._now_hour):
            return
        self._counts, self._now_hour = tuple(counts), now_hour
        busy = ", ".join(f"{count} at {hour}" for hour, count in enumerate(counts) if count)
        self.setAccessibleName(f"Orders per hour: {busy or 'none yet'}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(look().px(480), look().px(220))

    def paintEvent(self, event: QPaintEvent) -> None:
        now, theme = look(), look().theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        hours = shown_hours(self._counts, self._now_hour)
        foot, head = now.px(30), now.px(28)
        floor = self.height() - foot
        step = self.width() / len(hours)
        most = max(*self._counts, 4)
        painter.setPen(QColor(theme.line))
        painter.drawLine(0, floor, self.width(), floor)
        for index, hour in enumerate(hours):
            count = self._counts[hour]
            slot = QRectF(index * step, 0, step, floor)
            width = min(step * 0.64, now.px(72))
            height = (floor - head) * count / most
            bar = QRectF(slot.center().x() - width / 2, floor - height, width, height)
            self._bar(painter, bar, hour == self._now_hour)
            words = QRectF(slot.left(), floor + now.px(4), step, foot - now.px(4))
            painter.setFont(now.font_of(15, 700 if hour == self._now_hour else 500))
            ink = theme.text if hour == self._now_hour else theme.text_soft
            painter.setPen(QColor(ink))
            painter.drawText(words, Qt.AlignmentFlag.AlignCenter, f"{hour:02d}")
            if count:
                top = QRectF(slot.left(), bar.top() - head, step, head)
                painter.setPen(QColor(theme.text))
                painter.setFont(now.font_of(16, 700))
                painter.drawText(top, Qt.AlignmentFlag.AlignCenter, str(count))
        painter.end()

    def _bar(self, painter: QPainter, bar: QRectF, running: bool) -> None:
        if bar.height() <= 0:
            return
        accent = look().theme.tones["accent"]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(accent.solid if running else accent.ink))
        painter.setOpacity(1.0 if running else 0.62)
        radius = min(look().px(6), bar.height() / 2)
        painter.drawRoundedRect(bar, radius, radius)
        painter.setOpacity(1.0)
