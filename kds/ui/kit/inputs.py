"""Asking for words and choices."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QLineEdit, QSizePolicy, QWidget

from kds.ui.kit.buttons import Button
from kds.ui.kit.icons import icon
from kds.ui.kit.panels import Panel
from kds.ui.theme import look

_BORDER = 2  # pixels around a segment


class SearchField(QLineEdit):
    """A line to search in: `textChanged` as you type, Escape empties it if there is something."""

    def __init__(self, hint: str = "Search", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(hint)
        self.setAccessibleName(hint)
        self.setClearButtonEnabled(True)
        self._glass = QAction(self)
        self._glass_ink = ""
        self.addAction(self._glass, QLineEdit.ActionPosition.LeadingPosition)
        clear = QAction(self)
        clear.setShortcut("Escape")
        clear.setShortcutContext(clear.shortcutContext().WidgetShortcut)
        clear.triggered.connect(self.clear)
        clear.setEnabled(False)
        self.textChanged.connect(lambda text: clear.setEnabled(bool(text)))  # else it is another's
        QWidget.addAction(self, clear)
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_glass_ink"):
            self._draw()

    def _draw(self) -> None:
        ink = look().theme.text_faint
        if ink != self._glass_ink:
            self._glass_ink = ink
            self._glass.setIcon(icon("search", ink))


class SegmentedControl(Panel):
    """One of a few choices, side by side. Options are `(value, text)`; arrows move between them."""

    chosen = Signal(str)  # the value; for a choice by a person and by `choose` alike

    def __init__(
        self, options: Sequence[tuple[str, str]], value: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__("sunken", horizontal=True, padding=4, gap=4, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._group = QButtonGroup(self)
        self._values: list[str] = []
        self._group.idToggled.connect(self._toggled)
        self.set_options(options, value)

    @property
    def value(self) -> str:
        """What is chosen; "" when there are no options."""
        number = self._group.checkedId()
        return self._values[number] if number >= 0 else ""

    def choose(self, value: str) -> None:
        """Choose `value`; an unknown one changes nothing."""
        if value in self._values:
            self._group.button(self._values.index(value)).setChecked(True)

    def set_options(self, options: Sequence[tuple[str, str]], value: str = "") -> None:
        """Replace the options; `value` (or the first) is chosen without a signal."""
        for old in self._group.buttons():
            self._group.removeButton(old)
            old.setParent(None)
            old.deleteLater()
        self._values = [option for option, _ in options]
        self._group.blockSignals(True)
        for number, (option, text) in enumerate(options):
            button = Button(text, "segment")
            button.setCheckable(True)
            self._group.addButton(button, number)
            self.box.addWidget(button)
            if option == value or (number == 0 and value not in self._values):
                button.setChecked(True)
        self._group.blockSignals(False)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def sizeHint(self) -> QSize:
        """With air, however tight it is now: else it would stay so when there is room again."""
        hint = super().sizeHint()
        return QSize(max(hint.width(), self._roomy), hint.height())

    def _fit(self) -> None:
        """Where there is little room the words need it more than the air around them."""
        tight = self.width() < self._roomy
        for button in self._group.buttons():
            if button.property("tight") != tight:
                button.setProperty("tight", tight)
                button.style().polish(button)

    @property
    def _roomy(self) -> int:
        """How wide it likes to be, in pixels."""
        now = look()
        words = (b.fontMetrics().horizontalAdvance(b.text()) for b in self._group.buttons())
        around = 2 * now.px(now.theme.space.l) + 2 * _BORDER + self.box.spacing()
        return sum(width + around for width in words)

    def _toggled(self, number: int, checked: bool) -> None:
        if checked:
            self.chosen.emit(self._values[number])
