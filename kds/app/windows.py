"""Which screens a role sees, and the window around them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QRect, QSettings, QSize, Qt
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget

from kds.app.config import Profile
from kds.session.session import Session
from kds.ui.dashboard.screen import DashboardScreen
from kds.ui.kitchen.screen import KitchenScreen
from kds.ui.models.tickets import TicketModel
from kds.ui.notices.screen import NoticesScreen
from kds.ui.pos.orders import OrdersScreen
from kds.ui.pos.till import Till
from kds.ui.shell.screen import Screen
from kds.ui.shell.window import NOTICES, PEOPLE, MainWindow
from kds.ui.staff.screen import PeopleScreen
from kds.ui.stock.screen import StockScreen
from kds.ui.theme import DARK, LIGHT, apply_theme, look, ui_scale
from kds.ui.tray.icon import TrayIcon

DEFAULT_SIZE = QSize(1440, 900)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a window is wanted: over the whole screen, in a size, or on a half ("left")."""

    full_screen: bool = False
    size: QSize | None = None
    side: str = ""


class Window(QObject):
    """The main window of one profile, with what it remembers between starts."""

    def __init__(
        self,
        app: QApplication,
        session: Session,
        profile: Profile,
        data: Path,
        closed: Callable[[], None],
    ) -> None:
        super().__init__(app)
        self._closed = closed
        self._settings = QSettings(str(data / "window.ini"), QSettings.Format.IniFormat)
        dark = self._theme_name(profile) == "dark"
        apply_theme(app, DARK if dark else LIGHT, ui_scale(1920, 1080))
        title = profile.name or profile.role.title()
        self.widget = MainWindow(session, self._screens(session, profile), title=title)
        self.widget.closing.connect(self._on_closing)
        self._tray: TrayIcon | None = None
        if profile.role == "manager" and TrayIcon.available():
            self._tray = TrayIcon(session, self.widget, quit_app=closed)
        full_screen = QShortcut(QKeySequence(Qt.Key.Key_F11), self.widget)
        full_screen.activated.connect(self._toggle_full_screen)

    def _theme_name(self, profile: Profile) -> str:
        by_role = "dark" if profile.role == "kitchen" else "light"
        return profile.theme or str(self._settings.value("theme", by_role))

    @property
    def tickets(self) -> TicketModel | None:
        """The model of the kitchen board, when this window has one in front."""
        first = self.widget.screen_widget(0)
        return first.tickets if isinstance(first, KitchenScreen) else None

    def open(self, place: Place) -> None:
        """Show the window where it is wanted, else where it was last time."""
        geometry = self._settings.value("geometry")
        if place.size is not None:
            self.widget.resize(place.size)
        elif place.side:
            self.widget.setGeometry(self._half(place.side))
        elif geometry is None or not self.widget.restoreGeometry(geometry):
            self.widget.resize(DEFAULT_SIZE)
        if place.full_screen:
            self.widget.showFullScreen()
        else:
            self.widget.show()

    def _half(self, side: str) -> QRect:
        """The left or right half of the screen, as far as the window fits into it."""
        room = self.widget.screen().availableGeometry()
        half = QRect(room.topLeft(), QSize(room.width() // 2, room.height()))
        half.setSize(half.size().expandedTo(self.widget.minimumSize()))
        if side == "right":
            half.moveRight(room.right())
        return half

    def come_to_front(self) -> None:
        self.widget.come_to_front()

    def close_for_good(self) -> None:
        """Remember the place and go; the process ends after this."""
        self._settings.setValue("geometry", self.widget.saveGeometry())
        self._settings.setValue("theme", "dark" if look().theme is DARK else "light")
        self._settings.sync()
        if self._tray is not None:
            self._tray.hide()
        self.widget.hide()
        self.widget.deleteLater()

    def _toggle_full_screen(self) -> None:
        if self.widget.isFullScreen():
            self.widget.showNormal()
        else:
            self.widget.showFullScreen()

    def _on_closing(self, event: QCloseEvent) -> None:
        """With an icon in the tray a closed window is only put away."""
        if self._tray is not None:
            event.ignore()
            self.widget.hide()
        else:
            self._closed()

    # -- screens ----------------------------------------------------------------------------

    def _screens(self, session: Session, profile: Profile) -> list[Screen]:
        def board() -> QWidget:
            return KitchenScreen(session)

        shared = [
            Screen("Stock", "stock", "stock", lambda: StockScreen(session)),
            Screen("Notices", "bell", NOTICES, lambda: self._notices(session)),
            Screen("People", "people", PEOPLE, lambda: PeopleScreen(session)),
        ]
        orders = Screen("Orders", "orders", "orders", lambda: self._orders(session))
        match profile.role:
            case "kitchen":
                return [Screen("Board", "kitchen", "board", board), *shared]
            case "pos":
                return [Screen("Till", "cash", "till", lambda: Till(session)), orders, *shared]
            case "manager":
                dashboard = Screen("Today", "chart", "today", lambda: self._dashboard(session))
                return [dashboard, orders, Screen("Board", "kitchen", "board", board), *shared]

    def _dashboard(self, session: Session) -> QWidget:
        screen = DashboardScreen(session)
        screen.opened.connect(lambda where: self.widget.show_where(where))
        return screen

    def _orders(self, session: Session) -> QWidget:
        screen = OrdersScreen(session)
        screen.add_more.connect(self._add_more)
        return screen

    def _notices(self, session: Session) -> QWidget:
        screen = NoticesScreen(session)
        screen.opened.connect(self._open_order)
        return screen

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
