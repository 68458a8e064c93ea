"""Marks that stand beside a colour, so that nothing is told by colour alone."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

Shape = Literal[
    "none",
    "dot",
    "ring",
    "half",
    "triangle",
    "square",
    "diamond",
    "check",
    "cross",
    "plus",
    "pause",
]


def paint_shape(painter: QPainter, shape: Shape, rect: QRectF, color: QColor) -> None:
    """Draw `shape` filled with `color` in the largest square around the middle of `rect`."""
    if shape == "none":
        return
    side = min(rect.width(), rect.height())
    box = QRectF(0, 0, side, side)
    box.moveCenter(rect.center())
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    if shape in ("dot", "square"):
        _solid(painter, shape, box)
    elif shape in ("triangle", "diamond"):
        painter.drawPolygon(_polygon(shape, box))
    else:
        _lines(painter, shape, box, color)
    painter.restore()


def _solid(painter: QPainter, shape: Shape, box: QRectF) -> None:
    if shape == "dot":
        painter.drawEllipse(box)
    else:
        painter.drawRoundedRect(box, box.width() * 0.12, box.width() * 0.12)


def _polygon(shape: Shape, box: QRectF) -> QPolygonF:
    top = QPointF(box.center().x(), box.top())
    if shape == "triangle":
        return QPolygonF([top, box.bottomRight(), box.bottomLeft()])
    bottom = QPointF(box.center().x(), box.bottom())
    left = QPointF(box.left(), box.center().y())
    right = QPointF(box.right(), box.center().y())
    return QPolygonF([top, right, bottom, left])


def _lines(painter: QPainter, shape: Shape, box: QRectF, color: QColor) -> None:
    width = max(1.5, box.width() * 0.16)
    inner = box.adjusted(width / 2, width / 2, -width / 2, -width / 2)
    pen = QPen(color, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if shape in ("ring", "half"):
        painter.drawEllipse(inner)
        if shape == "half":
            painter.setBrush(color)
            painter.drawChord(inner, 90 * 16, 180 * 16)
    elif shape == "check":
        x, y, w, h = inner.x(), inner.y(), inner.width(), inner.height()
        points = (x, y + h * 0.52), (x + w * 0.36, y + h * 0.82), (x + w, y + h * 0.16)
        painter.drawPolyline(QPolygonF([QPointF(*point) for point in points]))
    elif shape in ("plus", "pause"):
        _bars(painter, shape, inner)
    else:
        painter.drawLine(inner.topLeft(), inner.bottomRight())
        painter.drawLine(inner.topRight(), inner.bottomLeft())


def _bars(painter: QPainter, shape: Shape, inner: QRectF) -> None:
    """Upright and level strokes."""
    x, y, w, h = inner.x(), inner.y(), inner.width(), inner.height()
    if shape == "plus":
        painter.drawLine(QPointF(x + w / 2, y), QPointF(x + w / 2, y + h))
        painter.drawLine(QPointF(x, y + h / 2), QPointF(x + w, y + h / 2))
    else:
        for across in (0.24, 0.76):
            painter.drawLine(QPointF(x + w * across, y), QPointF(x + w * across, y + h))
