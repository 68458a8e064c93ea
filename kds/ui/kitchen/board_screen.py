"""What a line's display and the expo's have in common: a board, the bar under it, its set-up."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kds.domain.tickets import Ticket
from kds.session.status import Status
from kds.ui.kit import EmptyState, Kept, Toast
from kds.ui.kitchen.bar import BottomBar
from kds.ui.kitchen.display import KEPT_AS, Display
from kds.ui.kitchen.keys import KeyMap
from kds.ui.kitchen.view import BoardView
from kds.ui.kitchen.work import Work
from kds.ui.models.source import StoreModel

if TYPE_CHECKING:
    from kds.session.session import Session

AGES_MS = 1000


class BoardScreen(QWidget):
    """Everything between the top bar and the edge of a display with tickets on it.

    `column` holds, top to bottom, `middle` (the board, and what stands beside it) and the bar.
    A subclass extends `_apply`, `_show_status` and `_tick`, and calls `_begin` when it is whole.
    """

    def __init__(
        self,
        session: Session,
        tickets: StoreModel[Ticket],
        board: BoardView,
        bar: BottomBar,
        *,
        make_work: type[Work] = Work,
        as_delivered: Display | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """`as_delivered`: how it is shown until somebody has set it up."""
        super().__init__(parent)
        self._session, self._shown = session, tickets
        tickets.setParent(self)
        self.setProperty("panel", "ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.board, self.bar = board, bar
        self.middle, self.column = QHBoxLayout(), QVBoxLayout(self)
        self._lay_out()
        self.toast = Toast(self, lift=0, across=0.72)  # over the bar: no ticket is covered
        self.work = make_work(session, tickets, board, self.toast, self)
        self.display = Display()
        self._as_delivered = as_delivered or Display()
        self._kept = Kept(session, KEPT_AS, self._read, self._apply)
        self.nothing = EmptyState("", parent=board)
        self.nothing.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._ages = QTimer(self, interval=AGES_MS)
        self._wire()

    def _begin(self) -> None:
        """Show everything for the first time."""
        self._apply(self._as_delivered)
        self._show_status(self._session.status)
        self._show_counts()
        self._tick()
        self._ages.start()

    def _lay_out(self) -> None:
        self.middle.setSpacing(0)
        self.middle.addWidget(self.board, 1)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        self.column.addLayout(self.middle, 1)
        self.column.addWidget(self.bar)
        self.setFocusProxy(self.board)
        self.board.installEventFilter(self)

    def _wire(self) -> None:
        board, bar, work, tickets = self.board, self.bar, self.work, self._shown
        board.pages_changed.connect(self._show_counts)
        bar.previous_page.connect(lambda: board.set_page(board.page - 1))
        bar.next_page.connect(lambda: board.set_page(board.page + 1))
        bar.recall.connect(work.recall.open)
        bar.settings.connect(self._open_settings)
        work.settings_wanted.connect(self._open_settings)
        work.settings.changed.connect(self.set_display)
        work.keys.changed.connect(self._learn)
        for signal in (tickets.rowsInserted, tickets.rowsRemoved, tickets.modelReset):
            signal.connect(self._show_counts)
        tickets.caught_up.connect(board.show_now)
        self._ages.timeout.connect(self._tick)
        self.destroyed.connect(self._session.status_changed.connect(self._show_status))

    # -- how it is set up -----------------------------------------------------------------

    async def load_display(self) -> None:
        """Show it as it was set up last time, unless somebody has changed it meanwhile."""
        await self._kept.load()

    def set_display(self, display: Display) -> None:
        """Show it like this from now on, also after a restart."""
        self._kept.choose(display)

    def _read(self, kept: Any) -> Display:
        return self._as_delivered if kept is None else Display.from_json(kept)

    def _apply(self, display: Display) -> None:
        before, self.display = self.display, display
        if (display.columns, display.text) != (before.columns, before.text):
            self.board.set_display(display.columns, display.text)
        self.board.keys.map = KeyMap(display.keys)
        self.work.settings.note(display)

    def _open_settings(self) -> None:
        self.work.settings.show_display(self.display)

    def _learn(self, keys: dict[str, str]) -> None:
        self.set_display(replace(self.display, keys=keys))

    # -- what is shown --------------------------------------------------------------------

    def _tick(self) -> None:
        """Once a second, and when it comes into sight."""
        if self.isVisible():
            self.bar.show_ages(self._shown.items, self._session.now())

    def _show_status(self, status: Status) -> None:
        self.bar.show_link(status)
        self._show_nothing()

    def _show_counts(self, *_: object) -> None:
        self.bar.show_page(self.board.page, self.board.pages, len(self._shown))
        self._show_nothing()

    def _show_nothing(self) -> None:
        """What stands on an empty board: why it is empty."""
        self.nothing.setVisible(not len(self._shown))
        if not len(self._shown):
            self.nothing.set(*empty_words(self._session.status))
            self.nothing.setGeometry(self.board.rect())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._tick()
        self.board.setFocus()

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
