"""Which ticket stands where on which page: the board's arrangement, apart from its painting."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, tzinfo
from functools import cached_property

from PySide6.QtCore import QPointF, QRectF

from kds.domain.tickets import Ticket
from kds.ui.kitchen.canvas import mirrored
from kds.ui.kitchen.cursor import Stop
from kds.ui.kitchen.layout import Flow, Room, Segment, flow
from kds.ui.kitchen.paint import Sheet
from kds.ui.kitchen.style import DENSE_COLUMN, LEAST_COLUMN, MIN_COLUMN, TicketStyle
from kds.ui.theme import DARK, Look


@dataclass(frozen=True, slots=True)
class Hit:
    """A ticket as a whole (`line_id` is ""), or a line that is open or whose change is unseen."""

    order_id: str
    line_id: str = ""


MakeSheet = Callable[[Ticket, TicketStyle], Sheet]
"""How a ticket is laid out: the line cook's way, or another one."""


@dataclass(frozen=True)
class Surface:
    """What tickets are arranged on: a glass of `width` x `height`, and how it is to be used.

    `look`: with the text size that was chosen. `asked`: for so many columns, 0 for as many as
    fit. `zone`, `rtl` and `dense` as in `TicketStyle`.
    """

    look: Look
    width: int
    height: int
    asked: int = 0
    zone: tzinfo = UTC
    rtl: bool = False
    dense: bool = False

    @cached_property
    def gap(self) -> int:
        """Around and between tickets."""
        return self.look.px(8 if self.dense else 12)

    @cached_property
    def count(self) -> int:
        """Columns; fewer than asked for when a ticket could not be read in them."""
        fits = self._fits(DENSE_COLUMN if self.dense else MIN_COLUMN)
        return min(self.asked, self._fits(LEAST_COLUMN)) if self.asked else fits

    @cached_property
    def column(self) -> int:
        """The width of a column."""
        usable = max(1, self.width - 2 * self.gap)
        return max(1, (usable - (self.count - 1) * self.gap) // self.count)

    def _fits(self, column: int) -> int:
        usable = max(1, self.width - 2 * self.gap)
        return max(1, (usable + self.gap) // (self.look.px(column) + self.gap))


class Board:
    """Tickets in columns and pages. Sheets are kept while their tickets stay the same."""

    def __init__(self, make_sheet: MakeSheet = Sheet) -> None:
        self._make_sheet = make_sheet
        self._sheets: dict[str, Sheet] = {}
        self._surface = Surface(Look(DARK), 1, 1)
        self._style: TicketStyle | None = None
        self._room = Room(1, 1, 0, 0, 0)
        self._flow = Flow(self._room)
        self._looked_at: dict[int, tuple[Segment, ...]] = {}

    def fit(self, surface: Surface) -> bool:
        """Divide a surface into columns; True when it is another one than before."""
        if self._style is not None and surface == self._surface:
            return False
        self._surface = surface
        style = self._style = TicketStyle(
            surface.look,
            surface.column,
            zone=surface.zone,
            rtl=surface.rtl,
            dense=surface.dense,
        )
        height = max(1, surface.height - 2 * surface.gap)
        self._room = Room(surface.count, height, surface.gap, style.more, style.foot)
        self._sheets.clear()
        return True

    def arrange(self, tickets: Iterable[Ticket]) -> None:
        """Flow the tickets, in the order given."""
        self._sheets = {ticket.order_id: self._sheet(ticket) for ticket in tickets}
        shapes = [sheet.shape for sheet in self._sheets.values()]
        self._flow = flow(shapes, self._room, self._flow)
        self._looked_at.clear()

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
        return self._make_sheet(ticket, self._style)

    # -- asking ---------------------------------------------------------------------------

    def sheet(self, order_id: str) -> Sheet:
        return self._sheets[order_id]

    def sheet_of(self, segment: Segment) -> Sheet | None:
        """The sheet of a part that may be gone."""
        return self._sheets.get(segment.key)

    @property
    def pages(self) -> int:
        return self._flow.pages

    def page(self, number: int) -> tuple[Segment, ...]:
        """The parts on a page, in reading order; empty when there is no such page."""
        if number not in self._looked_at:
            self._looked_at[number] = self._flow.page(number)
        return self._looked_at[number]

    def tickets_on(self, page: int) -> tuple[str, ...]:
        """The order ids on a page, each once, in reading order: the first nine have a key."""
        return tuple(dict.fromkeys(segment.key for segment in self.page(page)))

    def first_on(self, page: int) -> str:
        """The first ticket that begins on a page, or else continues there; "" when it is empty."""
        parts = sorted(self.page(page), key=lambda part: part.part > 0)
        return parts[0].key if parts else ""

    def page_of(self, order_id: str) -> int:
        """The page where a ticket begins; the first one when it is nowhere."""
        pages = range(self.pages)
        return next((page for page in pages if order_id in self.tickets_on(page)), 0)

    def box(self, segment: Segment) -> QRectF:
        """Where a part is painted."""
        surface = self._surface
        width, gap = surface.column, surface.gap
        left = gap + segment.column * (width + gap)
        box = QRectF(left, gap + segment.top, width, segment.height)
        return mirrored(box, QRectF(0, 0, surface.width, 1)) if surface.rtl else box

    def boxes_of(self, order_id: str, page: int) -> Iterator[QRectF]:
        """Where the parts of a ticket stand on a page."""
        return (self.box(part) for part in self.page(page) if part.key == order_id)

    def hit(self, point: QPointF, page: int) -> Hit | None:
        """What is under a point; None for gaps, titles, notes and lines that are done. A head is
        hit by a finger also where it is painted lower than that."""
        for segment in self.page(page):
            box = self.box(segment)
            if not box.contains(point):
                continue
            sheet = self._sheets[segment.key]
            head = max(sheet.header_box(segment, box).height(), self._surface.look.touch)
            if point.y() < box.top() + head:
                return Hit(segment.key)
            for number, row_box in sheet.row_boxes(segment, box):
                row = sheet.rows[number]
                if row_box.contains(point) and (row.whole or row.line_id):
                    return Hit(segment.key, row.line_id)
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
