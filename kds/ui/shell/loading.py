"""The middle of the window at a first start, until there is a restaurant to show."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from kds.ui.kit import Button, Label, Panel, Picture, ProgressLine
from kds.ui.shell.loading_words import Loading
from kds.ui.theme import look

_WIDTH = 560  # token pixels, of the text and of the bar


class LoadingState(Panel):
    """An icon, a title, how far it is, and what to do; `sign_in` when its button is tapped."""

    sign_in = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("ground", parent=parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # holds the keyboard for the screen
        self._picture = Picture("", lambda theme: theme.accent, 72)
        self._title = Label("", "heading")
        self._hint = Label("", "body", soft="true")
        self._hint.setWordWrap(True)
        self.bar = ProgressLine()
        self.button = Button("Sign in", "primary", icon_name="lock")
        self.button.clicked.connect(self.sign_in)
        column = QVBoxLayout()
        for part in (self._picture, self._title, self.bar, self._hint, self.button):
            if isinstance(part, QLabel):
                part.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(part)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addLayout(column)
        middle.addStretch(1)
        self.box.addStretch(2)
        self.box.addLayout(middle)
        self.box.addStretch(3)
        self._fit()

    @property
    def title(self) -> str:
        return self._title.text()

    @property
    def hint(self) -> str:
        return self._hint.text()

    def say(self, loading: Loading) -> None:
        if loading.icon:
            self._picture.set_icon(loading.icon)
        self._title.setText(loading.title)
        self._hint.setText(loading.hint)
        self.bar.set(loading.done or 0.0)
        self.bar.setVisible(loading.done is not None)
        self.button.setVisible(loading.sign_in)
        self.setAccessibleName(f"{loading.title}. {loading.hint}")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "button"):
            self._fit()

    def _fit(self) -> None:
        self._hint.setFixedWidth(look().px(_WIDTH))
