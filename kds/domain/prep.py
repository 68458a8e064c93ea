"""How long the kitchen takes: dishes that were made, summed up by whatever one asks for. Pure.

A dish's time at a station runs from when its turn came there (sent, fired, and made by those
before) to its bump. Percentiles are interpolated as PostgreSQL's `percentile_cont` does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from math import ceil, floor
from typing import Literal

from kds.domain.rows import OrderType, Row
from kds.domain.tickets import LATE_AFTER_S

By = Literal["item", "station", "hour", "cook"]
Span = Literal["today", "yesterday", "week", "month"]
"""Days by the branch's calendar up to today: one, the one before, 7, 28."""

NOBODY = "Nobody signed"
_DAYS: Mapping[Span, tuple[int, int]] = {
    "today": (0, 0),
    "yesterday": (1, 1),
    "week": (6, 0),
    "month": (27, 0),
}


@dataclass(frozen=True, slots=True)
class Made:
    """A dish that was made at one station; one that several make is told once for each."""

    line_id: str
    item_id: str
    name: str
    variant: str
    qty: int
    station_id: str
    order_type: OrderType
    course: int
    made_by: str
    number: str
    due_at: datetime
    started_at: datetime | None
    ready_at: datetime
    placed_at: datetime
    order_ready_at: datetime | None
    handed_at: datetime | None

    @property
    def took_s(self) -> int:
        """Whole seconds; never negative, whatever the clocks said."""
        return max(0, round((self.ready_at - self.due_at) / timedelta(seconds=1)))


@dataclass(frozen=True, slots=True)
class Timing:
    """The dishes of one item, station, hour or cook: seconds, and how many were late."""

    key: str
    name: str
    n: int
    median_s: int
    p90_s: int
    late: int

    @property
    def late_share(self) -> float:
        """0.0 to 1.0."""
        return self.late / self.n if self.n else 0.0


@dataclass(frozen=True, slots=True)
class House:
    """What the branch says of itself: its stations and its menu by id, and its clock."""

    stations: Mapping[str, Row]
    menu: Mapping[str, Row]
    zone: tzinfo

    def late_after_s(self, made: Made) -> int:
        """From when on the dish was late: its item's limit, else that of its station."""
        of_item = self.menu.get(made.item_id, {}).get("late_after_s")
        if of_item is not None:
            return int(of_item)
        return int(self.stations.get(made.station_id, {}).get("late_after_s", LATE_AFTER_S))

    def is_late(self, made: Made) -> bool:
        return made.took_s >= self.late_after_s(made)

    def station_name(self, station_id: str) -> str:
        """As it is called now; its id when it is gone."""
        return str(self.stations.get(station_id, {}).get("name", station_id))

    def group(self, made: Made, by: By) -> tuple[str, str]:
        """The key and the name of what the dish is summed up under."""
        match by:
            case "item":
                return made.item_id, made.name
            case "station":
                return made.station_id, self.station_name(made.station_id)
            case "cook":
                return made.made_by, made.made_by or NOBODY
            case "hour":
                hour = f"{made.due_at.astimezone(self.zone):%H}"
                return hour, f"{hour}:00"


def percentile(ordered: Sequence[float], share: float) -> float:
    """The value below which `share` (0.0 to 1.0) of these sorted values lie, interpolated."""
    if not ordered:
        raise ValueError("there is no percentile of nothing")
    place = (len(ordered) - 1) * share
    low, high = floor(place), ceil(place)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def timing(key: str, name: str, made: Iterable[Made], house: House) -> Timing | None:
    """The figures of these dishes; None when there are none."""
    dishes = list(made)
    if not dishes:
        return None
    times = sorted(dish.took_s for dish in dishes)
    return Timing(
        key,
        name,
        len(times),
        round(percentile(times, 0.5)),
        round(percentile(times, 0.9)),
        sum(map(house.is_late, dishes)),
    )


def timings(made: Iterable[Made], by: By, house: House) -> tuple[Timing, ...]:
    """The figures by item, station, hour of the day or cook; in the order of their names.

    The name of a group is that of its last dish: an item may be called differently since.
    """
    groups: dict[str, list[Made]] = defaultdict(list)
    names: dict[str, str] = {}
    for dish in made:
        key, names[key] = house.group(dish, by)
        groups[key].append(dish)
    found = (timing(key, names[key], dishes, house) for key, dishes in groups.items())
    return tuple(sorted(filter(None, found), key=lambda one: (one.name.casefold(), one.key)))


def matches(one: Timing, search: str) -> bool:
    """Whether its name has every word of `search`."""
    name = one.name.casefold()
    return all(word in name for word in search.casefold().split())


@dataclass(frozen=True, slots=True)
class Report:
    """The dishes of some days, summed up in every way. `total` is None when there are none."""

    made: tuple[Made, ...]
    house: House
    total: Timing | None
    by: Mapping[By, tuple[Timing, ...]]

    @classmethod
    def of(cls, made: Sequence[Made], house: House) -> Report:
        ways: tuple[By, ...] = ("item", "station", "hour", "cook")
        by = {way: timings(made, way, house) for way in ways}
        return cls(tuple(made), house, timing("", "", made, house), by)


# -- ranges of days ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Days:
    """From the first to the last day, both included."""

    first: date
    last: date

    @classmethod
    def of(cls, span: Span, today: date) -> Days:
        back, until = _DAYS[span]
        return cls(today - timedelta(days=back), today - timedelta(days=until))

    def bounds(self, zone: tzinfo) -> tuple[datetime, datetime]:
        """From midnight until before a midnight, on the clock of `zone`."""
        after = self.last + timedelta(days=1)
        return datetime.combine(self.first, time(), zone), datetime.combine(after, time(), zone)

    def beginning(self, first: date) -> Days:
        """From another first day; the last one follows when it would be before."""
        return Days(first, max(first, self.last))

    def ending(self, last: date) -> Days:
        """Until another last day; the first one follows when it would be after."""
        return Days(min(self.first, last), last)
