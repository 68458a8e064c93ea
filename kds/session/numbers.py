"""The numbers that a terminal gives its orders: `A-001`, `A-002`, ... on each business day."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kds.base.clock import from_iso
from kds.domain.rows import Row
from kds.session.device import Device
from kds.sync.settings import Settings
from kds.sync.shapes import text, whole

_KEPT_AS = "counter:orders"


class OrderNumbers:
    """A number becomes durable with the order it is for: `to_keep` goes to the disk with that."""

    def __init__(self, settings: Callable[[], Settings], now: Callable[[], datetime]) -> None:
        self._settings, self._now = settings, now
        self._counter: dict[str, Any] = {}  # of today: {"day", "value"}

    async def next(self, device: Device, branch: Row | None, orders: Iterable[Row]) -> str:
        """The number of the order that is about to be placed. `orders`: those that are known."""
        kept = self._counter or await self._settings().get(_KEPT_AS, _counter)
        day = business_day(self._now(), branch)
        if not self._counter:  # nobody else was faster
            first: dict[str, Any] = {
                "day": day,
                "value": last_number(device.letter, day, branch, orders),
            }
            self._counter = kept or first
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


def last_number(letter: str, day: str, branch: Row | None, orders: Iterable[Row]) -> int:
    """The count of the latest order of this letter and day; 0 when there is none."""
    counts = (
        int(count)
        for order in orders
        for mine, _, count in (order["number"].partition("-"),)
        if mine == letter
        and count.isdecimal()
        and business_day(from_iso(order["placed_at"]), branch) == day
    )
    return max(counts, default=0)


def _counter(kept: Any) -> dict[str, Any]:
    return {"day": text(kept["day"]), "value": whole(kept["value"])}


def business_day(now: datetime, branch: Row | None) -> str:
    """The date on the wall of the branch, `2026-11-21`; in UTC while its zone is unknown."""
    zone = branch["timezone"] if branch else "UTC"
    try:
        return now.astimezone(ZoneInfo(zone)).date().isoformat()
    except (ZoneInfoNotFoundError, ValueError):
        return now.date().isoformat()
