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

    @property
    def missed(self) -> bool:
        """The budget is not kept."""
        if self.budget is None:
            return False
        return self.value > self.budget if self.better == "lower" else self.value < self.budget

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
    """The figures as text, one a line; a missed budget is marked."""
    rows = [("", "value", "unit", "floor", "ratio", "budget", "")]
    rows += [
        (
            figure.name,
            _number(figure.value),
            figure.unit,
            _number(figure.floor),
            _number(figure.ratio),
            "" if figure.budget is None else f"{figure.budget:g}",
            "MISSED" if figure.missed else "",
        )
        for figure in figures
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(7)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column in (0, 2, 6) else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"
