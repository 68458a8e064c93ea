"""What came of a decision, and the way back."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kds.session.attention import Stuck
from kds.ui.kit import Button, Label, Panel, Pill


class Said(Panel):
    """Stays until the next decision. `undo` carries what was dropped, while it can come back."""

    undo = Signal(object)  # Stuck

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("sunken", horizontal=True, padding=8, parent=parent)
        self._dropped: Stuck | None = None
        self._mark = Pill()
        self._text = Label("", "label")
        self._text.setWordWrap(True)
        self.button = Button("Undo   Z", icon_name="undo")
        self.button.clicked.connect(lambda: self.undo.emit(self._dropped))
        self.box.addWidget(self._mark)
        self.box.addWidget(self._text, 1)
        self.box.addWidget(self.button)
        self.clear()

    @property
    def text(self) -> str:
        return "" if self.isHidden() else self._text.text()

    def tell(self, text: str, dropped: Stuck | None = None) -> None:
        """It was done; `dropped` can be asked for again."""
        self._mark.set("Done", "ok", "check")
        self._say(text, dropped)

    def fail(self, text: str) -> None:
        """It was not done."""
        self._mark.set("Not done", "danger", "cross")
        self._say(text, None)

    def clear(self) -> None:
        self.hide()

    def _say(self, text: str, dropped: Stuck | None) -> None:
        self._dropped = dropped
        self._text.setText(text)
        self.setAccessibleName(text)
        self.button.setVisible(dropped is not None)
        self.show()
