"""What the lines of a kitchen must be like, by the ops that had an effect.

`Book` follows the history apart from `kds.domain.apply`: who made a stop first, what nobody has
acknowledged, and what was said last about when a line is made. The server's rows must agree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from kds.domain.routing import stop_values
from kds.domain.rows import Row, Tables
from kds.domain.ticketing import build_ticket
from tests.faults.terminal import START

TOMORROW = START + timedelta(days=1)
Op = Mapping[str, Any]


@dataclass
class Stop:
    """When a station began and was done: by the first op that said so."""

    stage: int
    began: str | None = None
    done: str | None = None


@dataclass
class Line:
    """`held`: what a person has said last; None: nothing, its order's pacing decides."""

    id: str
    order_id: str
    course: int
    qty: int
    stops: dict[str, Stop]
    held: bool | None = None
    void: bool = False
    flag: str = ""
    unseen: set[str] = field(default_factory=set)

    @property
    def state(self) -> str:
        if self.void:
            return "void"
        if all(stop.done for stop in self.stops.values()):
            return "ready"
        begun = any(stop.began or stop.done for stop in self.stops.values())
        return "started" if begun else "sent"

    def due(self) -> set[str]:
        """The stations whose turn has come: those before them are done."""
        turn = min((stop.stage for stop in self.stops.values() if not stop.done), default=0)
        return {key for key, stop in self.stops.items() if stop.done or stop.stage <= turn}

    def at(self, stations: list[str]) -> list[Stop]:
        """The stops that an act at `stations` is for; nobody makes what is void."""
        meant = self.due() & set(stations) if stations else self.stops.keys()
        return [] if self.void else [self.stops[station] for station in meant]

    def raise_flag(self, flag: str, unseen: Iterable[str]) -> None:
        self.flag, self.unseen = flag, set(unseen)

    def seen(self, stations: Iterable[str]) -> None:
        self.unseen -= set(stations)
        self.flag = self.flag if self.unseen else ""

    def leave_out(self) -> None:
        if self.state in ("sent", "started") or self.flag:
            self.raise_flag("void", self.due())
        self.void = True


class Book:
    """The lines by id, after the ops of a history."""

    def __init__(self, history: Iterable[tuple[str, Op]]) -> None:
        self.lines: dict[str, Line] = {}
        for _, op in history:
            write: Callable[[Op, str], None] | None = getattr(self, f"_{op['kind']}", None)
            if write is not None:
                write(op["args"], op["at"])

    def _place_order(self, args: Op, _at: str) -> None:
        self._send(args["order"]["id"], args["lines"])

    def _add_lines(self, args: Op, _at: str) -> None:
        for line in self._send(args["order_id"], args["lines"]):
            line.raise_flag("added", line.stops)

    def _send(self, order_id: str, new: list[Op]) -> list[Line]:
        lines = [_line(order_id, one) for one in new]
        self.lines |= {line.id: line for line in lines}
        return lines

    def _start(self, args: Op, at: str) -> None:
        for line, stations in self._meant(args):
            for stop in line.at(stations):
                if not (stop.began or stop.done):
                    stop.began, line.held = at, False

    def _bump(self, args: Op, at: str) -> None:
        for line, stations in self._meant(args):
            for stop in line.at(stations):
                if not stop.done:
                    stop.done, line.held = at, False
            line.seen(stations or line.stops)

    def _recall(self, args: Op, _at: str) -> None:
        for line, stations in self._meant(args):
            for stop in line.at(stations):
                stop.began = stop.done = None

    def _acknowledge(self, args: Op, _at: str) -> None:
        for line, stations in self._meant(args):
            line.seen(stations or line.stops)

    def _change_qty(self, args: Op, _at: str) -> None:
        line, qty = self.lines[args["line_id"]], args["qty"]
        is_news = qty != line.qty and line.state in ("sent", "started")
        line.qty = qty
        if is_news and not (line.flag == "added" and line.unseen == set(line.stops)):
            line.raise_flag("qty", line.stops)

    def _void_line(self, args: Op, _at: str) -> None:
        line = self.lines[args["line_id"]]
        if not line.void:
            line.leave_out()

    def _void_order(self, args: Op, _at: str) -> None:
        for line in self._waiting(args):
            line.leave_out()

    def _fire(self, args: Op, _at: str) -> None:
        for line in self._waiting(args):
            line.held = False

    def _hold(self, args: Op, _at: str) -> None:
        for line in self._waiting(args):
            if line.state == "sent":
                line.held = True

    def _meant(self, args: Op) -> list[tuple[Line, list[str]]]:
        stations = args.get("stations", [])
        return [(self.lines[line_id], stations) for line_id in dict.fromkeys(args["line_ids"])]

    def _waiting(self, args: Op) -> list[Line]:
        """The lines of an order, or of its course that is named, that are not void."""
        course = args.get("course")
        mine = (line for line in self.lines.values() if line.order_id == args["order_id"])
        return [line for line in mine if not line.void and course in (None, line.course)]


