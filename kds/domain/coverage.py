"""Which stations have lost their screen, and who can stand in for them. Pure.

A station is *dark* when every screen of its own has been silent for `silent` seconds, after at
least one of them was heard, and while we can hear. A screen that stands in for a station also
names it in its announcements: it is no screen of its own and cannot bring it back. A station whose
last screen said goodbye is closed, not dark; nor is one that is not to have a screen.

A dark station is *missed*, and told of, when there is something to cook there: a kitchen that
sleeps needs no screens. Once told it stays so, whatever becomes of the lines.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from kds.base.clock import from_iso
from kds.domain.painted import Painted
from kds.domain.routing import due_at, stops_of, waiting
from kds.domain.rows import Row
from kds.domain.screens import Screens

SOON: Final = timedelta(minutes=10)
"""What is fired so soon needs its screen now: somebody has to begin it, or to mend the screen."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Something to decide about a station.

    `dark`: its screen is silent since `since`; any of `by` can stand in, the named backup first.
    `back`: its screen speaks again since `since`, and `by` still stands in.
    """

    kind: Literal["dark", "back"]
    station_id: str
    by: tuple[str, ...]
    since: datetime


@dataclass(frozen=True, slots=True)
class Load:
    """What waits at a station now: open lines, and when the oldest became its turn."""

    open: int = 0
    oldest: datetime | None = None


class Watch:
    """Remembers which stations have lost their screen, by what `screens` have said.

    Whose screen it is, is asked anew each time: what a screen says and who stands in for whom
    reach us on different ways, and may overtake each other.
    """

    def __init__(self, screens: Screens) -> None:
        self._screens = screens
        self._dark: dict[str, datetime] = {}  # station id -> heard last
        self._missed: set[str] = set()  # the dark ones that had something to cook
        self._needed: Mapping[str, datetime] = {}  # what the others will have, as far as is known
        self._back: dict[str, datetime] = {}  # was dark when somebody stood in; speaks since

    @property
    def idle(self) -> frozenset[str]:
        """The dark stations that nobody has missed yet."""
        return frozenset(self._dark.keys() - self._missed)

    def offers(
        self, stations: Mapping[str, Row], lines: Iterable[Row], now: datetime
    ) -> tuple[Offer, ...]:
        """What somebody should decide, dark stations first, longest dark first.

        `lines` of open orders are only asked for while a dark station is idle.
        """
        self._look(stations, now)
        idle = self.idle
        self._needed = needed(lines, stations) if idle else {}
        self._missed |= {key for key in idle if key in self._needed and self._needed[key] <= now}
        live = {key for key, row in stations.items() if self._is_live(row, now)}
        dark = [
            Offer("dark", key, tuple(row["id"] for row in stand_ins(key, stations, live)), since)
            for key, since in self._dark.items()
            if key in self._missed and not stations[key].get("covered_by")
        ]
        back = [
            Offer("back", key, (str(stations[key]["covered_by"]),), since)
            for key, since in self._back.items()
        ]
        return (*sorted(dark, key=_order), *sorted(back, key=_order))

    def next_at(self, stations: Mapping[str, Row], now: datetime) -> datetime | None:
        """When time alone makes a station dark, or missed, next; None when it does not."""
        heard = (self._heard(row, now) for row in stations.values())
        moments = [self._screens.gone_at(at, now) for at in heard if at is not None]
        moments += (self._needed[key] for key in self.idle if key in self._needed)
        return min((at for at in moments if at > now and self._screens.listening), default=None)

    def _look(self, stations: Mapping[str, Row], now: datetime) -> None:
        for key in {*self._dark, *self._back}.difference(stations):
            self._dark.pop(key, None)
            self._back.pop(key, None)
        for key, row in stations.items():
            heard = self._heard(row, now)
            if heard is not None and self._screens.gone_at(heard, now) <= now:
                self._dark.setdefault(key, heard)
                self._back.pop(key, None)
            elif (was := self._dark.pop(key, None)) and heard is not None and heard > was:
                self._back[key] = heard
            if not row.get("covered_by"):
                self._back.pop(key, None)
        self._missed &= self._dark.keys()

    def _heard(self, station: Row, now: datetime) -> datetime | None:
        """When a screen of its own was there last; None when none was, when it is to have none,
        or when the last one was switched off and the kitchen is closed."""
        if station.get("unattended"):
            return None
        heard = _last(station, self._screens.said)
        left = _last(station, self._screens.closed)
        if not self._screens.shut(now):
            return max(filter(None, (heard, left)), default=None)
        replaced = heard and left and heard + self._screens.silent <= left
        return None if replaced else heard

    def _is_live(self, station: Row, now: datetime) -> bool:
        """Somebody can read its screen."""
        heard = _last(station, self._screens.said)
        return heard is not None and self._screens.gone_at(heard, now) > now


def _last(station: Row, words: Iterable[tuple[Painted, datetime]]) -> datetime | None:
    """The latest of the words of its own screens."""
    by = station.get("covered_by")
    return max(
        (
            at
            for painted, at in words
            if painted.shows_station(station["id"]) and by not in painted.stations
        ),
        default=None,
    )


def _order(offer: Offer) -> tuple[datetime, str]:
    return offer.since, offer.station_id


def covering(own: frozenset[str], stations: Mapping[str, Row]) -> tuple[str, ...]:
    """The names of the stations that a screen of `own` stands in for, in the kitchen's order."""
    rows = [row for row in stations.values() if row.get("covered_by") in own]
    rows = [row for row in rows if row["id"] not in own]
    return tuple(str(row["name"]) for row in sorted(rows, key=lambda row: row["position"]))


def stand_ins(
    station_id: str, stations: Mapping[str, Row], live: Collection[str]
) -> tuple[Row, ...]:
    """Who can take over: `live` stations that nobody stands in for, the named backup first."""
    backup = stations.get(station_id, {}).get("backup_id", "")
    others = (row for key, row in stations.items() if key != station_id and key in live)
    free = [row for row in others if not row.get("covered_by")]
    return tuple(sorted(free, key=lambda row: (row["id"] != backup, row["position"], row["id"])))


def needed(lines: Iterable[Row], stations: Mapping[str, Row]) -> dict[str, datetime]:
    """From when on each station's screen is needed, by the lines of open orders.

    A line needs the screens of all its open stops and of those who stand in there, from when it is
    sent, or `SOON` before it is fired; one that is held, none.
    """
    found: dict[str, datetime] = {}
    for line in lines:
        if line["state"] not in ("sent", "started") or line.get("held"):
            continue
        fire_at = line.get("fire_at")
        at = from_iso(fire_at) - SOON if fire_at else from_iso(line["sent_at"])
        for stop in stops_of(line):
            for key in _shown_at(stop.station_id, stations) if stop.open else ():
                found[key] = min(at, found.get(key, at))
    return found


def _shown_at(station_id: str, stations: Mapping[str, Row]) -> Iterator[str]:
    """The station, who stands in for it, who stands in for that one, and so on."""
    seen: set[str] = set()
    while station_id and station_id not in seen:
        seen.add(station_id)
        yield station_id
        station_id = str(stations.get(station_id, {}).get("covered_by", ""))


def loads(lines: Iterable[Row], now: datetime) -> dict[str, Load]:
    """The load of every station that has any, from the lines of open orders."""
    found: dict[str, Load] = {}
    for line, stop in waiting(lines, now):
        at, load = due_at(line, stop), found.get(stop.station_id, Load())
        oldest = at if load.oldest is None else min(at, load.oldest)
        found[stop.station_id] = Load(load.open + 1, oldest)
    return found
