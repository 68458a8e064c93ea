"""The list of bumped tickets, to take one back; searched by typing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kds.ui.kit import Button, ElidedLabel, EmptyState, IconButton, Label, SearchField
from kds.ui.kitchen.big import HEIGHT, KeyedSheet, Scroll, TypePad
from kds.ui.kitchen.keys import KeyMap
from kds.ui.kitchen.recall import Bumped
from kds.ui.kitchen.words import ago_text
from kds.ui.theme import look


class RecallSheet(KeyedSheet):
    """Shows what `find` gives for the words typed; a tap on an entry emits `chosen` and closes.

    Whatever is typed goes to the search field, wherever the keyboard is.
    """

    chosen = Signal(object)  # Bumped

    def __init__(
        self,
        find: Callable[[str], tuple[Bumped, ...]],
        now: Callable[[], datetime],
        keys: Callable[[], KeyMap],
        parent: QWidget,
    ) -> None:
        super().__init__("Bumped lately", parent, keys, width=860)
        self._find, self._now = find, now
        self.search = SearchField("Number, table or dish")
        self.search.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.search.textChanged.connect(self._fill)
        self.pad = TypePad()
        self.pad.typed.connect(self.search.insert)
        self.pad.erased.connect(self.search.backspace)
        self._scroll = Scroll()
        self.rows: list[BumpedRow] = []
        self._lay_out()

    def _lay_out(self) -> None:
        toggle = IconButton("keyboard", "Keyboard")
        toggle.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        toggle.clicked.connect(lambda: self.pad.setVisible(self.pad.isHidden()))
        head = QHBoxLayout()
        head.addWidget(self.search, 1)
        head.addWidget(toggle)
        self.body.box.addLayout(head)
        self.body.box.addWidget(self.pad)
        self.body.box.addWidget(self._scroll, 1)
        self.pad.hide()

    def open(self) -> None:
        self.pad.hide()
        self.search.clear()
        self._fill()
        super().open()
        self._enter()

    def typed(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Backspace:
            self.search.backspace()
        elif event.text().isprintable():
            self.search.insert(event.text())

    def walk(self, arrow: str) -> None:
        if not self.rows:
            return
        by = 1 if arrow in ("down", "right") else -1
        at = next((n for n, row in enumerate(self.rows) if row.hasFocus()), -1)
        row = self.rows[min(max(0, at + by), len(self.rows) - 1)]
        row.setFocus()
        self._scroll.ensureWidgetVisible(row)

    def act(self) -> None:
        row = next((row for row in self.rows if row.hasFocus()), None)
        if row is not None or self.rows:
            self._choose((row or self.rows[0]).bumped)

    def _enter(self) -> None:
        """The keyboard goes to the newest, unless it is in the search field."""
        if not self.search.hasFocus():
            (self.rows[0] if self.rows else self).setFocus()

    def _fill(self) -> None:
        now = self._now()
        self.rows = [BumpedRow(found, now) for found in self._find(self.search.text())]
        page = QWidget()
        box = QVBoxLayout(page)
        box.setContentsMargins(0, 0, look().px(8), 0)
        box.setSpacing(look().px(8))
        for row in self.rows:
            row.clicked.connect(lambda _=False, row=row: self._choose(row.bumped))
            box.addWidget(row)
        if self.rows:
            box.addStretch(1)
        else:
            box.addWidget(self._nothing())
        self._scroll.show_page(page)
        if self.isVisible():
            self._enter()

    def _nothing(self) -> EmptyState:
        if self.search.text():
            return EmptyState("Nothing found", "Type a number, a table or a dish.", "search")
        hint = "A ticket that you bump stays here until its order is closed."
        return EmptyState("Nothing to recall", hint, "undo")

    def _choose(self, bumped: Bumped) -> None:
        self.close_sheet()
        self.chosen.emit(bumped)


class BumpedRow(Button):
    """One bump: number, whose, what, and how long ago. It leaves its keys to the sheet."""

    def __init__(self, bumped: Bumped, now: datetime) -> None:
        super().__init__("")
        self.bumped = bumped
        px = look().px
        self.setStyleSheet(f"QPushButton {{ min-height: {max(HEIGHT, px(84)) - 4}px; }}")
        ago = ago_text(now, bumped.at)
        self.setAccessibleName(f"Recall {bumped.number}, {bumped.what}, {ago}")
        box = QVBoxLayout(self)
        box.setContentsMargins(px(16), px(10), px(16), px(10))
        box.setSpacing(px(2))
        head = QHBoxLayout()
        head.setSpacing(px(12))
        head.addWidget(Label(bumped.number, "title"))
        head.addWidget(ElidedLabel(bumped.where, "label", soft="true"), 1)
        head.addWidget(Label(ago, "caption", soft="faint"))
        box.addLayout(head)
        box.addWidget(ElidedLabel(bumped.what, "label", soft="true"))
        for label in self.findChildren(Label):  # a tap on the text is a tap on the row
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), max(HEIGHT, look().px(84)))
