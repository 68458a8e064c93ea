"""The tickets of some stations, longest waiting first."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Qt

from kds.domain.changes import ChangeSet
from kds.domain.tickets import Ticket, TicketLine
from kds.session.store import Store
from kds.ui.models.source import StoreModel, order_keys

TYPE_NAMES = {"dine_in": "Dine in", "takeaway": "Takeaway", "delivery": "Delivery"}
_STATES = {"started": ", started", "ready": ", done", "void": ", voided"}


class TicketModel(StoreModel[Ticket]):
    """Items are `Ticket`s; the key is the order's id."""

    def __init__(
        self, store: Store, stations: frozenset[str] = frozenset(), parent: QObject | None = None
    ) -> None:
        """`stations`: whose lines to show; all when empty."""
        self._stations = stations
        roles = {
            int(Qt.ItemDataRole.DisplayRole): lambda ticket: ticket.number,
            int(Qt.ItemDataRole.AccessibleTextRole): spoken,
        }
        super().__init__(
            store, lambda ticket: ticket.order_id, lambda ticket: ticket.sort_key, roles, parent
        )

    def _touched(self, change_set: ChangeSet) -> Iterable[str] | None:
        if change_set.initiator == "load" or change_set.of("stations", "menu_items"):
            return None  # thresholds and allergens stand on every ticket
        return order_keys(change_set)

    def _read(self, key: str) -> Ticket | None:
        return self._store.ticket(key, self._stations)

    def _read_all(self) -> Iterable[Ticket]:
        return self._store.tickets(self._stations)


def spoken(ticket: Ticket) -> str:
    """The whole ticket as a screen reader says it."""
    head = [f"Order {ticket.number}", TYPE_NAMES[ticket.type]]
    if ticket.where:
        head.append(ticket.where)
    if ticket.rush:
        head.insert(0, "Rush")
    if ticket.note:
        head.append(f"note: {ticket.note}")
    return ". ".join([", ".join(head), *map(spoken_line, ticket.lines)])


def spoken_line(line: TicketLine) -> str:
    """`2 Hawaiian L, extra cheese, no onion, allergens milk, done`."""
    parts = [f"{line.qty} {line.name} {line.variant}".rstrip(), *line.added]
    parts += [f"no {name}" for name in line.removed]
    if line.note:
        parts.append(line.note)
    if line.allergens:
        parts.append("allergens " + " ".join(line.allergens))
    return ", ".join(parts) + _STATES.get(line.state, "")
