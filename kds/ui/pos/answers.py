"""The answers to a question of the kitchen: a button each, and a line for another one."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from kds.domain.tickets import Question
from kds.ui.kit import Button
from kds.ui.theme import look

FIELD_WIDTH = 220


class Answers(QWidget):
    """`given` carries the id of the question that was shown when it was tapped, and the answer.

    Abreast in a strip, else one under the other. `keys`: a shortcut's name for each button.
    """

    given = Signal(str, str)

    def __init__(
        self, *, abreast: bool, keys: tuple[str, ...] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._keys = keys
        self._shown: tuple[str, tuple[str, ...]] = ("", ())
        self.buttons: list[Button] = []
        self.other = QLineEdit()
        self.other.setAccessibleName("Another answer")
        self.other.setPlaceholderText("Other, then Enter")
        self.other.returnPressed.connect(self._typed)
        self._box = QHBoxLayout(self) if abreast else QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.addWidget(self.other)
        self._abreast = abreast
        self._fit()

    def ask(self, question: Question) -> None:
        """Offer the answers to this question; what is half typed stays while it is the same."""
        shown = (question.id, question.options)
        if shown == self._shown:
            return
        self._shown = shown
        self.other.clear()
        for button in self.buttons:
            self._box.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = [self._button(n, text) for n, text in enumerate(question.options)]

    def choose(self, number: int) -> None:
        """Give the n-th answer, from 0; nothing when there are fewer."""
        if number < len(self.buttons):
            self.buttons[number].click()

    def _button(self, number: int, text: str) -> Button:
        key = self._keys[number] if number < len(self._keys) else ""
        button = Button(f"{text}   {key}".rstrip())
        button.setAccessibleName(text)
        question_id = self._shown[0]
        button.clicked.connect(lambda: self.given.emit(question_id, text))
        self._box.insertWidget(number, button)
        return button

    def _typed(self) -> None:
        if text := self.other.text().strip():
            self.given.emit(self._shown[0], text)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_abreast"):
            self._fit()

    def _fit(self) -> None:
        self._box.setSpacing(look().px(8))
        if self._abreast:
            self.other.setFixedWidth(look().px(FIELD_WIDTH))
