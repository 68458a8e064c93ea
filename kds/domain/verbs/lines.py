"""What can happen to one line: the row before in, the row after out. Pure.

A line has a stop at each station that makes it (`kds.domain.routing`); its own fields sum them
up. `only` names the stations that an act is for, and there it is for those whose turn has come: a
screen of two stations that make a line one after the other has it once for each. Every station is
meant, whosever turn it is, when `only` is empty. Where nothing happens the very same row comes
back.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kds.base.clock import from_iso
from kds.domain.routing import fired, stop_values, stops_of
from kds.domain.rows import Flag, Row, StopValue

Stations = frozenset[str]


def still_open(line: Row) -> bool:
    return line["state"] in ("sent", "started")


def waits(line: Row) -> bool:
    """Held, and not void."""
    return bool(line.get("held")) and still_open(line)


def begun(line: Row, only: Stations, at: str) -> Row:
    """Somebody makes it. What is made has been fired."""
    after = _at_stops(line, only, ("sent",), state="started", started_at=at)
    return line if after is line else _fired(after, at)


def made(line: Row, only: Stations, at: str, actor: str) -> Row:
    """It is ready."""
    after = _at_stops(line, only, ("sent", "started"), state="ready", ready_at=at)
    return line if after is line else {**_fired(after, at), "made_by": actor}


def taken_back(line: Row, only: Stations) -> Row:
    """It is not ready after all, or not begun, and waits as if it had just come."""
    done = ("started", "ready")
    after = _at_stops(line, only, done, state="sent", started_at=None, ready_at=None)
    if any(stop["state"] == "ready" for stop in stop_values(after)):
        return after
    return line if after is line else {**after, "made_by": ""}


def voided(line: Row, reason: str, at: str) -> Row:
    """What cooks were making, or have not seen the last change of, is flagged to them.

    Where its turn has not come, and it was never made, nobody knows of it: nobody there has to see
    that it went.
    """
    after = {**line, "state": "void", "voided_at": at, "void_reason": reason}
    if not (still_open(line) or line.get("flag")):
        return after
    later = sorted(stop.station_id for stop in stops_of(line) if stop.open and not stop.due)
    return {**flagged(after, "void", at), "seen_by": later}


def resized(line: Row, qty: int, at: str) -> Row:
    """Another quantity, flagged while it is being made.

    Of several changes that nobody has seen, the first former quantity counts; of a line that
    nobody has seen at all, only that it was added.
    """
    after = {**line, "qty": qty}
    if not still_open(line) or (line.get("flag") == "added" and not line.get("seen_by")):
        return after
    was = line["was_qty"] if line.get("flag") == "qty" else line["qty"]
    return flagged(after, "qty", at, was)


def flagged(line: Row, flag: Flag, at: str, was_qty: int | None = None) -> Row:
    """For every station to acknowledge, whatever they have acknowledged before."""
    return {**line, "flag": flag, "flag_at": at, "was_qty": was_qty, "seen_by": []}


def acknowledged(line: Row, only: Stations) -> Row:
    """Seen at its stations among `only`; the flag goes when all of them have seen it."""
    if not line.get("flag"):
        return line
    stations = {stop["station_id"] for stop in stop_values(line)}
    seen = stations & (only or stations) | set(line["seen_by"])
    if seen >= stations:
        return {**line, "flag": "", "flag_at": None, "was_qty": None, "seen_by": []}
    return {**line, "seen_by": sorted(seen)}


def _at_stops(line: Row, only: Stations, states: Iterable[str], **fields: Any) -> Row:
    """The line with `fields` in those of its stops that are in `states`, summed up."""
    if line["state"] == "void":
        return line
    stops = stop_values(line)
    turn = min((stop["stage"] for stop in stops if stop["state"] != "ready"), default=0)
    after: list[Any] = [
        {**stop, **fields} if stop["state"] in states and _meant(stop, only, turn) else stop
        for stop in stops
    ]
    if after == stops:
        return line
    return {**line, **_sum(after), **({"route": after} if line.get("route") else {})}


def _meant(stop: StopValue, only: Stations, turn: int) -> bool:
    """Whether an act is for this stop; `turn`: the first stage that is not done."""
    come = stop["stage"] <= turn or stop["state"] == "ready"
    return not only or (stop["station_id"] in only and come)


def _sum(stops: list[StopValue]) -> dict[str, Any]:
    """Begun with the first stop that was, ready with the last."""
    states = {stop["state"] for stop in stops}
    begun = [stop["started_at"] for stop in stops if stop["started_at"]]
    done = [stop["ready_at"] for stop in stops if stop["ready_at"]]
    return {
        "state": states.pop() if len(states) == 1 else "started",
        "started_at": min(begun, key=from_iso, default=None),
        "ready_at": max(done, key=from_iso) if len(done) == len(stops) else None,
    }


def _fired(line: Row, at: str) -> Row:
    return line if fired(line, from_iso(at)) else {**line, "held": False, "fire_at": at}
