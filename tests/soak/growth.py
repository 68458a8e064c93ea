"""Flat or growing: the verdict on a series of samples. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

PER = 100_000
"""Slopes are told per so many events."""
WARM_UP = 0.25
"""The first quarter of the samples fills caches and pools."""
RSS_MB = "rss_mb"
RSS_LIMIT_MB = 5.0
TOLERANCE = 1.01


@dataclass(frozen=True, slots=True)
class Sample:
    """What the process held after `events`."""

    events: int
    values: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Trend:
    """One value over the whole run. `slope` per `PER` events, after the warm-up."""

    name: str
    first: float
    last: float
    slope: float
    grows: bool


def trends(samples: Sequence[Sample]) -> list[Trend]:
    """The trend of every value.

    Memory grows when its slope is above `RSS_LIMIT_MB`. A count grows when it is higher all
    through the last third than it ever was in the first: a leak only ever goes up, and what
    merely goes up and down overlaps.
    """
    warm = samples[int(len(samples) * WARM_UP) :]
    events = [sample.events for sample in warm]
    found = []
    for name in samples[0].values:
        series = [sample.values[name] for sample in warm]
        slope = slope_of(events, series) * PER
        grows = slope > RSS_LIMIT_MB if name == RSS_MB else rises(series)
        found.append(Trend(name, series[0], series[-1], slope, grows))
    return found


def slope_of(xs: Sequence[float], ys: Sequence[float]) -> float:
    """The slope of the straight line that is nearest to the points (least squares)."""
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    spread = sum((x - mean_x) ** 2 for x in xs)
    if not spread:
        return 0.0
    return sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True)) / spread


def rises(series: Sequence[float]) -> bool:
    """Whether all of the last third lies above all of the first."""
    third = len(series) // 3
    return bool(third) and min(series[-third:]) > max(series[:third]) * TOLERANCE


def table(found: Sequence[Trend]) -> str:
    """The trends as text, one a line."""
    width = max(len(trend.name) for trend in found)
    lines = [f"{'':{width}}  after warm-up     at the end  per {PER:,} events"]
    for trend in found:
        verdict = "GROWS" if trend.grows else "flat"
        lines.append(
            f"{trend.name:{width}}  {trend.first:13,.1f}  {trend.last:13,.1f}"
            f"  {trend.slope:+18,.2f}  {verdict}"
        )
    return "\n".join(lines)
