"""Minus, a number, plus."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QWidget

from kds.ui.kit import IconButton, Label, Panel
from kds.ui.theme import look


class Stepper(Panel):
    """A quantity that two thumbs' taps change; `stepped` carries what it should become."""

    stepped = Signal(int)

    def __init__(self, what: str, qty: int = 1, least: int = 0, parent: QWidget | None = None):
        """`what` is counted here, for the screen reader."""
        super().__init__("sunken", horizontal=True, padding=0, gap=0, parent=parent)
        self._qty, self._least = qty, least
        self.less = IconButton("minus", f"One less {what}")
        self.more = IconButton("plus", f"One more {what}")
        self._number = Label(str(qty), "title")
        self._number.setAlignment(Qt.AlignmentFlag.AlignCenter)
        for button, step in ((self.less, -1), (self.more, 1)):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _=False, step=step: self._step(step))
        for part in (self.less, self._number, self.more):
            self.box.addWidget(part)
        self._fit()

    @property
    def qty(self) -> int:
        return self._qty

    def set_qty(self, qty: int) -> None:
        self._qty = qty
        self._number.setText(str(qty))
        self.less.setEnabled(qty > self._least)

    def _step(self, by: int) -> None:
        self.set_qty(max(self._least, self._qty + by))
        self.stepped.emit(self._qty)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_number"):
            self._fit()

    def _fit(self) -> None:
        self._number.setFixedWidth(look().px(36))
