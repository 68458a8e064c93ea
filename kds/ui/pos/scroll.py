"""Room for more than fits: a part of a card or sheet that scrolls up and down."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget


def scrolling(inner: QWidget) -> QScrollArea:
    """An area around `inner`, as wide as it gets; what lies behind shows through."""
    area = QScrollArea()
    area.setWidget(inner)
    area.setWidgetResizable(True)
    inner.setAutoFillBackground(False)  # `setWidget` has set it
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area
