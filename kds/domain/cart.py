"""The order being taken at a till, before it is sent. Values in, values out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from kds.domain.rows import LineModifier, OrderType, Row


@dataclass(frozen=True, slots=True)
class CartLine:
    """One line. `unit_price` is of one, without modifiers, in minor units."""

    id: str
    item_id: str
    name: str
    variant: str
    category: str
    qty: int
    unit_price: int
    modifiers: tuple[LineModifier, ...] = ()
    note: str = ""
    course: int = 1
    seat: int | None = None

    @property
    def price(self) -> int:
        """Of one, modifiers included."""
        return self.unit_price + sum(modifier["price"] for modifier in self.modifiers)

    @property
    def total(self) -> int:
        return self.qty * self.price


@dataclass(frozen=True, slots=True)
class Cart:
    """What the guest has asked for so far, and who the guest is."""

    lines: tuple[CartLine, ...] = ()
    type: OrderType = "dine_in"
    table_name: str = ""
    customer: str = ""
    note: str = ""
    rush: bool = False

    @property
    def total(self) -> int:
        return sum(line.total for line in self.lines)

    @property
    def count(self) -> int:
        """Pieces, not lines."""
        return sum(line.qty for line in self.lines)

    def add(self, line: CartLine) -> Cart:
        """The cart with `line` in it; a line that differs in quantity only is merged."""
        for index, mine in enumerate(self.lines):
            if replace(mine, id=line.id, qty=line.qty) == line:
                return self._with(index, replace(mine, qty=mine.qty + line.qty))
        return replace(self, lines=(*self.lines, line))

    def set_qty(self, line_id: str, qty: int) -> Cart:
        """The cart with another quantity of a line; the line goes at zero or below."""
        index = self._index(line_id)
        if qty > 0:
            return self._with(index, replace(self.lines[index], qty=qty))
        return replace(self, lines=self.lines[:index] + self.lines[index + 1 :])

    def change(self, line: CartLine) -> Cart:
        """The cart with the line of the same id replaced by `line`."""
        return self._with(self._index(line.id), line)

    def _index(self, line_id: str) -> int:
        return next(i for i, line in enumerate(self.lines) if line.id == line_id)

    def _with(self, index: int, line: CartLine) -> Cart:
        return replace(self, lines=(*self.lines[:index], line, *self.lines[index + 1 :]))


def station_for(category: str, stations: Iterable[Row]) -> str:
    """The station that prepares a category: the first by position that lists it.

    The first station of all when none lists it: food that nobody claims must still be seen.
    Empty when the branch has no stations.
    """
    ordered = sorted(stations, key=lambda station: (station["position"], station["id"]))
    for station in ordered:
        if category in station["categories"]:
            return str(station["id"])
    return str(ordered[0]["id"]) if ordered else ""


def new_lines(cart: Cart, stations: Mapping[str, Row]) -> list[dict[str, object]]:
    """The cart's lines as the `NewLine`s of a command (see `domain.commands`)."""
    return [
        {
            "id": line.id,
            "item_id": line.item_id,
            "name": line.name,
            "variant": line.variant,
            "qty": line.qty,
            "price": line.price,
            "modifiers": list(line.modifiers),
            "note": line.note,
            "course": line.course,
            "seat": line.seat,
            "station_id": station_for(line.category, stations.values()),
        }
        for line in cart.lines
    ]
