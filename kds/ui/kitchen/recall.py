"""What was bumped lately and can come back: read from the store, newest first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from heapq import nlargest

from kds.base.clock import from_iso
from kds.domain.rows import Row
from kds.session.store import Store
from kds.ui.kitchen.words import whose

LIMIT = 50


@dataclass(frozen=True, slots=True)
class Bumped:
    """One bump: the lines of an open order that became ready in the same instant."""

    order_id: str
    number: str
    where: str
    line_ids: tuple[str, ...]
    what: str  # "2 Hawaiian L, 1 Cola"
    at: datetime


def bumped(
    store: Store, stations: frozenset[str] = frozenset(), limit: int = LIMIT
) -> tuple[Bumped, ...]:
    """The last bumps at `stations` (all when empty) that can be taken back, newest first."""
    newest = nlargest(limit, _bumps(store, stations), key=lambda found: (found[0], found[1]["id"]))
    return tuple(_describe(at, order, lines) for at, order, lines in newest)


def _bumps(store: Store, stations: frozenset[str]) -> Iterator[tuple[str, Row, list[Row]]]:
    for order_id, order in store.rows("orders").items():
        if order["state"] != "open":
            continue
        together: dict[str, list[Row]] = defaultdict(list)
        for line in store.lines_of(order_id):
            mine = not stations or line["station_id"] in stations
            if mine and line["state"] == "ready" and line["ready_at"]:
                together[line["ready_at"]].append(line)
        for at, lines in together.items():
            yield at, order, lines


def _describe(at: str, order: Row, lines: list[Row]) -> Bumped:
    what = (f"{line['qty']} {line['name']} {line['variant']}".rstrip() for line in lines)
    return Bumped(
        order_id=order["id"],
        number=order["number"],
        where=whose(order["type"], order["table_name"], order["customer"]),
        line_ids=tuple(line["id"] for line in lines),
        what=", ".join(what),
        at=from_iso(at),
    )
