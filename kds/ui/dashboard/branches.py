"""All branches at a glance, live."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from kds.base.money import format_money
from kds.ui.dashboard.branch_row import BranchRow, currency_of
from kds.ui.dashboard.screen import REFRESH_MS, TICK_MS
from kds.ui.dashboard.tiles import FigureTile
from kds.ui.kit import Panel, scrolling
from kds.ui.theme import look

if TYPE_CHECKING:
    from kds.session.house import Branch, House


def money_of(rows: Sequence[BranchRow]) -> str:
    """What all of them sold; a sum for each currency."""
    sums: dict[str, int] = {}
    for row in rows:
        currency = currency_of(row.branch)
        sums[currency] = sums.get(currency, 0) + row.day.sales
    return " + ".join(format_money(total, currency) for currency, total in sums.items())


def _do_all(undo: list[Callable[[], None]]) -> None:
    while undo:
        undo.pop()()


class BranchesScreen(Panel):
    """The sums, and a row for each branch. Reads the stores only while it is seen.

    `opened` carries the index of the branch that was tapped.
    """

    opened = Signal(int)

    def __init__(self, house: House, parent: QWidget | None = None) -> None:
        super().__init__("ground", padding=0, parent=parent)
        self._house = house
        self.rows: list[BranchRow] = []
        self._stale: set[BranchRow] = set()
        self._undo: list[Callable[[], None]] = []
        self._build()
        self._soon = QTimer(self, singleShot=True, interval=REFRESH_MS)
        self._soon.timeout.connect(self.refresh)
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self._look_at_all)
        self._tick.start()
        self.destroyed.connect(house.changed.connect(lambda _: self._follow()))
        self.destroyed.connect(partial(_do_all, self._undo))
        self._follow()

    def _build(self) -> None:
        self.open = FigureTile("In the kitchen")
        self.late = FigureTile("Late")
        self.ready = FigureTile("Ready to go")
        self.orders = FigureTile("Orders today")
        self.sales = FigureTile("Sales today")
        tiles = QHBoxLayout()
        tiles.setSpacing(look().px(12))
        for tile in (self.open, self.late, self.ready, self.orders, self.sales):
            tiles.addWidget(tile, 1)
        self.box.addLayout(tiles)
        self._list = Panel("ground", padding=0)
        self._list.box.addStretch(1)
        self.box.addWidget(scrolling(self._list), 1)

    # -- when to look -------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._stale.update(self.rows)
        self.refresh()

    def _follow(self) -> None:
        """A row for each branch there is now."""
        _do_all(self._undo)
        for row in self.rows:
            self._list.box.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = [self._row(index, one) for index, one in enumerate(self._house.branches)]
        self._stale = set(self.rows)
        self.refresh()

    def _row(self, index: int, branch: Branch) -> BranchRow:
        row = BranchRow(branch)
        row.opened.connect(lambda: self.opened.emit(index))
        self._list.box.insertWidget(index, row)
        session = branch.session
        self._undo += [
            session.store.changed.connect(lambda _: self._look(row)),
            session.status_changed.connect(lambda _: self._look(row)),
        ]
        return row

    def _look(self, row: BranchRow) -> None:
        self._stale.add(row)
        if self.isVisible() and not self._soon.isActive():
            self._soon.start()

    def _look_at_all(self) -> None:
        for row in self.rows:
            self._look(row)

    # -- what it says -------------------------------------------------------------------------

    def refresh(self) -> None:
        """Count anew where something has changed, and the sums."""
        for row in self._stale:
            row.refresh()
        self._stale.clear()
        days = [row.day for row in self.rows]
        late = sum(day.late_now for day in days)
        self.open.say(str(sum(day.open for day in days)))
        self.late.say(str(late), "", "danger" if late else None)
        self.ready.say(str(sum(day.ready for day in days)))
        self.orders.say(str(sum(day.orders for day in days)))
        self.sales.say(money_of(self.rows))
