"""The list of bumped tickets, to take one back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from kds.ui.kit import Button, ElidedLabel, EmptyState, Label, Sheet
from kds.ui.kitchen.recall import Bumped
from kds.ui.kitchen.words import ago_text
from kds.ui.theme import look


class RecallSheet(Sheet):
    """Shows what `find` gives when opened; a tap on an entry emits `chosen` and closes."""

    chosen = Signal(object)  # Bumped

    def __init__(
        self,
        find: Callable[[], tuple[Bumped, ...]],
        now: Callable[[], datetime],
        parent: QWidget,
    ) -> None:
        super().__init__("Bumped lately", parent, width=560)
        self._find, self._now = find, now
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.viewport().setAutoFillBackground(False)
        self.body.box.addWidget(self._scroll)
        self.rows: list[BumpedRow] = []

    def open(self) -> None:
        self._fill()
        super().open()
        if self.rows:
            self.rows[0].setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self.rows:
            self._walk(1 if event.key() == Qt.Key.Key_Down else -1)
        elif event.key() in (Qt.Key.Key_R, Qt.Key.Key_0):
            self.close_sheet()
        else:
            super().keyPressEvent(event)

    def _walk(self, by: int) -> None:
        at = next((n for n, row in enumerate(self.rows) if row.hasFocus()), 0 if by < 0 else -1)
        row = self.rows[min(max(0, at + by), len(self.rows) - 1)]
        row.setFocus()
        self._scroll.ensureWidgetVisible(row)

    def _fill(self) -> None:
        now = self._now()
        self.rows = [BumpedRow(found, now) for found in self._find()]
        page = QWidget()
        box = QVBoxLayout(page)
        box.setContentsMargins(0, 0, look().px(8), 0)
        box.setSpacing(look().px(8))
        for row in self.rows:
            row.clicked.connect(lambda _=False, row=row: self._choose(row.bumped))
            box.addWidget(row)
        if not self.rows:
            hint = "A ticket that you bump stays here until its order is closed."
            box.addWidget(EmptyState("Nothing to recall", hint, "undo"))
        else:
            box.addStretch(1)
        self._scroll.setWidget(page)
        page.setAutoFillBackground(False)

    def _choose(self, bumped: Bumped) -> None:
        self.close_sheet()
        self.chosen.emit(bumped)


class BumpedRow(Button):
    """One bump: number, whose, what, and how long ago."""

    def __init__(self, bumped: Bumped, now: datetime) -> None:
        super().__init__("")
        self.bumped = bumped
        px = look().px
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
        box.addWidget(ElidedLabel(bumped.what, "body", soft="true"))
        for label in self.findChildren(Label):  # a tap on the text is a tap on the row
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), look().px(84))
