"""An icon that stands for itself, not on a button."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QLabel, QWidget

from kds.ui.kit.icons import pixmap
from kds.ui.theme import Theme, look

Ink = Callable[[Theme], str]
"""Which colour of a theme."""


class Picture(QLabel):
    """An icon of `side` token pixels; its colour and its size follow the look. "" shows nothing."""

    def __init__(self, icon_name: str, ink: Ink, side: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon_name, self._ink, self._side = icon_name, ink, side
        self._draw()

    def set_icon(self, name: str) -> None:
        if name != self._icon_name:
            self._icon_name = name
            self._draw()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_side"):
            self._draw()

    def _draw(self) -> None:
        now, name = look(), self._icon_name
        side, ratio = now.px(self._side), self.devicePixelRatioF()
        self.setPixmap(pixmap(name, self._ink(now.theme), side, ratio) if name else QPixmap())
