"""Asking why, with one tap."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit, QWidget

from kds.ui.kit import Button, Label, Sheet

VOID_REASONS = ("Guest changed their mind", "Wrong order", "Kitchen cannot make it", "Guest left")


class ReasonSheet(Sheet):
    """One large button a reason, and a line for another; `then` gets the one that was chosen."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("", parent, side="center", width=560)
        self._then: Callable[[str], object] | None = None
        self._words = Label("", "body", soft="true")
        self._words.setWordWrap(True)
        self.body.box.addWidget(self._words)
        self.buttons = [self._button(reason) for reason in VOID_REASONS]
        self.other = QLineEdit()
        self.other.setPlaceholderText("Another reason, then Enter")
        self.other.setAccessibleName("Another reason")
        self.other.returnPressed.connect(self._typed)
        self.body.box.addWidget(self.other)

    def ask(self, title: str, words: str, then: Callable[[str], object]) -> None:
        """Open it. Nothing happens unless a reason is chosen."""
        self.set_title(title)
        self._words.setText(words)
        self.other.clear()
        self._then = then
        self.open()

    def _button(self, reason: str) -> Button:
        button = Button(reason)
        button.clicked.connect(lambda: self._chose(reason))
        self.body.box.addWidget(button)
        return button

    def _typed(self) -> None:
        if text := self.other.text().strip():
            self._chose(text)

    def _chose(self, reason: str) -> None:
        then, self._then = self._then, None
        self.close_sheet()
        if then is not None:
            then(reason)
