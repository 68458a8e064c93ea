"""One order in full, and what can be done with it."""

from __future__ import annotations

from datetime import tzinfo
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from kds.base.money import format_money
from kds.domain.apply import may
from kds.domain.orders import OrderView
from kds.ui.kit import Button, Card, ElidedLabel, EmptyState, Label, Panel, Pill, Rule, scrolling
from kds.ui.pos.asked_list import AskedList
from kds.ui.pos.chain import ChainView
from kds.ui.pos.order_words import (
    cooking_words,
    courses_of,
    give_words,
    money_words,
    place,
    promise_words,
    state_pill,
)
from kds.ui.pos.sent_lines import SentLines
from kds.ui.shell.clock import zone_of
from kds.ui.theme import look

if TYPE_CHECKING:
    from kds.session.session import Session

WIDTH = 500


class OrderDetail(Card):
    """Shows one order; its signals carry that order's id."""

    add_more = Signal(str)
    pay = Signal(str, str)  # order id, tender
    hand_over = Signal(str)
    close_order = Signal(str)
    print_it = Signal(str)
    void_order = Signal(str)
    void_line = Signal(str, str)  # order id, line id
    change_qty = Signal(str, str, int)  # order id, line id, quantity; 0 is a void
    fire = Signal(str, int)  # order id, course
    hold = Signal(str, int)
    mark = Signal(str, str, bool)  # order id, "rush" or "vip", whether it is
    answer = Signal(str, str, str)  # order id, question id, answer

    def __init__(
        self, session: Session, *, can_print: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent=parent)
        self._session = session
        self._can_print = can_print
        self._order: OrderView | None = None
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

    @property
    def owed(self) -> str:
        """What the guest still pays and waits for."""
        return self._due.text()

    @property
    def words(self) -> str:
        """Where it goes, who serves it, what was promised."""
        return self._words.text()

    def _build(self, full: Panel) -> None:
        head = QHBoxLayout()
        self._number = Label("", "display")
        self._pill = Pill()
        head.addWidget(self._number, 1)
        head.addWidget(self._pill)
        full.box.addLayout(head)
        self._words = ElidedLabel("", "body", soft="true")
        full.box.addWidget(self._words)
        full.box.addWidget(scrolling(self._build_middle()), 1)
        full.box.addWidget(Rule())
        money = QHBoxLayout()
        self._due = Label("", "body", soft="true")
        self._total = Label("", "figure")
        money.addWidget(self._due, 1)
        money.addWidget(self._total)
        full.box.addLayout(money)
        self._build_buttons(full)

    def _build_middle(self) -> Panel:
        """What scrolls where there is little room: the kitchen's side of the order."""
        self.asked = AskedList()
        self.asked.given.connect(lambda *said: self.answer.emit(self.order_id, *said))
        self.chain = ChainView()
        self.lines = SentLines()
        self.lines.stepped.connect(lambda *to: self.change_qty.emit(self.order_id, *to))
        self.lines.fire.connect(lambda course: self.fire.emit(self.order_id, course))
        self.lines.hold.connect(lambda course: self.hold.emit(self.order_id, course))
        middle = Panel("", padding=0)
        middle.box.addWidget(self.asked)
        middle.box.addWidget(self.chain)
        middle.box.addWidget(self.lines, 1)
        middle.box.addLayout(self._build_marks())
        return middle

    def _build_marks(self) -> QHBoxLayout:
        """What makes the order special, and its paper."""
        self.rush = Button("Rush", icon_name="bolt")
        self.vip = Button("VIP", icon_name="person")
        self.paper = Button("Print", icon_name="printer")
        for button in (self.rush, self.vip):
            button.setCheckable(True)
        self.rush.clicked.connect(lambda on: self.mark.emit(self.order_id, "rush", on))
        self.vip.clicked.connect(lambda on: self.mark.emit(self.order_id, "vip", on))
        self.paper.clicked.connect(lambda: self.print_it.emit(self.order_id))
        row = QHBoxLayout()
        for button in (self.rush, self.vip, self.paper):
            row.addWidget(button, 1)
        return row

    def _build_buttons(self, full: Panel) -> None:
        """In pairs; one whose neighbour is not offered has the row to itself."""
        self.more = Button("Add items", icon_name="plus")
        self.void = Button("Void", icon_name="trash")
        self.cash = Button("", icon_name="cash")
        self.card = Button("", icon_name="card")
        self.give = Button("Hand over", "primary", icon_name="check")
        self.more.clicked.connect(lambda: self.add_more.emit(self.order_id))
        self.void.clicked.connect(lambda: self.void_order.emit(self.order_id))
        self.cash.clicked.connect(lambda: self.pay.emit(self.order_id, "cash"))
        self.card.clicked.connect(lambda: self.pay.emit(self.order_id, "card"))
        self.give.clicked.connect(self._give)
        for pair in ((self.more, self.void), (self.cash, self.card), (self.give,)):
            row = QHBoxLayout()
            for button in pair:
                row.addWidget(button, 1)
            full.box.addLayout(row)

    def _give(self) -> None:
        """To the guest; an order that the guest has already is closed."""
        handed = self._order is not None and self._order.handed_at is not None
        (self.close_order if handed else self.hand_over).emit(self.order_id)

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
        promised = promise_words(order, self._zone)
        self._words.setText(" · ".join(filter(None, (place(order), served, promised))))
        self._total.setText(format_money(order.total, currency))
        owed = money_words(order, currency), cooking_words(order)
        self._due.setText(" · ".join(filter(None, owed)))
        self._show_marks(order)
        self.asked.show_order(order, self._may("answer"))
        self._show_lines(order)
        self._show_buttons(order, format_money(order.due, currency))

    def show_receipt(self) -> None:
        """Tell how far the order that is shown has come."""
        if self._order is None:
            return
        receipt = self._session.receipts.of(self._order.id)
        self._pill.set(*state_pill(self._order, receipt))
        self.chain.show_receipt(receipt, self._zone)

    @property
    def _zone(self) -> tzinfo:
        return zone_of(self._session.store.branch)

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
        self.give.setVisible(order.progress == "ready" and self._may("close_order"))
        self.give.setText(give_words(order))

    def _show_marks(self, order: OrderView) -> None:
        living = order.progress in ("sent", "started", "ready")
        for button, on in ((self.rush, order.rush), (self.vip, order.vip)):
            button.setVisible(living and self._may("mark"))
            button.setChecked(on)
        self.rush.set_kind("danger" if order.rush else "quiet")
        self.vip.set_kind("primary" if order.vip else "quiet")
        self.paper.setVisible(self._can_print)

    def _show_lines(self, order: OrderView) -> None:
        living = order.progress not in ("closed", "void")
        self.lines.show_courses(
            courses_of(self._session.store.lines_of(order.id)),
            self._session.now(),
            self._zone,
            may_change=living and self._may("change_qty"),
            may_pace=living and self._may("fire"),
        )

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "give"):
            self._fit()

    def _fit(self) -> None:
        self.setFixedWidth(look().px(WIDTH))
