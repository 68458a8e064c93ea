"""Large buttons for a sheet that is worked in a rush, and the sheet that the board's keys work."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from kds.ui.kit import Button, Sheet, by_finger
from kds.ui.kit.breaks import two_lines
from kds.ui.kit.buttons import ButtonKind
from kds.ui.kitchen.keys import KeyMap
from kds.ui.theme import look

HEIGHT = 72
TEXT_SIZE = 20
_PAD_ROWS = ("1234567890", "qwertyuiop", "asdfghjkl-", "zxcvbnm")


class BigButton(Button):
    """At least 72 px high, its words on the left in up to two lines; `number` is the digit that
    presses it. It leaves its keys to the sheet.
    """

    def __init__(
        self, text: str, icon_name: str = "", *, number: int = 0, kind: ButtonKind = "quiet"
    ) -> None:
        self.words = text
        self._number = number
        super().__init__("", kind, icon_name=icon_name)
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._dress()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()

    def sizeHint(self) -> QSize:
        return QSize(look().px(200), max(HEIGHT, look().px(HEIGHT)))

    def minimumSizeHint(self) -> QSize:
        return QSize(look().px(80), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._break_words()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._dress()

    def set_icon(self, name: str) -> None:
        super().set_icon(name)
        self._break_words()

    def _dress(self) -> None:
        size = max(16, look().px(TEXT_SIZE))
        least = self.sizeHint().height() - 4  # without its border
        sheet = f"text-align: left; font-size: {size}px; min-height: {least}px;"
        if sheet != self.styleSheet():
            self.setStyleSheet(sheet)
        self._break_words()

    def _break_words(self) -> None:
        space, metrics = look().theme.space, self.fontMetrics()
        around = 2 * look().px(space.l) + 8
        if self._icon_name:
            around += self.iconSize().width() + metrics.horizontalAdvance(" ") + 8
        before = f"{self._number}  " if self._number else ""
        room = self.width() - around - metrics.horizontalAdvance(before)
        lines = two_lines(self.words, lambda text: metrics.horizontalAdvance(text) <= room)
        last = metrics.elidedText(lines[-1], Qt.TextElideMode.ElideRight, max(0, room))
        indent = round(metrics.horizontalAdvance(before) / metrics.horizontalAdvance(" "))
        text = f"\n{' ' * indent}".join((*lines[:-1], last))
        if before + text != self.text():
            self.setText(before + text)


class Scroll(QScrollArea):
    """Room for more than fits. It leaves its keys to the sheet."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        by_finger(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()

    def show_page(self, page: QWidget) -> None:
        """Show this, in place of what was there."""
        self.setWidget(page)
        page.setAutoFillBackground(False)


class Column(Scroll):
    """Buttons one below the other; as many as there are, as far as there is room."""

    def __init__(self) -> None:
        super().__init__()
        self.buttons: list[BigButton] = []

    def fill(self, buttons: list[BigButton]) -> None:
        """Show these; the keyboard stays at the place in the list where it was."""
        held = next((n for n, one in enumerate(self.buttons) if one.hasFocus()), None)
        self.buttons = buttons
        page = QWidget()
        box = QVBoxLayout(page)
        box.setContentsMargins(0, 0, look().px(8), 0)
        box.setSpacing(look().px(6))
        for button in buttons:
            box.addWidget(button)
        box.addStretch(1)
        self.show_page(page)
        if held is not None and buttons:
            buttons[min(held, len(buttons) - 1)].setFocus()

    def walk(self, by: int) -> None:
        """Move the keyboard up or down; from elsewhere to the first button."""
        at = next((n for n, one in enumerate(self.buttons) if one.hasFocus()), None)
        if self.buttons:
            at = 0 if at is None else min(max(0, at + by), len(self.buttons) - 1)
            self.buttons[at].setFocus()
            self.ensureWidgetVisible(self.buttons[at])


class KeyedSheet(Sheet):
    """A sheet that understands the keys of the board: arrows, act, and let go to close it.

    What else is typed goes to `typed`.
    """

    def __init__(
        self, title: str, parent: QWidget, keys: Callable[[], KeyMap], *, width: int
    ) -> None:
        super().__init__(title, parent, width=width)
        self._keys = keys
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match self._keys().act(event.key()):
            case "let go":
                self.close_sheet()
            case ("up" | "down" | "left" | "right") as arrow:
                self.walk(arrow)
            case "act" if not event.isAutoRepeat():
                self.act()
            case _:
                self.typed(event)

    def walk(self, arrow: str) -> None:
        """Go to the next thing that takes the keyboard."""
        self.focusNextPrevChild(arrow in ("down", "right"))

    def act(self) -> None:
        """Press what has the keyboard."""
        here = self.focusWidget()
        if isinstance(here, Button):
            here.click()

    def typed(self, event: QKeyEvent) -> None:
        """A key that is none of the sheet's own."""


class TypePad(QWidget):
    """A keyboard on the screen, for a kitchen that has none. The keyboard's place stays."""

    typed = Signal(str)
    erased = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # keyboards are, everywhere
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(look().px(3))
        for row, letters in enumerate(_PAD_ROWS):
            for column, letter in enumerate(letters):
                key = self._key(letter.upper())
                key.clicked.connect(lambda _=False, letter=letter: self.typed.emit(letter))
                grid.addWidget(key, row, column)
        space, erase = self._key("space"), self._key("Erase")
        space.clicked.connect(lambda: self.typed.emit(" "))
        erase.clicked.connect(self.erased)
        grid.addWidget(space, 3, 7)
        grid.addWidget(erase, 3, 8, 1, 2)
        for column in range(10):
            grid.setColumnStretch(column, 1)

    def _key(self, text: str) -> Button:
        key = Button(text, "quiet")
        key.setProperty("tight", "true")
        key.setStyleSheet("padding: 0;")
        key.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        key.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        return key
