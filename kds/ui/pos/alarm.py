"""The alarm across a till: an order of it is on no screen of a kitchen that should make it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLabel, QWidget

from kds.ui.kit import Button, Label, Panel, pixmap
from kds.ui.pos.receipt_words import alarm_text
from kds.ui.theme import look

if TYPE_CHECKING:
    from kds.session.session import Session

SHOW_KEY, TOLD_KEY = "F9", "F10"


class AlarmStrip(Panel):
    """Stands over every screen while there is an alarm. `show_order` carries the order's id."""

    show_order = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("alarm", horizontal=True, padding=10, gap=12, parent=parent)
        self._session = session
        self._order_id = ""
        self._mark = QLabel()
        self._text = Label("", "title")
        self._text.setWordWrap(True)
        self.show_it = Button(f"Show   {SHOW_KEY}", icon_name="orders")
        self.told = Button(f"I told them   {TOLD_KEY}", icon_name="check")
        self.box.addSpacing(look().px(8))
        self.box.addWidget(self._mark)
        self.box.addWidget(self._text, 1)
        self.box.addWidget(self.show_it)
        self.box.addWidget(self.told)
        self.show_it.clicked.connect(lambda: self.show_order.emit(self._order_id))
        self.told.clicked.connect(lambda: session.receipts.acknowledge(self._order_id))
        for key, button in ((SHOW_KEY, self.show_it), (TOLD_KEY, self.told)):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
            shortcut.activated.connect(button.click)
        self.destroyed.connect(session.receipts.changed.connect(lambda _: self.refresh()))
        self.hide()
        self.refresh()

    @property
    def text(self) -> str:
        return "" if self.isHidden() else self._text.text()

    def refresh(self) -> None:
        """Tell of the order that has waited longest."""
        alarmed = self._session.receipts.alarmed
        receipt = self._session.receipts.of(alarmed[0]) if alarmed else None
        if receipt is None:
            self._order_id = ""
            self.hide()
            return
        self._order_id = receipt.order_id
        text = alarm_text(receipt, len(alarmed) - 1)
        if text != self._text.text():
            self._text.setText(text)
            self.setAccessibleName(text)
        self._draw()
        self.show()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "told"):
            self._draw()

    def _draw(self) -> None:
        now = look()
        side = now.px(36)
        self._mark.setFixedSize(QSize(side, side))
        ink = now.theme.tones["danger"].on_solid
        self._mark.setPixmap(pixmap("alert", ink, side, self.devicePixelRatioF()))
