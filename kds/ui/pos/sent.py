"""What stands in the empty cart after an order was sent: its number, large, and the payment."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from kds.base.money import format_money
from kds.domain.orders import OrderView
from kds.domain.receipts import Receipt
from kds.domain.words import table_words
from kds.ui.kit import Button, Label, Panel, Pill
from kds.ui.pos.receipt_words import receipt_pill


class SentView(Panel):
    """The last order of this till, until the next one begins. `pay` carries the tender."""

    pay = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", padding=0, parent=parent)
        self._number = Label("", "display")
        self._words = Label("", "body", soft="true")
        self._words.setWordWrap(True)
        self._state = Pill("Sent to the kitchen", "ok", "check")
        self.cash = Button("", "quiet", icon_name="cash")
        self.card = Button("", "quiet", icon_name="card")
        self.cash.clicked.connect(lambda: self.pay.emit("cash"))
        self.card.clicked.connect(lambda: self.pay.emit("card"))
        self.box.addStretch(2)
        for part in (self._state, self._number, self._words):
            self.box.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
        buttons = QGridLayout()
        buttons.addWidget(self.cash, 0, 0)
        buttons.addWidget(self.card, 0, 1)
        self.box.addSpacing(12)
        self.box.addLayout(buttons)
        self.box.addStretch(3)

    @property
    def number(self) -> str:
        return self._number.text()

    @property
    def state(self) -> str:
        return self._state.text

    def show_order(self, order: OrderView, currency: str, receipt: Receipt | None = None) -> None:
        """Tell how the order stands, and where the kitchen has it."""
        self._number.setText(order.number)
        place = table_words(order.table_name) or order.customer
        total = format_money(order.total, currency)
        self._words.setText(" · ".join(filter(None, (place, total))))
        paid = order.due == 0 and order.total > 0
        if receipt is not None and (receipt.alarm or receipt.stage in ("stored", "painted")):
            self._state.set(*receipt_pill(receipt))
        else:
            self._state.set("Sent and paid" if paid else "Sent to the kitchen", "ok", "check")
        due = format_money(order.due, currency)
        self.cash.setText(f"Cash {due}")
        self.card.setText(f"Card {due}")
        for button in (self.cash, self.card):
            button.setVisible(order.due > 0)
