"""The order on the right of the till: who, what, how much, and the button that sends it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, tzinfo

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from kds.base.money import format_money
from kds.domain.cart import Cart
from kds.domain.orders import OrderView
from kds.domain.quote import Quote
from kds.domain.receipts import Receipt
from kds.domain.rows import OrderType
from kds.ui.kit import (
    Button,
    Card,
    ElidedLabel,
    EmptyState,
    IconButton,
    Label,
    Rule,
    SegmentedControl,
)
from kds.ui.pos.cart_lines import CartLines
from kds.ui.pos.entry import OrderEntry
from kds.ui.pos.hotkeys import key_of
from kds.ui.pos.line import LineView
from kds.ui.pos.sent import SentView
from kds.ui.pos.timing_words import quote_words, timing_words
from kds.ui.theme import look

WIDTH = 500
TYPES: tuple[tuple[OrderType, str], ...] = (
    ("dine_in", "Dine in"),
    ("takeaway", "Takeaway"),
    ("delivery", "Delivery"),
)
QuoteOf = Callable[[Cart], Quote | None]
"""How long an order would take if it were sent now; None when nobody can tell."""


class SendButton(Button):
    """The largest button of the till."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "primary", icon_name="send", parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), look().px(80))

    def fit(self) -> None:
        """Larger words than other buttons have; to be called when the look changes."""
        sheet = f"font-size: {look().px(22)}px; font-weight: 700;"
        if self.styleSheet() != sheet:
            self.setStyleSheet(sheet)


