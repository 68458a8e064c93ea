"""Room for more than fits, moved by a finger, a mouse, or the wheel."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QScrollArea, QScroller, QWidget
from PySide6.QtWidgets import QScrollerProperties as Properties

A = TypeVar("A", bound=QAbstractScrollArea)

PRESS_DELAY_S = 0.12
"""So long a press waits whether it becomes a drag, before what lies under it looks pressed."""


def by_finger(area: A) -> A:
    """Let what `area` shows be dragged and flicked, by touch or with the mouse; the area itself.

    A drag is no tap on what lies under it, and less than a drag (5 mm) scrolls nothing. What is
    still moving is stopped by a tap, and nothing else comes of that tap. Nothing swings beyond
    its ends. Items of a view have to scroll by pixels.
    """
    pane = area.viewport()
    QScroller.grabGesture(pane, QScroller.ScrollerGestureType.LeftMouseButtonGesture)
    scroller = QScroller.scroller(pane)
    how, metric = scroller.scrollerProperties(), Properties.ScrollMetric
    how.setScrollMetric(metric.MousePressEventDelay, PRESS_DELAY_S)
    for axis in (metric.HorizontalOvershootPolicy, metric.VerticalOvershootPolicy):
        how.setScrollMetric(axis, Properties.OvershootPolicy.OvershootAlwaysOff)
    scroller.setScrollerProperties(how)
    return area


def scrolling(inner: QWidget) -> QScrollArea:
    """An area around `inner`, as wide as it gets; what lies behind shows through. The keyboard
    passes it by."""
    area = QScrollArea()
    area.setWidget(inner)
    area.setWidgetResizable(True)
    inner.setAutoFillBackground(False)  # `setWidget` has set it
    area.viewport().setAutoFillBackground(False)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return by_finger(area)
