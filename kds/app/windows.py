"""The main window of a profile: where it stands, how it looks, when it goes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QRect, QSettings, QSize, Qt
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication

from kds.app.config import Profile
from kds.app.locked import Locked
from kds.app.pages import Page
from kds.app.paper import open_printer
from kds.domain.notices import Notice
from kds.session.house import Branch, House
from kds.session.session import Session
from kds.ui.kitchen.screen import KitchenScreen
from kds.ui.shell.house_window import HouseWindow
from kds.ui.shell.window import MainWindow
from kds.ui.theme import DARK, LIGHT, apply_theme, look, ui_scale
from kds.ui.tray.icon import TrayIcon

DEFAULT_SIZE = QSize(1440, 900)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a window is wanted: over the whole screen, in a size, or on a half ("left").

    `kiosk`: over the whole screen, and nobody leaves it by accident.
    """

    full_screen: bool = False
    size: QSize | None = None
    side: str = ""
    kiosk: bool = False


class Window(QObject):
    """The main window of one profile, with what it remembers between starts.

    With a `house` it has a page for each branch; `session` is the home's then.
    """

    def __init__(
        self,
        app: QApplication,
        session: Session,
        profile: Profile,
        data: Path,
        closed: Callable[[], None],
        house: House | None = None,
    ) -> None:
        super().__init__(app)
        self._closed = closed
        self._house = house
        self._role = profile.role
        self._view = profile.view
        self._printer = open_printer(profile)
        self._title = profile.name or profile.role.title()
        self._pages: dict[Session, Page] = {}
        self._settings = QSettings(str(data / "window.ini"), QSettings.Format.IniFormat)
        dark = self._theme_name(profile) == "dark"
        apply_theme(app, DARK if dark else LIGHT, ui_scale(1920, 1080))
        self.widget = self._page(session) if house is None else self._all_pages(house)
        self.widget.closing.connect(self._on_closing)
        self.widget.seen.connect((house or session).uplink.set_visible)
        self._locked: Locked | None = None
        self._tray: TrayIcon | None = None
        if profile.role == "manager" and TrayIcon.available():
            bell = house.notices if house else None
            self._tray = TrayIcon(session, self.widget, quit_app=closed, bell=bell)
        full_screen = QShortcut(QKeySequence(Qt.Key.Key_F11), self.widget)
        full_screen.activated.connect(self._toggle_full_screen)

    def _theme_name(self, profile: Profile) -> str:
        by_role = "dark" if profile.role == "kitchen" else "light"
        return profile.theme or str(self._settings.value("theme", by_role))

    @property
    def kitchen(self) -> KitchenScreen | None:
        """The kitchen's screen, when this window has one in front."""
        if not isinstance(self.widget, MainWindow):
            return None
        first = self.widget.screen_widget(0)
        return first if isinstance(first, KitchenScreen) else None

    def open(self, place: Place) -> None:
        """Show the window where it is wanted, else where it was last time."""
        geometry = self._settings.value("geometry")
        if place.size is not None:
            self.widget.resize(place.size)
        elif place.side:
            self.widget.setGeometry(self._half(place.side))
        elif geometry is None or not self.widget.restoreGeometry(geometry):
            self.widget.resize(DEFAULT_SIZE)
        if place.kiosk:
            self._locked = Locked(self.widget, self._closed)
        if place.full_screen or place.kiosk:
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

    async def load(self) -> None:
        """Show every screen as it was set up last time; the sessions have started."""
        for page in tuple(self._pages.values()):
            await page.load()

    def come_to_front(self) -> None:
        self.widget.come_to_front()

    def close_for_good(self) -> None:
        """Remember the place and go; the process ends after this."""
        self._settings.setValue("geometry", self.widget.saveGeometry())
        self._settings.setValue("theme", "dark" if look().theme is DARK else "light")
        self._settings.sync()
        if self._tray is not None:
            self._tray.hide()
        if self._printer is not None:
            self._printer.stop()
        self.widget.hide()
        self.widget.deleteLater()

    def _toggle_full_screen(self) -> None:
        if self._locked is not None:
            return
        if self.widget.isFullScreen():
            self.widget.showNormal()
        else:
            self.widget.showFullScreen()

    def _on_closing(self, event: QCloseEvent) -> None:
        """With an icon in the tray a closed window is only put away; a kiosk's asks first."""
        if self._locked is not None:
            self._locked.refuse(event)
        elif self._tray is not None:
            event.ignore()
            self.widget.hide()
        else:
            self._closed()

    # -- pages ------------------------------------------------------------------------------

    def _page(self, session: Session) -> MainWindow:
        page = Page(session, self._role, self._title, self._house, self._printer, self._view)
        page.branch_opened.connect(self._open_branch)
        page.elsewhere.connect(self._open_notice)
        page.widget.destroyed.connect(lambda: self._forget(session, page))
        self._pages[session] = page
        return page.widget

    def _forget(self, session: Session, page: Page) -> None:
        """A branch that came back at once has a new page by now."""
        if self._pages.get(session) is page:
            del self._pages[session]

    def _all_pages(self, house: House) -> HouseWindow:
        window = HouseWindow(house, lambda branch: self._page(branch.session), title=self._title)
        window.all_wanted.connect(self._show_all)
        return window

    def _show_all(self) -> None:
        """The overview, on the page in front."""
        for page in self._pages.values():
            if page.widget.isVisible():
                page.show_all()

    def _open_branch(self, index: int) -> None:
        assert isinstance(self.widget, HouseWindow)
        assert self._house is not None
        self.widget.show_branch(index)
        self._pages[self._house.branches[index].session].show_today()

    def _open_notice(self, branch: Branch, notice: Notice) -> None:
        """Go to another branch, to what its notice is about."""
        assert isinstance(self.widget, HouseWindow)
        assert self._house is not None
        self.widget.show_branch(self._house.branches.index(branch))
        self._pages[branch.session].show_notice(notice)
