"""Which ticket stands where on which page: the board's arrangement, apart from its painting."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF

from kds.domain.tickets import Ticket
from kds.ui.kitchen.cursor import Stop
from kds.ui.kitchen.layout import Flow, Room, Segment, flow
from kds.ui.kitchen.paint import Sheet
from kds.ui.kitchen.style import MIN_COLUMN, TicketStyle
from kds.ui.theme import Look


@dataclass(frozen=True, slots=True)
class Hit:
    """What a point means: a ticket as a whole (`line_id` is ""), or one of its open lines."""

    order_id: str
    line_id: str = ""


class Board:
    """Tickets in columns and pages. Sheets are kept while their tickets stay the same."""

    def __init__(self) -> None:
        self._sheets: dict[str, Sheet] = {}
        self._style: TicketStyle | None = None
        self._room = Room(1, 1, 0, 0, 0)
        self._margin = self._gap = 0
        self._pages: list[tuple[Segment, ...]] = [()]
        self._flow = Flow()
        self.pages = 1

    def fit(self, look: Look, width: int, height: int) -> bool:
        """Divide a surface of `width` x `height` into columns; True when anything differs."""
        margin = gap = look.px(12)
        usable = max(1, width - 2 * margin)
        columns = max(1, (usable + gap) // (look.px(MIN_COLUMN) + gap))
        column = (usable - (columns - 1) * gap) // columns
        style = self._style
        if style is None or style.look != look or style.width != column:
            style = self._style = TicketStyle(look, column)
            self._sheets.clear()
        room = Room(columns, max(1, height - 2 * margin), gap, style.more, style.foot)
        same = room == self._room and bool(self._sheets)
        if not same:
            self._flow = Flow()
        self._room, self._margin, self._gap = room, margin, gap
        return not same

    def arrange(self, tickets: Iterable[Ticket]) -> None:
        """Flow the tickets, in the order given."""
        sheets = {ticket.order_id: self._sheet(ticket) for ticket in tickets}
        self._sheets = sheets
        self._flow = flow([sheet.shape for sheet in sheets.values()], self._room, self._flow)
        self.pages = self._flow.pages
        pages: list[list[Segment]] = [[] for _ in range(self.pages)]
        for segment in self._flow.segments:
            pages[segment.page].append(segment)
        self._pages = [tuple(page) for page in pages]

    def refresh(self, ticket: Ticket) -> bool:
        """Take a changed ticket in; False when its heights changed, so `arrange` is due."""
        old = self._sheets.get(ticket.order_id)
        sheet = self._sheets[ticket.order_id] = self._sheet(ticket)
        return old is not None and old.shape == sheet.shape

    def _sheet(self, ticket: Ticket) -> Sheet:
        sheet = self._sheets.get(ticket.order_id)
        if sheet is not None and (sheet.ticket is ticket or sheet.ticket == ticket):
            return sheet
        if self._style is None:
            raise RuntimeError("fit the board to a surface first")
        return Sheet(ticket, self._style)

    # -- asking ---------------------------------------------------------------------------

    def sheet(self, order_id: str) -> Sheet:
        return self._sheets[order_id]

    def page(self, number: int) -> tuple[Segment, ...]:
        """The parts on a page, in reading order; empty when there is no such page."""
        return self._pages[number] if 0 <= number < len(self._pages) else ()

    def tickets_on(self, page: int) -> tuple[str, ...]:
        """The order ids on a page, each once, in reading order: the first nine have a key."""
        return tuple(dict.fromkeys(segment.key for segment in self.page(page)))

    def box(self, segment: Segment) -> QRectF:
        """Where a part is painted."""
        width = self._style.width if self._style else 1
        left = self._margin + segment.column * (width + self._gap)
        return QRectF(left, self._margin + segment.top, width, segment.height)

    def boxes_of(self, order_id: str, page: int) -> Iterator[QRectF]:
        """Where the parts of a ticket stand on a page."""
        return (self.box(part) for part in self.page(page) if part.key == order_id)

    def hit(self, point: QPointF, page: int) -> Hit | None:
        """What is under a point; None for gaps, titles, notes and lines that are done."""
        for segment in self.page(page):
            box = self.box(segment)
            if not box.contains(point):
                continue
            sheet = self._sheets[segment.key]
            if sheet.header_box(segment, box).contains(point):
                return Hit(segment.key)
            for number, row in sheet.row_boxes(segment, box):
                if row.contains(point) and sheet.rows[number].line_id:
                    return Hit(segment.key, sheet.rows[number].line_id)
        return None

    def stops(self, order_id: str) -> tuple[Stop, ...]:
        """What the arrows visit on a ticket: itself, then its open lines."""
        lines = (row.line_id for row in self._sheets[order_id].rows if row.line_id)
        return ((order_id, ""), *((order_id, line) for line in lines))

    def part_of(self, hit: Hit, page: int) -> bool:
        """Whether a page shows the ticket's head (for a ticket) or the line (for a line)."""
        for segment in self.page(page):
            if segment.key != hit.order_id:
                continue
            if not hit.line_id:
                return True
            rows = self._sheets[hit.order_id].rows[segment.first : segment.last]
            if any(row.line_id == hit.line_id for row in rows):
                return True
        return False
