"""How long a new order will take: what its stations needed when they were as busy as now. Pure.

A station's own history at its load of the moment counts; where there is too little of it, that at
the nearest load. A station without history is judged by what the menu says its dishes take.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

BUCKETS: Final = (0, 5, 10, 20)
"""The least number of dishes that wait at a station, for each of its loads."""
ENOUGH: Final = 10
"""Fewer dishes than these say nothing."""
AT_ONCE: Final = 4
"""How many dishes a station that we know nothing of has in hand at a time."""
SLOW: Final = 1.5
"""One dish in ten takes so many times as long as the menu says, or more."""

Basis = Literal["history", "menu"]


@dataclass(frozen=True, slots=True)
class Quote:
    """How long an order takes now, in whole seconds: usually, and in nine of ten cases.

    `basis`: "menu" when any part of it is not from the kitchen's own history.
    """

    likely_s: int
    most_s: int
    basis: Basis = "history"


@dataclass(frozen=True, slots=True)
class Pace:
    """What `n` dishes took at a station under some load."""

    n: int
    median_s: int
    p90_s: int


@dataclass(frozen=True, slots=True)
class Dish:
    """A line to be made: `(station, stage)` of each of its stops, and what the menu says it
    takes, 0 when it does not."""

    stops: tuple[tuple[str, int], ...]
    prep_s: int = 0


@dataclass(frozen=True, slots=True)
class Busy:
    """What waits at a station now: how many dishes, and what the menu says they all take."""

    open: int = 0
    prep_s: int = 0


@dataclass(frozen=True, slots=True)
class History:
    """What the stations needed in the last weeks. Station -> load (of `BUCKETS`) -> pace."""

    paces: Mapping[str, Mapping[int, Pace]]

    def pace(self, station_id: str, waiting: int) -> Pace | None:
        """The station's at this load, or at the nearest of which it has enough; the busier of
        two that are as near. None when it has enough of none."""
        here = bucket_of(waiting)
        known = [
            (abs(BUCKETS.index(load) - here), -load, pace)
            for load, pace in self.paces.get(station_id, {}).items()
            if load in BUCKETS and pace.n >= ENOUGH
        ]
        return min(known, key=lambda one: one[:2])[2] if known else None


NO_HISTORY: Final = History({})


def bucket_of(waiting: int) -> int:
    """The place in `BUCKETS` of a station at which so many dishes wait."""
    return max(place for place, least in enumerate(BUCKETS) if waiting >= least)


def quote(dishes: Sequence[Dish], busy: Mapping[str, Busy], history: History) -> Quote | None:
    """How long these dishes take when the stations are as `busy` as this.

    The longest dish counts; its stages follow one another, so they add up, and so do their nine of
    ten: that is on the safe side. A dish that nobody can tell anything of is left out; None when
    that are all.
    """
    found = [one for dish in dishes if (one := _dish(dish, busy, history)) is not None]
    if not found:
        return None
    guessed = any(one.basis == "menu" for one in found)
    return Quote(
        max(one.likely_s for one in found),
        max(one.most_s for one in found),
        "menu" if guessed else "history",
    )


def _dish(dish: Dish, busy: Mapping[str, Busy], history: History) -> Quote | None:
    """The slowest stop of every stage, one stage after the other."""
    stages: dict[int, list[Quote]] = defaultdict(list)
    for station_id, stage in dish.stops:
        here = busy.get(station_id, Busy())
        if one := _stop(station_id, dish.prep_s, here, history):
            stages[stage].append(one)
    return _sum(stages.values()) if stages else None


def _stop(station_id: str, prep_s: int, busy: Busy, history: History) -> Quote | None:
    pace = history.pace(station_id, busy.open)
    if pace is not None:
        return Quote(pace.median_s, pace.p90_s)
    if not prep_s:
        return None
    likely_s = prep_s + busy.prep_s // AT_ONCE
    return Quote(likely_s, round(likely_s * SLOW), "menu")


def _sum(stages: Iterable[Sequence[Quote]]) -> Quote:
    likely_s = most_s = 0
    basis: Basis = "history"
    for stops in stages:
        likely_s += max(stop.likely_s for stop in stops)
        most_s += max(stop.most_s for stop in stops)
        if any(stop.basis == "menu" for stop in stops):
            basis = "menu"
    return Quote(likely_s, most_s, basis)


def promise_s(quote: Quote) -> int:
    """What to promise: the most that it takes, up to the next five minutes. Seconds."""
    return -(-quote.most_s // 300) * 300
