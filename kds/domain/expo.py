"""An order at the pass: what every station has done of it, and what it waits for. Pure.

The expo sees an order from the moment it is placed until it is handed over, also when every line
is ready. With one stage the last bump hands it over; with two it is assembled first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from kds.domain.routing import Stop, due_at, stops_of
from kds.domain.rows import Flag, LineState, Row
from kds.domain.ticketing import head, merged, ticket_line
from kds.domain.tickets import Ticket, TicketLine, moment
from kds.domain.visits import lines_here

Step = Literal["cook", "assemble", "hand_over"]
"""What an order needs next."""
ExpoSort = Literal["age", "promised"]
Stand = Literal["held", "coming", "sent", "started", "ready"]
"""How far a station is: not fired, another station's turn, not begun, begun, done."""


@dataclass(frozen=True, slots=True)
class Share:
    """What one station makes of a course. The lines' states are those of this station.

    `since`: when the oldest line that it has to make became, or becomes, its turn; None when it
    has nothing to make yet, or any more.
    """

    station_id: str
    station: str
    lines: tuple[TicketLine, ...]
    since: datetime | None

    @property
    def pieces(self) -> int:
        return sum(line.qty for line in self.lines if line.state != "void")

    @property
    def done(self) -> int:
        """How many of the pieces are ready."""
        return sum(line.qty for line in self.lines if line.state == "ready")

    def stand(self, now: datetime) -> Stand:
        undone = [line for line in self.lines if line.open]
        if not undone:
            return "ready"
        if all(line.held or (line.fire_at is not None and line.fire_at > now) for line in undone):
            return "held"
        if self.since is None:
            return "coming"
        begun = self.done or any(line.state == "started" for line in undone)
        return "started" if begun else "sent"


@dataclass(frozen=True, slots=True)
class Course:
    """The shares of one course, in the kitchen's order. `held`: some of it waits to be fired."""

    number: int
    shares: tuple[Share, ...]
    held: bool
    begun: bool  # something of it is being made or ready

    @property
    def open(self) -> bool:
        return any(line.open for share in self.shares for line in share.lines)


@dataclass(frozen=True, slots=True)
class PassTicket(Ticket):
    """An order at the pass: a ticket of all stations, and how it stands at each of them.

    `stages`: of the branch, 1 or 2. `assembled_at`: it stands complete on the pass since then.
    """

    courses: tuple[Course, ...] = ()
    stages: int = 1
    assembled_at: datetime | None = None
    ready_since: datetime | None = None  # its last line was bumped then

    @property
    def shares(self) -> Iterator[Share]:
        return (share for course in self.courses for share in course.shares)

    @property
    def step(self) -> Step:
        if any(line.open for line in self.lines):
            return "cook"
        return "assemble" if self.stages > 1 and self.assembled_at is None else "hand_over"

    @property
    def held_courses(self) -> tuple[int, ...]:
        return tuple(course.number for course in self.courses if course.held)

    def holding_up(self, now: datetime) -> Share | None:
        """The station whose line is the oldest that is still to be made now."""
        waiting = [share for share in self.shares if share.since and share.since <= now]
        return min(waiting, key=lambda share: (share.since, share.station), default=None)

    def next_fire(self, now: datetime) -> datetime | None:
        """When time alone makes the next line due; None when it does not."""
        moments = (line.fire_at for line in self.lines if line.open and not line.held)
        return min((at for at in moments if at is not None and at > now), default=None)

    def sort_by(self, sort: ExpoSort) -> tuple[bool, datetime, str]:
        """Rush first, then the longest waiting or what was promised first."""
        promised = self.promised_at if sort == "promised" else None
        return (not self.rush, promised or self.waiting_since, self.number)


def build_pass_ticket(
    order: Row,
    lines: Iterable[Row],
    stations: Mapping[str, Row],
    menu: Mapping[str, Row],
    branch: Row | None,
) -> PassTicket | None:
    """The order as the expo sees it; None when it is handed over, closed, void or empty."""
    if order["state"] != "open" or order.get("handed_at"):
        return None
    mine = sorted(lines, key=lambda line: (line["position"], line["id"]))
    if all(line["state"] == "void" for line in mine):
        return None
    here, _ = lines_here(mine, frozenset())
    open_ = [line for line in here if line.open]
    return PassTicket(
        **head(order, open_, stations, menu, branch),
        lines=tuple(
            ticket_line(line, menu, line["state"], "") for line in mine if line["state"] != "void"
        ),
        courses=_courses(mine, stations, menu),
        stages=int((branch or {}).get("expo_stages", 1)),
        assembled_at=moment(order.get("assembled_at")),
        ready_since=moment(order["ready_at"]),
    )


def _courses(
    lines: Iterable[Row], stations: Mapping[str, Row], menu: Mapping[str, Row]
) -> tuple[Course, ...]:
    found: dict[int, dict[str, list[tuple[Row, Stop]]]] = defaultdict(lambda: defaultdict(list))
    for line in lines:
        for stop in stops_of(line):
            if line["state"] != "void" or _flagged(line, stop.station_id):
                found[line["course"]][stop.station_id].append((line, stop))
    return tuple(_course(number, found[number], stations, menu) for number in sorted(found))


def _course(
    number: int,
    parts: Mapping[str, list[tuple[Row, Stop]]],
    stations: Mapping[str, Row],
    menu: Mapping[str, Row],
) -> Course:
    lines = [line for part in parts.values() for line, _ in part if line["state"] != "void"]
    return Course(
        number,
        tuple(_share(key, parts[key], stations, menu) for key in in_order(parts, stations)),
        held=any(line.get("held") and line["state"] == "sent" for line in lines),
        begun=any(line["state"] in ("started", "ready") for line in lines),
    )


def _share(
    station_id: str,
    parts: Iterable[tuple[Row, Stop]],
    stations: Mapping[str, Row],
    menu: Mapping[str, Row],
) -> Share:
    parts = tuple(parts)
    turn = (
        due_at(line, stop)
        for line, stop in parts
        if stop.open and stop.due and line["state"] != "void" and not line.get("held")
    )
    name = str(stations.get(station_id, {}).get("name", station_id))
    lines = merged(_part(line, menu, stop) for line, stop in parts)
    return Share(station_id, name, lines, min(turn, default=None))


def in_order(station_ids: Iterable[str], stations: Mapping[str, Row]) -> list[str]:
    """The stations as they stand in the kitchen; unknown ones first."""
    return sorted(station_ids, key=lambda key: (stations.get(key, {}).get("position", 0), key))


def _part(line: Row, menu: Mapping[str, Row], stop: Stop) -> TicketLine:
    """What one station has of a line; seats and times of sending do not matter at the pass."""
    state: LineState = "void" if line["state"] == "void" else stop.state
    flag: Flag = line["flag"] if _flagged(line, stop.station_id) else ""
    part = ticket_line(line, menu, state, flag)
    return replace(part, station_id=stop.station_id, seat=None, sent_at=None)


def _flagged(line: Row, station_id: str) -> bool:
    return bool(line.get("flag")) and station_id not in line.get("seen_by", ())
