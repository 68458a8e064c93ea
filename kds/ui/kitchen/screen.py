"""The kitchen's screen: the board, the bar under it, and the way back from every tap."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QWidget

from kds.domain.coverage import covering
from kds.session.status import Status
from kds.ui.kitchen.bar import BottomBar
from kds.ui.kitchen.board_screen import BoardScreen
from kds.ui.kitchen.display import Display
from kds.ui.kitchen.view import BoardView
from kds.ui.models.tickets import TicketModel
from kds.ui.shell.clock import branch_now

if TYPE_CHECKING:
    from kds.domain.changes import ChangeSet
    from kds.session.session import Session


class KitchenScreen(BoardScreen):
    """The display of a line: it tells the tills what a cook can read here."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        tickets = TicketModel(session.store, session.stations, now=session.now)
        board = BoardView(tickets, partial(branch_now, session))
        super().__init__(session, tickets, board, BottomBar(), parent=parent)
        self.tickets = tickets
        self._all_day: QWidget | None = None
        self.bar.all_day.connect(self.toggle_all_day)
        self.work.all_day_wanted.connect(self.toggle_all_day)
        board.settled.connect(self._announce)
        tickets.caught_up.connect(self._announce)
        self.destroyed.connect(session.store.changed.connect(self._follow))
        self._show_stations()
        self._begin()

    # -- how it is set up -----------------------------------------------------------------

    def toggle_all_day(self) -> None:
        """Show the all-day counts beside the board, or take them away."""
        self.set_display(replace(self.display, all_day=not self.display.all_day))

    def put_all_day(self, panel: QWidget) -> None:
        """`panel` stands beside the board whenever the all-day counts are wanted."""
        self.middle.addWidget(panel)
        self._all_day = panel
        panel.setVisible(self.display.all_day)
        self.bar.offer_all_day()

    def _apply(self, display: Display) -> None:
        super()._apply(display)
        self.tickets.set_sort(display.sort)
        self.work.acts.tap = display.tap
        if self._all_day is not None:
            self._all_day.setVisible(display.all_day)

    # -- what is shown --------------------------------------------------------------------

    def _announce(self) -> None:
        """Let the tills know what a cook can read here, as soon as it is all there is."""
        shown = self.board.on_glass
        if shown is not None and not self.tickets.behind:
            self._session.showing.painted(shown)

    def _tick(self) -> None:
        super()._tick()
        if not self.board.can_be_seen:
            self._session.showing.covered()

    def _show_status(self, status: Status) -> None:
        super()._show_status(status)
        self._announce()

    def _follow(self, change_set: ChangeSet) -> None:
        if change_set.of("stations"):
            self._show_stations()

    def _station_names(self) -> str:
        rows = self._session.store.rows("stations").values()
        mine = [row for row in rows if row["id"] in self._session.stations]
        names = [row["name"] for row in sorted(mine, key=lambda row: row["position"])]
        return " + ".join(names) or "All stations"

    def _show_stations(self) -> None:
        stations = self._session.store.rows("stations")
        self.bar.set_stations(self._station_names())
        self.bar.show_covered(covering(self._session.stations, stations))

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._session.showing.covered()
