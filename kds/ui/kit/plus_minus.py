"""Minus, a value, plus."""

from __future__ import annotations

from abc import abstractmethod

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QWidget

from kds.ui.kit.buttons import IconButton
from kds.ui.kit.panels import Panel
from kds.ui.kit.text import Label
from kds.ui.theme import TextRole, look


class PlusMinus(Panel):
    """A value that two thumbs' taps change; `stepped` carries what it should become.

    `less` and `more`: what the buttons do, for the screen reader. `width`: of the value.
    """

    stepped = Signal(int)

    def __init__(
        self, less: str, more: str, role: TextRole, width: int, parent: QWidget | None = None
    ) -> None:
        super().__init__("sunken", horizontal=True, padding=0, gap=0, parent=parent)
        self._width = width
        self.less, self.more = IconButton("minus", less), IconButton("plus", more)
        self.value = Label("", role)
        self.value.setAlignment(Qt.AlignmentFlag.AlignCenter)
        for button, by in ((self.less, -1), (self.more, 1)):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _=False, by=by: self.step(by))
        for part in (self.less, self.value, self.more):
            self.box.addWidget(part)
        self._fit()

    @abstractmethod
    def step(self, by: int) -> None:
        """One step down (-1) or up (1)."""

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "value"):
            self._fit()

    def _fit(self) -> None:
        self.value.setFixedWidth(look().px(self._width))
