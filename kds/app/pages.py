"""What a role sees of one branch: its screens, which lead to one another."""

from __future__ import annotations

from collections.abc import Awaitable
from functools import partial
from typing import Protocol, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from kds.app.config import View
from kds.app.paper import Reprint
from kds.domain.notices import Notice
from kds.domain.rows import Role
from kds.printing import Printer
from kds.session.house import House
from kds.session.session import Session
from kds.ui.attention.sheet import OPEN_KEY, AttentionSheet
from kds.ui.dashboard.prep_screen import PrepScreen
from kds.ui.dashboard.screen import DashboardScreen
from kds.ui.dashboard.today import TodayScreen
from kds.ui.expo.dark_strip import DarkStrip
from kds.ui.expo.screen import ExpoScreen
from kds.ui.kit import spawn
from kds.ui.kitchen.all_day import AllDayPanel
from kds.ui.kitchen.big import BigButton
from kds.ui.kitchen.screen import KitchenScreen
from kds.ui.kitchen.settings_sheet import SettingsSheet
from kds.ui.notices.print_strip import PrintStrip
from kds.ui.notices.screen import NoticesScreen
from kds.ui.pickup.screen import PickupScreen
from kds.ui.pos.alarm import AlarmStrip
from kds.ui.pos.calls import Calls
from kds.ui.pos.order_words import place
from kds.ui.pos.orders import OrdersScreen
from kds.ui.pos.question_strip import QuestionStrip
from kds.ui.pos.till import Till
from kds.ui.replay.screen import ReplayScreen
from kds.ui.setup.screen import SetupScreen
from kds.ui.shell.screen import Screen
from kds.ui.shell.window import NOTICES, PEOPLE, MainWindow
from kds.ui.staff.screen import PeopleScreen
from kds.ui.stock.screen import StockScreen

REPLAY = "replay"
PREP = "prep"


class SetUp(Protocol):
    """A screen that people set up to their liking."""

    def load_display(self) -> Awaitable[None]: ...


S = TypeVar("S", bound=SetUp)


class Page(QObject):
    """`widget` is the window of one branch, or its page in the window of a `house`.

    In a house, `branch_opened` carries the index of a branch that was tapped in the overview, and
    `elsewhere` another Branch and the Notice of it that was tapped.
    """

    branch_opened = Signal(int)
    elsewhere = Signal(object, object)

    def __init__(
        self,
        session: Session,
        role: Role,
        title: str,
        house: House | None = None,
        printer: Printer | None = None,
        view: View = "line",
    ) -> None:
        super().__init__()
        self._house = house
        self._session = session
        self._to_load: list[SetUp] = []  # when the session has its file open
        self._calls = Calls(session, place)
        self._reprint = Reprint(session, printer) if printer else None
        bell = house.notices if house else None
        screens = self._screens(session, role, view)
        self.widget = MainWindow(session, screens, title=title, bell=bell, bare=view == "ready")
        self.setParent(self.widget)
        if role == "pos":
            for strip in (AlarmStrip(session), QuestionStrip(session, self._calls)):
                strip.show_order.connect(self._open_order)
                self.widget.add_strip(strip)
        if role == "manager" or view == "expo":
            self.widget.add_strip(DarkStrip(session))
        if printer is not None:
            self.widget.add_strip(PrintStrip(printer))
        self.widget.destroyed.connect(self._calls.detach)
        self.attention = self._attention(session)

    async def load(self) -> None:
        """Show the screens as they were set up last time; the session has started."""
        while self._to_load:
            await self._to_load.pop().load_display()

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

    def _screens(self, session: Session, role: Role, view: View) -> list[Screen]:
        def board() -> QWidget:
            screen = KitchenScreen(session)
            screen.put_all_day(AllDayPanel(session))
            screen.work.acts.reprint = self._reprint
            self._offer_past(screen.work.settings)
            return self._set_up(screen)

        def till() -> QWidget:
            screen = Till(session, self._calls, session.quotes.of)
            screen.destroyed.connect(session.quotes.changed.connect(screen.cart.requote))
            return screen

        shared = [
            Screen("Stock", "stock", "stock", lambda: StockScreen(session)),
            Screen("Notices", "bell", NOTICES, lambda: self._notices(session)),
            Screen("People", "people", PEOPLE, lambda: PeopleScreen(session)),
        ]
        orders = Screen("Orders", "orders", "orders", lambda: self._orders(session))
        replay = Screen("Replay", "replay", REPLAY, lambda: ReplayScreen(session))
        prep = Screen("Prep", "clock", PREP, lambda: PrepScreen(session))
        match role:
            case "kitchen":
                line = Screen("Board", "kitchen", "board", board)
                return [
                    *self._kitchen_views(session, view, line),
                    *([] if view == "ready" else [*shared, replay, prep]),
                ]
            case "pos":
                return [
                    Screen("Till", "cash", "till", till),
                    orders,
                    *shared,
                ]
            case "manager":
                dashboard = Screen("Today", "chart", "today", lambda: self._dashboard(session))
                board_screen = Screen("Board", "kitchen", "board", board)
                setup = Screen("Kitchen", "settings", "setup", lambda: SetupScreen(session))
                return [dashboard, orders, board_screen, *shared, replay, prep, setup]

    def _kitchen_views(self, session: Session, view: View, line: Screen) -> list[Screen]:
        """The expo can look at a line's board too; guests see nothing but their own."""

        def expo() -> QWidget:
            screen = ExpoScreen(session)
            screen.work.acts.reprint = self._reprint
            return self._set_up(screen)

        def ready() -> QWidget:
            return self._set_up(PickupScreen(session))

        match view:
            case "line":
                return [line]
            case "expo":
                return [Screen("Expo", "bell", "expo", expo), line]
            case "ready":
                return [Screen("Ready", "check", "ready", ready)]

    def _set_up(self, screen: S) -> S:
        """A screen of a session that has not started yet is loaded with the page."""
        self._to_load.append(screen)
        if self._session.is_open:
            spawn(self.load(), "load the display")
        return screen

    def _offer_past(self, settings: SettingsSheet) -> None:
        """The way to past services from the settings of a board: it may have no rail."""
        for section, words, icon, where in (
            ("Past services", "Replay a past service", "replay", REPLAY),
            ("Kitchen times", "How long dishes take", "clock", PREP),
        ):
            button = BigButton(words, icon)
            button.clicked.connect(settings.close_sheet)
            button.clicked.connect(partial(self._go, where))
            settings.add_section(section, button)

    def _go(self, where: str) -> None:
        self.widget.show_where(where)

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
        screen = OrdersScreen(session, self._calls, self._reprint)
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
