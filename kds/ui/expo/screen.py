"""The expo's screen: every order with all its stations, from the till to the guest."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kds.session.status import Status
from kds.ui.expo.loads import LoadStrip
from kds.ui.expo.sheet import PassSheet
from kds.ui.expo.work import PassWork
from kds.ui.kit import EmptyState, Toast, spawn
from kds.ui.kitchen.bar import BottomBar
from kds.ui.kitchen.display import KEPT_AS, Display
from kds.ui.kitchen.keys import KeyMap
from kds.ui.kitchen.screen import AGES_MS, empty_words
from kds.ui.kitchen.view import BoardView
from kds.ui.models.expo import ExpoModel
from kds.ui.shell.clock import branch_now

if TYPE_CHECKING:
    from kds.session.session import Session


AS_DELIVERED = Display(text="s")
"""An expo stands close, and wants to see a dozen orders whole."""


class ExpoScreen(QWidget):
    """Everything between the top bar and the edge of the expo's display.

    It says nothing to the tills of what it shows: a cook has to see an order, not the expo.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setProperty("panel", "ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.orders = ExpoModel(session.store, session.now, self)
        wall = partial(branch_now, session)
        self.board = BoardView(self.orders, wall, self, make_sheet=PassSheet)
        self.board.setAccessibleName("Orders at the pass")
        self.loads = LoadStrip(session)
        self.bar = BottomBar("Expo")
        self.toast = Toast(self, lift=0, across=0.72)
        self.work = PassWork(session, self.orders, self.board, self.toast, self)
        self.display = AS_DELIVERED
        self._set_up = False  # by somebody, since the start
        self.nothing = EmptyState("", parent=self.board)
        self.nothing.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._lay_out()
        self._wire()
        self.board.set_display(self.display.columns, self.display.text)
        self._show_status(session.status)
        self._show_counts()
        self._tick()

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.loads)
        box.addWidget(self.board, 1)
        box.addWidget(self.bar)
        self.setFocusProxy(self.board)
        self.board.installEventFilter(self)

    def _wire(self) -> None:
        board, bar, orders = self.board, self.bar, self.orders
        board.pages_changed.connect(self._show_counts)
        bar.previous_page.connect(lambda: board.set_page(board.page - 1))
        bar.next_page.connect(lambda: board.set_page(board.page + 1))
        bar.recall.connect(self.work.recall.open)
        bar.settings.connect(self._open_settings)
        self.work.settings_wanted.connect(self._open_settings)
        self.work.settings.changed.connect(self.set_display)
        self.work.keys.changed.connect(self._learn)
        for signal in (orders.rowsInserted, orders.rowsRemoved, orders.modelReset):
            signal.connect(self._show_counts)
        self._clock = QTimer(self, interval=AGES_MS)
        self._clock.timeout.connect(self._tick)
        self._clock.start()
        self.destroyed.connect(self._session.status_changed.connect(self._show_status))
        self.destroyed.connect(self._session.coverage.changed.connect(lambda _: self._tick()))

    # -- how it is set up -----------------------------------------------------------------

    async def load_display(self) -> None:
        """Show it as it was set up last time, unless somebody has changed it meanwhile."""
        kept = await self._session.settings.get(KEPT_AS)
        if kept is not None and not self._set_up:
            self._apply(Display.from_json(kept))

    def set_display(self, display: Display) -> None:
        """Show it like this from now on, also after a restart."""
        self._set_up = True
        self._apply(display)
        spawn(self._session.settings.put(KEPT_AS, display.to_json()), "keep the display")

    def _apply(self, display: Display) -> None:
        before, self.display = self.display, display
        if (display.columns, display.text) != (before.columns, before.text):
            self.board.set_display(display.columns, display.text)
        self.orders.set_sort("promised" if display.sort == "promised" else "age")
        self.board.keys.map = KeyMap(display.keys)
        self.work.settings.note(display)

    def _open_settings(self) -> None:
        self.work.settings.show_display(self.display)

    def _learn(self, keys: dict[str, str]) -> None:
        self.set_display(replace(self.display, keys=keys))

    # -- what is shown --------------------------------------------------------------------

    def _show_counts(self, *_: object) -> None:
        self.bar.show_page(self.board.page, self.board.pages, len(self.orders))
        self.nothing.setVisible(not len(self.orders))
        if not len(self.orders):
            self.nothing.set(*empty_words(self._session.status))
            self.nothing.setGeometry(self.board.rect())

    def _show_status(self, status: Status) -> None:
        self.bar.show_link(status)
        self._show_counts()

    def _tick(self) -> None:
        if self.isVisible():
            self.loads.refresh()
            self.bar.show_ages(self.orders.items, self._session.now())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._tick()
        self.board.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.board and event.type() == QEvent.Type.Resize:
            self.nothing.setGeometry(self.board.rect())
        return super().eventFilter(watched, event)
