"""What the kitchen asked about an order, in its detail: to be answered, or as it was."""

from __future__ import annotations

from PySide6.QtCore import Signal

from kds.domain.orders import OrderView
from kds.ui.kit import Label, Panel
from kds.ui.pos.answers import Answers


class AskedList(Panel):
    """The oldest open question with its answers, and those answered before in a line each."""

    given = Signal(str, str)  # question id, answer

    def __init__(self) -> None:
        super().__init__("", padding=0, gap=8)
        self._before = Label("", "caption", soft="true")
        self._before.setWordWrap(True)
        self._asks = Label("", "label", tone="warn")
        self._asks.setWordWrap(True)
        self.answers = Answers(abreast=False)
        self.answers.given.connect(self.given)
        for part in (self._before, self._asks, self.answers):
            self.box.addWidget(part)
        self.hide()

    @property
    def text(self) -> str:
        """What is asked, and what was answered."""
        parts = (label.text() for label in (self._before, self._asks) if not label.isHidden())
        return "\n".join(parts)

    def show_order(self, order: OrderView, may_answer: bool) -> None:
        """Tell of the questions about this order."""
        done = [one for one in order.questions if one.answer]
        said = (f"{one.text} {one.answered_by or 'Till'}: {one.answer}" for one in done)
        self._before.setText("\n".join(said))
        self._before.setVisible(bool(done))
        waiting = order.to_answer
        self._asks.setVisible(bool(waiting))
        self.answers.setVisible(bool(waiting) and may_answer)
        if waiting:
            self._asks.setText(f"Kitchen asks: {waiting[0].text}")
            self.answers.ask(waiting[0])
        self.setVisible(bool(order.questions))
