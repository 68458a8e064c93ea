"""What this device knows, ready to read: the shared rows with the pending taps on top.

Screens read the store and listen to `changed`; they hold no business state of their own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from itertools import chain
from typing import Final

from kds.base.events import Event
from kds.domain.changes import ChangeSet
from kds.domain.orders import OrderView, build_order
from kds.domain.rows import Row
from kds.domain.stock import StockView, build_stock
from kds.domain.ticketing import build_ticket
from kds.domain.tickets import Ticket
from kds.domain.visits import next_fire

EVERY_STATION: frozenset[str] = frozenset()
OPEN_STATES: Final = ("sent", "started")


class Store:
    """The merged rows of one device, and the views that screens show of them."""

    def __init__(self) -> None:
        self._tables: dict[str, dict[str, Row]] = defaultdict(dict)
        self._lines: dict[str, dict[str, Row]] = defaultdict(dict)  # order id -> line id -> row
        self._open_lines: dict[str, tuple[Row, ...]] = {}  # by order: what is still to be made
        self.changed: Event[ChangeSet] = Event()

    def apply(self, change_set: ChangeSet) -> None:
        """Take the change in, then tell the screens."""
        for change in change_set.changes:
            self._put(change.table, change.pk, change.before, change.after)
        for order_id in change_set.order_ids():
            self._index(order_id)
        self.changed.emit(change_set)

    def _put(self, table: str, pk: str, before: Row | None, after: Row | None) -> None:
        rows = self._tables[table]
        if after is None:
            rows.pop(pk, None)
        else:
            rows[pk] = after
        if table != "order_lines":
            return
        if before is not None and (after is None or before["order_id"] != after["order_id"]):
            self._take_line(before["order_id"], pk)
        if after is not None:
            self._lines[after["order_id"]][pk] = after

    def _take_line(self, order_id: str, pk: str) -> None:
        """Nothing is left of an order without lines: a rush brings thousands of them."""
        self._lines[order_id].pop(pk, None)
        if not self._lines[order_id]:
            del self._lines[order_id]

    def _index(self, order_id: str) -> None:
        """Find the order's open lines anew: that costs as much as the order is long."""
        order = self._tables["orders"].get(order_id)
        found: tuple[Row, ...] = ()
        if order is not None and order["state"] == "open":
            lines = self._lines.get(order_id, {}).values()
            found = tuple(line for line in lines if line["state"] in OPEN_STATES)
        if found:
            self._open_lines[order_id] = found
        else:
            self._open_lines.pop(order_id, None)

    # -- rows -----------------------------------------------------------------------------

    def rows(self, table: str) -> Mapping[str, Row]:
        """All rows of a table by id; do not change it."""
        return self._tables[table]

    def row(self, table: str, pk: str) -> Row | None:
        return self._tables[table].get(pk)

    def lines_of(self, order_id: str) -> tuple[Row, ...]:
        """The lines of an order as they were sent, voided ones included."""
        lines = self._lines.get(order_id, {}).values()
        return tuple(sorted(lines, key=lambda line: (line["position"], line["id"])))

    @property
    def orders_to_make(self) -> Collection[str]:
        """The ids of the orders that have open lines."""
        return self._open_lines.keys()

    def open_lines(self) -> Iterator[Row]:
        """What is still to be made: the lines of open orders that are sent or started.

        However many rows there are, this costs as much as what is in the kitchen now.
        """
        return chain.from_iterable(self._open_lines.values())

    def orders_with(self, items: Collection[str]) -> set[str]:
        """The ids of the orders that have a line, in any state, of one of these menu items."""
        return {
            order_id
            for order_id, lines in self._lines.items()
            if any(line["item_id"] in items for line in lines.values())
        }

    @property
    def branch(self) -> Row | None:
        """This device's branch; None before the first snapshot."""
        return next(iter(self._tables["branches"].values()), None)

    # -- views ----------------------------------------------------------------------------

    def ticket(
        self,
        order_id: str,
        only: frozenset[str] = EVERY_STATION,
        now: datetime | None = None,
    ) -> Ticket | None:
        """The order as the stations `only` see it (all when empty) at `now`; None when no cook
        there has to do anything about it. Without `now` the time of every line has come."""
        order = self.row("orders", order_id)
        if order is None:
            return None
        return build_ticket(
            order,
            self._lines.get(order_id, {}).values(),
            self._tables["stations"],
            self._tables["menu_items"],
            only,
            now=now,
            branch=self.branch,
        )

    def tickets(
        self, only: frozenset[str] = EVERY_STATION, now: datetime | None = None
    ) -> Iterator[Ticket]:
        """Every ticket on the board of the stations `only`, in no particular order."""
        for order_id in self._tables["orders"]:
            if ticket := self.ticket(order_id, only, now):
                yield ticket

    def next_fire(self, order_id: str, only: frozenset[str], now: datetime) -> datetime | None:
        """When time alone brings a line of the order to the stations `only`; None: never."""
        order = self.row("orders", order_id)
        if order is None or order["state"] != "open":
            return None
        return next_fire(self._lines.get(order_id, {}).values(), only, now)

    def order(self, order_id: str) -> OrderView | None:
        order = self.row("orders", order_id)
        return build_order(order, self._lines.get(order_id, {}).values()) if order else None

    def orders(self) -> Iterator[OrderView]:
        """Every order on this device, closed and void ones included, in no particular order."""
        for order_id, order in self._tables["orders"].items():
            yield build_order(order, self._lines.get(order_id, {}).values())

    def stock(self) -> Iterator[StockView]:
        """Every stock item, in no particular order."""
        return map(build_stock, self._tables["stock_items"].values())
