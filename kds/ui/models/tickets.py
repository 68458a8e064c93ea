"""The tickets of some stations, what is to be made first in front."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from math import ceil

from PySide6.QtCore import QObject, Qt, QTimer

from kds.domain.changes import ChangeSet
from kds.domain.routing import stations_seen
from kds.domain.tickets import Sort, Ticket, TicketLine
from kds.session.store import Store
from kds.ui.models.source import StoreModel

TYPE_NAMES = {"dine_in": "Dine in", "takeaway": "Takeaway", "delivery": "Delivery"}
_STATES = {"started": "started", "ready": "done", "void": "voided"}
_FLAGS = {"": "", "added": "added: ", "qty": "changed: ", "void": "changed: "}
LONGEST_WAIT_S = 60.0
"""Then the clock is looked at again: a computer that slept has not counted the time."""
SHORTEST_WAIT_S = 0.05
"""A clock that somebody has stopped is not asked all the time."""


class TicketModel(StoreModel[Ticket]):
    """Items are `Ticket`s; the key is the order's id.

    It shows the lines of its stations and of those that these stand in for, and moves with time:
    a ticket comes when its first line is fired. Whoever shows a time that runs otherwise than the
    computer's calls `pass_time` when it has changed.
    """

    def __init__(
        self,
        store: Store,
        stations: frozenset[str] = frozenset(),
        parent: QObject | None = None,
        *,
        now: Callable[[], datetime] | None = None,
    ) -> None:
        """`stations`: the screen's own; all when empty. `now`: the time to go by; without it the
        time of every line has come."""
        self._own = stations
        self._stations = stations_seen(stations, store.rows("stations"))
        self._now = now
        self._sorted: Sort = "age"
        self._fires: dict[str, datetime] = {}  # when time alone changes a ticket next
        roles = {
            int(Qt.ItemDataRole.DisplayRole): lambda ticket: ticket.number,
            int(Qt.ItemDataRole.AccessibleTextRole): spoken,
        }
        super().__init__(
            store, lambda ticket: ticket.order_id, lambda ticket: ticket.sort_key, roles, parent
        )
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.pass_time)
        self._set_timer()

    @property
    def next_fire(self) -> datetime | None:
        """When time alone changes the board next; None when it does not."""
        return min(self._fires.values(), default=None)

    def set_sort(self, sort: Sort) -> None:
        """What comes first, after the rushes; the rows move to their new places."""
        if sort != self._sorted:
            self._sorted = sort
            self.sort_by(lambda ticket: ticket.place(sort))

    def pass_time(self) -> None:
        """Show what is to be made by now."""
        now = self._now() if self._now else None
        due = [key for key, at in self._fires.items() if now is not None and at <= now]
        before = {key: self.item(key) for key in due}
        found = {key: self._read(key) for key in due}
        self.remove(key for key, ticket in found.items() if ticket is None)
        self.upsert(ticket for ticket in found.values() if ticket is not None)
        # A ticket that was there already is the same one, but for what is to be made of it.
        self._tell_changed(key for key in due if before[key] and self.item(key) is before[key])
        self._set_timer()
        if due:
            self.caught_up.emit()

    # -- the store ------------------------------------------------------------------------

    def _touched(self, change_set: ChangeSet) -> Iterable[str] | None:
        return self._tickets_of(change_set)

    def _read(self, key: str) -> Ticket | None:
        now = self._now() if self._now else None
        self._fires.pop(key, None)
        if now is not None and (at := self._store.next_fire(key, self._stations, now)):
            self._fires[key] = at
        return self._store.ticket(key, self._stations, now)

    def _read_all(self) -> Iterable[Ticket]:
        self._stations = stations_seen(self._own, self._store.rows("stations"))
        self._fires.clear()
        return [ticket for key in self._store.rows("orders") if (ticket := self._read(key))]

    def _take(self, change_sets: Sequence[ChangeSet]) -> None:
        super()._take(change_sets)
        self._set_timer()

    def _set_timer(self) -> None:
        at = self.next_fire
        if at is None or self._now is None:
            self._timer.stop()
            return
        wait_s = (at - self._now()).total_seconds()
        self._timer.start(ceil(1000 * min(LONGEST_WAIT_S, max(SHORTEST_WAIT_S, wait_s))))


def spoken(ticket: Ticket) -> str:
    """The whole ticket as a screen reader says it."""
    head = [f"Order {ticket.number}", TYPE_NAMES[ticket.type]]
    if ticket.where:
        head.append(ticket.where)
    if ticket.vip:
        head.insert(0, "VIP")
    if ticket.rush:
        head.insert(0, "Rush")
    if ticket.state != "open":
        head.insert(0, {"void": "Voided", "closed": "Closed"}[ticket.state])
    if ticket.note:
        head.append(f"note: {ticket.note}")
    parts = [", ".join(head), *map(spoken_line, ticket.lines)]
    parts += [f"{ticket.coming} more from another station"] if ticket.coming else []
    parts += [f"{one.text} {one.answer or 'not answered yet'}" for one in ticket.questions]
    return ". ".join(parts)


def spoken_line(line: TicketLine) -> str:
    """`changed: 2 Hawaiian L, was 1, extra cheese, no onion, allergens milk, done`."""
    parts = [f"{line.qty} {line.name} {line.variant}".rstrip()]
    if line.covers:
        parts.append(f"for {' and '.join(line.covers)}")
    if line.flag == "qty" and line.was_qty is not None:
        parts.append(f"was {line.was_qty}")
    parts += line.added
    parts += [f"no {name}" for name in line.removed]
    if line.note:
        parts.append(line.note)
    if line.allergens:
        parts.append("allergens " + " ".join(line.allergens))
    if line.held and line.open:
        parts.append("hold")
    if line.state in _STATES:
        parts.append(_STATES[line.state])
    return _FLAGS[line.flag] + ", ".join(parts)
