"""Where a service jammed: how much each station had to make, and how much of it was late. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from kds.domain.replay.timeline import Timeline
from kds.domain.routing import due_at, stops_of
from kds.domain.rows import Row

MOST_STEPS: Final = 1500
_STEPS_S: Final = (1, 5, 15, 60, 300, 900, 3600)
_LATE_AFTER_S: Final = 480


@dataclass(frozen=True, slots=True)
class Jam:
    """Lines to be made at the end of each step of `step_s` seconds from `start` on.

    `open` and `late` have one count a step for every station that ever had a line; a line counts
    at each station that has it now, from the moment that it is its turn. `late` ones are among
    the open.
    """

    start: datetime
    step_s: int
    steps: int
    open: Mapping[str, tuple[int, ...]]
    late: Mapping[str, tuple[int, ...]]

    def at(self, stations: frozenset[str]) -> tuple[tuple[int, int], ...]:
        """`(open, late)` of each step at some stations, all when empty."""
        chosen = [key for key in self.open if not stations or key in stations]
        return tuple(
            (sum(self.open[key][n] for key in chosen), sum(self.late[key][n] for key in chosen))
            for n in range(self.steps)
        )


@dataclass(frozen=True, slots=True)
class _Work:
    """A line at a station whose turn it is."""

    station_id: str
    since: datetime
    late_at: datetime


def step_for(length_s: float) -> int:
    """A minute for a day's service; less for a short one, so that there is a shape to see."""
    fine = (step for step in _STEPS_S if length_s / step <= MOST_STEPS)
    return next(fine, _STEPS_S[-1])


def jam_of(timeline: Timeline, step_s: int | None = None) -> Jam:
    """The load of every station through the service."""
    length = (timeline.end - timeline.start).total_seconds()
    step = timedelta(seconds=step_s or step_for(length))
    works: dict[str, tuple[_Work, ...]] = {}
    opens: list[Counter[str]] = []
    lates: list[Counter[str]] = []
    for instant, place, before in _steps(timeline, step):
        for pk in _touched(timeline, before, place):
            works[pk] = tuple(_works(timeline, pk, place))
            if not works[pk]:
                del works[pk]
        now = [work for line in works.values() for work in line if work.since <= instant]
        opens.append(Counter(work.station_id for work in now))
        lates.append(Counter(work.station_id for work in now if work.late_at <= instant))
    stations = sorted(set().union(*opens))
    return Jam(
        timeline.start,
        round(step.total_seconds()),
        len(opens),
        {key: tuple(counts[key] for counts in opens) for key in stations},
        {key: tuple(counts[key] for counts in lates) for key in stations},
    )


def _steps(timeline: Timeline, step: timedelta) -> Iterator[tuple[datetime, int, int | None]]:
    """The end of each step, the place reached there, and the place before (None at first)."""
    before: int | None = None
    instant = timeline.start
    while instant < timeline.end:
        instant = min(instant + step, timeline.end)
        place = timeline.place_at(instant)
        yield instant, place, before
        before = place


def _touched(timeline: Timeline, before: int | None, place: int) -> set[str]:
    """The lines that may have other work than before."""
    if before is None:
        return set(timeline.tables_at(place).get("order_lines", ()))
    found: set[str] = set()
    for moment in timeline.moments[before:place]:
        found.update(one.pk for one in moment.changes if one.table == "order_lines")
    return found


def _works(timeline: Timeline, pk: str, place: int) -> Iterator[_Work]:
    line = timeline.row("order_lines", pk, place)
    if line is None or line["state"] not in ("sent", "started") or line.get("held"):
        return
    for stop in stops_of(line):
        if stop.open and stop.due:
            since = due_at(line, stop)
            patience = timedelta(seconds=_patience_s(timeline, line, stop.station_id, place))
            yield _Work(stop.station_id, since, since + patience)


def _patience_s(timeline: Timeline, line: Row, station_id: str, place: int) -> int:
    """The item's own limit, else the station's; the order type's when that is stricter."""
    item = timeline.row("menu_items", line["item_id"], place) or {}
    station = timeline.row("stations", station_id, place) or {}
    order = timeline.row("orders", line["order_id"], place) or {}
    branch = timeline.row("branches", line["branch_id"], place) or {}
    own = item.get("late_after_s") or station.get("late_after_s") or _LATE_AFTER_S
    of_type = branch.get("type_ages", {}).get(order.get("type"))
    return min(own, of_type[1]) if of_type else int(own)


def worst(jam: Jam, stations: frozenset[str]) -> tuple[datetime, int, int] | None:
    """When the most lines were late, and how many of how many; None when none ever was."""
    load = jam.at(stations)
    step = max(range(len(load)), key=lambda n: (load[n][1], load[n][0]), default=None)
    if step is None or not load[step][1]:
        return None
    opened, late = load[step]
    return jam.start + timedelta(seconds=jam.step_s * (step + 1)), late, opened
