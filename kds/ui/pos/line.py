"""One line of the cart: how many, what, how, and what it costs."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kds.base.money import format_money
from kds.domain.cart import CartLine
from kds.ui.kit import Label, Panel
from kds.ui.pos.stepper import Stepper


def details(line: CartLine, *, coursed: bool = False) -> str:
    """The wishes of a line in words: `Course 2, no Onion, + Extra cheese, well done`."""
    course = [f"Course {line.course}"] if coursed else []
    words = [
        f"no {modifier['name']}" if modifier["kind"] == "remove" else f"+ {modifier['name']}"
        for modifier in line.modifiers
    ]
    return ", ".join([*course, *words, *filter(None, [line.note])])


class LineView(Panel):
    """Minus takes the last piece out with the line; a tap on the words asks to change it."""

    stepped = Signal(str, int)  # line id, wanted quantity
    asked = Signal(str)  # line id

    def __init__(self, line: CartLine, currency: str, parent: QWidget | None = None) -> None:
        super().__init__("", horizontal=True, padding=0, parent=parent)
        self.line = line
        self._currency = currency
        self.stepper = Stepper(line.name, line.qty)
        self.stepper.stepped.connect(lambda qty: self.stepped.emit(self.line.id, qty))
        self._name = Label("", "label")
        self._name.setWordWrap(True)
        self._details = Label("", "caption", soft="true")
        self._details.setWordWrap(True)
        self._total = Label("", "label")
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch(1)
        words.addWidget(self._name)
        words.addWidget(self._details)
        words.addStretch(1)
        self.box.addWidget(self.stepper, 0, Qt.AlignmentFlag.AlignVCenter)
        self.box.addLayout(words, 1)
        self.box.addWidget(self._total, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.set_line(line)

    def set_line(self, line: CartLine, *, coursed: bool = False) -> None:
        """Other facts of the same line; `coursed`: its course is worth telling."""
        self.line = line
        self.stepper.set_qty(line.qty)
        self._name.setText(" ".join(filter(None, (line.name, line.variant))))
        self._details.setText(details(line, coursed=coursed))
        self._details.setVisible(bool(self._details.text()))
        self._total.setText(format_money(line.total, self._currency))
        self.setAccessibleName(
            f"{line.qty} {self._name.text()} {self._details.text()} {self._total.text()}"
        )

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.rect().contains(event.position().toPoint()):
            self.asked.emit(self.line.id)
