"""The board: one item view that paints every ticket from its model.

It decides nothing about orders: a tap or a key becomes `tapped`, `held` or `act`, and what comes
of it arrives through the model.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QModelIndex,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QHideEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QWidget

from kds.domain.tickets import Ticket
from kds.ui.kitchen.board import Board, Hit, MakeSheet, Surface
from kds.ui.kitchen.cursor import MIRRORED, Direction
from kds.ui.kitchen.display import TextSize
from kds.ui.kitchen.glass import Glass, Scene
from kds.ui.kitchen.hands import Fingers, Keys
from kds.ui.kitchen.itemview import AnyIndex, PaintedItemView
from kds.ui.kitchen.paint import Sheet
from kds.ui.kitchen.selection import Selection
from kds.ui.kitchen.style import enlarged
from kds.ui.models.keyed import KeyedListModel
from kds.ui.theme import Look, look, look_changed

TICK_MS = 500


class BoardView(PaintedItemView):
    """Shows a model of `Ticket`s.

    `now` gives the server's time for the ages, in the time zone of the wall.
    """

    tapped = Signal(str, str)  # order id; line id, or "" for the ticket as a whole
    held = Signal(str, str)  # the same, pressed long or with the right button
    act = Signal(str)  # another act of `keys.ACTS`
    pages_changed = Signal(int, int)  # the page shown (from 0), how many there are
    settled = Signal()  # painted, or found to need no painting: `on_glass` may be known now

    def __init__(
        self,
        tickets: KeyedListModel[Ticket],
        now: Callable[[], datetime],
        parent: QWidget | None = None,
        *,
        make_sheet: MakeSheet = Sheet,
    ) -> None:
        super().__init__(parent)
        self._tickets, self._now = tickets, now
        self._board = Board(make_sheet)
        self._page = 0
        self._selection = Selection(self._board, tickets, self._chosen)
        self._pressed: Hit | None = None
        self._glass = Glass(self._board)
        self._columns = 0
        self._text: TextSize = "m"
        self._stale = True
        self._unpainted = True
        self.setAccessibleName("Kitchen board")
        self.keys = Keys(self)
        self._fingers = Fingers(self)
        self._tick_timer = QTimer(self, interval=TICK_MS)
        self._tick_timer.timeout.connect(self.tick)
        self._follow(tickets)
        self.destroyed.connect(look_changed.connect(self._restyle))

    def _follow(self, tickets: KeyedListModel[Ticket]) -> None:
        self.setModel(tickets)
        for signal in (
            tickets.rowsInserted,
            tickets.rowsMoved,
            tickets.rowsRemoved,
            tickets.modelReset,
        ):
            signal.connect(self._rearrange_soon)

    # -- what is shown --------------------------------------------------------------------

    @property
    def page(self) -> int:
        """From 0."""
        return self._page

    @property
    def pages(self) -> int:
        self._arranged()
        return self._board.pages

    @property
    def board(self) -> Board:
        """The arrangement on the screen, up to date."""
        self._arranged()
        return self._board

    @property
    def on_glass(self) -> frozenset[str] | None:
        """The order ids that a cook can read now; None while the glass shows something older,
        or the board cannot be seen at all.

        Of an order that is torn across two pages, the page with its end counts: additions stand
        there, and who sees it has come from the page before.
        """
        if self._stale or self._unpainted or not self.can_be_seen:
            return None
        return frozenset(part.key for part in self._board.page(self._page) if not part.more)

    @property
    def here(self) -> Hit | None:
        """What is selected."""
        self._arranged()
        return self._selection.here

    def set_page(self, page: int) -> None:
        """Turn to a page (clamped); the selection, if there is one, comes along."""
        self._arranged()
        page = min(max(0, page), self._board.pages - 1)
        if page == self._page:
            return
        self._page = page
        here = self._selection.here
        if here is not None and not self._board.part_of(here, page):
            self._selection.choose(Hit(self._board.tickets_on(page)[0]))
        self._repaint_difference(everything=True)
        self.pages_changed.emit(self._page, self._board.pages)

    def set_display(self, columns: int, text: TextSize) -> None:
        """So many columns (0: as many as fit) and so large a text; "s" also packs the lines."""
        if (columns, text) != (self._columns, self._text):
            self._columns, self._text = columns, text
            self._rearrange_soon()

    # -- arranging ------------------------------------------------------------------------

    def doItemsLayout(self) -> None:
        """In place of Qt's, which repaints the whole glass for a line that is one row higher."""
        self.updateGeometries()
        self._arranged()
        self.settled.emit()

    def show_now(self) -> None:
        """Put on the glass what has changed, before the program does anything else: a cook waits
        for it."""
        if self.can_be_seen:
            self._arranged()
            QCoreApplication.sendPostedEvents(self.window(), QEvent.Type.UpdateRequest)

    def _rearrange_soon(self) -> None:
        """Several changes of one frame are arranged once, before the next paint."""
        self._stale = True
        self.scheduleDelayedItemsLayout()

    def _arranged(self) -> None:
        if not self._stale:
            return
        self._stale = False
        before = (self._page, self._board.pages)
        first = self._board.first_on(self._page)
        refit = self._board.fit(self._surface())
        self._board.arrange(self._tickets.items)
        if refit and first:  # other columns: stay with what was being read
            self._page = self._board.page_of(first)
        self._page = min(self._page, self._board.pages - 1)
        self._selection.keep()
        self._repaint_difference(everything=refit)
        if before != (self._page, self._board.pages):
            self.pages_changed.emit(self._page, self._board.pages)

    def _surface(self) -> Surface:
        return Surface(
            enlarged(look(), self._text),
            self.viewport().width(),
            self.viewport().height(),
            self._columns,
            self._now().tzinfo or UTC,
            rtl=self.isRightToLeft(),
            dense=self._text == "s",
        )

    def _repaint_difference(self, *, everything: bool = False) -> None:
        for box in tuple(self._glass.differences(self._page)):
            self._repaint(box)
        if everything:
            self._unpainted = True
            self.viewport().update()

    def _restyle(self, _: Look) -> None:
        self._rearrange_soon()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._rearrange_soon()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._rearrange_soon()

    def dataChanged(
        self, topLeft: AnyIndex, bottomRight: AnyIndex, roles: Sequence[int] = ()
    ) -> None:
        super().dataChanged(topLeft, bottomRight, roles)
        if self._stale:
            return
        for row in range(topLeft.row(), bottomRight.row() + 1):
            ticket = self._tickets.at(row)
            if not self._board.refresh(ticket):
                self._rearrange_soon()
                return
            self._repaint_ticket(ticket.order_id)
        self._selection.keep()

    def _repaint(self, box: QRectF) -> None:
        self._unpainted = True
        self.viewport().update(box.toAlignedRect())

    def _repaint_ticket(self, order_id: str) -> None:
        for box in self._board.boxes_of(order_id, self._page):
            self._repaint(box)

    # -- selection ------------------------------------------------------------------------

    def _chosen(self, before: Hit | None, hit: Hit | None) -> None:
        for changed in (before, hit):
            if changed is not None:
                self._repaint_ticket(changed.order_id)
        self.select_index(self._tickets.index_of(hit.order_id) if hit else QModelIndex())

    def _show(self, hit: Hit) -> None:
        """Turn to the page that shows it, unless this one does."""
        pages = range(self._board.pages)
        if not self._board.part_of(hit, self._page):
            self.set_page(next((p for p in pages if self._board.part_of(hit, p)), self._page))

    # -- for hands ------------------------------------------------------------------------

    def hit_at(self, point: QPointF) -> Hit | None:
        """What a tap there means; None where it means nothing."""
        self._arranged()
        return self._board.hit(point, self._page)

    def ticket_at(self, point: QPointF) -> str:
        """The order id of the ticket there; "" between tickets."""
        index = self.indexAt(point.toPoint())
        return self._tickets.at(index.row()).order_id if index.isValid() else ""

    def ticket_number(self, number: int) -> Hit | None:
        """The n-th ticket of the page, from 1."""
        shown = self.board.tickets_on(self._page)
        return Hit(shown[number - 1]) if number <= len(shown) else None

    def press(self, hit: Hit | None) -> None:
        """Show what is under a finger."""
        for changed in {self._pressed, hit} - {None}:
            if changed is not None:
                self._repaint_ticket(changed.order_id)
        self._pressed = hit

    def choose(self, hit: Hit | None) -> None:
        """Select a ticket or a line, or nothing."""
        self._arranged()
        self._selection.choose(hit)

    def walk(self, direction: Direction) -> None:
        """Go where an arrow leads, to another page too."""
        self._arranged()
        if self.isRightToLeft():
            direction = MIRRORED.get(direction, direction)
        self._selection.walk(direction, self._page)
        if self._selection.here is not None:
            self._show(self._selection.here)

    # -- the clock ------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._tick_timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._tick_timer.stop()

    def tick(self) -> None:
        """Repaint the ages that differ, and turn the pulse of late ones; nothing else."""
        if self._stale:
            return
        for box in self._glass.ticking(self._now()):
            self.viewport().update(box.toAlignedRect())

    # -- painting -------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        self._unpainted = False
        self._arranged()  # what this moves is painted next, so it may be unpainted again
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scene = Scene(self._page, self._now(), self._selection.here, self._pressed)
        self._glass.paint(painter, event.region(), scene)
        painter.end()
        self.settled.emit()

    # -- what an item view must answer ----------------------------------------------------

    def visualRect(self, index: AnyIndex) -> QRect:
        if not index.isValid() or index.row() >= len(self._tickets):
            return QRect()
        boxes = self.board.boxes_of(self._tickets.at(index.row()).order_id, self._page)
        return next((box.toAlignedRect() for box in boxes), QRect())

    def indexAt(self, point: QPoint) -> QModelIndex:
        for segment in self.board.page(self._page):
            if self._board.box(segment).contains(point.toPointF()):
                return self._tickets.index_of(segment.key)
        return QModelIndex()
