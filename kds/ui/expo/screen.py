"""The expo's screen: every order with all its stations, from the till to the guest."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QWidget

from kds.ui.expo.loads import LoadStrip
from kds.ui.expo.sheet import PassSheet
from kds.ui.expo.work import PassWork
from kds.ui.kitchen.bar import BottomBar
from kds.ui.kitchen.board_screen import BoardScreen
from kds.ui.kitchen.display import Display
from kds.ui.kitchen.view import BoardView
from kds.ui.models.expo import ExpoModel
from kds.ui.shell.clock import branch_now

if TYPE_CHECKING:
    from kds.session.session import Session


AS_DELIVERED: Final = Display(text="s")
"""An expo stands close, and wants to see a dozen orders whole."""


class ExpoScreen(BoardScreen):
    """The display of the pass, under the loads of the stations.

    It says nothing to the tills of what it shows: a cook has to see an order, not the expo.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        orders = ExpoModel(session.store, session.now)
        board = BoardView(orders, partial(branch_now, session), make_sheet=PassSheet)
        board.setAccessibleName("Orders at the pass")
        super().__init__(
            session,
            orders,
            board,
            BottomBar("Expo"),
            make_work=PassWork,
            as_delivered=AS_DELIVERED,
            parent=parent,
        )
        self.orders = orders
        self.loads = LoadStrip(session)
        self.column.insertWidget(0, self.loads)
        self.destroyed.connect(session.coverage.changed.connect(lambda _: self._tick()))
        self._begin()

    def _apply(self, display: Display) -> None:
        super()._apply(display)
        self.orders.set_sort("promised" if display.sort == "promised" else "age")

    def _tick(self) -> None:
        super()._tick()
        if self.isVisible():
            self.loads.refresh()
