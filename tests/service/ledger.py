"""What stood on which board, from when to when, set against where it had to be. Pure.

Times are monotonic seconds. A *stop* is a line at a station that has to make it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from math import inf
from typing import Any

from kds.app.tally import percentile

Stop = tuple[str, str]
"""The ids of a line and of a station."""


@dataclass(slots=True)
class Stay:
    """A line stood on a board that showed `stations`; `end` is None while it does."""

    stations: frozenset[str]
    begin: float
    end: float | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """A line as it was sent: of which order, when, and station -> stage."""

    order_id: str
    at: float
    route: Mapping[str, int]

    def before(self, station: str) -> Iterator[str]:
        """The stations that come earlier."""
        return (one for one, stage in self.route.items() if stage < self.route[station])


@dataclass
class Ledger:
    """Boards and people tell it what happens, in any order; `report` makes sense of it."""

    sent: dict[str, Sent] = field(default_factory=dict)
    stays: dict[str, list[Stay]] = field(default_factory=lambda: defaultdict(list))
    bumps: dict[Stop, float] = field(default_factory=dict)
    handed: set[str] = field(default_factory=set)
    _shown: dict[str, dict[str, Stay]] = field(default_factory=lambda: defaultdict(dict))

    def send(self, line_id: str, order_id: str, at: float, route: Mapping[str, int]) -> None:
        self.sent[line_id] = Sent(order_id, at, route)

    def show(
        self, board: str, line_ids: Collection[str], stations: frozenset[str], at: float
    ) -> None:
        """These lines are to be made now, as `board` shows it, which stands for `stations`."""
        here = self._shown[board]
        for gone in here.keys() - set(line_ids):
            here.pop(gone).end = at
        for new in set(line_ids) - here.keys():
            here[new] = Stay(stations, at)
            self.stays[new].append(here[new])

    def bump(self, line_ids: Collection[str], stations: frozenset[str], at: float) -> None:
        """A finger bumped them, at a board that stands for `stations`; the first time counts."""
        for line_id in line_ids:
            for station in stations:
                self.bumps.setdefault((line_id, station), at)

    def hand_over(self, order_id: str) -> None:
        self.handed.add(order_id)

    # -- what it comes to -----------------------------------------------------------------

    def report(self) -> dict[str, Any]:
        """Stops that nobody bumped off a board are `missed`, those where a line came again after
        it had left `twice`. `out_of_turn`: a line came to a station before an earlier one had
        bumped it. `astray`: a line came to a board that had nothing to do with it.

        `latency_ms`: from the tap that made a line a station's turn to its standing there.
        """
        stops = list(self._stops())
        passed = [stop for stop in stops if stop in self.bumps and self._ends(stop)]
        stations = sorted({station for _, station in stops})
        return {
            "orders": len({sent.order_id for sent in self.sent.values()}),
            "lines": len(self.sent),
            "stops_expected": len(stops),
            "stops_passed": len(passed),
            "missed": len(stops) - len(passed),
            "twice": sum(map(self._twice, stops)),
            "out_of_turn": sum(map(self._out_of_turn, stops)),
            "astray": self._astray(),
            "handed_over": len(self.handed),
            "latency_ms": {station: self._latency(station) for station in stations},
        }

    def _stops(self) -> Iterator[Stop]:
        return ((line_id, key) for line_id, sent in self.sent.items() for key in sent.route)

    def _stays(self, stop: Stop) -> list[Stay]:
        line_id, station = stop
        return [stay for stay in self.stays.get(line_id, ()) if station in self._why(line_id, stay)]

    def _why(self, line_id: str, stay: Stay) -> set[str]:
        """The stations that a line stood there for: a stand-in has bumped its own part already."""
        mine = stay.stations & self.sent[line_id].route.keys()
        undone = {one for one in mine if self.bumps.get((line_id, one), inf) > stay.begin}
        return undone or set(mine)

    def _ends(self, stop: Stop) -> list[float]:
        return [stay.end for stay in self._stays(stop) if stay.end is not None]

    def _twice(self, stop: Stop) -> bool:
        """It left a board a second time, or has come again after it had left one."""
        ends = self._ends(stop)
        return len(ends) > 1 or any(stay.begin >= end for stay in self._stays(stop) for end in ends)

    def _turn(self, stop: Stop) -> float | None:
        """When the stop's turn came; None when an earlier station never bumped the line."""
        line_id, station = stop
        sent = self.sent[line_id]
        earlier = [self.bumps.get((line_id, one)) for one in sent.before(station)]
        known = [at for at in earlier if at is not None]
        return max((sent.at, *known)) if len(known) == len(earlier) else None

    def _out_of_turn(self, stop: Stop) -> bool:
        stays, turn = self._stays(stop), self._turn(stop)
        return bool(stays) and (turn is None or min(stay.begin for stay in stays) < turn)

    def _astray(self) -> int:
        return sum(
            line_id not in self.sent or not stay.stations & self.sent[line_id].route.keys()
            for line_id, stays in self.stays.items()
            for stay in stays
        )

    def _latency(self, station: str) -> dict[str, float | None]:
        waits = []
        for stop in self._stops():
            stays, turn = self._stays(stop), self._turn(stop)
            if stop[1] == station and stays and turn is not None:
                waits.append(1000 * (min(stay.begin for stay in stays) - turn))
        shares = {"p50": 0.5, "p95": 0.95}
        found = {name: percentile(waits, share) for name, share in shares.items()}
        return {name: None if at is None else round(at, 1) for name, at in found.items()}
