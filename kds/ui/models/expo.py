"""Every order at the pass, as the expo sorts them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from PySide6.QtCore import QObject, Qt

from kds.domain.changes import ChangeSet
from kds.domain.expo import ExpoSort, PassTicket, Share, build_pass_ticket
from kds.domain.tickets import Ticket
from kds.session.store import Store
from kds.ui.models.source import StoreModel

TYPE_NAMES = {"dine_in": "Dine in", "takeaway": "Takeaway", "delivery": "Delivery"}


class ExpoModel(StoreModel[Ticket]):
    """Items are `PassTicket`s; the key is the order's id."""

    def __init__(
        self, store: Store, now: Callable[[], datetime], parent: QObject | None = None
    ) -> None:
        self._sorted: ExpoSort = "age"
        roles = {
            int(Qt.ItemDataRole.DisplayRole): lambda ticket: ticket.number,
            int(Qt.ItemDataRole.AccessibleTextRole): lambda ticket: spoken(ticket, now()),
        }
        super().__init__(store, lambda ticket: ticket.order_id, self._place, roles, parent)

    def order(self, order_id: str) -> PassTicket | None:
        """The order of that id, while it is at the pass."""
        ticket = self.item(order_id)
        return ticket if isinstance(ticket, PassTicket) else None

    @property
    def orders(self) -> tuple[PassTicket, ...]:
        """Every order, in order."""
        return tuple(ticket for ticket in self.items if isinstance(ticket, PassTicket))

    def set_sort(self, sort: ExpoSort) -> None:
        """Oldest first, or what was promised first."""
        if sort != self._sorted:
            self._sorted = sort
            self.sort_by(self._place)

    def _place(self, ticket: Ticket) -> tuple[bool, datetime, str]:
        return ticket.sort_by(self._sorted) if isinstance(ticket, PassTicket) else ticket.sort_key

    def _touched(self, change_set: ChangeSet) -> Iterable[str] | None:
        return self._tickets_of(change_set)

    def _read(self, key: str) -> Ticket | None:
        order = self._store.row("orders", key)
        if order is None or order["state"] != "open":
            return None  # most orders of a day, so it is asked before its lines are
        return build_pass_ticket(
            order,
            self._store.lines_of(key),
            self._store.rows("stations"),
            self._store.rows("menu_items"),
            self._store.branch,
        )

    def _read_all(self) -> Iterable[Ticket]:
        return filter(None, map(self._read, tuple(self._store.rows("orders"))))


def spoken(ticket: PassTicket, now: datetime) -> str:
    """The order as a screen reader says it: number, what it waits for, every station."""
    head = [f"Order {ticket.number}", TYPE_NAMES[ticket.type]]
    if ticket.where:
        head.append(ticket.where)
    if ticket.rush:
        head.insert(0, "Rush")
    return ". ".join([", ".join(head), *(spoken_share(s, now) for s in ticket.shares)])


def spoken_share(share: Share, now: datetime) -> str:
    """`Grill, started, 1 of 3 ready: 2 Burger L`."""
    missing = [f"{line.qty} {line.name} {line.variant}".rstrip() for line in share.lines
               if line.open]  # fmt: skip
    head = f"{share.station}, {share.stand(now)}, {share.done} of {share.pieces} ready"
    return f"{head}: {', '.join(missing)}" if missing else head
