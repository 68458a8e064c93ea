"""The window around every screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtGui import (
    QKeySequence,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from kds.session.status import Status
from kds.ui.kit import Banner, Panel
from kds.ui.shell.connection_panel import ConnectionPanel, LinkSince
from kds.ui.shell.loading import LoadingState
from kds.ui.shell.loading_words import loading_words
from kds.ui.shell.rail import Rail
from kds.ui.shell.screen import Screen
from kds.ui.shell.sign_in import SignInSheet
from kds.ui.shell.top_bar import TopBar
from kds.ui.shell.top_level import TopLevel
from kds.ui.shell.words import PANEL_KEY, banner_text
from kds.ui.theme import DARK, LIGHT, Theme, apply_theme, look, ui_scale

if TYPE_CHECKING:
    from kds.session.bell import Bell
    from kds.session.session import Session

NOTICES, PEOPLE = "notices", "people"


class MainWindow(TopLevel):
    """Top bar, navigation, and one of `screens` at a time.

    A screen's widget is made when it is first shown.
    """

    def __init__(
        self,
        session: Session,
        screens: Sequence[Screen],
        *,
        title: str,
        bell: Bell | None = None,
        bare: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """`bare`: for guests' eyes, without bars and banners."""
        super().__init__(title, parent)
        self._session = session
        self._bare = bare
        self.screens = tuple(screens)
        self._widgets: dict[int, QWidget] = {}
        self._index = 0
        self._loaded = False
        self.top_bar = TopBar(session, title, bell)
        self.rail = Rail(self.screens)
        self.banner = Banner()
        self.stack = QStackedWidget()
        self.loading = LoadingState()
        self._middle = QStackedWidget()  # what is loading, or the screens
        self._since = LinkSince(session)
        self._panel: ConnectionPanel | None = None
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
        self.focus_screen()
        self._session.live.set_where(self.screens[index].where)

    def focus_screen(self) -> None:
        """Give the keyboard to the screen that is looked at, or to what stands in its place."""
        (self.screen_widget(self._index) if self._loaded else self.loading).setFocus()

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

    def add_strip(self, strip: QWidget) -> None:
        """Put something between the banner and every screen."""
        self._strips.addWidget(strip)

    @property
    def connection_panel(self) -> ConnectionPanel:
        """How the link and the sync do; made when it is first asked for."""
        if self._panel is None:
            self._panel = ConnectionPanel(self._session, self._since, self._ground)
        return self._panel

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

    # -- inside -----------------------------------------------------------------------------

    def _build(self) -> None:
        self._ground = ground = Panel("ground", padding=0, gap=0)
        ground.box.addWidget(self.top_bar)
        ground.box.addWidget(self.banner)
        self._strips = QVBoxLayout()
        ground.box.addLayout(self._strips)
        below = QHBoxLayout()
        below.setSpacing(0)
        below.addWidget(self.rail)
        for part in (self.loading, self.stack):
            self._middle.addWidget(part)
        below.addWidget(self._middle, 1)
        ground.box.addLayout(below, 1)
        self.setCentralWidget(ground)
        self.top_bar.setVisible(not self._bare)
        self.rail.setVisible(not self._bare)

    def _wire(self) -> None:
        self.rail.chosen.connect(self.show_screen)
        self.top_bar.bell_tapped.connect(lambda: self.show_where(NOTICES))
        self.top_bar.people_tapped.connect(lambda: self.show_where(PEOPLE))
        self.top_bar.theme_tapped.connect(self.toggle_theme)
        self.top_bar.connection_tapped.connect(self._open_panel)
        self.banner.acted.connect(self.sign_in.open)
        self.loading.sign_in.connect(self.sign_in.open)
        panel_key = QShortcut(QKeySequence(PANEL_KEY), self)
        panel_key.activated.connect(lambda: self.connection_panel.toggle())
        for index in range(len(self.screens)):
            key = QShortcut(QKeySequence(f"F{index + 1}"), self)
            key.activated.connect(lambda index=index: self.show_screen(index))
        self.destroyed.connect(self._session.status_changed.connect(self._follow))
        self.destroyed.connect(self._since.stop)
        self._follow(self._session.status)

    def _follow(self, status: Status) -> None:
        needs = self._session.needs_sign_in
        if not needs and self.sign_in.isVisible():
            self.sign_in.close_sheet()
        self._show_loading(status, needs)
        text = banner_text(status, needs) if self._loaded else ""  # else it stands in the middle
        self.banner.report("" if self._bare else text, "Sign in" if needs else "")

    def _open_panel(self) -> None:
        self.connection_panel.open()

    def _show_loading(self, status: Status, needs_sign_in: bool) -> None:
        """Until the whole restaurant is here for the first time; it is never covered again."""
        if self._loaded:
            return
        here = status.complete_to is not None or self._session.store.branch is not None
        self._loaded = here and status.bootstrapping is None
        if self._loaded:
            self._middle.setCurrentWidget(self.stack)
            held = self.focusWidget() in (None, self.loading, self.loading.button)
            self.loading.setFocusProxy(screen := self.screen_widget(self._index))
            if held:  # else a sheet has the keyboard, and gives it back through the proxy
                screen.setFocus()
        else:
            self.loading.say(loading_words(status, needs_sign_in))
