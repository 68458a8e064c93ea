"""The window around every screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QMainWindow,
    QStackedWidget,
    QWidget,
)

from kds.session.status import Status
from kds.ui.kit import Panel
from kds.ui.shell.banner import Banner
from kds.ui.shell.rail import Rail
from kds.ui.shell.screen import Screen
from kds.ui.shell.sign_in import SignInSheet
from kds.ui.shell.top_bar import TopBar
from kds.ui.shell.words import banner_text
from kds.ui.theme import DARK, LIGHT, Theme, apply_theme, look, ui_scale

if TYPE_CHECKING:
    from kds.session.session import Session

NOTICES, PEOPLE = "notices", "people"
LEAST = QSize(900, 600)


class MainWindow(QMainWindow):
    """Top bar, navigation, and one of `screens` at a time.

    A screen's widget is made when it is first shown. `closing` is asked before the window closes:
    whoever keeps the program alive without it decides there (`event.ignore()`).
    """

    closing = Signal(object)  # QCloseEvent

    def __init__(
        self,
        session: Session,
        screens: Sequence[Screen],
        *,
        title: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self.screens = tuple(screens)
        self._widgets: dict[int, QWidget] = {}
        self.setWindowTitle(title)
        # Our own, or the layout's: sized for the screen of before, it would keep a window that
        # moves to a smaller one from shrinking, and its text with it.
        self.setMinimumSize(LEAST)
        self.top_bar = TopBar(session, title)
        self.rail = Rail(self.screens)
        self.banner = Banner()
        self.stack = QStackedWidget()
        self._build()
        self.sign_in = SignInSheet(session, self._ground)
        self._wire()
        self.show_screen(0)

    # -- screens ----------------------------------------------------------------------------

    @property
    def current(self) -> Screen:
        """The screen that is looked at."""
        return self.screens[self._index]

    def show_screen(self, index: int) -> None:
        """Open the n-th screen, from 0, and let the others know."""
        self._index = index
        widget = self.screen_widget(index)
        self.stack.setCurrentWidget(widget)
        self.rail.mark(index)
        widget.setFocus()
        self._session.live.set_where(self.screens[index].where)

    def show_where(self, where: str) -> None:
        """Open the screen of that name; nothing when this device has none."""
        for index, screen in enumerate(self.screens):
            if screen.where == where:
                self.show_screen(index)
                return

    def screen_widget(self, index: int) -> QWidget:
        """The widget of a screen, made now when it was never looked at."""
        if index not in self._widgets:
            widget = self.screens[index].make()
            self._widgets[index] = widget
            self.stack.addWidget(widget)
        return self._widgets[index]

    def come_to_front(self) -> None:
        """Show the window over the others, from wherever it is."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    # -- theme ------------------------------------------------------------------------------

    def toggle_theme(self) -> None:
        """Dark becomes light, light becomes dark."""
        self._dress(LIGHT if look().theme is DARK else DARK)

    def _dress(self, theme: Theme) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        apply_theme(app, theme, ui_scale(self.width(), self.height()))
        self.top_bar.set_dark(theme is DARK)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._dress(look().theme)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit(event)

    # -- inside -----------------------------------------------------------------------------

    def _build(self) -> None:
        self._ground = ground = Panel("ground", padding=0, gap=0)
        ground.box.addWidget(self.top_bar)
        ground.box.addWidget(self.banner)
        below = QHBoxLayout()
        below.setSpacing(0)
        below.addWidget(self.rail)
        below.addWidget(self.stack, 1)
        ground.box.addLayout(below, 1)
        self.setCentralWidget(ground)

    def _wire(self) -> None:
        self.rail.chosen.connect(self.show_screen)
        self.top_bar.bell_tapped.connect(lambda: self.show_where(NOTICES))
        self.top_bar.people_tapped.connect(lambda: self.show_where(PEOPLE))
        self.top_bar.theme_tapped.connect(self.toggle_theme)
        self.banner.acted.connect(self.sign_in.open)
        for index in range(len(self.screens)):
            key = QShortcut(QKeySequence(f"F{index + 1}"), self)
            key.activated.connect(lambda index=index: self.show_screen(index))
        self.destroyed.connect(self._session.status_changed.connect(self._follow))
        self._follow(self._session.status)

    def _follow(self, status: Status) -> None:
        needs = self._session.needs_sign_in
        self.banner.say(banner_text(status, needs), "Sign in" if needs else "")
        if not needs and self.sign_in.isVisible():
            self.sign_in.close_sheet()
