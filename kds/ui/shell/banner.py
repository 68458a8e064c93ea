"""A sentence across the window that somebody should act on."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Signal
from PySide6.QtWidgets import QLabel, QWidget

from kds.ui.kit import Button, Label, Panel, pixmap
from kds.ui.theme import look


class Banner(Panel):
    """Hidden until there is a problem; `acted` when its button is tapped."""

    acted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("bar", horizontal=True, padding=8, gap=12, parent=parent)
        self._mark = QLabel()
        self._text = Label("", "label", tone="danger")
        self._text.setWordWrap(True)
        self._button = Button("")
        self._button.clicked.connect(self.acted)
        self.box.addSpacing(look().px(8))
        self.box.addWidget(self._mark)
        self.box.addWidget(self._text, 1)
        self.box.addWidget(self._button)
        self.hide()

    @property
    def text(self) -> str:
        return "" if self.isHidden() else self._text.text()

    @property
    def button(self) -> Button:
        return self._button

    def say(self, text: str, action: str = "") -> None:
        """Show `text` with a button called `action`; "" hides the banner (or the button)."""
        self._text.setText(text)
        self._button.setText(action)
        self._button.setVisible(bool(action))
        self.setAccessibleName(text)
        self.setVisible(bool(text))
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_button"):
            self._draw()

    def _draw(self) -> None:
        now = look()
        tone = now.theme.tones["danger"]
        sheet = f'Banner[panel="bar"] {{ background: {tone.soft}; }}'
        if self.styleSheet() != sheet:
            self.setStyleSheet(sheet)
        side = now.px(28)
        self._mark.setFixedSize(QSize(side, side))
        self._mark.setPixmap(pixmap("alert", tone.ink, side, self.devicePixelRatioF()))
