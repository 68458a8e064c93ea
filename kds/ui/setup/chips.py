"""Choices that flow over as many lines as they need."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Signal
from PySide6.QtWidgets import QLayout, QLayoutItem, QStyle, QWidget

from kds.ui.kit import Button, Label, Panel, SearchField
from kds.ui.theme import look

SHOWN = 8
"""Finds of a search; who looks for more types on."""


class FlowLayout(QLayout):
    """Side by side at their own width, the way the screen is read, then on the next line."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._place(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, box: QRect) -> None:
        super().setGeometry(box)
        self._place(box, move=True)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        widths = [item.sizeHint().width() for item in self._items]
        heights = [item.sizeHint().height() for item in self._items]
        return QSize(max(widths, default=0), max(heights, default=0))

    def _place(self, box: QRect, *, move: bool) -> int:
        """Put the items into `box` when `move`; how high that is."""
        gap, x, y, line = look().px(8), box.left(), box.top(), 0
        direction = self._parent.layoutDirection()
        for item in self._items:
            size = item.sizeHint().boundedTo(QSize(box.width(), 1 << 20))
            if x > box.left() and x + size.width() > box.right() + 1:
                x, y, line = box.left(), y + line + gap, 0
            if move:
                spot = QRect(QPoint(x, y), size)
                item.setGeometry(QStyle.visualRect(direction, box, spot))
            x, line = x + size.width() + gap, max(line, size.height())
        return y + line - box.top()


class Chips(QWidget):
    """Options, of which some are chosen; `picked` carries the value that was tapped.

    What is chosen is said by `show_options` alone: a tap asks, and the answer may be no.
    """

    picked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._flow = FlowLayout(self)
        self._options: tuple[tuple[str, str], ...] = ()
        self.buttons: dict[str, Button] = {}

    def show_options(self, options: Sequence[tuple[str, str]], chosen: Collection[str]) -> None:
        """`options` are `(value, text)`. The buttons stay as long as the options do."""
        if tuple(options) != self._options:
            self._options = tuple(options)
            self._rebuild()
        for value, button in self.buttons.items():
            on = value in chosen
            button.setChecked(on)
            button.set_kind("primary" if on else "quiet")
            button.set_icon("check" if on else "plus")
        self._flow.invalidate()

    @property
    def chosen(self) -> tuple[str, ...]:
        return tuple(value for value, button in self.buttons.items() if button.isChecked())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_flow"):
            self._flow.invalidate()

    def _rebuild(self) -> None:
        """The keyboard stays at the value where it was."""
        held = next((value for value, one in self.buttons.items() if one.hasFocus()), None)
        for button in self.buttons.values():
            self._flow.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = {value: self._button(value, text) for value, text in self._options}
        if held in self.buttons:
            self.buttons[held].setFocus()

    def _button(self, value: str, text: str) -> Button:
        button = Button(text)
        button.setCheckable(True)
        button.clicked.connect(lambda on: self._tapped(value, on))
        self._flow.addWidget(button)
        button.show()
        return button

    def _tapped(self, value: str, on: bool) -> None:
        self.buttons[value].setChecked(not on)
        self.picked.emit(value)


class Picker(Panel):
    """Some of many: the chosen ones as chips, the others by a search. `picked` as of chips."""

    picked = Signal(str)

    def __init__(self, hint: str, parent: QWidget | None = None) -> None:
        super().__init__("", padding=0, gap=8, parent=parent)
        self._options: dict[str, str] = {}
        self._chosen: tuple[str, ...] = ()
        self.chosen = Chips()
        self.search = SearchField(hint)
        self.found = Chips()
        self._nothing = Label("Nothing found", "caption", soft="true")
        for part in (self.chosen, self.search, self.found, self._nothing):
            self.box.addWidget(part)
        self.search.textChanged.connect(self._look)
        self.search.returnPressed.connect(self._take_first)
        for chips in (self.chosen, self.found):
            chips.picked.connect(self.picked)
        self._look()

    def show_options(self, options: dict[str, str], chosen: Sequence[str]) -> None:
        """`options`: text by value. What is chosen and no option any more is still shown."""
        self._options, self._chosen = options, tuple(chosen)
        self.chosen.show_options([(one, options.get(one, one)) for one in chosen], chosen)
        self.chosen.setVisible(bool(chosen))
        self._look()

    def _look(self) -> None:
        typed = self.search.text().strip().casefold()
        finds = [
            (value, text)
            for value, text in self._options.items()
            if typed and typed in text.casefold() and value not in self._chosen
        ]
        self.found.show_options(finds[:SHOWN], ())
        self.found.setVisible(bool(finds))
        self._nothing.setVisible(bool(typed) and not finds)

    def _take_first(self) -> None:
        if first := next(iter(self.found.buttons), None):
            self.search.clear()
            self.picked.emit(first)
