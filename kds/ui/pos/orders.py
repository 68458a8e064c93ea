"""Every order of the day: find it, see how far it is, take the money, hand it over."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, cast

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSortFilterProxyModel, Signal
from PySide6.QtWidgets import QWidget

from kds.domain.changes import ChangeSet
from kds.domain.orders import OrderView
from kds.ui.kit import EmptyState, Panel, SearchField, SegmentedControl, Toast, spawn
from kds.ui.kit.rowlist import RowList, RowSpec
from kds.ui.models import KEY_ROLE, OrderModel
from kds.ui.pos.calls import Calls
from kds.ui.pos.giving import hand_over, take_payment
from kds.ui.pos.order_detail import OrderDetail
from kds.ui.pos.order_words import FILTERS, matches, order_row, place
from kds.ui.pos.ready_strip import ReadyStrip
from kds.ui.pos.reason import ReasonSheet

if TYPE_CHECKING:
    from kds.session.session import Session


class FoundOrders(QSortFilterProxyModel):
    """The orders of a model that a filter and a search leave, in the model's order."""

    def __init__(self, orders: OrderModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._orders = orders
        self._chosen, self._typed = "open", ""
        self.setSourceModel(orders)

    def look_for(self, chosen: str, typed: str) -> None:
        self.beginFilterChange()
        self._chosen, self._typed = chosen, typed
        self.endFilterChange()

    def filterAcceptsRow(self, row: int, parent: QModelIndex | QPersistentModelIndex) -> bool:
        return matches(self._orders.at(row), self._chosen, self._typed)


class OrdersScreen(Panel):
    """The list on the left, the chosen order on the right. `add_more` carries an order's id.

    `calls`: what the kitchen wants, shared with the other screens of this till. `reprint` puts the
    ticket of an order on paper, where there is a printer.
    """

    add_more = Signal(str)

    def __init__(
        self,
        session: Session,
        calls: Calls | None = None,
        reprint: Callable[[str], None] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("ground", horizontal=True, parent=parent)
        self._session = session
        self.model = OrderModel(session.store, parent=self)
        self.found = FoundOrders(self.model, self)
        self.search = SearchField("Number, table or name")
        self.filter = SegmentedControl(FILTERS, "open")
        self.list = RowList(self.found, self._describe, ages=True)
        self._empty = EmptyState("No orders", "", "orders")
        self.detail = OrderDetail(session, can_print=reprint is not None)
        self.ready = ReadyStrip(calls or Calls(session, place))
        self._reprint = reprint
        self.reason = ReasonSheet(self)
        self.toast = Toast(self)
        left = Panel("ground", padding=0)
        top = Panel("ground", horizontal=True, padding=0)
        top.box.addWidget(self.search, 1)
        top.box.addWidget(self.filter)
        left.box.addWidget(top)
        left.box.addWidget(self.list, 1)
        left.box.addWidget(self._empty, 1)
        left.box.addWidget(self.ready)
        self.box.addWidget(left, 1)
        self.box.addWidget(self.detail)
        self._wire()
        self._look()

    def choose(self, order_id: str) -> None:
        """Choose an order, whatever the filter was."""
        order = self.model.item(order_id)
        if order is None:
            return
        if not matches(order, self.filter.value, self.search.text()):
            self.search.clear()
            self.filter.choose("all")
        index = self.found.mapFromSource(self.model.index_of(order_id))
        self.list.setCurrentIndex(index)
        self.list.scrollTo(index)

    # -- inside -----------------------------------------------------------------------------

    def _wire(self) -> None:
        self.search.textChanged.connect(self._look)
        self.filter.chosen.connect(self._look)
        self.list.selectionModel().currentChanged.connect(self._show)
        for changed in (self.found.rowsInserted, self.found.rowsRemoved, self.found.modelReset):
            changed.connect(self._say_empty)
        self.detail.add_more.connect(self.add_more)
        self.detail.pay.connect(self._pay)
        self.detail.hand_over.connect(self._hand_over)
        self.detail.void_order.connect(self._ask_void_order)
        self.detail.void_line.connect(self._ask_void_line)
        self.detail.change_qty.connect(self._change_qty)
        self.detail.fire.connect(self._fire)
        self.detail.hold.connect(self._hold)
        self.detail.mark.connect(self._mark)
        self.detail.answer.connect(self._answer)
        self.detail.close_order.connect(self._close)
        self.detail.print_it.connect(self._print)
        self.ready.given.connect(self._hand_over)
        for disconnect in (
            self._session.store.changed.connect(self._follow),
            self._session.receipts.changed.connect(self._follow_receipt),
        ):
            self.destroyed.connect(disconnect)
        self.setFocusProxy(self.search)

    def _describe(self, order: OrderView) -> RowSpec:
        branch = self._session.store.branch
        currency = str(branch["currency"]) if branch else "USD"
        receipt = self._session.receipts.of(order.id)
        return order_row(order, self._session.now(), currency, receipt)

    def _look(self) -> None:
        self.found.look_for(self.filter.value, self.search.text())
        self._say_empty()

    def _say_empty(self) -> None:
        if self.search.text().strip():
            self._empty.set("Nothing found", "Look under All for orders handed over.", "search")
        elif self.filter.value == "ready":
            self._empty.set("Nothing is ready", "An order appears here when its last line is done.")
        else:
            self._empty.set("No open orders", "What you send from the till appears here.", "orders")
        empty = self.found.rowCount() == 0
        self._empty.setVisible(empty)
        self.list.setVisible(not empty)

    def _show(self, index: QModelIndex) -> None:
        order_id = index.data(KEY_ROLE) if index.isValid() else None
        self.detail.show_order(self._session.store.order(order_id) if order_id else None)

    def _follow(self, change_set: ChangeSet) -> None:
        shown = self.detail.order_id
        touched = {change.pk for change in change_set.of("orders", "branches")}
        for change in change_set.of("order_lines"):
            touched.update(row["order_id"] for row in (change.before, change.after) if row)
        if shown and (shown in touched or change_set.initiator == "load"):
            self.detail.show_order(self._session.store.order(shown))

    def _follow_receipt(self, order_id: str | None) -> None:
        """The order itself is as it was; only what is said of its way differs."""
        if order_id is None:
            return
        index = self.found.mapFromSource(self.model.index_of(order_id))
        if index.isValid():
            self.list.update(index)
        if order_id == self.detail.order_id:
            self.detail.show_receipt()

    # -- what can be done -------------------------------------------------------------------

    def _pay(self, order_id: str, tender: str) -> None:
        order = self._session.store.order(order_id)
        if order is not None and order.due:
            paid = cast("Literal['cash', 'card']", tender)
            spawn(take_payment(self._session, order, paid), "take a payment")
            self.toast.say(f"{order.number} paid")

    def _hand_over(self, order_id: str) -> None:
        hand_over(self._session, order_id, self.toast)

    def _close(self, order_id: str) -> None:
        spawn(self._session.actions.close_order(order_id), "close an order")
        self._say(order_id, "closed")

    def _print(self, order_id: str) -> None:
        if self._reprint is not None:
            self._reprint(order_id)
            self._say(order_id, "goes to the printer")

    def _answer(self, order_id: str, question_id: str, answer: str) -> None:
        sending = self._session.actions.answer(order_id, question_id, answer)
        spawn(sending, "answer the kitchen")

    def _change_qty(self, order_id: str, line_id: str, qty: int) -> None:
        """Less than one is a void, and that asks why."""
        line = self._session.store.row("order_lines", line_id)
        if line is None:
            return
        if qty < 1:
            self._ask_void_line(order_id, line_id)
            return
        actions, was = self._session.actions, int(line["qty"])

        def take_back() -> None:
            spawn(actions.change_qty(order_id, line_id, was), "take a quantity back")

        spawn(actions.change_qty(order_id, line_id, qty), "change a quantity")
        self.toast.say(f"{line['name']}: {qty} instead of {was}", take_back)

    def _fire(self, order_id: str, course: int) -> None:
        actions = self._session.actions

        def take_back() -> None:
            spawn(actions.hold(order_id, course), "hold a course again")

        spawn(actions.fire(order_id, course), "fire a course")
        self._say(order_id, f"course {course} fired", take_back)

    def _hold(self, order_id: str, course: int) -> None:
        actions = self._session.actions

        def take_back() -> None:
            spawn(actions.fire(order_id, course), "fire a course again")

        spawn(actions.hold(order_id, course), "hold a course")
        self._say(order_id, f"course {course} on hold", take_back)

    def _mark(self, order_id: str, mark: str, on: bool) -> None:
        actions = self._session.actions
        spawn(actions.mark(order_id, **{mark: on}), "mark an order")

    def _say(self, order_id: str, what: str, take_back: Callable[[], None] | None = None) -> None:
        order = self._session.store.order(order_id)
        if order is not None:
            self.toast.say(f"{order.number}: {what}", take_back)

    def _ask_void_order(self, order_id: str) -> None:
        order = self._session.store.order(order_id)
        if order is None:
            return
        actions = self._session.actions
        self.reason.ask(
            f"Void {order.number}",
            "The kitchen stops, and nothing is charged. Why?",
            lambda why: spawn(actions.void_order(order_id, why), "void an order"),
        )

    def _ask_void_line(self, order_id: str, line_id: str) -> None:
        line = self._session.store.row("order_lines", line_id)
        if line is None:
            return
        actions = self._session.actions
        self.reason.ask(
            f"Void {line['qty']} × {line['name']} {line['variant']}".rstrip(),
            "The kitchen sees it crossed out. Why?",
            lambda why: spawn(actions.void_line(order_id, line_id, why), "void a line"),
        )
