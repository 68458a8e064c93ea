"""How many: minus, a number, plus."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from kds.ui.kit import PlusMinus

WIDTH = 36


class Stepper(PlusMinus):
    """A quantity, at once as it is tapped."""

    def __init__(self, what: str, qty: int = 1, least: int = 0, parent: QWidget | None = None):
        """`what` is counted here, for the screen reader."""
        super().__init__(f"One less {what}", f"One more {what}", "title", WIDTH, parent)
        self._least = least
        self.set_qty(qty)

    @property
    def qty(self) -> int:
        return self._qty

    def set_qty(self, qty: int) -> None:
        self._qty = qty
        self.value.setText(str(qty))
        self.less.setEnabled(qty > self._least)

    def step(self, by: int) -> None:
        self.set_qty(max(self._least, self._qty + by))
        self.stepped.emit(self._qty)
