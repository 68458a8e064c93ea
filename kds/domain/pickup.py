"""What guests read while they wait: which orders are being made, and which are ready. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from kds.base.clock import from_iso
from kds.domain.rows import OrderType, Row

SHOWN_S = 8.0
"""How long the newest ready number stands alone, large."""
HURRIED_S = 3.0
"""How long when others are ready already."""


@dataclass(frozen=True, slots=True)
class Pickup:
    """An order on the guests' board. `since`: placed then, or ready for the guest since then."""

    order_id: str
    number: str
    type: OrderType
    ready: bool
    since: datetime

    @property
    def sort_key(self) -> tuple[bool, float, str]:
        """Those in the making oldest first, then the ready ones newest first."""
        at = self.since.timestamp()
        return (self.ready, -at if self.ready else at, self.number)


def build_pickup(order: Row, lines: Iterable[Row], branch: Row | None) -> Pickup | None:
    """The order as its guest sees it; None when it is handed over, closed, void or empty."""
    if order["state"] != "open" or order.get("handed_at"):
        return None
    if all(line["state"] == "void" for line in lines):
        return None
    two_stages = int((branch or {}).get("expo_stages", 1)) > 1
    ready_at = order["ready_at"]
    if two_stages:
        ready_at = ready_at and order.get("assembled_at")
    return Pickup(
        order["id"],
        order["number"],
        order["type"],
        ready_at is not None,
        from_iso(ready_at or order["placed_at"]),
    )


class Spotlight:
    """Which number stands alone on the board, one after the other. Pure: `now` is passed in."""

    def __init__(self) -> None:
        self._waiting: deque[str] = deque()
        self._until: datetime | None = None
        self.number = ""
        """The number that is shown now, or ""."""

    def call(self, number: str, now: datetime) -> None:
        """The order has become ready."""
        if number not in self._waiting:
            self._waiting.append(number)
        self.look(now)

    def take_back(self, number: str, now: datetime) -> None:
        """It is not ready after all, or it is gone."""
        if number in self._waiting:
            self._waiting.remove(number)
        if number == self.number:
            self._until = now
        self.look(now)

    def look(self, now: datetime) -> None:
        """Let the next one step forward when the time of the one in front is over."""
        if self._until is not None and now >= self._until:
            self.number, self._until = "", None
        if self._until is None and self._waiting:
            self.number = self._waiting.popleft()
            length = HURRIED_S if self._waiting else SHOWN_S
            self._until = now + timedelta(seconds=length)

    @property
    def called(self) -> tuple[str, ...]:
        """The one in front, and those that wait to be."""
        return (*filter(None, (self.number,)), *self._waiting)

    @property
    def wake_at(self) -> datetime | None:
        """When to look again; None while nobody is in front."""
        return self._until
