"""Which stations have lost their screen, and who can stand in for them. Pure.

A station is *dark* when every screen of its own has been silent for `silent` seconds, after at
least one of them was heard, and while we can hear. A screen that stands in for a station also
names it in its announcements: it is no screen of its own and cannot bring it back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from kds.domain.painted import Painted
from kds.domain.routing import due_at, fired, stops_of
from kds.domain.rows import Row
from kds.domain.sightings import MOST_SCREENS, PATIENCE


@dataclass(frozen=True, slots=True)
class Offer:
    """Something to decide about a station.

    `dark`: its screen is silent since `since`; `by` can stand in, "" when nobody is named for it.
    `back`: its screen speaks again since `since`, and `by` still stands in.
    """

    kind: Literal["dark", "back"]
    station_id: str
    by: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Load:
    """What waits at a station now: open lines, and when the oldest became its turn."""

    open: int = 0
    oldest: datetime | None = None


class Watch:
    """Remembers what every screen said last.

    Whose screen it is, is asked anew each time: what a screen says and who stands in for whom
    reach us on different ways, and may overtake each other.
    """

    def __init__(self, silent: float = PATIENCE.silent) -> None:
        self._silent = timedelta(seconds=silent)
        self._screens: dict[str, tuple[Painted, datetime]] = {}  # by device id
        self._joined_at: datetime | None = None
        self._dark: dict[str, datetime] = {}  # station id -> heard last
        self._back: dict[str, datetime] = {}  # was dark when somebody stood in; speaks since

    def listen(self, now: datetime) -> None:
        """From now on announcements can be heard."""
        self._joined_at = self._joined_at or now

    def deafen(self) -> None:
        """Nothing can be heard, so silence means nothing."""
        self._joined_at = None

    def hear(self, painted: Painted, now: datetime) -> None:
        """A screen says which stations it shows."""
        self._screens.pop(painted.device_id, None)
        self._screens[painted.device_id] = (painted, now)
        if len(self._screens) > MOST_SCREENS:
            del self._screens[next(iter(self._screens))]

    def offers(self, stations: Mapping[str, Row], now: datetime) -> tuple[Offer, ...]:
        """What somebody should decide, dark stations first, longest dark first."""
        self._look(stations, now)
        dark = [
            Offer("dark", key, str(stations[key].get("backup_id", "")), since)
            for key, since in self._dark.items()
            if not stations[key].get("covered_by")
        ]
        back = [
            Offer("back", key, str(stations[key]["covered_by"]), since)
            for key, since in self._back.items()
        ]
        return (*sorted(dark, key=_order), *sorted(back, key=_order))

    def next_at(self, stations: Mapping[str, Row], now: datetime) -> datetime | None:
        """When time alone makes a station dark next; None when it does not."""
        heard = (self._heard(row) for row in stations.values())
        ends = (self._silent_at(at, now) for at in heard if at is not None)
        return min((at for at in ends if at > now and self._joined_at), default=None)

    def _look(self, stations: Mapping[str, Row], now: datetime) -> None:
        for key in {*self._dark, *self._back}.difference(stations):
            self._dark.pop(key, None)
            self._back.pop(key, None)
        for key, row in stations.items():
            heard = self._heard(row)
            if heard is not None and self._silent_at(heard, now) <= now:
                self._dark.setdefault(key, heard)
                self._back.pop(key, None)
            elif heard is not None and key in self._dark and heard > self._dark.pop(key):
                self._back[key] = heard
            if not row.get("covered_by"):
                self._back.pop(key, None)

    def _heard(self, station: Row) -> datetime | None:
        """When a screen of its own spoke last."""
        by = station.get("covered_by")
        own = (
            at
            for painted, at in self._screens.values()
            if painted.shows_station(station["id"]) and by not in painted.stations
        )
        return max(own, default=None)

    def _silent_at(self, heard: datetime, now: datetime) -> datetime:
        """When a screen heard then counts as gone; later than `now` while we hear nobody."""
        since = now if self._joined_at is None else max(heard, self._joined_at)
        return since + self._silent


def _order(offer: Offer) -> tuple[datetime, str]:
    return offer.since, offer.station_id


def covering(own: frozenset[str], stations: Mapping[str, Row]) -> tuple[str, ...]:
    """The names of the stations that a screen of `own` stands in for, in the kitchen's order."""
    rows = [row for row in stations.values() if row.get("covered_by") in own]
    rows = [row for row in rows if row["id"] not in own]
    return tuple(str(row["name"]) for row in sorted(rows, key=lambda row: row["position"]))


def stand_ins(station_id: str, stations: Mapping[str, Row]) -> tuple[Row, ...]:
    """Who can take over: stations that nobody stands in for, the named backup first."""
    backup = stations.get(station_id, {}).get("backup_id", "")
    free = [row for key, row in stations.items() if key != station_id and not row.get("covered_by")]
    return tuple(sorted(free, key=lambda row: (row["id"] != backup, row["position"], row["id"])))


def loads(lines: Iterable[Row], now: datetime) -> dict[str, Load]:
    """The load of every station that has any, from the lines of open orders."""
    found: dict[str, Load] = {}
    for line in lines:
        if line["state"] not in ("sent", "started") or not fired(line, now):
            continue
        for stop in stops_of(line):
            if stop.open and stop.due:
                at, load = due_at(line, stop), found.get(stop.station_id, Load())
                oldest = at if load.oldest is None else min(at, load.oldest)
                found[stop.station_id] = Load(load.open + 1, oldest)
    return found
