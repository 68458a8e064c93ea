"""Why something is dropped: one tap for most things, words of one's own for money."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from kds.session.attention import Stuck
from kds.ui.attention.detail import wrapped
from kds.ui.attention.words import REASONS, discard_button, discard_means, question
from kds.ui.kit import Button, Label, Panel


class Why(Panel):
    """Asks until there is a reason. `said` carries it; `back` leaves everything as it was."""

    said = Signal(str)
    back = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", padding=0, parent=parent)
        self._question = wrapped(Label("", "heading"))
        self._means = wrapped(Label("", "body", soft="true"))
        self.buttons = [self._button(n) for n in range(len(REASONS))]
        self._quick = Panel("", padding=0, gap=10)
        for pair in (self.buttons[:2], self.buttons[2:]):
            row = Panel("", horizontal=True, padding=0, gap=10)
            for button in pair:
                row.box.addWidget(button, 1)
            self._quick.box.addWidget(row)
        self.other = QLineEdit()
        self.other.setAccessibleName("Reason")
        self.other.textChanged.connect(self._typed)
        self.other.returnPressed.connect(self._done)
        self.do = Button("", "danger", icon_name="trash")
        self.do.clicked.connect(self._done)
        self.leave = Button("Back   Esc")
        self.leave.clicked.connect(self.back)
        end = QHBoxLayout()
        end.addWidget(self.leave, 1)
        end.addWidget(self.do, 1)
        for part in (self._question, self._means, self._quick, self.other):
            self.box.addWidget(part)
        self.box.addLayout(end)
        self.box.addStretch(1)

    def _button(self, number: int) -> Button:
        button = Button(f"{REASONS[number]}   {number + 1}")
        button.clicked.connect(lambda: self.choose(number))
        return button

    @property
    def question(self) -> str:
        return self._question.text()

    def ask(self, item: Stuck, currency: str) -> None:
        """Ask about this one, with nothing said yet."""
        self._question.setText(question(item, currency))
        self._means.setText(discard_means(item))
        self._quick.setVisible(not item.money)  # where money is, only a person can say
        self.other.setPlaceholderText("Type the reason" if item.money else "Another reason")
        self.other.clear()
        self.do.setText(discard_button(item, currency))
        self._typed()
        (self.other if item.money else self.buttons[0]).setFocus()

    def choose(self, number: int) -> None:
        """The n-th quick reason, from 0; nothing where none is offered."""
        if not self._quick.isHidden() and number < len(REASONS):
            self.said.emit(REASONS[number])

    def _typed(self) -> None:
        self.do.setEnabled(bool(self.other.text().strip()))

    def _done(self) -> None:
        if reason := self.other.text().strip():
            self.said.emit(reason)
