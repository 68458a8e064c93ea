"""The kitchen asks: across the till, over every screen, until somebody has answered."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kds.ui.kit import Button, Label, Strip, spawn
from kds.ui.pos.answers import Answers
from kds.ui.pos.calls import Asked, Calls

if TYPE_CHECKING:
    from kds.session.session import Session

KEYS = ("Alt+1", "Alt+2", "Alt+3", "Alt+4")
OTHER_KEY = "F8"


class QuestionStrip(Strip):
    """Asks the oldest question first. `show_order` carries the id of its order."""

    show_order = Signal(str)

    def __init__(self, session: Session, calls: Calls, parent: QWidget | None = None) -> None:
        super().__init__("call", "kitchen", parent=parent)
        self._session, self._calls = session, calls
        self._asked: Asked | None = None
        self._about = Label("", "label")
        self.words.insertWidget(0, self._about)
        self.answers = Answers(abreast=True, keys=KEYS)
        self.answers.other.setPlaceholderText(f"Other   {OTHER_KEY}")
        self.show_it = Button("Show", icon_name="orders")
        self.box.addWidget(self.answers)
        self.box.addWidget(self.show_it)
        self.answers.given.connect(self._answer)
        self.show_it.clicked.connect(self._show_order)
        for number, key in enumerate(KEYS):
            self.on_key(key, partial(self.answers.choose, number))
        self.on_key(OTHER_KEY, self.answers.other.setFocus)
        self.destroyed.connect(calls.changed.connect(lambda _: self.refresh()))
        self.refresh()

    @property
    def about(self) -> str:
        return self._about.text()

    def refresh(self) -> None:
        """Ask the question that has waited longest."""
        asked = self._calls.asked
        if not asked:
            self._asked = None
            self.say("")
            return
        self._asked = first = asked[0]
        more = f" · {len(asked) - 1} more after this" if len(asked) > 1 else ""
        self._about.setText(f"The kitchen asks · {first.number} · {first.place}{more}")
        self.answers.ask(first.question)
        self.say(first.question.text, f"{self._about.text()}. {first.question.text}")

    def _answer(self, question_id: str, answer: str) -> None:
        asked = self._asked
        if asked is not None and asked.question.id == question_id:
            sending = self._session.actions.answer(asked.order_id, question_id, answer)
            spawn(sending, "answer the kitchen")

    def _show_order(self) -> None:
        if self._asked is not None:
            self.show_order.emit(self._asked.order_id)
