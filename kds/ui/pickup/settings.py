"""What the guests' board shows, as somebody has set it up. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, get_args

from kds.domain.rows import OrderType

KEPT_AS = "pickup"
"""The key among the settings of a session."""
EVERY_TYPE: frozenset[OrderType] = frozenset(get_args(OrderType))


READY_MIN = 30


@dataclass(frozen=True, slots=True)
class PickupSettings:
    """`types`: whose orders are shown. `ready_min`: how long a ready number stays, in minutes;
    nobody wants to read of the orders that were forgotten."""

    types: frozenset[OrderType] = EVERY_TYPE
    ready_min: int = READY_MIN

    def to_json(self) -> dict[str, Any]:
        return {"types": sorted(self.types), "ready_min": self.ready_min}

    @classmethod
    def from_json(cls, kept: Any) -> PickupSettings:
        """What was kept; the default for whatever is missing, unknown or broken."""
        if not isinstance(kept, dict):
            return cls()
        named, minutes = kept.get("types"), kept.get("ready_min", READY_MIN)
        known = frozenset(one for one in EVERY_TYPE if isinstance(named, list) and one in named)
        fits = type(minutes) is int and minutes > 0
        return cls(known or EVERY_TYPE, int(minutes) if fits else READY_MIN)
