"""The kitchen's screen: the board, the bar under it, and the way back from every tap."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kds.session.status import Status
from kds.ui.kit import EmptyState, Toast, spawn
from kds.ui.kitchen.bar import BottomBar
from kds.ui.kitchen.recall import Bumped, bumped
from kds.ui.kitchen.recall_sheet import RecallSheet
from kds.ui.kitchen.view import BoardView
from kds.ui.models.tickets import TicketModel

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
        self.tickets = TicketModel(session.store, session.stations, self)
        self.board = BoardView(self.tickets, session.now, self)
        self.bar = BottomBar(self._station_names())
        self.toast = Toast(self, lift=0, across=0.72)  # over the bar: no ticket is covered
        self.recall_sheet = RecallSheet(self._bumped, session.now, self)
        self.nothing = EmptyState("", parent=self.board)
        self.nothing.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.rail = QHBoxLayout()
        self._lay_out()
        self._wire()
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
        board.bump.connect(self._bump)
        board.recall_last.connect(self._recall_last)
        board.recall_list.connect(self.recall_sheet.open)
        board.undo.connect(self.toast.act)
        board.pages_changed.connect(self._show_counts)
        bar.previous_page.connect(lambda: board.set_page(board.page - 1))
        bar.next_page.connect(lambda: board.set_page(board.page + 1))
        bar.recall.connect(self.recall_sheet.open)
        self.recall_sheet.chosen.connect(self._take_back)
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

    # -- acts -----------------------------------------------------------------------------

    def _bump(self, order_id: str, line_ids: Sequence[str]) -> None:
        ticket = self.tickets.item(order_id)
        if ticket is None:
            return
        lines = [line for line in ticket.lines if line.id in line_ids]
        whole = set(ticket.open_line_ids) <= set(line_ids)
        what = "done" if whole else " ".join((lines[0].name, lines[0].variant)).rstrip()
        spawn(self._session.actions.bump(order_id, line_ids), f"bump {ticket.number}")
        self.toast.say(
            f"{ticket.number} {what}" if whole else f"{ticket.number}: {what} done",
            lambda: self._recall(order_id, line_ids, ticket.number),
        )

    def _recall(self, order_id: str, line_ids: Sequence[str], number: str) -> None:
        spawn(self._session.actions.recall(order_id, line_ids), f"recall {number}")

    def _recall_last(self) -> None:
        last = bumped(self._session.store, self._session.stations, limit=1)
        if last:
            self._take_back(last[0])
        else:
            self.toast.say("Nothing to recall")

    def _take_back(self, entry: Bumped) -> None:
        self._recall(entry.order_id, entry.line_ids, entry.number)
        self.toast.say(f"{entry.number} is back")

    def _bumped(self) -> tuple[Bumped, ...]:
        return bumped(self._session.store, self._session.stations)

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
            self.bar.set_stations(self._station_names())

    def _station_names(self) -> str:
        rows = self._session.store.rows("stations").values()
        mine = [row for row in rows if row["id"] in self._session.stations]
        names = [row["name"] for row in sorted(mine, key=lambda row: row["position"])]
        return " + ".join(names) or "All stations"

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
