"""The kitchen's screen: the board, the bar under it, and the way back from every tap."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kds.domain.coverage import covering
from kds.session.status import Status
from kds.ui.kit import EmptyState, Toast, spawn
from kds.ui.kitchen.bar import BottomBar
from kds.ui.kitchen.display import KEPT_AS, Display
from kds.ui.kitchen.keys import KeyMap
from kds.ui.kitchen.view import BoardView
from kds.ui.kitchen.work import Work
from kds.ui.models.tickets import TicketModel
from kds.ui.shell.clock import branch_now

if TYPE_CHECKING:
    from kds.domain.changes import ChangeSet
    from kds.session.session import Session

AGES_MS = 1000


class KitchenScreen(QWidget):
    """Everything between the top bar and the edge of a kitchen display.

    `rail` is the place beside the board for what stands there all day.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setProperty("panel", "ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.tickets = TicketModel(session.store, session.stations, self, now=session.now)
        self.board = BoardView(self.tickets, partial(branch_now, session), self)
        self.bar = BottomBar(self._station_names())
        self.toast = Toast(self, lift=0, across=0.72)  # over the bar: no ticket is covered
        self.work = Work(session, self.tickets, self.board, self.toast, self)
        self.display = Display()
        self._set_up = False  # by somebody, since the start
        self._all_day: QWidget | None = None
        self.nothing = EmptyState("", parent=self.board)
        self.nothing.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.rail = QHBoxLayout()
        self._lay_out()
        self._wire()
        self._show_stations()
        self._show_status(session.status)
        self._show_counts()
        self._show_ages()

    def _lay_out(self) -> None:
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.board, 1)
        middle.addLayout(self.rail)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(middle, 1)
        box.addWidget(self.bar)
        self.setFocusProxy(self.board)
        self.board.installEventFilter(self)

    def _wire(self) -> None:
        board, bar, tickets = self.board, self.bar, self.tickets
        board.pages_changed.connect(self._show_counts)
        bar.previous_page.connect(lambda: board.set_page(board.page - 1))
        bar.next_page.connect(lambda: board.set_page(board.page + 1))
        bar.recall.connect(self.work.recall.open)
        bar.all_day.connect(self.toggle_all_day)
        bar.settings.connect(self._open_settings)
        self.work.all_day_wanted.connect(self.toggle_all_day)
        self.work.settings_wanted.connect(self._open_settings)
        self.work.settings.changed.connect(self.set_display)
        self.work.keys.changed.connect(self._learn)
        board.settled.connect(self._announce)
        tickets.caught_up.connect(self._announce)
        for signal in (tickets.rowsInserted, tickets.rowsRemoved, tickets.modelReset):
            signal.connect(self._show_counts)
        self._ages = QTimer(self, interval=AGES_MS)
        self._ages.timeout.connect(self._show_ages)
        self._ages.start()
        for disconnect in (
            self._session.status_changed.connect(self._show_status),
            self._session.store.changed.connect(self._follow),
        ):
            self.destroyed.connect(disconnect)

    # -- how it is set up -----------------------------------------------------------------

    async def load_display(self) -> None:
        """Show it as it was set up last time, unless somebody has changed it meanwhile."""
        kept = Display.from_json(await self._session.settings.get(KEPT_AS))
        if not self._set_up:
            self._apply(kept)

    def set_display(self, display: Display) -> None:
        """Show it like this from now on, also after a restart."""
        self._set_up = True
        self._apply(display)
        spawn(self._session.settings.put(KEPT_AS, display.to_json()), "keep the display")

    def toggle_all_day(self) -> None:
        """Show the all-day counts beside the board, or take them away."""
        self.set_display(replace(self.display, all_day=not self.display.all_day))

    def put_all_day(self, panel: QWidget) -> None:
        """`panel` stands beside the board whenever the all-day counts are wanted."""
        self.rail.addWidget(panel)
        self._all_day = panel
        panel.setVisible(self.display.all_day)
        self.bar.offer_all_day()

    def _apply(self, display: Display) -> None:
        before, self.display = self.display, display
        if (display.columns, display.text) != (before.columns, before.text):
            self.board.set_display(display.columns, display.text)
        if display.sort != before.sort:
            self.tickets.set_sort(display.sort)
        if self._all_day is not None:
            self._all_day.setVisible(display.all_day)
        self.work.acts.tap = display.tap
        self.board.keys.map = KeyMap(display.keys)
        self.work.settings.note(display)

    def _open_settings(self) -> None:
        self.work.settings.show_display(self.display)

    def _learn(self, keys: dict[str, str]) -> None:
        self.set_display(replace(self.display, keys=keys))

    # -- what is shown --------------------------------------------------------------------

    def _show_counts(self, *_: object) -> None:
        self.bar.show_page(self.board.page, self.board.pages, len(self.tickets))
        self._show_nothing()

    def _announce(self) -> None:
        """Let the tills know what a cook can read here, as soon as it is all there is."""
        shown = self.board.on_glass
        if shown is not None and not self.tickets.behind:
            self._session.receipts.painted(shown)

    def _show_ages(self) -> None:
        if not self.board.can_be_seen:
            self._session.receipts.covered()
        if self.isVisible():
            self.bar.show_ages(self.tickets.items, self._session.now())

    def _show_status(self, status: Status) -> None:
        self._announce()
        self.bar.show_link(status)
        self._show_nothing()

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

    def _show_nothing(self) -> None:
        """What stands on an empty board: why it is empty."""
        self.nothing.setVisible(not len(self.tickets))
        if not len(self.tickets):
            self.nothing.set(*empty_words(self._session.status))
            self.nothing.setGeometry(self.board.rect())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show_ages()
        self.board.setFocus()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._session.receipts.covered()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.board and event.type() == QEvent.Type.Resize:
            self.nothing.setGeometry(self.board.rect())
        return super().eventFilter(watched, event)


def empty_words(status: Status) -> tuple[str, str, str]:
    """Title, hint and icon of an empty board."""
    if status.complete_to is not None and status.link == "connected":
        return "All clear", "New orders appear here by themselves.", "check"
    if status.complete_to is not None:
        hint = "No open orders when the connection was lost. New ones come when it is back."
        return "All clear, but offline", hint, "link-off"
    if status.problem or status.link in ("disconnected", "reconnecting"):
        hint = status.problem or "The board fills as soon as the server answers."
        return "Not connected yet", hint, "link-off"
    return "Getting the orders", "This takes a moment the first time.", "clock"
