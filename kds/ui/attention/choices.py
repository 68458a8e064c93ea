"""What can be done about one op, as buttons with their keys on them."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kds.session.attention import Stuck
from kds.ui.kit import Button, Panel


class Choices(Panel):
    """The decisions that an op allows. `may_edit`: there is a till here to change lines on."""

    retry = Signal()
    edit = Signal()
    discard = Signal()
    mine = Signal()
    theirs = Signal()

    def __init__(self, may_edit: bool, parent: QWidget | None = None) -> None:
        super().__init__("", horizontal=True, padding=0, parent=parent)
        self._may_edit = may_edit
        self.retry_button = Button("", icon_name="undo")
        self.edit_button = Button("", icon_name="orders")
        self.discard_button = Button("", icon_name="trash")
        self.mine_button = Button("Do mine anyway   M", icon_name="bolt")
        self.theirs_button = Button("Keep theirs   K", icon_name="check")
        self.retry_button.setText("Try again   T")
        self.discard_button.setText("Discard…   D")
        self.keys = {
            "T": self.retry_button,
            "E": self.edit_button,
            "D": self.discard_button,
            "M": self.mine_button,
            "K": self.theirs_button,
        }
        for button, signal in (
            (self.edit_button, self.edit),
            (self.retry_button, self.retry),
            (self.discard_button, self.discard),
            (self.mine_button, self.mine),
            (self.theirs_button, self.theirs),
        ):
            button.clicked.connect(signal)
            self.box.addWidget(button, 1)

    def show_item(self, item: Stuck, in_cart: bool, busy: bool) -> None:
        """Offer what can be done about it; nothing while a decision is being written down."""
        conflict = item.result == "conflict"
        editable = item.editable and self._may_edit and not conflict
        self.mine_button.setVisible(conflict)
        self.theirs_button.setVisible(conflict)
        self.retry_button.setVisible(item.result == "rejected")
        self.discard_button.setVisible(not conflict)
        self.edit_button.setVisible(editable)
        self.edit_button.setText("Go to the cart   E" if in_cart else "Edit   E")
        self.edit_button.set_kind("primary" if editable else "quiet")
        self.retry_button.set_kind("quiet" if editable else "primary")
        for button in self.keys.values():
            button.setEnabled(not busy and (not in_cart or button is self.edit_button))

    def focus_first(self) -> None:
        """The keyboard to the first of them."""
        for button in self.edit_button, self.retry_button, self.mine_button, self.discard_button:
            if not button.isHidden() and button.isEnabled():
                button.setFocus()
                return
