"""Parts of tickets painted once and kept while they are on the screen and stay as they are."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPixmap

from kds.ui.kitchen.layout import Segment
from kds.ui.kitchen.paint import Dress, Sheet

Part = tuple[str, int]
"""Order id and the number of the part."""


class Pictures:
    """At most one picture for each part on the page: a screenful of pixels in all."""

    def __init__(self) -> None:
        self._kept: dict[Part, tuple[object, QPixmap]] = {}

    def of(
        self, sheet: Sheet, segment: Segment, box: QRectF, dress: Dress, ratio: float
    ) -> QPixmap:
        """The part as `Sheet.draw` paints it, for a screen of device pixel ratio `ratio`."""
        part = (segment.key, segment.part)
        size = (box.width(), box.height())
        lasting = dress.face.lasting
        looks = (sheet, size, segment.first, segment.last, bool(dress.hint), lasting, ratio)
        kept = self._kept.get(part)
        if kept is not None and kept[0] == looks:
            return kept[1]
        picture = _paint(sheet, segment, QRectF(0, 0, *size), dress, ratio)
        self._kept[part] = looks, picture
        return picture

    def keep(self, parts: Collection[Part]) -> None:
        """Let go of all others."""
        self._kept = {part: kept for part, kept in self._kept.items() if part in parts}


def _paint(sheet: Sheet, segment: Segment, box: QRectF, dress: Dress, ratio: float) -> QPixmap:
    picture = QPixmap(QSize(round(box.width() * ratio), round(box.height() * ratio)))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    sheet.draw(painter, segment, box, dress)
    painter.end()
    return picture
