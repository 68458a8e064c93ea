"""One order in full, and what can be done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from kds.base.money import format_money
from kds.domain.apply import may
from kds.domain.orders import OrderView
from kds.domain.rows import Row
from kds.ui.kit import Button, Card, EmptyState, IconButton, Label, Panel, Pill, Rule
from kds.ui.pos.chain import ChainView
from kds.ui.pos.order_words import line_state, money_words, place, state_pill
from kds.ui.shell.clock import zone_of
from kds.ui.theme import look

if TYPE_CHECKING:
    from kds.session.session import Session

WIDTH = 500


class LineRow(Panel):
    """One line of an order that was sent: what, how far, and a way to take it back."""

    void = Signal(str)  # line id

    def __init__(self, line: Row, may_void: bool, parent: QWidget | None = None) -> None:
        super().__init__("", horizontal=True, padding=0, gap=10, parent=parent)
        gone = line["state"] == "void"
        name = Label(" ".join(filter(None, (line["name"], line["variant"]))), "label")
        wishes = [
            f"no {m['name']}" if m["kind"] == "remove" else f"+ {m['name']}"
            for m in line["modifiers"]
        ]
        words = ", ".join(filter(None, [*wishes, line["note"], line["void_reason"]]))
        details = Label(words, "caption", soft="true")
        name.set_soft("faint" if gone else "")
        for label in (name, details):
            label.setWordWrap(True)
        details.setVisible(bool(words))
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(name)
        column.addWidget(details)
        self.box.addWidget(Label(f"{line['qty']} ×", "label", soft="true"))
        self.box.addLayout(column, 1)
        self.box.addWidget(Pill(*line_state(line)))
        if may_void and line["state"] in ("sent", "started"):
            button = IconButton("x", f"Void {line['name']}")
            button.clicked.connect(lambda: self.void.emit(line["id"]))
            self.box.addWidget(button)


class OrderDetail(Card):
    """Shows one order; its signals carry that order's id."""

    add_more = Signal(str)
    pay = Signal(str, str)  # order id, tender
    hand_over = Signal(str)
    void_order = Signal(str)
    void_line = Signal(str, str)  # order id, line id

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._session = session
        self._order: OrderView | None = None
        self._rows: list[LineRow] = []
        self._empty = EmptyState("No order chosen", "Tap one in the list.", "orders")
        self._full = Panel("", padding=0)
        self.box.addWidget(self._empty)
        self.box.addWidget(self._full)
        self._build(self._full)
        self._fit()
        self.show_order(None)

    @property
    def order_id(self) -> str:
        """The order that is shown; "" when none is."""
        return self._order.id if self._order else ""

    def _build(self, full: Panel) -> None:
        head = QHBoxLayout()
        self._number = Label("", "display")
        self._pill = Pill()
        head.addWidget(self._number, 1)
        head.addWidget(self._pill)
        full.box.addLayout(head)
        self._words = Label("", "body", soft="true")
        full.box.addWidget(self._words)
        self.chain = ChainView()
        full.box.addWidget(self.chain)
        full.box.addWidget(Rule())
        inner = QWidget()
        self._list = QVBoxLayout(inner)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.addStretch(1)
        area = QScrollArea()
        area.setWidget(inner)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner.setAutoFillBackground(False)
        full.box.addWidget(area, 1)
        full.box.addWidget(Rule())
        money = QHBoxLayout()
        self._due = Label("", "body", soft="true")
        self._total = Label("", "figure")
        money.addWidget(self._due, 1)
        money.addWidget(self._total)
        full.box.addLayout(money)
        full.box.addLayout(self._build_buttons())

    def _build_buttons(self) -> QGridLayout:
        self.more = Button("Add items", icon_name="plus")
        self.void = Button("Void", icon_name="trash")
        self.cash = Button("", icon_name="cash")
        self.card = Button("", icon_name="card")
        self.give = Button("Hand over", "primary", icon_name="check")
        self.more.clicked.connect(lambda: self.add_more.emit(self.order_id))
        self.void.clicked.connect(lambda: self.void_order.emit(self.order_id))
        self.cash.clicked.connect(lambda: self.pay.emit(self.order_id, "cash"))
        self.card.clicked.connect(lambda: self.pay.emit(self.order_id, "card"))
        self.give.clicked.connect(lambda: self.hand_over.emit(self.order_id))
        self._grid = grid = QGridLayout()
        grid.addWidget(self.more, 0, 0)
        grid.addWidget(self.void, 0, 1)
        grid.addWidget(self.cash, 1, 0)
        grid.addWidget(self.card, 1, 1)
        grid.addWidget(self.give, 2, 0, 1, 2)
        return grid

    def show_order(self, order: OrderView | None) -> None:
        """Show this order as it is now; None shows that none is chosen."""
        self._order = order
        self._empty.setVisible(order is None)
        self._full.setVisible(order is not None)
        if order is None:
            return
        currency = self._currency
        self._number.setText(order.number)
        self.show_receipt()
        served = f"served by {order.server}" if order.server else ""
        self._words.setText(" · ".join(filter(None, (place(order), served))))
        self._total.setText(format_money(order.total, currency))
        self._due.setText(money_words(order, currency))
        self._show_lines(order)
        self._show_buttons(order, format_money(order.due, currency))

    def show_receipt(self) -> None:
        """Tell how far the order that is shown has come."""
        if self._order is None:
            return
        receipt = self._session.receipts.of(self._order.id)
        self._pill.set(*state_pill(self._order, receipt))
        self.chain.show_receipt(receipt, zone_of(self._session.store.branch))

    @property
    def _currency(self) -> str:
        branch = self._session.store.branch
        return str(branch["currency"]) if branch else "USD"

    @property
    def _has_till(self) -> bool:
        device = self._session.device
        return device is not None and device.role == "pos"

    def _may(self, kind: str) -> bool:
        device = self._session.device
        return device is not None and may(device.role, kind)

    def _show_buttons(self, order: OrderView, due: str) -> None:
        living = order.progress in ("sent", "started", "ready")
        self.more.setVisible(living and self._has_till)
        self.void.setVisible(living and self._may("void_order"))
        self.void.setEnabled(order.paid == 0)
        self.void.setToolTip("Paid already: refund first." if order.paid else "")
        for button, tender in ((self.cash, "Cash"), (self.card, "Card")):
            button.setText(f"{tender} {due}")
            button.setVisible(living and order.due > 0 and self._may("pay"))
        self.give.setVisible(living and self._may("close_order"))
        self.give.setEnabled(order.progress == "ready")
        waiting = f"{order.lines_open} still cooking"
        unpaid = "Hand over · unpaid" if order.due else "Hand over"
        self.give.setText(unpaid if order.progress == "ready" else waiting)

    def _show_lines(self, order: OrderView) -> None:
        for row in self._rows:
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        living = order.progress not in ("closed", "void")
        may_void = living and self._may("void_line")
        self._rows = [LineRow(line, may_void) for line in self._session.store.lines_of(order.id)]
        for index, row in enumerate(self._rows):
            row.void.connect(lambda line_id: self.void_line.emit(self.order_id, line_id))
            self._list.insertWidget(index, row)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_list"):
            self._fit()

    def _fit(self) -> None:
        self.setFixedWidth(look().px(WIDTH))
        self._list.setSpacing(look().px(6))
        self._grid.setSpacing(look().px(10))
