"""The numbers that a terminal gives its orders: `A-001`, `A-002`, ... on each business day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kds.domain.rows import Row
from kds.session.device import Device
from kds.sync.settings import Settings

_KEPT_AS = "counter:orders"


class OrderNumbers:
    """A number becomes durable with the order it is for: `to_keep` goes to the disk with that."""

    def __init__(self, settings: Callable[[], Settings], now: Callable[[], datetime]) -> None:
        self._settings, self._now = settings, now
        self._counter: dict[str, Any] = {}  # of today: {"day", "value"}

    async def next(self, device: Device, branch: Row | None) -> str:
        """The number of the order that is about to be placed."""
        if not self._counter:
            self._counter = await self._settings().get(_KEPT_AS) or {"day": "", "value": 0}
        day = business_day(self._now(), branch)
        value = self._counter["value"] + 1 if self._counter["day"] == day else 1
        self._counter = {"day": day, "value": value}
        return order_number(device.letter, value)

    @property
    def to_keep(self) -> dict[str, Any]:
        """Settings (key -> value) as of the latest number."""
        return {_KEPT_AS: self._counter}


def order_number(letter: str, count: int) -> str:
    """`"A", 17` -> `A-017`."""
    return f"{letter}-{count:03d}"


def business_day(now: datetime, branch: Row | None) -> str:
    """The date on the wall of the branch, `2026-11-21`; in UTC while its zone is unknown."""
    zone = branch["timezone"] if branch else "UTC"
    try:
        return now.astimezone(ZoneInfo(zone)).date().isoformat()
    except (ZoneInfoNotFoundError, ValueError):
        return now.date().isoformat()
