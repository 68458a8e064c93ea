"""Which stations make a line, in which order, and when it is their turn. Pure.

A line that one station makes has an empty `route`: `station_id`, `state`, `started_at` and
`ready_at` say it all. Several stations have a stop each in `route`, and the line's own fields sum
them up: started when one has begun, ready when all are done.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kds.base.clock import from_iso
from kds.domain.rows import Row, StopState, StopValue


@dataclass(frozen=True, slots=True)
class Stop:
    """A station on a line's route. `due`: its turn, every lower stage is ready."""

    station_id: str
    stage: int
    state: StopState
    started_at: str | None
    ready_at: str | None
    due: bool

    @property
    def open(self) -> bool:
        return self.state != "ready"


def stops_of(line: Row) -> tuple[Stop, ...]:
    """The line's stops, by stage; those of a void line as they were when it was voided."""
    ordered = sorted(stop_values(line), key=lambda value: (value["stage"], value["station_id"]))
    undone = min((v["stage"] for v in ordered if v["state"] != "ready"), default=None)
    return tuple(
        Stop(
            value["station_id"],
            value["stage"],
            value["state"],
            value["started_at"],
            value["ready_at"],
            due=undone is None or value["stage"] <= undone,
        )
        for value in ordered
    )


def stop_values(line: Row) -> list[StopValue]:
    """The stops as they are stored, in the order of the route; the only one of a plain line."""
    if route := line.get("route"):
        return list(route)
    void = line["state"] == "void"
    begun: StopState = "started" if line["started_at"] else "sent"
    return [
        {
            "station_id": line["station_id"],
            "stage": 1,
            "state": ("ready" if line["ready_at"] else begun) if void else line["state"],
            "started_at": line["started_at"],
            "ready_at": line["ready_at"],
        }
    ]


def stops_at(line: Row, only: frozenset[str]) -> tuple[Stop, ...]:
    """The line's stops at the stations `only` (all when empty)."""
    return tuple(stop for stop in stops_of(line) if not only or stop.station_id in only)


def due_at(line: Row, stop: Stop) -> datetime:
    """When the stop's turn came, or comes: sent, fired, and made ready by those before it."""
    moments = [line["sent_at"], line.get("fire_at")]
    moments += [one.ready_at for one in stops_of(line) if one.stage < stop.stage]
    return max(from_iso(moment) for moment in moments if moment)


def fired(line: Row, now: datetime) -> bool:
    """Whether it is to be made now: not held, and its time has come."""
    fire_at = line.get("fire_at")
    return not line.get("held") and (fire_at is None or from_iso(fire_at) <= now)


def waiting(lines: Iterable[Row], now: datetime) -> Iterator[tuple[Row, Stop]]:
    """Each stop of these lines at which a cook has something to do now."""
    for line in lines:
        if line["state"] in ("sent", "started") and fired(line, now):
            yield from ((line, stop) for stop in stops_of(line) if stop.open and stop.due)


def route_for(
    item_id: str, category: str, modifiers: Iterable[str], stations: Iterable[Row]
) -> list[dict[str, Any]]:
    """The stops of a new line, `[{station_id, stage}]`, by stage and position.

    Stations that name the item; else those that name its category; and those that name one of
    its modifiers. The first station of all when nobody does: food that nobody claims must still
    be seen. Empty when the branch has no stations.
    """
    ordered = sorted(stations, key=lambda s: (s.get("stage", 1), s["position"], s["id"]))
    chosen = set(modifiers)
    found = [s for s in ordered if item_id in s.get("items", ())]
    found = found or [s for s in ordered if category in s["categories"]]
    extra = [s for s in ordered if chosen.intersection(s.get("modifiers", ()))]
    everyone = [s for s in ordered if s in found or s in extra] or ordered[:1]
    return [{"station_id": str(s["id"]), "stage": int(s.get("stage", 1))} for s in everyone]


def stations_seen(own: frozenset[str], stations: Mapping[str, Row]) -> frozenset[str]:
    """The stations whose lines a screen shows: its own, and those that these stand in for.

    A station that stands in and is covered in turn takes along what it stood in for. Empty stays
    empty: that is all stations.
    """
    seen = own
    while own:
        more = {key for key, row in stations.items() if row.get("covered_by") in seen} - seen
        if not more:
            break
        seen |= more
    return seen


def covered_names(seen: frozenset[str], stations: Mapping[str, Row]) -> dict[str, str]:
    """The names of those of the stations `seen` that another of them stands in for, by id. None
    on a screen of all stations: it is nobody's in particular."""
    rows = [row for key in seen if (row := stations.get(key)) is not None]
    return {str(row["id"]): str(row["name"]) for row in rows if row.get("covered_by") in seen}
