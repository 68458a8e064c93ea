"""Asking for words and choices."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QAction, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QLineEdit, QSizePolicy, QStyle, QWidget

from kds.ui.kit.buttons import Button, IconButton
from kds.ui.kit.icons import pixmap
from kds.ui.kit.panels import Panel
from kds.ui.theme import look

_BORDER = 2  # pixels around a segment


class SearchField(QLineEdit):
    """A line to search in: `textChanged` as you type; Escape and the cross at its end empty it.

    Qt's own icons in a line are as small on every screen: too small for a finger.
    """

    def __init__(self, hint: str = "Search", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(hint)
        self.setAccessibleName(hint)
        self._cross = IconButton("x", "Clear", self)
        self._cross.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._cross.setCursor(Qt.CursorShape.ArrowCursor)
        self._cross.clicked.connect(self.clear)
        self._cross.hide()
        self.textChanged.connect(lambda text: self._cross.setVisible(bool(text)))
        clear = QAction(self)
        clear.setShortcut("Escape")
        clear.setShortcutContext(clear.shortcutContext().WidgetShortcut)
        clear.triggered.connect(self.clear)
        clear.setEnabled(False)
        self.textChanged.connect(lambda text: clear.setEnabled(bool(text)))  # else it is another's
        QWidget.addAction(self, clear)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._make_room()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        side = look().px(22)
        box = self._place(QRect(look().px(12), (self.height() - side) // 2, side, side))
        painter = QPainter(self)
        ratio = self.devicePixelRatioF()
        painter.drawPixmap(box, pixmap("search", look().theme.text_faint, side, ratio))
        painter.end()

    def _make_room(self) -> None:
        before, after = look().px(30), self.height()
        if self.isRightToLeft():
            before, after = after, before
        self.setTextMargins(before, 0, after, 0)
        place = QRect(self.width() - self.height(), 0, self.height(), self.height())
        self._cross.setGeometry(self._place(place))

    def _place(self, box: QRect) -> QRect:
        """Where a box of the reading order stands."""
        return QStyle.visualRect(self.layoutDirection(), self.rect(), box)


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
