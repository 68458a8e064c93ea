"""What was bumped lately and can come back: read from the store, newest first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from heapq import nlargest

from kds.base.clock import from_iso
from kds.domain.routing import Stop, stops_at
from kds.domain.rows import Row
from kds.session.store import Store
from kds.ui.kitchen.words import whose

LIMIT = 50


@dataclass(frozen=True, slots=True)
class Bumped:
    """One bump: what became ready of an open order in the same instant.

    `stations`: where it comes back, as a verb wants it; empty for wherever its lines are made.
    """

    order_id: str
    number: str
    where: str
    line_ids: tuple[str, ...]
    what: str  # "2 Hawaiian L, 1 Cola"
    at: datetime
    stations: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Bump:
    order: Row
    lines: dict[str, Row] = field(default_factory=dict)
    stops: set[str] = field(default_factory=set)


def bumped(
    store: Store, stations: frozenset[str] = frozenset(), limit: int = LIMIT, search: str = ""
) -> tuple[Bumped, ...]:
    """The last bumps at `stations` (all when empty) that can be taken back, newest first.

    `search`: words that all stand in the number, the table, the customer or the dishes.
    """
    words = search.casefold().split()
    found = ((at, bump) for at, bump in _bumps(store, stations) if _matches(bump, words))
    newest = nlargest(limit, found, key=lambda one: (one[0], one[1].order["id"]))
    return tuple(_describe(at, bump, stations) for at, bump in newest)


def _bumps(store: Store, stations: frozenset[str]) -> Iterator[tuple[str, _Bump]]:
    for order_id, order in store.rows("orders").items():
        if order["state"] != "open":
            continue
        together: defaultdict[str, _Bump] = defaultdict(lambda order=order: _Bump(order))  # type: ignore[misc]
        for line in store.lines_of(order_id):
            for stop in _done(line, stations):
                bump = together[stop.ready_at or ""]
                bump.lines[line["id"]] = line
                bump.stops.add(stop.station_id)
        yield from together.items()


def _done(line: Row, stations: frozenset[str]) -> Iterator[Stop]:
    stops = stops_at(line, stations) if line["state"] != "void" else ()
    return (stop for stop in stops if stop.state == "ready" and stop.ready_at)


def _matches(bump: _Bump, words: list[str]) -> bool:
    order = bump.order
    dishes = (f"{line['name']} {line['variant']}" for line in bump.lines.values())
    text = " ".join((order["number"], order["table_name"], order["customer"], *dishes)).casefold()
    return all(word in text for word in words)


def _describe(at: str, bump: _Bump, stations: frozenset[str]) -> Bumped:
    order, lines = bump.order, bump.lines.values()
    what = (f"{line['qty']} {line['name']} {line['variant']}".rstrip() for line in lines)
    routed = any(line.get("route") for line in lines)
    return Bumped(
        order_id=order["id"],
        number=order["number"],
        where=whose(order["type"], order["table_name"], order["customer"]),
        line_ids=tuple(bump.lines),
        what=", ".join(what),
        at=from_iso(at),
        stations=frozenset(bump.stops) if routed else stations,
    )
