"""Line icons in any colour, rendered from `resources/icons/<name>.svg`."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from kds.base.resources import resource_path

_INK = "#000000"  # what the files are drawn in


@lru_cache(maxsize=256)
def _renderer(name: str, color: str) -> QSvgRenderer:
    source = resource_path("icons", f"{name}.svg").read_text(encoding="utf-8")
    return QSvgRenderer(QByteArray(source.replace(_INK, color).encode()))


@lru_cache(maxsize=512)
def pixmap(name: str, color: str, size: int, ratio: float = 1.0) -> QPixmap:
    """The icon as a square of `size` logical pixels on a screen of device pixel ratio `ratio`."""
    side, drawing = max(1, round(size * ratio)), _renderer(name, color)
    picture = QPixmap(QSize(side, side))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    drawing.render(painter, QRectF(0, 0, side, side))
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


@lru_cache(maxsize=256)
def icon(name: str, color: str) -> QIcon:
    """The icon for a button. Raises FileNotFoundError for a name that does not exist."""
    result = QIcon()
    for side in (16, 24, 32, 48, 64, 96):
        result.addPixmap(pixmap(name, color, side))
    return result
