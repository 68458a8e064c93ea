"""Changing what the server refused: its lines come back to the cart and go as something new."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from kds.base.errors import KdsError
from kds.domain.cart import Cart
from kds.ui.kit import Button, Label, Sheet
from kds.ui.pos.entry import Sender


class TakeBack(Protocol):
    """What is asked of `session.attention`."""

    async def take_back(self, op_id: str) -> object: ...


class Replacing:
    """Sends a cart in place of refused ops.

    A new order is written down before the refused one is dropped: a power cut between the two
    leaves one too many in sight, and never one too few. More lines for the same order would wait
    behind the refused ones, so there the old ones are dropped first.
    """

    def __init__(self, sender: Sender, attention: TakeBack, replaced: Sequence[str]) -> None:
        self._sender = sender
        self._attention = attention
        self._replaced = replaced

    async def place_order(self, cart: Cart, server: str = "") -> str:
        order_id = await self._sender.place_order(cart, server)
        await self._drop()
        return order_id

    async def add_lines(self, order_id: str, cart: Cart) -> object:
        await self._drop()
        return await self._sender.add_lines(order_id, cart)

    async def _drop(self) -> None:
        for op_id in self._replaced:
            with contextlib.suppress(KdsError):  # somebody has dealt with it meanwhile
                await self._attention.take_back(op_id)


class RoomSheet(Sheet):
    """Asks what becomes of the order in progress before another one takes its place."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("An order is in progress", parent, side="center", width=640)
        self._then: Callable[[], object] = lambda: None
        self._or: Callable[[], object] = lambda: None
        self._words = Label("", "body", soft="true")
        self._words.setWordWrap(True)
        self.park = Button("Park it: it comes back after this one   P", icon_name="clock")
        self.merge = Button("Put both into one order   A", icon_name="plus")
        self.leave = Button("Leave it: change nothing   Esc", icon_name="x")
        for key, button in (("P", self.park), ("A", self.merge)):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(button.click)
        self.park.clicked.connect(lambda: self._chose(self._then))
        self.merge.clicked.connect(lambda: self._chose(self._or))
        self.leave.clicked.connect(self.close_sheet)
        for part in (self._words, self.park, self.merge, self.leave):
            self.body.box.addWidget(part)

    def ask(
        self,
        mine: str,
        theirs: str,
        park: Callable[[], object],
        merge: Callable[[], object],
    ) -> None:
        """`mine`: the order in progress in words, `theirs`: the refused one."""
        self._words.setText(f"In the cart: {mine}. Refused: {theirs}. Nothing of either is lost.")
        self._then, self._or = park, merge
        self.open()
        self.park.setFocus()

    def _chose(self, deed: Callable[[], object]) -> None:
        self.close_sheet()
        deed()
