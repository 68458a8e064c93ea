"""One figure of the day, large."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from kds.ui.kit import Card, ElidedLabel, Label
from kds.ui.theme import ToneName


class FigureTile(Card):
    """A name, a number and a few words about it; a tone when it needs attention."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(padding=16, parent=parent)
        self._name = Label(name, "caption", soft="true")
        self._value = Label("–", "display")
        self._note = ElidedLabel("", "caption", soft="true")
        self.box.setSpacing(2)
        for part in (self._name, self._value, self._note):
            self.box.addWidget(part)

    @property
    def value(self) -> str:
        return self._value.text()

    @property
    def note(self) -> str:
        return self._note.text()

    def say(self, value: str, note: str = "", tone: ToneName | None = None) -> None:
        self._value.setText(value)
        self._value.set_tone(tone)
        self._note.setText(note)
        self.setAccessibleName(f"{self._name.text()}: {value}. {note}")
