"""One branch in the overview: how it stands, in a line that lines up with the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kds.base.money import format_money
from kds.domain.metrics import Figures, figures
from kds.ui.kit import Card, ElidedLabel, Label, Pill
from kds.ui.shell.clock import branch_now, zone_of
from kds.ui.shell.words import complete_word, waiting_word
from kds.ui.theme import ToneName, look

if TYPE_CHECKING:
    from kds.session.house import Branch

_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


def currency_of(branch: Branch) -> str:
    """What its money is counted in."""
    row = branch.session.store.branch
    return str(row["currency"]) if row else "USD"


def day_of(branch: Branch) -> Figures:
    """The figures of its day, by its own clock."""
    session = branch.session
    zone = zone_of(session.store.branch)
    return figures(session.store.orders(), branch_now(session), zone)


class Figure(QWidget):
    """A number over what it counts."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._value = Label("–", "title")
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self._value)
        box.addWidget(Label(name, "caption", soft="true"))

    @property
    def value(self) -> str:
        return self._value.text()

    def say(self, value: str, tone: ToneName | None = None) -> None:
        self._value.setText(value)
        self._value.set_tone(tone)
        self.setAccessibleName(f"{self._name}: {value}")


class BranchRow(Card):
    """`opened` when it is tapped, or chosen with Enter.

    The link is not said here: all branches share it, and the top bar has it.
    """

    opened = Signal()

    def __init__(self, branch: Branch, parent: QWidget | None = None) -> None:
        super().__init__(horizontal=True, parent=parent)
        self.branch = branch
        self.day = Figures()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.name = ElidedLabel("", "title")
        self.complete, self.waiting = Pill(), Pill()
        self.open = Figure("In the kitchen")
        self.late = Figure("Late")
        self.ready = Figure("Ready to go")
        self.orders = Figure("Orders today")
        self.sales = Figure("Sales today")
        self._build()

    def _build(self) -> None:
        pills = QHBoxLayout()
        pills.setSpacing(look().px(8))
        for pill in (self.complete, self.waiting):
            pills.addWidget(pill)
        pills.addStretch(1)
        words = QVBoxLayout()
        words.addWidget(self.name)
        words.addLayout(pills)
        self.box.addLayout(words, 6)
        for figure in (self.open, self.late, self.ready, self.orders, self.sales):
            self.box.addWidget(figure, 2)

    def refresh(self) -> None:
        """Count anew, and say it."""
        branch, status = self.branch, self.branch.session.status
        self.day = day = day_of(branch)
        self.name.setText(branch.name)
        for pill, word in (
            (self.complete, complete_word(status)),
            (self.waiting, waiting_word(status)),
        ):
            pill.set(word.text, word.tone, word.shape)
            pill.setToolTip(word.detail)
            pill.setVisible(bool(word.text))
        self.open.say(str(day.open))
        self.late.say(str(day.late_now), "danger" if day.late_now else None)
        self.ready.say(str(day.ready))
        self.orders.say(str(day.orders))
        self.sales.say(format_money(day.sales, currency_of(branch)))
        self.setAccessibleName(f"{branch.name}: {day.open} in the kitchen, {day.late_now} late")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.rect().contains(event.position().toPoint()):
            self.opened.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _KEYS:
            self.opened.emit()
        else:
            super().keyPressEvent(event)
