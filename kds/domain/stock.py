"""Stock as a manager reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kds.domain.rows import Row

StockLevel = Literal["ok", "low", "out"]


@dataclass(frozen=True, slots=True)
class StockView:
    """One stock item; `level`, `low_level` and `par_level` in whole `unit`s."""

    id: str
    name: str
    unit: str
    level: int
    low_level: int
    par_level: int

    @property
    def status(self) -> StockLevel:
        if self.level <= 0:
            return "out"
        return "low" if self.level <= self.low_level else "ok"

    @property
    def fill(self) -> float:
        """Level over par level, 0.0 to 1.0."""
        return min(1.0, max(0.0, self.level / self.par_level)) if self.par_level > 0 else 0.0


def build_stock(row: Row) -> StockView:
    return StockView(
        row["id"], row["name"], row["unit"], row["level"], row["low_level"], row["par_level"]
    )
