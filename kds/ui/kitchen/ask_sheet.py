"""What the kitchen wants to know of front of house: a question in one tap, or one's own."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from kds.ui.kit import Button
from kds.ui.kitchen.big import BigButton, Column, KeyedSheet, TypePad
from kds.ui.kitchen.choices import QUESTIONS, YES_NO, Question
from kds.ui.kitchen.keys import KeyMap

LONGEST = 120


class AskSheet(KeyedSheet):
    """Emits `asked` with the order id and a Question, and closes.

    A digit or a tap asks what is asked often; other keys write.
    """

    asked = Signal(str, object)

    def __init__(self, keys: Callable[[], KeyMap], parent: QWidget) -> None:
        super().__init__("", parent, keys, width=860)
        self._order_id = self._about = ""
        self.questions = Column()
        self.field = QLineEdit()
        self.field.setPlaceholderText("Or write it")
        self.field.setAccessibleName("Your question")
        self.field.setMaxLength(LONGEST)
        self.field.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.send = Button("Ask", "primary", icon_name="send")
        self.send.clicked.connect(self._ask_own)
        self.field.textChanged.connect(lambda text: self.send.setEnabled(bool(text.strip())))
        self.pad = TypePad()
        self.pad.typed.connect(self._write)
        self.pad.erased.connect(self.field.backspace)
        own = QHBoxLayout()
        own.addWidget(self.field, 1)
        own.addWidget(self.send)
        self.body.box.addWidget(self.questions, 1)
        self.body.box.addLayout(own)
        self.body.box.addWidget(self.pad)

    def show_for(self, order_id: str, number: str, about: str = "") -> None:
        """Open it for an order; `about` is the dish that is meant."""
        self._order_id, self._about = order_id, about
        self.set_title(f"Ask about {number}: {about}" if about else f"Ask about {number}")
        self.field.clear()
        self.send.setEnabled(False)
        self.questions.fill([self._button(n, one) for n, one in enumerate(QUESTIONS, 1)])
        self.open()
        self.questions.walk(0)

    def _button(self, number: int, question: Question) -> BigButton:
        text = f"{question.text}   {' · '.join(question.options)}"
        button = BigButton(text, "question", number=number)
        button.clicked.connect(lambda: self._ask(question))
        return button

    def typed(self, event: QKeyEvent) -> None:
        number = event.key() - Qt.Key.Key_0
        writing = bool(self.field.text())
        if 1 <= number <= len(QUESTIONS) and not writing:
            self._ask(QUESTIONS[number - 1])
        elif event.key() == Qt.Key.Key_Backspace:
            self.field.backspace()
        elif event.text().isprintable():
            self._write(event.text())

    def act(self) -> None:
        """Enter sends what was written, else what has the keyboard."""
        if self.field.text().strip():
            self._ask_own()
        else:
            super().act()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and self.field.text():
            self._write(" ")
        else:
            super().keyPressEvent(event)

    def _write(self, text: str) -> None:
        first = not self.field.text()
        self.field.insert(text.upper() if first else text)

    def _ask_own(self) -> None:
        self._ask(Question(self.field.text().strip(), YES_NO))

    def _ask(self, question: Question) -> None:
        self.close_sheet()
        text = f"{self._about}: {question.text}" if self._about else question.text
        self.asked.emit(self._order_id, Question(text, question.options))
