"""The board: one item view that paints every ticket from its model.

It decides nothing about orders: a tap or a key becomes `bump`, `recall_last` and so on, and what
comes of it arrives through the model.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import (
    QModelIndex,
    QPoint,
    QRect,
    QRectF,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QWidget

from kds.domain.tickets import Ticket
from kds.ui.kitchen.board import Board, Hit
from kds.ui.kitchen.cursor import Direction
from kds.ui.kitchen.header import Age
from kds.ui.kitchen.itemview import AnyIndex, PaintedItemView
from kds.ui.kitchen.keys import KEYS
from kds.ui.kitchen.layout import Segment
from kds.ui.kitchen.paint import Dress, Sheet
from kds.ui.kitchen.pictures import Pictures
from kds.ui.kitchen.selection import Selection
from kds.ui.models.keyed import KeyedListModel
from kds.ui.theme import Look, look, look_changed

TICK_MS = 500
_DIRECTIONS: dict[str, Direction] = {"up": "up", "down": "down", "left": "left", "right": "right"}


class BoardView(PaintedItemView):
    """Shows a model of `Ticket`s. `now` gives the server's time for the ages."""

    bump = Signal(str, list)  # order id, line ids
    recall_last = Signal()
    recall_list = Signal()
    undo = Signal()
    pages_changed = Signal(int, int)  # the page shown (from 0), how many there are
    settled = Signal()  # painted, or found to need no painting: `on_glass` may be known now

    def __init__(
        self,
        tickets: KeyedListModel[Ticket],
        now: Callable[[], datetime],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._tickets, self._now = tickets, now
        self._board = Board()
        self._page = 0
        self._selection = Selection(self._board, tickets, self._chosen)
        self._pressed: Hit | None = None
        self._ages: dict[str, Age] = {}
        self._pictures = Pictures()
        self._shown: dict[Segment, tuple[Sheet, QRectF, str]] = {}
        self._bright = False
        self._stale = True
        self._unpainted = True
        self.setAccessibleName("Kitchen board")
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
    def can_be_seen(self) -> bool:
        """Whether the window is on a screen; another program's window over it is not known."""
        window = self.window()
        handle = window.windowHandle()
        shown = self.isVisible() and not window.isMinimized()
        return shown and handle is not None and handle.isExposed()

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

    # -- arranging ------------------------------------------------------------------------

    def doItemsLayout(self) -> None:
        super().doItemsLayout()
        self._arranged()
        self.settled.emit()

    def _rearrange_soon(self) -> None:
        """Several changes of one frame are arranged once, before the next paint."""
        self._stale = True
        self.scheduleDelayedItemsLayout()

    def _arranged(self) -> None:
        if not self._stale:
            return
        self._stale = False
        before = (self._page, self._board.pages)
        refit = self._board.fit(look(), self.viewport().width(), self.viewport().height())
        self._board.arrange(self._tickets.items)
        self._page = min(self._page, self._board.pages - 1)
        self._selection.keep()
        self._repaint_difference(everything=refit)
        if before != (self._page, self._board.pages):
            self.pages_changed.emit(self._page, self._board.pages)

    def _repaint_difference(self, *, everything: bool = False) -> None:
        """Repaint what stands elsewhere, looks different or is gone since the last arrangement."""
        hints = self._hints()
        shown = {
            part: (self._board.sheet(part.key), self._board.box(part), hints.get(part.key, ""))
            for part in self._board.page(self._page)
        }
        before, self._shown = self._shown, shown
        self._pictures.keep({(part.key, part.part) for part in shown})
        if everything:
            self._unpainted = True
            self.viewport().update()
            return
        for part in before.keys() | shown.keys():
            if before.get(part) != shown.get(part):
                for _, box, _ in filter(None, (before.get(part), shown.get(part))):
                    self._repaint(box)

    def _hints(self) -> dict[str, str]:
        """The keys of the first nine tickets on the page."""
        shown = self._board.tickets_on(self._page)
        return {key: str(number) for number, key in enumerate(shown[:9], 1)}

    def _restyle(self, _: Look) -> None:
        self._rearrange_soon()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
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

    def _walk(self, direction: Direction) -> None:
        self._selection.walk(direction, self._page)
        if self._selection.here is not None:
            self._show(self._selection.here)

    def _show(self, hit: Hit) -> None:
        """Turn to the page that shows it, unless this one does."""
        pages = range(self._board.pages)
        if not self._board.part_of(hit, self._page):
            self.set_page(next((p for p in pages if self._board.part_of(hit, p)), self._page))

    # -- keys and taps --------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        meaning = KEYS.get(event.key())
        if meaning is None or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
            return
        self._arranged()
        if not (event.isAutoRepeat() and meaning not in _DIRECTIONS):
            self._do(meaning)

    def _do(self, meaning: str) -> None:
        verb, _, number = meaning.partition(" ")
        if meaning in _DIRECTIONS:
            self._walk(_DIRECTIONS[meaning])
        elif verb == "bump":
            self._bump_at(int(number) - 1)
        elif meaning == "act" and self._selection.here is not None:
            self._bump(self._selection.here)
        elif meaning == "let go":
            self._selection.choose(None)
        elif verb in ("next", "previous", "first", "last"):
            turns = {"next": self._page + 1, "previous": self._page - 1, "first": 0}
            self.set_page(turns.get(verb, self._board.pages - 1))
        elif meaning in ("recall last", "recall list", "undo"):
            signals = {"recall last": self.recall_last, "recall list": self.recall_list}
            signals.get(meaning, self.undo).emit()

    def _bump_at(self, position: int) -> None:
        shown = self._board.tickets_on(self._page)
        if position < len(shown):
            self._bump(Hit(shown[position]))

    def _bump(self, hit: Hit) -> None:
        ticket = self._tickets.item(hit.order_id)
        if ticket is None:
            return
        lines = [line for line in ticket.open_line_ids if hit.line_id in ("", line)]
        if lines:
            self.bump.emit(hit.order_id, lines)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._arranged()
        self._press(self._board.hit(event.position(), self._page))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed != self._board.hit(event.position(), self._page):
            self._press(None)  # slid off: it was not meant

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed = self._pressed
        self._press(None)
        if pressed is not None and pressed == self._board.hit(event.position(), self._page):
            self._bump(pressed)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)  # two quick taps are two taps

    def _press(self, hit: Hit | None) -> None:
        for changed in {self._pressed, hit} - {None}:
            if changed is not None:
                self._repaint_ticket(changed.order_id)
        self._pressed = hit

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
        self._bright = not self._bright
        now = self._now()
        for segment in self._board.page(self._page):
            if segment.part and segment.key in self._ages:
                continue
            sheet = self._board.sheet(segment.key)
            age, old = Age.of(sheet.ticket, now), self._ages.get(segment.key)
            if old is not None and age.level != old.level:
                self._repaint_ticket(segment.key)
            elif age.level == "late" or age != old:
                head = sheet.header_box(segment, self._board.box(segment))
                self.viewport().update(sheet.header.age_box(head).toAlignedRect())

    # -- painting -------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        self._unpainted = False
        self._arranged()  # what this moves is painted next, so it may be unpainted again
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        now, dirty = self._now(), event.region()
        hints = self._hints()
        ages: dict[str, Age] = {}
        for segment in self._board.page(self._page):
            sheet = self._board.sheet(segment.key)
            ages[segment.key] = Age.of(sheet.ticket, now)
            box = self._board.box(segment)
            if dirty.intersects(box.toAlignedRect()):
                dress = self._dress(segment, ages[segment.key], hints.get(segment.key, ""))
                self._paint(painter, segment, box, dress)
        self._ages = ages
        painter.end()
        self.settled.emit()

    def _paint(self, painter: QPainter, segment: Segment, box: QRectF, dress: Dress) -> None:
        sheet = self._board.sheet(segment.key)
        if dress.touched:
            sheet.draw(painter, segment, box, dress)
        else:
            ratio = self.devicePixelRatioF()
            picture = self._pictures.of(sheet, segment, box, dress, ratio)
            painter.drawPixmap(box.topLeft(), picture)
        sheet.draw_over(painter, segment, box, dress)

    def _dress(self, segment: Segment, age: Age, hint: str) -> Dress:
        here = _on(segment.key, self._selection.here)
        pressed = _on(segment.key, self._pressed)
        return Dress(
            age=age,
            hint=hint,
            chosen=here is not None,
            line_id=here.line_id if here else "",
            pressed=(pressed.line_id or "ticket") if pressed else "",
            pulse=self._bright and age.level == "late",
        )

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


def _on(order_id: str, hit: Hit | None) -> Hit | None:
    return hit if hit is not None and hit.order_id == order_id else None
