"""What the kitchen wants of this till: answers to its questions, and ready orders fetched.

No Qt here. The rows say it all; what a person has waved away the session keeps. `changed` fires
when the lists differ, `rang` with each call that is new.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from kds.base.clock import to_iso
from kds.base.events import Event
from kds.domain.changes import ChangeSet
from kds.domain.orders import OrderView
from kds.domain.pickup import build_pickup
from kds.domain.rows import Row
from kds.domain.tickets import Question

if TYPE_CHECKING:
    from kds.session.session import Session


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that nobody has answered yet."""

    order_id: str
    number: str
    place: str
    question: Question

    @property
    def key(self) -> str:
        return self.question.id


@dataclass(frozen=True, slots=True)
class ReadyOrder:
    """An order of this till that waits for its guest, `since` then."""

    order_id: str
    number: str
    place: str
    since: datetime

    @property
    def mark(self) -> str:
        """Another one when it becomes ready again."""
        return f"ready {to_iso(self.since)}"

    @property
    def key(self) -> str:
        return f"{self.order_id} {self.mark}"


CallKind = Literal["question", "order_ready"]


class Calls:
    """The open calls to the till of `session`, the oldest first."""

    def __init__(self, session: Session, place: Callable[[OrderView], str]) -> None:
        self._session = session
        self._place = place
        self._asked: dict[str, tuple[Asked, ...]] = {}  # by order
        self._ready: dict[str, ReadyOrder] = {}
        self.changed: Event[None] = Event()
        self.rang: Event[CallKind] = Event()
        self.detach = session.store.changed.connect(self._follow)
        self._look(session.store.rows("orders"))

    @property
    def asked(self) -> tuple[Asked, ...]:
        every = (one for group in self._asked.values() for one in group)
        return tuple(sorted(every, key=lambda one: (one.question.asked_at, one.key)))

    @property
    def ready(self) -> tuple[ReadyOrder, ...]:
        """Those that nobody has waved away."""
        waved = self._session.waved
        left = (one for one in self._ready.values() if not waved.has(one.order_id, one.mark))
        return tuple(sorted(left, key=lambda one: (one.since, one.number)))

    def wave_away(self, one: ReadyOrder) -> None:
        """This till has heard of the ready order; others see it as before."""
        self._session.waved.add(one.order_id, [one.mark])
        self.changed.emit(None)

    # -- inside -----------------------------------------------------------------------------

    def _follow(self, change_set: ChangeSet) -> None:
        if change_set.initiator == "load" or change_set.of("branches"):
            touched = {*self._session.store.rows("orders"), *self._asked, *self._ready}
        else:
            touched = {change.pk for change in change_set.of("orders")}
        if not touched:
            return
        before = self._keys()
        self._look(touched)
        after = self._keys()
        if after == before:
            return
        self.changed.emit(None)
        if change_set.initiator != "load":
            for kind, keys in after.items():
                if keys - before[kind]:
                    self.rang.emit(kind)

    def _keys(self) -> dict[CallKind, frozenset[str]]:
        return {
            "question": frozenset(one.key for one in self.asked),
            "order_ready": frozenset(one.key for one in self.ready),
        }

    def _look(self, order_ids: Iterable[str]) -> None:
        for order_id in list(order_ids):
            self._asked.pop(order_id, None)
            self._ready.pop(order_id, None)
            if row := self._row(order_id):
                self._take(row)

    def _row(self, order_id: str) -> Row | None:
        """The order, while it is open and of this till."""
        row, device = self._session.store.row("orders", order_id), self._session.device
        mine = row is not None and device is not None and row["device_id"] == device.id
        return row if row is not None and mine and row["state"] == "open" else None

    def _take(self, row: Row) -> None:
        store = self._session.store
        order = store.order(row["id"])
        assert order is not None
        place = self._place(order)
        if order.to_answer:
            self._asked[order.id] = tuple(
                Asked(order.id, order.number, place, question) for question in order.to_answer
            )
        pickup = build_pickup(row, store.lines_of(order.id), store.branch)
        if pickup is not None and pickup.ready:
            self._ready[order.id] = ReadyOrder(order.id, order.number, place, pickup.since)
