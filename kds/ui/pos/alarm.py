"""The alarm across a till: an order of it is on no screen of a kitchen that should make it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kds.ui.kit import Button, Strip
from kds.ui.pos.receipt_words import alarm_text

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
        self.show_it = Button(f"Show   {SHOW_KEY}", icon_name="orders")
        self.told = Button(f"I told them   {TOLD_KEY}", icon_name="check")
        self.show_it.clicked.connect(lambda: self.show_order.emit(self._order_id))
        self.told.clicked.connect(lambda: session.receipts.acknowledge(self._order_id))
        for key, button in ((SHOW_KEY, self.show_it), (TOLD_KEY, self.told)):
            self.box.addWidget(button)
            self.on_key(key, button.click)
        self.destroyed.connect(session.receipts.changed.connect(lambda _: self.refresh()))
        self.refresh()

    def refresh(self) -> None:
        """Tell of the order that has waited longest."""
        alarmed = self._session.receipts.alarmed
        receipt = self._session.receipts.of(alarmed[0]) if alarmed else None
        self._order_id = receipt.order_id if receipt else ""
        self.say(alarm_text(receipt, len(alarmed) - 1) if receipt else "")
