"""How far an order has come, from the till to the cooks who make it; pure.

    stored here -> on the server -> on the screen of every station it concerns -> started -> ready

A receipt tells of the step that *every* line still to be cooked has made. A line that is started
or ready was seen by whoever started it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from kds.base.clock import from_iso
from kds.domain.rows import Row
from kds.domain.sightings import Sight, Sightings

Stage = Literal["stored", "server", "painted", "started", "ready"]


@dataclass(frozen=True, slots=True)
class StationReceipt:
    """One station of the order. `at_work`: its cooks have started, or are done.

    `sight` is None while something of the order was on no screen of the station; `queued` is
    the screen that has the rest on another page, or "".
    """

    station_id: str
    name: str
    sight: Sight | None
    queued: str
    at_work: bool

    @property
    def seen(self) -> bool:
        return self.at_work or self.sight is not None


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
        """The names of the stations where it is on no screen at all."""
        return tuple(one.name for one in self.stations if not one.seen and not one.queued)


def build_receipt(
    order: Row,
    lines: Iterable[Row],
    stations: Mapping[str, Row],
    sightings: Sightings,
    alarm: bool,
) -> Receipt:
    """The receipt of an order and its lines (in any order)."""
    live = [line for line in lines if line["state"] != "void"]
    by_station: dict[str, list[Row]] = {}
    for line in live:
        by_station.setdefault(line["station_id"], []).append(line)
    rows = sorted(by_station, key=lambda key: (stations.get(key, {}).get("position", 0), key))
    parts = tuple(_station(key, by_station[key], stations, sightings) for key in rows)
    unseen = (
        known.sent_at
        for line in live
        if (known := sightings.line(line["id"])) and known.sight is None
    )
    return Receipt(
        order_id=order["id"],
        number=order["number"],
        stage=_stage(live, parts, sightings),
        stations=parts,
        since=min(unseen, default=from_iso(order["placed_at"])),
        alarm=alarm,
    )


def _station(
    station_id: str, lines: list[Row], stations: Mapping[str, Row], sightings: Sightings
) -> StationReceipt:
    waiting = [line for line in lines if line["state"] == "sent"]
    known = [sightings.line(line["id"]) for line in waiting]
    unseen = [line for line in known if line is None or line.sight is None]
    sights = [line.sight for line in known if line is not None and line.sight is not None]
    queued = [line.queued if line is not None else "" for line in unseen]
    return StationReceipt(
        station_id=station_id,
        name=str(stations.get(station_id, {}).get("name", station_id)),
        sight=max(sights, key=lambda sight: sight.at) if sights and not unseen else None,
        queued=queued[0] if queued and all(queued) else "",
        at_work=not waiting,
    )


def _stage(live: list[Row], parts: tuple[StationReceipt, ...], sightings: Sightings) -> Stage:
    states = {line["state"] for line in live}
    if live and states == {"ready"}:
        return "ready"
    known = (sightings.line(line["id"]) for line in live if line["state"] == "sent")
    if any(line is not None and line.rev is None and line.sight is None for line in known):
        return "stored"
    if not all(part.seen for part in parts):
        return "server"
    return "started" if states & {"started", "ready"} else "painted"