def _line(order_id: str, new: Op) -> Line:
    route = new.get("route") or [{"station_id": new["station_id"], "stage": 1}]
    stops = {stop["station_id"]: Stop(stop["stage"]) for stop in route}
    return Line(new["id"], order_id, new["course"], new["qty"], stops)


# -- the invariants ---------------------------------------------------------------------------


def unlike(history: Iterable[tuple[str, Op]], tables: Tables) -> Iterator[str]:
    """Where the rows are not what people have done to the lines."""
    book, rows = Book(history), tables.get("order_lines", {})
    if missing := book.lines.keys() ^ rows.keys():
        yield f"lines: there are others than were sent: {sorted(missing)}"
        return
    for line_id, line in book.lines.items():
        yield from _made(line, rows[line_id])
        yield from _seen(line, rows[line_id])
        yield from _held(line, rows[line_id], tables)


def _made(line: Line, row: Row) -> Iterator[str]:
    """Ready where it was bumped, when it was bumped first, and nowhere else."""
    stops = {
        stop["station_id"]: (stop["started_at"], stop["ready_at"]) for stop in stop_values(row)
    }
    done = {key: (stop.began, stop.done) for key, stop in line.stops.items()}
    if stops != done:
        yield f"stops: of {line.id} are {stops}, should be {done}"
    if row["state"] != line.state:
        yield f"made: {line.id} is {row['state']}, should be {line.state}"


def _seen(line: Line, row: Row) -> Iterator[str]:
    """Flagged until it is acknowledged everywhere."""
    unseen = line.stops.keys() - set(row["seen_by"]) if row["flag"] else set()
    if (row["flag"], unseen) != (line.flag, line.unseen):
        there, wanted = (row["flag"], sorted(unseen)), (line.flag, sorted(line.unseen))
        yield f"flag: {line.id} has {there}, should have {wanted}"


def _held(line: Line, row: Row, tables: Tables) -> Iterator[str]:
    """What is held is not made, however late it gets; only people and courses fire it."""
    order = tables["orders"][line.order_id]
    if not line.void and line.held not in (None, row["held"]) and not _came(row, order):
        yield f"held: {line.id} is {row['held']}, people said {line.held}"
    if not row["held"]:
        return
    if row["fire_at"] or any(stop.began or stop.done for stop in line.stops.values()):
        yield f"held: {line.id} is held and made"
    stations, menu = tables["stations"], tables["menu_items"]
    later = {**row, "flag": ""}
    if build_ticket(order, [later], stations, menu, now=TOMORROW):
        yield f"held: {line.id} is made by time alone"


def _came(row: Row, order: Row) -> bool:
    """Whether the end of the course before it may have fired what people held."""
    return not row["held"] and order["pacing"] == "auto"
