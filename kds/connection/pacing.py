"""Two small pure buffers: presence calls that must stay rare, broadcasts that must stay few."""

from __future__ import annotations

from collections import deque
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Pacer(Generic[T]):
    """Lets a value through at most `limit` times in any `window` seconds; the newest wins."""

    def __init__(self, limit: int, window: float) -> None:
        self._sent: deque[float] = deque(maxlen=limit)
        self._window = window
        self._pending: T | None = None

    def offer(self, value: T) -> None:
        """`value` is what has to go out next; whatever was waiting is overtaken."""
        self._pending = value

    def take(self, now: float) -> T | None:
        """The value to send now, which counts as sent; None when none waits or it is too early."""
        if self._pending is None or now < self._free_at:
            return None
        value, self._pending = self._pending, None
        self._sent.append(now)
        return value

    @property
    def wake_at(self) -> float | None:
        """When the waiting value may go; None when none waits."""
        return None if self._pending is None else self._free_at

    @property
    def _free_at(self) -> float:
        full = len(self._sent) == self._sent.maxlen
        return self._sent[0] + self._window if full else float("-inf")


class Backlog:
    """Broadcasts kept while the channel is off the air: the newest `limit`, one per key."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._items: dict[object, tuple[str, dict[str, Any]]] = {}

    def put(self, event: str, payload: dict[str, Any], key: str | None = None) -> None:
        """Keep a broadcast; one of the same event and key is replaced and goes to the end."""
        slot: object = object() if key is None else (event, key)
        self._items.pop(slot, None)
        self._items[slot] = (event, payload)
        if len(self._items) > self._limit:
            del self._items[next(iter(self._items))]

    def drain(self) -> list[tuple[str, dict[str, Any]]]:
        """Everything kept, oldest first; the backlog is empty afterwards."""
        items = list(self._items.values())
        self._items.clear()
        return items
