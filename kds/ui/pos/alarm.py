"""The alarm across a till: an order of it is on no screen of a kitchen that should make it, or a
whole station has none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kds.ui.kit import Button, Strip
from kds.ui.pos.receipt_words import alarm_text, screenless_text
from kds.ui.shell.clock import zone_of

if TYPE_CHECKING:
    from kds.session.session import Session

SHOW_KEY, TOLD_KEY = "F9", "F10"


class AlarmStrip(Strip):
    """Stands over every screen while there is an alarm. `show_order` carries the order's id."""

    show_order = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("alarm", "alert", parent=parent)
        self._session = session
        self._order_id = ""
        self._station_id = ""  # when it is about all orders there
        self.show_it = Button(f"Show   {SHOW_KEY}", icon_name="orders")
        self.told = Button(f"I told them   {TOLD_KEY}", icon_name="check")
        self.show_it.clicked.connect(lambda: self.show_order.emit(self._order_id))
        self.told.clicked.connect(self._tell)
        for key, button in ((SHOW_KEY, self.show_it), (TOLD_KEY, self.told)):
            self.box.addWidget(button)
            self.on_key(key, button.click)
        self.destroyed.connect(session.receipts.changed.connect(lambda _: self.refresh()))
        self.refresh()

    def refresh(self) -> None:
        """Tell of the order that has waited longest; when there is none, of a station."""
        receipts = self._session.receipts
        alarmed, screenless = receipts.alarmed, receipts.screenless
        receipt = receipts.of(alarmed[0]) if alarmed else None
        self._order_id = self._station_id = text = ""
        if receipt is not None:
            self._order_id = receipt.order_id
            text = alarm_text(receipt, len(alarmed) - 1)
        elif screenless:
            self._order_id, self._station_id = screenless[0].orders[0], screenless[0].station_id
            zone = zone_of(self._session.store.branch)
            text = screenless_text(screenless[0], self._session.now(), zone)
        self.say(text)

    def _tell(self) -> None:
        if self._station_id:
            self._session.receipts.acknowledge_station(self._station_id)
        elif self._order_id:
            self._session.receipts.acknowledge(self._order_id)
