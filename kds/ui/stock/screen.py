"""What there is, what runs low, and what is out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QWidget

from kds.domain.apply import may
from kds.ui.kit import EmptyState, Panel, SearchField, Toast, spawn
from kds.ui.kit.rowlist import RowList
from kds.ui.models import KEY_ROLE, StockModel
from kds.ui.models.found import FoundByName
from kds.ui.stock.adjust import AdjustSheet
from kds.ui.stock.out_list import OutList
from kds.ui.stock.words import amount, stock_row

if TYPE_CHECKING:
    from kds.session.session import Session


class StockScreen(Panel):
    """Levels on the left, what runs out on top; a tap corrects one. What is 86'd on the right."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("ground", horizontal=True, parent=parent)
        self._session = session
        self.model = StockModel(session.store, self)
        self.found = FoundByName(self.model, self)
        self.search = SearchField("Find in stock")
        self.list = RowList(self.found, stock_row, selectable=False)
        self._empty = EmptyState("No stock items", "They come with the menu.", "stock")
        self.adjust = AdjustSheet(self)
        self.out = OutList(session)
        self.toast = Toast(self)
        left = Panel("ground", padding=0)
        left.box.addWidget(self.search)
        left.box.addWidget(self.list, 1)
        left.box.addWidget(self._empty, 1)
        self.box.addWidget(left, 1)
        self.box.addWidget(self.out)
        self.search.textChanged.connect(self._look)
        self.list.clicked.connect(self._ask)
        self.list.activated.connect(self._ask)
        self.adjust.done.connect(self._adjust)
        self.out.said.connect(lambda words, back: self.toast.say(words, back))
        for changed in (self.found.rowsInserted, self.found.rowsRemoved, self.found.modelReset):
            changed.connect(self._say_empty)
        self.setFocusProxy(self.search)
        self._say_empty()

    def _look(self) -> None:
        self.found.look_for(self.search.text())
        self._say_empty()

    def _say_empty(self) -> None:
        empty = self.found.rowCount() == 0
        if self.search.text().strip():
            self._empty.set("Nothing found", "Escape shows everything again.", "search")
        else:
            self._empty.set("No stock items", "They come with the menu.", "stock")
        self._empty.setVisible(empty)
        self.list.setVisible(not empty)

    def _ask(self, index: QModelIndex) -> None:
        item = self.model.item(index.data(KEY_ROLE))
        device = self._session.device
        if item is None or device is None:
            return
        if may(device.role, "adjust_stock"):
            self.adjust.ask(item)
        else:
            self.toast.say("The kitchen and the manager correct the stock.")

    def _adjust(self, stock_item_id: str, delta: int, reason: str) -> None:
        item = self.model.item(stock_item_id)
        if item is None:
            return
        actions = self._session.actions
        spawn(actions.adjust_stock(stock_item_id, delta, reason), "adjust stock")

        def undo() -> None:
            spawn(actions.adjust_stock(stock_item_id, -delta, "undone"), "undo stock")

        sign = "+" if delta > 0 else ""
        self.toast.say(
            f"{item.name} {sign}{amount(delta, item.unit)}",
            undo,
        )
