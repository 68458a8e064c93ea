"""The kitchen asks: across the till, over every screen, until somebody has answered."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from kds.ui.kit import Button, Label, Panel, pixmap, spawn
from kds.ui.pos.answers import Answers
from kds.ui.pos.calls import Asked, Calls
from kds.ui.theme import look

if TYPE_CHECKING:
    from kds.session.session import Session

KEYS = ("Alt+1", "Alt+2", "Alt+3", "Alt+4")
OTHER_KEY = "F8"


class QuestionStrip(Panel):
    """Asks the oldest question first. `show_order` carries the id of its order."""

    show_order = Signal(str)

    def __init__(self, session: Session, calls: Calls, parent: QWidget | None = None) -> None:
        super().__init__("call", horizontal=True, padding=10, gap=12, parent=parent)
        self._session, self._calls = session, calls
        self._asked: Asked | None = None
        self._mark = QLabel()
        self._about = Label("", "label")
        self._text = Label("", "title")
        self._text.setWordWrap(True)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._about)
        words.addWidget(self._text)
        self.answers = Answers(abreast=True, keys=KEYS)
        self.answers.other.setPlaceholderText(f"Other   {OTHER_KEY}")
        self.show_it = Button("Show", icon_name="orders")
        self.box.addSpacing(look().px(8))
        self.box.addWidget(self._mark)
        self.box.addLayout(words, 1)
        self.box.addWidget(self.answers)
        self.box.addWidget(self.show_it)
        self.answers.given.connect(self._answer)
        self.show_it.clicked.connect(self._show_order)
        for number, key in enumerate(KEYS):
            self._shortcut(key).activated.connect(partial(self.answers.choose, number))
        self._shortcut(OTHER_KEY).activated.connect(self.answers.other.setFocus)
        self.destroyed.connect(calls.changed.connect(lambda _: self.refresh()))
        self.hide()
        self.refresh()

    @property
    def text(self) -> str:
        """What it asks; "" while it asks nothing."""
        return "" if self.isHidden() else self._text.text()

    @property
    def about(self) -> str:
        return self._about.text()

    def refresh(self) -> None:
        """Ask the question that has waited longest."""
        asked = self._calls.asked
        if not asked:
            self._asked = None
            self.hide()
            return
        self._asked = first = asked[0]
        more = f" · {len(asked) - 1} more after this" if len(asked) > 1 else ""
        self._about.setText(f"The kitchen asks · {first.number} · {first.place}{more}")
        self._text.setText(first.question.text)
        self.setAccessibleName(f"{self._about.text()}. {first.question.text}")
        self.answers.ask(first.question)
        self._draw()
        self.show()

    def _answer(self, question_id: str, answer: str) -> None:
        asked = self._asked
        if asked is not None and asked.question.id == question_id:
            sending = self._session.actions.answer(asked.order_id, question_id, answer)
            spawn(sending, "answer the kitchen")

    def _show_order(self) -> None:
        if self._asked is not None:
            self.show_order.emit(self._asked.order_id)

    def _shortcut(self, key: str) -> QShortcut:
        shortcut = QShortcut(QKeySequence(key), self)
        shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
        return shortcut

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "show_it"):
            self._draw()

    def _draw(self) -> None:
        side = look().px(36)
        self._mark.setFixedSize(QSize(side, side))
        ink = look().theme.tones["warn"].on_solid
        self._mark.setPixmap(pixmap("kitchen", ink, side, self.devicePixelRatioF()))