class CartPanel(Card):
    """Shows `entry` and calls its verbs; `send`, `timing` and `asked` (a line's id) are for the
    screen. `quote` is asked whenever the order differs, so it must be quick."""

    send = Signal()
    timing = Signal()
    asked = Signal(str)

    def __init__(
        self,
        entry: OrderEntry,
        parent: QWidget | None = None,
        *,
        quote: QuoteOf | None = None,
    ) -> None:
        super().__init__(parent=parent)
        self._entry = entry
        self._quote_of = quote
        self._currency = "USD"
        self._zone: tzinfo = UTC
        self._build_head()
        self._build_lines()
        self._build_foot()
        entry.changed.connect(lambda _: self.refresh())
        self._fit()
        self.refresh()

    def set_zone(self, zone: tzinfo) -> None:
        """Tell times on the wall of the branch."""
        self._zone = zone
        self._show_timing()

    def set_currency(self, currency: str) -> None:
        if currency != self._currency:
            self._currency = currency
            self.refresh()

    # -- building ---------------------------------------------------------------------------

    def _build_head(self) -> None:
        """One row says what kind of order it is, or to which one the lines are added."""
        head = QHBoxLayout()
        self._title = ElidedLabel("", "heading")
        self.type = SegmentedControl(TYPES, "dine_in")
        self.type.chosen.connect(self._entry.set_type)
        self.rush = Button("Rush", "quiet", icon_name="bolt")
        self.rush.setCheckable(True)
        self.rush.setToolTip("To the top of every board")
        self.rush.clicked.connect(self._entry.set_rush)
        self.clear = IconButton("trash", f"Empty the order ({key_of('clear')})")
        self.clear.clicked.connect(self._entry.clear)
        self.back = Button("Cancel", "quiet", icon_name="x")
        self.back.clicked.connect(lambda: self._entry.aim(None))
        for part in (self._title, self.type):
            head.addWidget(part, 1)
        for button in (self.back, self.clear):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            head.addWidget(button)
        self.box.addLayout(head)
        self._mark = Label("", "body", tone="info")
        self._mark.setWordWrap(True)
        self.box.addWidget(self._mark)
        self.guest = QLineEdit()
        self.guest.textEdited.connect(self._entry.set_guest)
        self._guest_box = QWidget()
        self._guest_rows = QVBoxLayout(self._guest_box)
        self._guest_rows.setContentsMargins(0, 0, 0, 0)
        self.when = Button("", "quiet", icon_name="clock")
        self.when.setToolTip(f"Courses, promised time, VIP ({key_of('timing')})")
        self.when.setAccessibleName("Timing")
        self.when.clicked.connect(self.timing)
        guest_row = QHBoxLayout()
        guest_row.addWidget(self.guest, 1)
        for button in (self.rush, self.when):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            guest_row.addWidget(button)
        self._guest_rows.addLayout(guest_row)
        self._timing = ElidedLabel("", "label")
        self._guest_rows.addWidget(self._timing)
        self.box.addWidget(self._guest_box)

    def _build_lines(self) -> None:
        self._list = CartLines()
        self._list.stepped.connect(self._entry.set_qty)
        self._list.asked.connect(self.asked)
        self._empty = EmptyState("Nothing yet", "Tap an item, or type its name.", "orders")
        self.box.addWidget(self._list, 1)
        self.sent = SentView()
        self._has_sent = False
        self.box.addWidget(self._empty, 1)
        self.box.addWidget(self.sent, 1)

    def _build_foot(self) -> None:
        self._sum = QWidget()
        sum_row = QHBoxLayout(self._sum)
        sum_row.setContentsMargins(0, 0, 0, 0)
        self._count = Label("", "body", soft="true")
        self._quote = Label("", "label", tone="info")
        self._total = Label("", "display")
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addStretch(1)
        left.addWidget(self._count)
        left.addWidget(self._quote)
        sum_row.addLayout(left, 1)
        sum_row.addWidget(self._total)
        for part in (Rule(), self._sum):
            self.box.addWidget(part)
        self._problem = Label("", "body", tone="danger")
        self._problem.setWordWrap(True)
        self.box.addWidget(self._problem)
        self.send_button = SendButton()
        self.send_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.send_button.clicked.connect(self.send)
        self.box.addWidget(self.send_button)

    # -- showing ----------------------------------------------------------------------------

    @property
    def lines(self) -> Mapping[str, LineView]:
        """What shows each line, by its id."""
        return self._list.views

    @property
    def total(self) -> str:
        return self._total.text()

    @property
    def problem(self) -> str:
        return "" if self._problem.isHidden() else self._problem.text()

    def show_sent(self, order: OrderView, receipt: Receipt | None = None) -> None:
        """Tell how the order just sent stands, until the next one begins."""
        self.sent.show_order(order, self._currency, receipt)
        self._has_sent = not self._entry.cart.lines
        self._show_lines()

    def refresh(self) -> None:
        """Show the entry as it is now."""
        entry, cart = self._entry, self._entry.cart
        target = entry.target
        self._title.setText(f"Add to {target.number}" if target else "")
        for part in (self._title, self.back):
            part.setVisible(target is not None)
        for usual in (self.type, self._guest_box):
            usual.setVisible(target is None)
        self.rush.setChecked(cart.rush)
        self.rush.set_kind("danger" if cart.rush else "quiet")
        self.clear.setEnabled(bool(cart.lines))
        self._show_mark()
        self._show_guest()
        self._show_timing()
        self._show_lines()
        pieces = f"{cart.count} item{'' if cart.count == 1 else 's'}" if cart.count else ""
        self._count.setText(pieces)
        self._total.setText(format_money(cart.total, self._currency))
        self._sum.setVisible(bool(cart.lines))
        self._problem.setText(entry.problem)
        self._problem.setVisible(bool(entry.problem))
        self._show_send()

    @property
    def mark(self) -> str:
        """What is said of where the lines come from; "" when there is nothing to say."""
        return "" if self._mark.isHidden() else self._mark.text()

    def _show_mark(self) -> None:
        parked = len(self._entry.parked)
        parts = (
            "Refused before: change it and send it." if self._entry.replaces else "",
            f"{parked} parked: back after this one." if parked else "",
        )
        self._mark.setText(" ".join(filter(None, parts)))
        self._mark.setVisible(any(parts))

    @property
    def quote(self) -> str:
        """How long it will take, as the cashier tells the guest; "" when nobody can tell."""
        return "" if self._quote.isHidden() else self._quote.text()

    @property
    def timing_text(self) -> str:
        """What is unusual about when it is to be made."""
        return "" if self._timing.isHidden() else self._timing.text()

    def _show_timing(self) -> None:
        cart = self._entry.cart
        said = timing_words(cart, self._zone)
        self._timing.setText(said)
        self._timing.setVisible(bool(said))
        self.requote()

    def requote(self, _: object = None) -> None:
        """Say anew how long the order will take: the kitchen is as busy as it is now."""
        cart = self._entry.cart
        quote = quote_words(self._quote_of(cart)) if self._quote_of and cart.lines else ""
        self._quote.setText(quote)
        self._quote.setVisible(bool(quote))

    def _show_send(self) -> None:
        entry = self._entry
        why_not = entry.why_not
        does = f"Add to {entry.target.number}" if entry.target else "Send to kitchen"
        self.send_button.setEnabled(why_not is None)
        self.send_button.setText(why_not or f"{does}   {key_of('send')}")
        self.send_button.set_icon("" if why_not else "send")

    def _show_guest(self) -> None:
        cart = self._entry.cart
        self.type.choose(cart.type)
        dine_in = cart.type == "dine_in"
        text = cart.table_name if dine_in else cart.customer
        if self.guest.text().strip() != text:
            self.guest.setText(text)
        hint = "Table" if dine_in else "Guest's name"
        self.guest.setPlaceholderText(f"{hint}   {key_of('guest')}")
        self.guest.setAccessibleName(hint)

    def _show_lines(self) -> None:
        lines, coursed = self._entry.cart.lines, self._entry.coursed
        self._list.show_lines(lines, self._currency, coursed=coursed)
        self._has_sent = self._has_sent and not lines
        self._list.setVisible(bool(lines))
        self._empty.setVisible(not lines and not self._has_sent)
        self.sent.setVisible(self._has_sent)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "send_button"):
            self._fit()

    def _fit(self) -> None:
        self.setFixedWidth(look().px(WIDTH))
        self.send_button.fit()
        self._guest_rows.setSpacing(look().px(8))
