"""A row of figures as a thin line: a shape to take in at a glance, beside the numbers."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from kds.ui.theme import look


def points(values: Sequence[float], box: QRectF, room: int) -> list[QPointF]:
    """Where the values lie in `box`, oldest left; `room` values fill it, the newest at the right.

    The floor is 0 and the top is the largest value; a single value stands at the right edge.
    """
    step = box.width() / max(1, room - 1)
    top = max(values, default=0.0) or 1.0
    left = box.right() - step * (len(values) - 1)
    return [
        QPointF(left + step * index, box.bottom() - box.height() * value / top)
        for index, value in enumerate(values)
    ]


class Sparkline(QWidget):
    """The last `room` values; `name` and `unit` are for those who cannot see the line."""

    def __init__(
        self, name: str, unit: str, *, room: int = 60, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._name, self._unit, self._room = name, unit, room
        self._values: tuple[float, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def values(self) -> tuple[float, ...]:
        return self._values

    def set(self, values: Sequence[float]) -> None:
        """Show these, oldest first; those beyond the last `room` are left out."""
        shown = tuple(values[-self._room :])
        if shown == self._values:
            return
        self._values = shown
        said = f"{min(shown):.0f} to {max(shown):.0f} {self._unit}" if shown else "nothing yet"
        self.setAccessibleName(f"{self._name}: {said}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(look().px(240), look().px(56))

    def minimumSizeHint(self) -> QSize:
        return QSize(look().px(80), look().px(56))

    def paintEvent(self, event: QPaintEvent) -> None:
        now, theme = look(), look().theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = now.px(5)
        box = QRectF(self.rect()).adjusted(edge, edge, -edge, -edge)
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        if line := points(self._values, box, self._room):
            ink = QColor(theme.accent)
            painter.setPen(QPen(ink, max(1.5, 2 * now.scale)))
            painter.drawPolyline(QPolygonF(line))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ink)
            painter.drawEllipse(line[-1], now.px(4), now.px(4))
        painter.end()
