"""What the arrow keys have chosen, kept through everything that happens around it."""

from __future__ import annotations

from collections.abc import Callable

from kds.domain.tickets import Ticket
from kds.ui.kitchen.board import Board, Hit
from kds.ui.kitchen.cursor import Direction, Stop, after_change, step
from kds.ui.models.keyed import KeyedListModel


class Selection:
    """A ticket or one of its lines, or nothing. `changed(old, new)` tells of every change."""

    def __init__(
        self,
        board: Board,
        tickets: KeyedListModel[Ticket],
        changed: Callable[[Hit | None, Hit | None], None],
    ) -> None:
        self._board, self._tickets, self._changed = board, tickets, changed
        self._row = 0  # where the ticket stood: its successor is found there
        self._siblings: tuple[Stop, ...] = ()
        self.here: Hit | None = None

    def choose(self, hit: Hit | None) -> None:
        before, self.here = self.here, hit
        if hit is not None:
            self._row = self._tickets.row_of(hit.order_id)
            self._siblings = self._board.stops(hit.order_id)
        if hit != before:
            self._changed(before, hit)

    def keep(self) -> None:
        """After a change: stay on the ticket and line; when those are gone, on what follows."""
        if self.here is None:
            return
        order, stops = self._tickets.keys, self._stops()
        kept = after_change(stops, self._place(self.here), self._siblings, self._row, order)
        self.choose(None if kept is None else Hit(*kept))

    def walk(self, direction: Direction, page: int) -> None:
        """Go where an arrow leads; from nowhere to the first ticket of the page."""
        if self.here is None:
            shown = self._board.tickets_on(page)
            self.choose(Hit(shown[0]) if shown else None)
        elif there := step(self._stops(), self._place(self.here), direction):
            self.choose(Hit(*there))

    def _stops(self) -> list[Stop]:
        return [stop for key in self._tickets.keys for stop in self._board.stops(key)]

    @staticmethod
    def _place(hit: Hit) -> Stop:
        return hit.order_id, hit.line_id
