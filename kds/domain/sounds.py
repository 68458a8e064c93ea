"""Which change is heard at which screen. Pure.

What a person does on a screen makes no sound there, and neither does a load. A line rings at a
station when it becomes work there, so a line that waits for its course, or for the station before,
rings when its turn comes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol, get_args

from kds.domain.changes import ChangeSet, RowChange
from kds.domain.routing import fired, stops_at
from kds.domain.rows import Row
from kds.domain.tickets import Ticket

SoundEvent = Literal[
    "station_dark",
    "lost",
    "voided",
    "changed",
    "late",
    "question",
    "order_ready",
    "new_order",
    "back",
]
"""Most urgent first: when several ring at once they are heard in this order."""
EVENTS: tuple[SoundEvent, ...] = get_args(SoundEvent)

Hearer = Literal["line", "expo", "ready", "till"]
"""What kind of screen listens: a cook's, the expo's, the guests' or a till."""

HEARD: dict[Hearer, tuple[SoundEvent, ...]] = {
    "line": ("new_order", "changed", "voided", "late", "question", "lost", "back"),
    "expo": (
        *("order_ready", "new_order", "changed", "voided", "late"),
        *("question", "station_dark", "lost", "back"),
    ),
    "ready": ("order_ready",),
    "till": ("order_ready", "question", "lost", "back"),
}
"""The events that there are at a screen, in the order in which its settings list them."""

LOST_AFTER = timedelta(seconds=10)
_REMEMBERED = 1000


@dataclass(frozen=True, slots=True)
class Ring:
    """Something to be heard. `station_id`: where, if it is about one; "" if it is not."""

    event: SoundEvent
    station_id: str = ""


@dataclass(frozen=True, slots=True)
class Listener:
    """Who hears. `stations`: whose lines the screen shows, with those it stands in for; all when
    empty."""

    hearer: Hearer
    device_id: str = ""
    stations: frozenset[str] = frozenset()


class Rows(Protocol):
    """The rows as they are after the change."""

    def row(self, table: str, pk: str) -> Row | None: ...

    def lines_of(self, order_id: str) -> Iterable[Row]: ...


def hear(change_set: ChangeSet, listener: Listener, rows: Rows, now: datetime) -> frozenset[Ring]:
    """What this change sounds like at a screen.

    The guests' board rings for the numbers that it calls, which only it knows.
    """
    if change_set.initiator != "remote" or listener.hearer == "ready":
        return frozenset()
    fresh = {change.pk for change in change_set.of("orders") if change.before is None}
    rings: set[Ring] = set()
    if listener.hearer in ("line", "expo"):
        for change in change_set.of("order_lines"):
            rings.update(_of_line(change, listener.stations, fresh, now))
    for change in change_set.of("orders"):
        rings.update(_of_order(change, listener, rows))
    return frozenset(ring for ring in rings if ring.event in HEARD[listener.hearer])


# -- lines --------------------------------------------------------------------------------


def _of_line(
    change: RowChange, only: frozenset[str], fresh: set[str], now: datetime
) -> Iterator[Ring]:
    before, line = change.before, change.after
    if line is None:
        return
    if _has_been_voided(before, line):
        yield from (Ring("voided", station) for station in _concerned(line, only))
    new = _work(line, only, now) - (_work(before, only, now) if before else frozenset())
    for station in new:
        yield Ring(_how_it_came(before, line, station, fresh), station)
    if before is not None and before["qty"] != line["qty"] and _open(line):
        yield from (Ring("changed", station) for station in _concerned(line, only))


def _has_been_voided(before: Row | None, line: Row) -> bool:
    """While it was still to be made: nobody has to stop cooking what is done."""
    if before is None:
        return bool(line.get("flag") == "void")
    return line["state"] == "void" and _open(before)


def _how_it_came(before: Row | None, line: Row, station: str, fresh: set[str]) -> SoundEvent:
    if before is None:
        return "new_order" if line["order_id"] in fresh else "changed"
    was_done = any(not stop.open for stop in stops_at(before, frozenset({station})))
    return "changed" if was_done else "new_order"  # recalled, or its turn has come


def _open(line: Row) -> bool:
    return line["state"] in ("sent", "started")


