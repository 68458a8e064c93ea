"""A measured figure, the floor it stands beside, and the table of all of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from kds.app.tally import percentile


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` in `unit`; `floor` is the same work without us, `budget` what we allow ourselves."""

    name: str
    value: float
    unit: str
    floor: float | None = None
    budget: float | None = None
    better: Literal["lower", "higher"] = "lower"

    @property
    def ratio(self) -> float | None:
        return self.value / self.floor if self.floor else None

    def to_json(self) -> dict[str, Any]:
        return {
            "value": self.value,
            "unit": self.unit,
            "better": self.better,
            "floor": self.floor,
            "ratio": self.ratio,
            "budget": self.budget,
        }


def spread(
    name: str,
    values: Sequence[float],
    floors: Sequence[float],
    budgets: dict[str, float] | None = None,
) -> list[Figure]:
    """p50, p95 and p99 in ms of the same thing with us and without."""
    return [
        Figure(
            f"{name} {label}",
            percentile(values, share) or 0.0,
            "ms",
            percentile(floors, share),
            (budgets or {}).get(label),
        )
        for label, share in (("p50", 0.50), ("p95", 0.95), ("p99", 0.99))
    ]


def table(figures: Iterable[Figure]) -> str:
    """The figures as text, one a line."""
    rows = [("", "value", "floor", "ratio", "budget", "")]
    for figure in figures:
        rows.append(
            (
                figure.name,
                f"{figure.value:.2f}",
                "" if figure.floor is None else f"{figure.floor:.2f}",
                "" if figure.ratio is None else f"{figure.ratio:.2f}",
                "" if figure.budget is None else f"{figure.budget:g}",
                figure.unit,
            )
        )
    widths = [max(len(row[column]) for row in rows) for column in range(6)]
    return "\n".join(
        row[0].ljust(widths[0]) + "".join(f"  {row[c].rjust(widths[c])}" for c in range(1, 6))
        for row in rows
    )
