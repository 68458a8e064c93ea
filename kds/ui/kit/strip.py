"""A sentence across a window that somebody should act on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kds.ui.kit.buttons import Button
from kds.ui.kit.panels import Panel
from kds.ui.kit.picture import Ink, Picture
from kds.ui.kit.text import Label
from kds.ui.theme import look

StripKind = Literal["alarm", "banner", "call", "ready"]

_INKS: Final[dict[StripKind, Ink]] = {
    "alarm": lambda theme: theme.tones["danger"].on_solid,
    "banner": lambda theme: theme.tones["danger"].ink,
    "call": lambda theme: theme.tones["warn"].on_solid,
    "ready": lambda theme: theme.tones["ok"].ink,
}
"""What can be read on the ground of a kind."""
_MARK = 36  # token pixels


class Strip(Panel):
    """Hidden until it has something to say. Left to right: its mark, its words, then whatever is
    added to `box`; `words` is the column with the sentence in it.

    `label`: how the sentence is set; a title that wraps unless told otherwise.
    """

    def __init__(
        self,
        kind: StripKind,
        icon_name: str,
        label: Label | None = None,
        *,
        padding: int = 10,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(kind, horizontal=True, padding=padding, gap=12, parent=parent)
        self._text = label or _wrapping()
        self.words = QVBoxLayout()
        self.words.setSpacing(0)
        self.words.addWidget(self._text)
        self.box.addSpacing(look().px(8))
        self.box.addWidget(Picture(icon_name, _INKS[kind], _MARK))
        self.box.addLayout(self.words, 1)
        self.hide()

    @property
    def text(self) -> str:
        """What it says; "" while it is hidden."""
        return "" if self.isHidden() else self._text.text()

    def say(self, text: str, aloud: str = "") -> None:
        """Show `text`; "" hides the strip. `aloud`: what a screen reader says instead."""
        if text != self._text.text():
            self._text.setText(text)
        if (spoken := aloud or text) != self.accessibleName():
            self.setAccessibleName(spoken)
        self.setVisible(bool(text))

    def on_key(self, key: str, act: Callable[[], object]) -> None:
        """`key` does this anywhere in the window, while the strip is shown."""
        shortcut = QShortcut(QKeySequence(key), self)
        shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
        shortcut.activated.connect(act)


class Banner(Strip):
    """A problem of the program itself; `acted` when its button is tapped."""

    acted = Signal()

    def __init__(self, label: Label | None = None, parent: QWidget | None = None) -> None:
        super().__init__("banner", "alert", label, padding=8, parent=parent)
        self.button = Button("")
        self.button.clicked.connect(self.acted)
        self.box.addWidget(self.button)

    def report(self, problem: str, action: str = "") -> None:
        """Show `problem` with a button called `action`; "" hides the banner (or the button)."""
        self.button.setText(action)
        self.button.setVisible(bool(action))
        self.say(problem)


def _wrapping() -> Label:
    label = Label("", "title")
    label.setWordWrap(True)
    return label
