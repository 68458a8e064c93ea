"""Stations that no screen has shown for a shift, as far as this till knows. Pure.

Such a station has no screen, and nobody has said that it needs none (`stations.unattended`): that
is told once, not with each of its orders. A station whose screen was there today and is gone is
another matter: its orders are called out one by one (`domain.sightings`).

Kept as `{station id: {heard, told}}`, ISO texts or null.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from kds.base.clock import from_iso, to_iso
from kds.domain.rows import Row
from kds.domain.screens import Screens
from kds.domain.sightings import Line

SHIFT: Final = timedelta(hours=12)
"""A screen that was there this shift is expected back; and a person is told once a shift."""
KEEP_EVERY: Final = timedelta(minutes=15)
_NEVER: Final = datetime.min.replace(tzinfo=UTC)

Moments = Mapping[str, Mapping[str, datetime | None]]


@dataclass(frozen=True, slots=True)
class Screenless:
    """A station that no screen shows, with the ids of the orders of this till that wait there, the
    longest waiting first. It was heard of last `since` then; None: never."""

    station_id: str
    name: str
    since: datetime | None
    orders: tuple[str, ...]


def read_moments(kept: Any) -> Moments:
    """What `Absences.to_json` has left; LookupError, TypeError or ValueError for anything else."""
    return {
        key: {name: from_iso(at[name]) if at[name] else None for name in ("heard", "told")}
        for key, at in dict(kept).items()
    }


class Absences:
    """When a screen showed each station last, and when a person has heard that none does."""

    def __init__(self, screens: Screens) -> None:
        self._screens = screens
        self._heard: dict[str, datetime] = {}  # by station id
        self._told: dict[str, datetime] = {}
        self._kept: dict[str, datetime] = {}

    def load(self, kept: Moments) -> None:
        """Take over what earlier runs have left (`read_moments`)."""
        for key, values in kept.items():
            for name, moments in self._moments:
                if at := values[name]:
                    moments[key] = at
        self._kept = dict(self._heard)

    def to_json(self) -> dict[str, Any]:
        """What is worth keeping."""
        self._kept = dict(self._heard)
        return {
            key: {name: to_iso(at[key]) if key in at else None for name, at in self._moments}
            for key in sorted({*self._heard, *self._told})
        }

    @property
    def _moments(self) -> tuple[tuple[str, dict[str, datetime]], ...]:
        return ("heard", self._heard), ("told", self._told)

    def look(self, stations: Iterable[str]) -> bool:
        """Take what the screens have said; whether it has to be kept now."""
        for key in stations:
            heard = [at for painted, at in self._screens.said if painted.shows_station(key)]
            if heard:
                self._heard[key] = max(heard)
                self._told.pop(key, None)
        return any(
            key not in self._kept or at - self._kept[key] >= KEEP_EVERY
            for key, at in self._heard.items()
        )

    def tell(self, station_id: str, now: datetime) -> None:
        """A person has heard of it."""
        self._told[station_id] = now

    def is_told(self, station_id: str, now: datetime) -> bool:
        return now - self._told.get(station_id, _NEVER) < SHIFT

    def heard(self, station_id: str) -> datetime | None:
        """When a screen showed it last; None: never."""
        return self._heard.get(station_id)

    def is_absent(self, station_id: str, now: datetime) -> bool:
        """No screen has shown it this shift, and those that are there have had time to speak."""
        heard = self._heard.get(station_id, _NEVER)
        return now - heard >= SHIFT and self._screens.gone_at(heard, now) <= now

    def known_at(self, now: datetime) -> datetime | None:
        """When all that are there will have spoken; None when they have, or cannot be heard."""
        at = self._screens.gone_at(_NEVER, now)
        return at if self._screens.listening and at > now else None


def sort_out(
    late: Iterable[Line], stations: Mapping[str, Row], absences: Absences, now: datetime
) -> tuple[tuple[str, ...], tuple[Screenless, ...]]:
    """What the late lines of a till mean: the ids of the orders to call out, and the stations
    without a screen that nobody has been told of yet; the longest waiting first."""
    orders: dict[str, None] = {}
    waiting: dict[str, dict[str, None]] = {}
    for line in late:
        key = line.station_id
        if stations.get(key, {}).get("unattended"):
            continue
        if not absences.is_absent(key, now):
            orders[line.order_id] = None
        elif not absences.is_told(key, now):
            waiting.setdefault(key, {})[line.order_id] = None
    screenless = (
        Screenless(
            key, str(stations.get(key, {}).get("name", key)), absences.heard(key), tuple(ids)
        )
        for key, ids in waiting.items()
    )
    return tuple(orders), tuple(screenless)
