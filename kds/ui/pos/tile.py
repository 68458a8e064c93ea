"""One item of the menu, as large as a thumb needs it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from kds.base.clock import from_iso
from kds.base.money import format_money
from kds.domain.rows import Row
from kds.ui.kit import Card, Label, Pill, restyle
from kds.ui.pos.size_button import SizeButton
from kds.ui.theme import look

SIZES_A_ROW = 3


class ItemTile(Card):
    """Tap a size to add it at once; tap the name for extras, removals and notes.

    An item with one size is added by a tap anywhere. An item that is out says so and adds nothing.
    """

    added = Signal(str, str)  # item id, variant
    asked = Signal(str)  # item id: show the options
    refused = Signal(str)  # item id: tapped although it is out

    def __init__(self, item: Row, currency: str, parent: QWidget | None = None) -> None:
        super().__init__(padding=12, parent=parent)
        self.item = item
        self._currency = currency
        self._name = Label(item["name"], "label")
        self._name.setWordWrap(True)
        self._name.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._mark = Pill()
        self._mark.hide()
        self._pressed = False
        self._count = 0
        head = QHBoxLayout()
        head.addWidget(self._name, 1)
        head.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        self.box.addLayout(head, 1)
        self.sizes = QGridLayout()
        self.box.addLayout(self.sizes)
        self.buttons = [self._button(n) for n in range(len(item["variants"]))]
        self._lay()
        self._show()

    def set_item(self, item: Row) -> None:
        """The same item with other facts; its sizes must be the same (else make a new tile)."""
        self.item = item
        self._show()

    def set_count(self, count: int) -> None:
        """How many of it are in the cart; shown as a mark on the corner."""
        if count != self._count:
            self._count = count
            self._show()

    @property
    def out(self) -> bool:
        return self.item["out_since"] is not None

    @property
    def mark(self) -> str:
        """What the corner says; "" when it says nothing."""
        return "" if self._mark.isHidden() else self._mark.text

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "buttons"):
            self._lay()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.button() == Qt.MouseButton.LeftButton

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pressed and self.rect().contains(event.position().toPoint()):
            self._tapped()
        self._pressed = False

    def _tapped(self) -> None:
        if self.out:
            self.refused.emit(self.item["id"])
        elif len(self.buttons) == 1:
            self.added.emit(self.item["id"], self.item["variants"][0]["name"])
        else:
            self.asked.emit(self.item["id"])

    def _button(self, index: int) -> SizeButton:
        variant = self.item["variants"][index]
        price = format_money(variant["price"], self._currency)
        says = " ".join(filter(None, (self.item["name"], variant["name"], price)))
        button = SizeButton(variant["name"], price, says)
        button.clicked.connect(lambda: self.added.emit(self.item["id"], variant["name"]))
        self.sizes.addWidget(button, *divmod(index, SIZES_A_ROW))
        return button

    def _show(self) -> None:
        self._name.setText(self.item["name"])
        for button in self.buttons:
            button.setEnabled(not self.out)
        if self.out:
            since = from_iso(self.item["out_since"]).astimezone()
            self._mark.set("Out", "danger", "cross")
            self.setToolTip(f"Out since {since:%H:%M}. The kitchen can bring it back.")
        else:
            self._mark.set(f"× {self._count}", "accent")
            self.setToolTip("")
        self._mark.setVisible(self.out or self._count > 0)
        self._name.set_soft("faint" if self.out else "")
        restyle(self, panel="sunken" if self.out else "card")

    def _lay(self) -> None:
        gap = look().px(6)
        if self.sizes.spacing() != gap:
            self.sizes.setSpacing(gap)
        lines = 2 * self._name.fontMetrics().lineSpacing()
        self._name.setMinimumHeight(lines)
