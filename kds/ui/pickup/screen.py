"""The guests' board at work: follows the orders, calls the ready ones, turns its pages."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kds.domain.pickup import Spotlight
from kds.session.status import Status
from kds.ui.kit import Kept
from kds.ui.models.pickup import PickupModel
from kds.ui.pickup.board import Numbers, NumbersBoard
from kds.ui.pickup.settings import KEPT_AS, PickupSettings
from kds.ui.pickup.settings_sheet import PickupSheet

if TYPE_CHECKING:
    from kds.session.session import Session

TICK_MS = 500
PAGE_MS = 8000
OFFLINE = "No connection. Please ask our staff."


class PickupScreen(QWidget):
    """`became_ready` carries each number once, when it is called for the first time.

    There is nothing to tap for guests; the settings open with the key "," or the right button.
    """

    became_ready = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.settings = PickupSettings()
        self._kept = Kept(session, KEPT_AS, PickupSettings.from_json, self._apply)
        self.orders = PickupModel(session.store, self.settings.types, self)
        self.spotlight = Spotlight()
        self.board = NumbersBoard()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.board)
        self.sheet = PickupSheet(self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._wire()
        self.refresh()

    def _wire(self) -> None:
        self.orders.became_ready.connect(self._call)
        self.orders.caught_up.connect(self.refresh)
        self.orders.modelReset.connect(self.refresh)
        self.customContextMenuRequested.connect(self._open_settings)
        self.sheet.changed.connect(self.set_up)
        self._clock = QTimer(self, interval=TICK_MS)
        self._clock.timeout.connect(self.refresh)
        self._clock.start()
        self._pages = QTimer(self, interval=PAGE_MS)
        self._pages.timeout.connect(self.board.turn)
        self._pages.start()
        self.destroyed.connect(self._session.status_changed.connect(self._on_status))

    # -- how it is set up -----------------------------------------------------------------

    async def load_display(self) -> None:
        """Show what was chosen last time, unless somebody has chosen meanwhile."""
        await self._kept.load()

    def set_up(self, settings: PickupSettings) -> None:
        """Show this from now on, also after a restart."""
        self._kept.choose(settings)

    def _apply(self, settings: PickupSettings) -> None:
        self.settings = settings
        self.orders.set_types(settings.types)
        self.refresh()

    def _open_settings(self, _: QPoint | None = None) -> None:
        self.sheet.show_settings(self.settings)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Comma:
            self._open_settings()
        else:
            super().keyPressEvent(event)

    # -- what is shown --------------------------------------------------------------------

    def _call(self, number: str) -> None:
        self.spotlight.call(number, self._session.now())
        self.became_ready.emit(number)

    def _on_status(self, _: Status) -> None:
        self.refresh()

    def refresh(self) -> None:
        """Show the orders as they are now."""
        now = self._session.now()
        oldest = now - timedelta(minutes=self.settings.ready_min)
        ready = [one.number for one in self.orders.items if one.ready and one.since > oldest]
        for number in self.spotlight.called:
            if number not in ready:
                self.spotlight.take_back(number, now)
        self.spotlight.look(now)
        preparing = tuple(one.number for one in self.orders.items if not one.ready)
        offline = self._session.status.link != "connected"
        self.board.show_numbers(
            Numbers(preparing, tuple(ready), self.spotlight.number, OFFLINE if offline else "")
        )
