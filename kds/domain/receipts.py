"""How far an order has come, from the till to the cooks who make it; pure.

    stored here -> on the server -> on the screen of every station it concerns -> started -> ready

A receipt tells of the step that *every* line to be cooked now has made. A line that is started
or ready was seen by whoever started it; one that is held, is fired later or has an earlier station
before it need not be seen yet, and one at a station without a screen never.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from kds.base.clock import from_iso
from kds.domain.routing import Stop, fired, stops_of
from kds.domain.rows import Row
from kds.domain.sightings import Line, Sight, Sightings, stops_to_begin

Stage = Literal["stored", "server", "painted", "started", "ready"]


@dataclass(frozen=True, slots=True)
class StationReceipt:
    """One station of the order. `at_work`: its cooks have started, or are done.

    `sight` is None while something of the order was on no screen of the station; `queued` is
    the screen that has the rest on another page, or "". `later`: there is nothing to do there yet.
    `absent`: no screen shows the station at all; `unattended`: it is to have none.
    """

    station_id: str
    name: str
    sight: Sight | None
    queued: str
    at_work: bool
    later: bool = False
    absent: bool = False
    unattended: bool = False

    @property
    def seen(self) -> bool:
        return self.at_work or self.sight is not None

    @property
    def missing(self) -> bool:
        """A cook should see it, and it is on no screen."""
        return not (self.seen or self.queued or self.later or self.unattended)


@dataclass(frozen=True, slots=True)
class Receipt:
    """`stations` in the kitchen's order. `since`: the oldest line that nobody has seen was sent
    then, or the order was placed. `alarm`: tell the kitchen."""

    order_id: str
    number: str
    stage: Stage
    stations: tuple[StationReceipt, ...]
    since: datetime
    alarm: bool

    @property
    def seen(self) -> tuple[str, ...]:
        """The names of the stations that have seen all of it."""
        return tuple(one.name for one in self.stations if one.seen)

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of the stations where it is on no screen, though they have one."""
        return tuple(one.name for one in self.stations if one.missing and not one.absent)

    @property
    def screenless(self) -> tuple[str, ...]:
        """The names of the stations where it cannot be on any screen."""
        return tuple(one.name for one in self.stations if one.missing and one.absent)


def build_receipt(
    order: Row,
    lines: Iterable[Row],
    stations: Mapping[str, Row],
    sightings: Sightings,
    alarm: bool,
    now: datetime,
    absent: Collection[str] = (),
) -> Receipt:
    """The receipt of an order and its lines (in any order). `absent`: the ids of the stations that
    no screen shows."""
    live = [line for line in lines if line["state"] != "void"]
    by_station: dict[str, list[tuple[Row, Stop]]] = {}
    for line in live:
        for stop in stops_of(line):
            by_station.setdefault(stop.station_id, []).append((line, stop))
    keys = sorted(by_station, key=lambda key: (stations.get(key, {}).get("position", 0), key))
    waiting = {key: _waiting(key, by_station[key], sightings, now) for key in keys}
    parts = tuple(
        _station(key, waiting[key], by_station[key], stations.get(key, {}), absent=key in absent)
        for key in keys
    )
    known = [line for lines in waiting.values() for line in lines if line is not None]
    unseen = (line.since for line in known if line.sight is None)
    return Receipt(
        order_id=order["id"],
        number=order["number"],
        stage=_stage(live, parts, known),
        stations=parts,
        since=min(unseen, default=from_iso(order["placed_at"])),
        alarm=alarm,
    )


def _waiting(
    station_id: str, lines: list[tuple[Row, Stop]], sightings: Sightings, now: datetime
) -> list[Line | None]:
    """What is known of each line that a cook there has to begin; None: nothing."""
    return [
        sightings.line(line["id"], station_id)
        for line, stop in lines
        if stop in stops_to_begin(line) and fired(line, now)
    ]


def _station(
    station_id: str,
    waiting: list[Line | None],
    lines: list[tuple[Row, Stop]],
    station: Row,
    *,
    absent: bool,
) -> StationReceipt:
    unseen = [line for line in waiting if line is None or line.sight is None]
    sights = [line.sight for line in waiting if line is not None and line.sight is not None]
    queued = [line.queued if line is not None else "" for line in unseen]
    begun = any(stop.state != "sent" for _, stop in lines)
    return StationReceipt(
        station_id=station_id,
        name=str(station.get("name", station_id)),
        sight=max(sights, key=lambda sight: sight.at) if sights and not unseen else None,
        queued=queued[0] if queued and all(queued) else "",
        at_work=begun and not waiting,
        later=not begun and not waiting,
        absent=absent,
        unattended=bool(station.get("unattended")),
    )


def _stage(live: list[Row], parts: tuple[StationReceipt, ...], waiting: list[Line]) -> Stage:
    states = {line["state"] for line in live}
    if live and states == {"ready"}:
        return "ready"
    if any(line.rev is None and line.sight is None for line in waiting):
        return "stored"
    now = [part for part in parts if part.missing or part.seen or part.queued]
    if not now or not all(part.seen for part in now):
        return "server"
    return "started" if states & {"started", "ready"} else "painted"
