"""A branch's channel of which a test says what comes over it."""

from __future__ import annotations

from typing import Any

from kds.base.events import Event
from kds.domain.painted import CLOSED, PAINTED, Painted


class Air:
    """As much of a `Channel` as announcements need. `sent` went out over it; `closed`: goodbyes."""

    def __init__(self, state: str = "joined") -> None:
        self.state = state
        self.status: Event[str] = Event()
        self.presence: Event[dict[str, Any]] = Event()
        self.broadcasts: Event[dict[str, Any]] = Event()
        self.goodbyes: Event[dict[str, Any]] = Event()
        self.sent: list[dict[str, Any]] = []
        self.closed: list[dict[str, Any]] = []

    def on_broadcast(self, event: str, listener: Any) -> Any:
        return {PAINTED: self.broadcasts, CLOSED: self.goodbyes}[event].connect(listener)

    async def broadcast(self, event: str, payload: dict[str, Any], *, key: str) -> None:
        assert key == PAINTED
        {PAINTED: self.sent, CLOSED: self.closed}[event].append(payload)

    def become(self, state: str) -> None:
        self.state = state
        self.status.emit(state)

    def say(self, painted: Painted) -> None:
        self.broadcasts.emit(painted.to_payload())

    def close(self, device_id: str) -> None:
        self.goodbyes.emit({"device_id": device_id})
