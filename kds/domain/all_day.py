"""All day: how many of each dish the stations have to make, over all tickets. Pure.

Kept order by order, so that a change costs as much as its order is long, however many tickets
there are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from kds.domain.routing import due_at, stops_of
from kds.domain.rows import Row

Dish = tuple[str, str, str]
"""station id, item id, variant."""


@dataclass(frozen=True, slots=True)
class Count:
    """One dish at one station.

    `now`: pieces to make now, the oldest of them since `since`. `later`: pieces that are held,
    not fired yet, or still at an earlier station. `extras`: how many of `now` have which
    modifier, most first; removals as "no onion".
    """

    station_id: str
    item_id: str
    name: str
    variant: str
    now: int
    later: int
    since: datetime | None
    extras: tuple[tuple[str, int], ...] = ()

    @property
    def dish(self) -> Dish:
        return (self.station_id, self.item_id, self.variant)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A line at a station. `at`: when it became, or becomes, its turn; None: nobody knows yet."""

    dish: Dish
    name: str
    qty: int
    at: datetime | None
    extras: tuple[str, ...]


class AllDay:
    """The counts of the stations `only` (all when empty)."""

    def __init__(self, only: frozenset[str] = frozenset()) -> None:
        self._only = only
        self._by_order: dict[str, tuple[_Piece, ...]] = {}
        self._by_dish: dict[Dish, dict[str, list[_Piece]]] = {}  # dish -> order id -> pieces
        self._future: dict[Dish, datetime] = {}  # the next moment when a dish counts otherwise

    def put(self, order: Row, lines: Iterable[Row]) -> set[Dish]:
        """Count the order as it is now; the dishes whose counts may differ."""
        open_order = order["state"] == "open"
        return self._set(order["id"], tuple(self._pieces(lines)) if open_order else ())

    def drop(self, order_id: str) -> set[Dish]:
        """The order is gone."""
        return self._set(order_id, ())

    def count(self, dish: Dish, now: datetime) -> Count | None:
        """One dish; None when none of it is to be made."""
        pieces = [p for found in self._by_dish.get(dish, {}).values() for p in found]
        if not pieces:
            self._future.pop(dish, None)
            return None
        due = [piece for piece in pieces if piece.at is not None and piece.at <= now]
        later = [piece.at for piece in pieces if piece.at is not None and piece.at > now]
        if later:
            self._future[dish] = min(later)
        else:
            self._future.pop(dish, None)
        extras: Counter[str] = Counter()
        for piece in due:
            extras.update(dict.fromkeys(piece.extras, piece.qty))
        quantity = sum(piece.qty for piece in due)
        return Count(
            *dish[:2],
            name=pieces[0].name,
            variant=dish[2],
            now=quantity,
            later=sum(piece.qty for piece in pieces) - quantity,
            since=min((piece.at for piece in due if piece.at), default=None),
            extras=tuple(sorted(extras.items(), key=lambda one: (-one[1], one[0]))),
        )

    def counts(self, now: datetime) -> Iterator[Count]:
        """Every dish, in no particular order."""
        for dish in tuple(self._by_dish):
            if found := self.count(dish, now):
                yield found

    def fired(self, now: datetime) -> set[Dish]:
        """The dishes that time alone has changed since they were counted."""
        return {dish for dish, at in self._future.items() if at <= now}

    @property
    def next_at(self) -> datetime | None:
        """When `fired` has something next; None when time alone changes nothing."""
        return min(self._future.values(), default=None)

    def _set(self, order_id: str, pieces: tuple[_Piece, ...]) -> set[Dish]:
        before = self._by_order.pop(order_id, ())
        if pieces:
            self._by_order[order_id] = pieces
        if before == pieces:
            return set()
        touched = {piece.dish for piece in (*before, *pieces)}
        for dish in touched:
            mine = [piece for piece in pieces if piece.dish == dish]
            orders = self._by_dish.setdefault(dish, {})
            if mine:
                orders[order_id] = mine
            else:
                orders.pop(order_id, None)
            if not orders:
                del self._by_dish[dish]
        return touched

    def _pieces(self, lines: Iterable[Row]) -> Iterator[_Piece]:
        for line in lines:
            if line["state"] not in ("sent", "started"):
                continue
            for stop in stops_of(line):
                mine = not self._only or stop.station_id in self._only
                if mine and stop.open:
                    known = stop.due and not line.get("held")
                    yield _Piece(
                        (stop.station_id, line["item_id"], line["variant"]),
                        line["name"],
                        line["qty"],
                        due_at(line, stop) if known else None,
                        tuple(map(_extra, line["modifiers"])),
                    )


def _extra(modifier: Mapping[str, str]) -> str:
    name = modifier["name"]
    return f"no {name}" if modifier["kind"] == "remove" else name
