"""The till: the menu on the left, the order on the right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Literal, cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from kds.base.errors import KdsError
from kds.domain.cart import Cart, CartLine
from kds.domain.changes import ChangeSet
from kds.ui.kit import Panel, Toast, spawn
from kds.ui.pos.calls import Calls
from kds.ui.pos.cart_panel import CartPanel, QuoteOf
from kds.ui.pos.course_bar import CourseBar
from kds.ui.pos.edit import Replacing, RoomSheet
from kds.ui.pos.entry import OrderEntry, Target
from kds.ui.pos.giving import hand_over, take_payment
from kds.ui.pos.hotkeys import HOT_KEYS, Deed, category_key
from kds.ui.pos.menu import MenuPanel
from kds.ui.pos.options import OptionsSheet
from kds.ui.pos.order_words import place
from kds.ui.pos.ready_strip import ReadyStrip
from kds.ui.pos.timing import TimingSheet
from kds.ui.shell.clock import branch_now, zone_of

if TYPE_CHECKING:
    from kds.session.session import Session


OPEN = ("sent", "started", "ready")


class Till(Panel):
    """Taking orders. A tap is in the cart in the same frame; an order leaves it once durable."""

    def __init__(
        self,
        session: Session,
        calls: Calls | None = None,
        quote: QuoteOf | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """`calls`: what the kitchen wants, shared with the other screens of this till."""
        super().__init__("ground", horizontal=True, parent=parent)
        self._session = session
        self._last_sent = ""
        self.entry = OrderEntry(session.new_id)
        self.menu = MenuPanel()
        self.course = CourseBar(self.entry)
        self.cart = CartPanel(self.entry, quote=quote)
        self.ready = ReadyStrip(calls or Calls(session, place))
        left = Panel("ground", padding=0)
        left.box.addWidget(self.menu, 1)
        for below in (self.course, self.ready):
            left.box.addWidget(below)
        self.box.addWidget(left, 1)
        self.box.addWidget(self.cart)
        self.options = OptionsSheet(self)
        self.room = RoomSheet(self)
        self.timing = TimingSheet(self.entry, lambda: branch_now(session), self, quote)
        self.toast = Toast(self)
        self.menu.added.connect(self._add)
        self.menu.asked.connect(self._ask_item)
        self.menu.refused.connect(self._refuse)
        self.cart.asked.connect(self._ask_line)
        self.cart.send.connect(self.send)
        self.cart.timing.connect(self.timing.open)
        self.ready.given.connect(lambda order_id: hand_over(session, order_id, self.toast))
        self.cart.sent.pay.connect(self._pay)
        self.options.done.connect(self._take)
        self.entry.changed.connect(lambda _: self._count())
        self._make_keys()
        for disconnect in (
            session.store.changed.connect(self._follow),
            session.receipts.changed.connect(self._follow_receipt),
        ):
            self.destroyed.connect(disconnect)
        self._load()
        self.setFocusProxy(self.menu.search)

    def add_to(self, order_id: str) -> None:
        """Take more lines for an order that is open."""
        order = self._session.store.order(order_id)
        if order is not None:
            self.entry.aim(Target(order.id, order.number))

    def edit(self, op_id: str) -> None:
        """Bring the lines of a refused order back into the cart; the one in progress is kept."""
        if op_id in self.entry.held:
            return
        try:
            cart = self._session.attention.cart(op_id)
        except KdsError as error:
            self.toast.say(str(error))
            return
        if not self.entry.cart.lines:
            self._take_up(cart, op_id)
            return
        self.room.ask(
            summary(self.entry.cart),
            summary(cart),
            park=lambda: self._take_up(cart, op_id),
            merge=lambda: self.entry.merge(cart, op_id),
        )

    def _take_up(self, cart: Cart, op_id: str) -> None:
        """More lines go to the order they were for while it is open; else they make a new one."""
        stuck = next((one for one in self._session.attention.items if one.op_id == op_id), None)
        more = stuck is not None and stuck.kind == "add_lines"
        order = self._session.store.order(stuck.order_id or "") if stuck and more else None
        is_open = order is not None and order.progress in OPEN
        target = Target(order.id, order.number) if order and is_open else None
        self.entry.edit(cart, op_id, target)
        if more and target is None:
            self.toast.say("That order is not open any more: these lines become a new one.")

    def send(self) -> None:
        """Hand the order over; nothing happens while there is none to hand over."""
        if self.entry.why_not is None:
            spawn(self._send(), "send an order")

    async def _send(self) -> None:
        actions, replaced = self._session.actions, self.entry.replaces
        sender = Replacing(actions, self._session.attention, replaced) if replaced else actions
        order_id = await self.entry.send(sender)
        if order_id is None:
            return
        self._last_sent = order_id
        self._show_sent()
        self.menu.search.clear()

    def _pay(self, tender: str) -> None:
        order = self._session.store.order(self._last_sent)
        if order is not None and order.due:
            paid = cast("Literal['cash', 'card']", tender)
            spawn(take_payment(self._session, order, paid), "take a payment")

    # -- what the restaurant says -----------------------------------------------------------

    def _follow(self, change_set: ChangeSet) -> None:
        if change_set.of("menu_items", "modifiers", "branches"):
            self._load()
        if self.entry.cart.lines and change_set.of("orders", "order_lines"):
            self.cart.requote()
        if any(change.pk == self._last_sent for change in change_set.of("orders")):
            self._show_sent()

    def _follow_receipt(self, order_id: str | None) -> None:
        if order_id == self._last_sent:
            self._show_sent()

    def _load(self) -> None:
        first = not self.menu.tiles
        self.menu.set_menu(self._session.store.rows("menu_items").values(), self._currency)
        self.cart.set_currency(self._currency)
        self.cart.set_zone(zone_of(self._session.store.branch))
        self._count()
        if first and self.menu.tiles and self.isVisible():
            self.setFocus()  # there was nothing to search in before

    @property
    def _currency(self) -> str:
        branch = self._session.store.branch
        return str(branch["currency"]) if branch else "USD"

    def _show_sent(self) -> None:
        order = self._session.store.order(self._last_sent)
        if order is not None:
            self.cart.show_sent(order, self._session.receipts.of(order.id))

    def _count(self) -> None:
        counts: Counter[str] = Counter()
        for line in self.entry.cart.lines:
            counts[line.item_id] += line.qty
        self.menu.set_counts(counts)

    # -- what the cashier does --------------------------------------------------------------

    def _add(self, item_id: str, variant: str, qty: int) -> None:
        item = self._session.store.row("menu_items", item_id)
        if item is not None and (reason := self.entry.add(item, variant, qty)):
            self.toast.say(reason)

    def _refuse(self, item_id: str) -> None:
        item = self._session.store.row("menu_items", item_id)
        if item is not None:
            self.toast.say(f"{item['name']} is out. The kitchen can bring it back.")

    def _ask_item(self, item_id: str) -> None:
        self._ask(item_id, None)

    def _ask_line(self, line_id: str) -> None:
        if line := self.entry.line(line_id):
            self._ask(line.item_id, line)

    def _ask(self, item_id: str, line: CartLine | None) -> None:
        item = self._session.store.row("menu_items", item_id)
        if item is not None:
            modifiers = self._session.store.rows("modifiers").values()
            self.options.ask(item, modifiers, self._currency, line, self.entry.course)

    def _take(self, line: CartLine) -> None:
        """What the options sheet made of a line: new, changed, or taken out."""
        item = self._session.store.row("menu_items", line.item_id)
        if line.qty == 0:
            self.entry.set_qty(line.id, 0)
        elif line.id:
            self.entry.change(line)
        elif item is not None:
            reason = self.entry.add(
                item, line.variant, line.qty, line.modifiers, line.note, line.course
            )
            if reason:
                self.toast.say(reason)

    # -- keys -------------------------------------------------------------------------------

    def _make_keys(self) -> None:
        deeds: dict[Deed, Callable[[], object]] = {
            "send": self.send,
            "find": self._find,
            "guest": self._guest,
            "timing": self._time,
            "next_course": lambda: self.entry.set_course(self.entry.course + 1),
            "last_course": lambda: self.entry.set_course(self.entry.course - 1),
            "dine_in": lambda: self.entry.set_type("dine_in"),
            "takeaway": lambda: self.entry.set_type("takeaway"),
            "delivery": lambda: self.entry.set_type("delivery"),
            "more": lambda: self._step_last(1),
            "less": lambda: self._step_last(-1),
            "undo": self.entry.undo,
            "clear": self.entry.clear,
        }
        for hot in HOT_KEYS:
            for key in hot.keys:
                self._shortcut(key, deeds[hot.deed])
        for n in range(9):
            self._shortcut(category_key(n), partial(self.menu.choose_category, n))

    def _shortcut(self, key: str, deed: Callable[[], object]) -> None:
        shortcut = QShortcut(QKeySequence(key), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(lambda: None if self._asking else deed())

    @property
    def _asking(self) -> bool:
        """A sheet lies over the till: its keys are not the till's."""
        return any(sheet.isVisible() for sheet in (self.options, self.room, self.timing))

    def _step_last(self, by: int) -> None:
        if lines := self.entry.cart.lines:
            self.entry.set_qty(lines[-1].id, lines[-1].qty + by)

    def _time(self) -> None:
        if self.entry.target is None:  # an order that was sent is timed where it is shown
            self.timing.open()

    def _find(self) -> None:
        self.menu.search.setFocus()
        self.menu.search.selectAll()

    def _guest(self) -> None:
        self.cart.guest.setFocus()
        self.cart.guest.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Typing anywhere searches."""
        if event.text().isprintable() and event.text().strip():
            self.menu.search.setFocus()
            self.menu.search.insert(event.text())
        else:
            super().keyPressEvent(event)


def summary(cart: Cart) -> str:
    """`3 items for table 4`."""
    count = "1 item" if cart.count == 1 else f"{cart.count} items"
    whose = f"table {cart.table_name}" if cart.table_name else cart.customer
    return f"{count} for {whose}" if whose else count
