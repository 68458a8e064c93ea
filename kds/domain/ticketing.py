"""The ticket of an order at some stations, made of its rows. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from operator import attrgetter
from typing import Final, TypedDict, cast

from kds.base.clock import from_iso
from kds.domain.routing import covered_names
from kds.domain.rows import Flag, LineModifier, LineState, OrderType, Row
from kds.domain.tickets import (
    LATE_AFTER_S,
    WARN_AFTER_S,
    Question,
    Ticket,
    TicketLine,
    moment,
    questions_of,
)
from kds.domain.visits import LineHere, lines_here, visit_of

_COUNTED: Final = ("id", "ids", "qty", "was_qty")
_what_is_made = attrgetter(*(one.name for one in fields(TicketLine) if one.name not in _COUNTED))
"""All of a line but which one it is and how many of it."""


def build_ticket(
    order: Row,
    lines: Iterable[Row],
    stations: Mapping[str, Row],
    menu: Mapping[str, Row],
    only: frozenset[str] = frozenset(),
    *,
    now: datetime | None = None,
    branch: Row | None = None,
) -> Ticket | None:
    """The ticket of `order` at the stations `only` (all when empty) at the moment `now`.

    None when no cook there has to do anything about it: no line is to be made now, and every
    change has been acknowledged. Without `now` the time of every line that is not held has come.
    `branch`: the row of the branch, for its limits.
    """
    every = sorted(lines, key=lambda line: (line["position"], line["id"]))
    if not any(_unsettled(order, line) for line in every):
        return None  # most orders of a day, so it is asked before anything is worked out
    here, coming = lines_here(every, only)
    if order["state"] != "open":
        here = [line for line in here if not line.open]
    visit = visit_of(here, now)
    if visit is None:
        return None
    calling = [line for line in visit.lines if line.calls(now)]
    batches, covered = _batches(every), covered_names(only, stations)
    return Ticket(
        **head(order, calling, stations, menu, branch),
        lines=merged(
            ticket_line(
                line.row,
                menu,
                line.state,
                line.flag,
                batches[line.row["sent_at"]],
                _covers(line, covered),
            )
            for line in visit.lines
        ),
        since=visit.since,
        state=order["state"],
        coming=coming,
        done_before=visit.done_before,
    )


def _unsettled(order: Row, line: Row) -> bool:
    """Whether any cook anywhere could have to do something about the line."""
    still = order["state"] == "open" and line["state"] in ("sent", "started")
    return still or bool(line.get("flag"))


class Head(TypedDict):
    """What every ticket says of its order, wherever it is shown."""

    order_id: str
    number: str
    type: OrderType
    table_name: str
    customer: str
    server: str
    note: str
    rush: bool
    vip: bool
    placed_at: datetime
    promised_at: datetime | None
    questions: tuple[Question, ...]
    warn_after_s: int
    late_after_s: int


def head(
    order: Row,
    lines: Iterable[LineHere],
    stations: Mapping[str, Row],
    menu: Mapping[str, Row],
    branch: Row | None,
) -> Head:
    """The head of the order's ticket; it is due, and late, by the strictest limit of all that
    hold for it and for these lines."""
    lines, ages = tuple(lines), _type_ages(order, branch)
    warn = _limits("warn_after_s", lines, stations, menu)
    late = _limits("late_after_s", lines, stations, menu)
    return Head(
        order_id=order["id"],
        number=order["number"],
        type=order["type"],
        table_name=order["table_name"],
        customer=order["customer"],
        server=order["server"],
        note=order["note"],
        rush=order["rush"],
        vip=order.get("vip", False),
        placed_at=from_iso(order["placed_at"]),
        promised_at=moment(order.get("promised_at")),
        questions=questions_of(order),
        warn_after_s=min((*warn, *ages[:1]), default=WARN_AFTER_S),
        late_after_s=min((*late, *ages[1:]), default=LATE_AFTER_S),
    )


def merged(lines: Iterable[TicketLine]) -> tuple[TicketLine, ...]:
    """Lines that differ in their quantity alone are one, where the first of them stands."""
    found: dict[tuple[object, ...], TicketLine] = {}
    for line in lines:
        first = found.get(key := _what_is_made(line))
        found[key] = line if first is None else _sum(first, line)
    return tuple(found.values())


def _sum(first: TicketLine, other: TicketLine) -> TicketLine:
    was = None if first.was_qty is None else first.was_qty + (other.was_qty or other.qty)
    ids = first.all_ids + other.all_ids
    return replace(first, qty=first.qty + other.qty, was_qty=was, ids=ids)


def _covers(line: LineHere, covered: Mapping[str, str]) -> tuple[str, ...]:
    """Which of the `covered` stations the line is made for: those that still have it to make, or
    had when all are done."""
    if not covered:
        return ()
    due = [stop.station_id for stop in line.stops if stop.due]
    undone = [stop.station_id for stop in line.stops if stop.due and stop.open]
    return tuple(covered[one] for one in undone or due if one in covered)


def _batches(lines: Iterable[Row]) -> dict[str, int]:
    """`sent_at` -> 0 for what came with the order, 1, 2, ... for what was added."""
    return {at: number for number, at in enumerate(sorted({line["sent_at"] for line in lines}))}


def _type_ages(order: Row, branch: Row | None) -> Sequence[int]:
    """What the branch says of orders of this type: `[warn_after_s, late_after_s]`, or nothing."""
    ages: Mapping[str, Sequence[int]] = (branch or {}).get("type_ages") or {}
    return ages.get(order["type"], ())


def _limits(
    name: str, lines: Iterable[LineHere], stations: Mapping[str, Row], menu: Mapping[str, Row]
) -> Iterator[int]:
    """Every limit in seconds that holds for these lines: the item's, else that of its stations."""
    for line in lines:
        of_item = menu.get(line.row["item_id"], {}).get(name)
        for stop in line.stops:
            limit = stations.get(stop.station_id, {}).get(name) if of_item is None else of_item
            if stop.due and limit is not None:
                yield limit


def ticket_line(
    row: Row,
    menu: Mapping[str, Row],
    state: LineState,
    flag: Flag,
    batch: int = 0,
    covers: tuple[str, ...] = (),
) -> TicketLine:
    """The line as some stations see it: `state` there, `flag` as far as they have not seen it."""
    modifiers = cast("list[LineModifier]", row["modifiers"])
    item = menu.get(row["item_id"])
    return TicketLine(
        id=row["id"],
        qty=row["qty"],
        name=row["name"],
        variant=row["variant"],
        added=tuple(m["name"] for m in modifiers if m["kind"] == "add"),
        removed=tuple(m["name"] for m in modifiers if m["kind"] == "remove"),
        allergens=tuple(item["allergens"]) if item else (),
        note=row["note"],
        course=row["course"],
        seat=row["seat"],
        station_id=row["station_id"],
        state=state,
        ids=(row["id"],),
        item_id=row["item_id"],
        flag=flag,
        was_qty=row.get("was_qty") if flag == "qty" else None,
        held=bool(row.get("held")),
        fire_at=moment(row.get("fire_at")),
        batch=batch,
        sent_at=from_iso(row["sent_at"]),
        covers=covers,
    )