def _concerned(line: Row, only: frozenset[str]) -> list[str]:
    """The stations that have not acknowledged what happened to the line."""
    seen = line.get("seen_by") or ()
    return [stop.station_id for stop in stops_at(line, only) if stop.station_id not in seen]


def _work(line: Row, only: frozenset[str], now: datetime) -> frozenset[str]:
    """The stations where the line is to be made now."""
    if not _open(line) or not fired(line, now):
        return frozenset()
    return frozenset(stop.station_id for stop in stops_at(line, only) if stop.open and stop.due)


# -- orders -------------------------------------------------------------------------------


def _of_order(change: RowChange, listener: Listener, rows: Rows) -> Iterator[Ring]:
    before, order = change.before, change.after
    if order is None or order["state"] != "open":
        return
    hearer = listener.hearer
    if hearer == "till" and order["device_id"] != listener.device_id:
        return
    stages = _stages(order, rows) if hearer == "till" else 1  # the expo puts it together itself
    if _ready(order, stages) and not (before and _ready(before, stages)):
        yield Ring("order_ready")
    if hearer != "line" and _questions(order) - _questions(before):
        yield Ring("question")
    if hearer == "till":
        return
    if not any(True for line in rows.lines_of(order["id"]) if stops_at(line, listener.stations)):
        return
    if _answers(order) - _answers(before):
        yield Ring("question")
    if before is not None and order["rush"] and not before["rush"]:
        yield Ring("changed")


def _stages(order: Row, rows: Rows) -> int:
    branch = rows.row("branches", order["branch_id"]) or {}
    return int(branch.get("expo_stages", 1))


def _ready(order: Row, stages: int) -> bool:
    """All of it is made (and put together, where there are two stages) and still here."""
    moment = order.get("assembled_at") if stages == 2 else order["ready_at"]
    return moment is not None and order.get("handed_at") is None


def _questions(order: Row | None) -> set[str]:
    return {question["id"] for question in (order or {}).get("questions") or ()}


def _answers(order: Row | None) -> set[str]:
    questions = (order or {}).get("questions") or ()
    return {question["id"] for question in questions if question["answer"]}


# -- what time alone brings ---------------------------------------------------------------


class Lateness:
    """Tells once of every ticket that becomes late, and of every line whose time has come."""

    def __init__(self) -> None:
        self._told: dict[str, None] = {}  # order ids, oldest first
        self._looked_at: datetime | None = None

    def look(self, tickets: Iterable[Ticket], now: datetime) -> frozenset[Ring]:
        """What has come about since the last look; nothing on the first one."""
        since, self._looked_at = self._looked_at, now
        rings: set[Ring] = set()
        for ticket in tickets:
            if ticket.order_id not in self._told and _is_late(ticket, now):
                self._told[ticket.order_id] = None
                rings.add(Ring("late"))
            if since is not None:
                rings.update(_begun(ticket, since, now))
        while len(self._told) > _REMEMBERED:
            del self._told[next(iter(self._told))]
        return frozenset(rings) if since is not None else frozenset()


def _is_late(ticket: Ticket, now: datetime) -> bool:
    return bool(ticket.open_line_ids) and ticket.age_level(now) == "late"


def _begun(ticket: Ticket, since: datetime, now: datetime) -> Iterator[Ring]:
    """Lines that were sent for a later time, so that a course ends together."""
    for line in ticket.lines:
        waited = line.open and not line.held and line.fire_at is not None
        if waited and line.fire_at is not None and since < line.fire_at <= now:
            yield Ring("new_order", line.station_id)


class LinkEar:
    """Tells of a connection that stays away, and of its return; a short gap is nobody's concern."""

    def __init__(self) -> None:
        self._gone_since: datetime | None = None
        self._was_there = self._told = False

    def look(self, connected: bool, now: datetime) -> frozenset[Ring]:
        if connected:
            back, self._was_there = self._told, True
            self._told, self._gone_since = False, None
            return frozenset({Ring("back")} if back else ())
        if not self._was_there or self._told:
            return frozenset()
        self._gone_since = self._gone_since or now
        self._told = now - self._gone_since >= LOST_AFTER
        return frozenset({Ring("lost")} if self._told else ())
