"""What a role sees of one branch: its screens, which lead to one another."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from kds.domain.notices import Notice
from kds.domain.rows import Role
from kds.session.house import House
from kds.session.session import Session
from kds.ui.attention.sheet import OPEN_KEY, AttentionSheet
from kds.ui.dashboard.screen import DashboardScreen
from kds.ui.dashboard.today import TodayScreen
from kds.ui.kitchen.screen import KitchenScreen
from kds.ui.notices.screen import NoticesScreen
from kds.ui.pos.alarm import AlarmStrip
from kds.ui.pos.orders import OrdersScreen
from kds.ui.pos.till import Till
from kds.ui.shell.screen import Screen
from kds.ui.shell.window import NOTICES, PEOPLE, MainWindow
from kds.ui.staff.screen import PeopleScreen
from kds.ui.stock.screen import StockScreen


class Page(QObject):
    """`widget` is the window of one branch, or its page in the window of a `house`.

    In a house, `branch_opened` carries the index of a branch that was tapped in the overview, and
    `elsewhere` another Branch and the Notice of it that was tapped.
    """

    branch_opened = Signal(int)
    elsewhere = Signal(object, object)

    def __init__(
        self, session: Session, role: Role, title: str, house: House | None = None
    ) -> None:
        super().__init__()
        self._house = house
        bell = house.notices if house else None
        self.widget = MainWindow(session, self._screens(session, role), title=title, bell=bell)
        self.setParent(self.widget)
        if role == "pos":
            alarm = AlarmStrip(session)
            alarm.show_order.connect(self._open_order)
            self.widget.add_strip(alarm)
        self.attention = self._attention(session)

    def show_all(self) -> None:
        """Show the overview of all branches."""
        today = self.widget.screen_widget(0)
        if isinstance(today, TodayScreen):
            self.widget.show_screen(0)
            today.show_all()

    def show_today(self) -> None:
        """Show this branch's own day."""
        today = self.widget.screen_widget(0)
        if isinstance(today, TodayScreen):
            self.widget.show_screen(0)
            today.show_here()

    def show_notice(self, notice: Notice) -> None:
        """Open what a notice of this branch is about."""
        self.widget.show_where(NOTICES)
        screen = self.widget.stack.currentWidget()
        assert isinstance(screen, NoticesScreen)
        screen.follow(notice)

    # -- screens ----------------------------------------------------------------------------

    def _screens(self, session: Session, role: Role) -> list[Screen]:
        def board() -> QWidget:
            return KitchenScreen(session)

        shared = [
            Screen("Stock", "stock", "stock", lambda: StockScreen(session)),
            Screen("Notices", "bell", NOTICES, lambda: self._notices(session)),
            Screen("People", "people", PEOPLE, lambda: PeopleScreen(session)),
        ]
        orders = Screen("Orders", "orders", "orders", lambda: self._orders(session))
        match role:
            case "kitchen":
                return [Screen("Board", "kitchen", "board", board), *shared]
            case "pos":
                return [Screen("Till", "cash", "till", lambda: Till(session)), orders, *shared]
            case "manager":
                dashboard = Screen("Today", "chart", "today", lambda: self._dashboard(session))
                return [dashboard, orders, Screen("Board", "kitchen", "board", board), *shared]

    def _dashboard(self, session: Session) -> QWidget:
        if self._house is None:
            alone = DashboardScreen(session)
            alone.opened.connect(lambda where: self.widget.show_where(where))
            return alone
        today = TodayScreen(session, self._house)
        today.opened.connect(lambda where: self.widget.show_where(where))
        today.branch_opened.connect(self.branch_opened)
        return today

    def _orders(self, session: Session) -> QWidget:
        screen = OrdersScreen(session)
        screen.add_more.connect(self._add_more)
        return screen

    def _notices(self, session: Session) -> QWidget:
        screen = NoticesScreen(session, self._house.notices if self._house else None)
        screen.elsewhere.connect(self.elsewhere)
        screen.opened.connect(self._open_order)
        screen.refused.connect(lambda op_id: self.attention.open_at(op_id))
        return screen

    def _attention(self, session: Session) -> AttentionSheet:
        """Over the screens, not over the bars: an alarm is seen while a person decides."""
        first, window = self.widget.screen_widget(0), self.widget
        in_cart = (lambda: first.entry.held) if isinstance(first, Till) else None
        sheet = AttentionSheet(session, window.stack, in_cart)
        sheet.edit.connect(self._edit)
        for leaves in (window.stack.currentChanged, window.rail.chosen):
            leaves.connect(sheet.close_sheet)
        window.top_bar.waiting_tapped.connect(self._explain_waiting)
        key = QShortcut(QKeySequence(OPEN_KEY), window)
        key.activated.connect(sheet.toggle)
        return sheet

    def _explain_waiting(self) -> None:
        """What was refused needs a decision; what merely waits is a matter of the connection."""
        if self.attention.needed:
            self.attention.open_at()
        else:
            self.widget.connection_panel.open()

    def _edit(self, op_id: str) -> None:
        """Change the lines of a refused order where it was taken."""
        till = self.widget.screen_widget(0)
        if isinstance(till, Till):
            self.attention.close_sheet()
            self.widget.show_screen(0)
            till.edit(op_id)

    def _add_more(self, order_id: str) -> None:
        """Go on taking an order that was sent: only a till can."""
        till = self.widget.screen_widget(0)
        if isinstance(till, Till):
            till.add_to(order_id)
            self.widget.show_screen(0)

    def _open_order(self, order_id: str) -> None:
        """Show the order of a notice: in the list, or on the board."""
        for index, screen in enumerate(self.widget.screens):
            if screen.where == "orders":
                self.widget.show_screen(index)
                orders = self.widget.screen_widget(index)
                assert isinstance(orders, OrdersScreen)
                orders.choose(order_id)
                return
        self.widget.show_where("board")
