"""What a played service proved: every tap against what the kitchen got. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


def percentile(values: Sequence[float], share: float) -> float | None:
    """The nearest-rank percentile (`share` from 0 to 1); None of nothing."""
    if not values:
        return None
    rank = math.ceil(round(share * len(values), 9))  # 0.95 * 100 is a little over 95
    return sorted(values)[max(rank, 1) - 1]


@dataclass
class Tally:
    """Taps at the tills and rows on the board, by order id; times in monotonic seconds."""

    taps: dict[str, float] = field(default_factory=dict)
    pieces: dict[str, int] = field(default_factory=dict)
    rows: dict[str, float] = field(default_factory=dict)

    def tapped(self, order_id: str, at: float, pieces: int) -> None:
        self.taps[order_id] = at
        self.pieces[order_id] = pieces

    def appeared(self, order_id: str, at: float) -> None:
        """A row for the order came up on the board; the first time counts."""
        self.rows.setdefault(order_id, at)

    @property
    def on_board(self) -> int:
        return len(self.taps.keys() & self.rows.keys())

    @property
    def complete(self) -> bool:
        return self.on_board == len(self.taps)

    def report(
        self, kitchen: Mapping[str, Mapping[str, Any]], checksum_equal: bool
    ) -> dict[str, Any]:
        """The figures of the service.

        `kitchen` is what the kitchen knows in the end: order id -> {"number", "pieces"}.
        Lost: tapped, and not on the board or short of pieces. Doubled: known to the kitchen but
        never tapped, with more pieces than were tapped, or under a number that is used twice.
        """
        short = {o for o, n in self.pieces.items() if kitchen.get(o, {}).get("pieces", 0) < n}
        lost = short | (self.taps.keys() - self.rows.keys())
        over = {o for o, known in kitchen.items() if known["pieces"] > self.pieces.get(o, 0)}
        numbers = [known["number"] for known in kitchen.values()]
        waits = [(self.rows[o] - at) * 1000 for o, at in self.taps.items() if o in self.rows]
        return {
            "orders_placed": len(self.taps),
            "orders_on_board": self.on_board,
            "lost": len(lost),
            "doubled": len(over) + len(numbers) - len(set(numbers)),
            "checksum_equal": checksum_equal,
            "latency_ms": {
                name: None if value is None else round(value, 2)
                for name, value in (
                    ("p50", percentile(waits, 0.50)),
                    ("p95", percentile(waits, 0.95)),
                    ("p99", percentile(waits, 0.99)),
                )
            },
        }
