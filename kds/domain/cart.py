"""The order being taken at a till, before it is sent. Values in, values out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from kds.base.clock import to_iso
from kds.domain.routing import route_for
from kds.domain.rows import LineModifier, OrderType, Pacing, Row


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
    """What the guest has asked for so far, and who the guest is.

    `promised_at`: when the guest was told it will be ready. `pacing`: how its courses follow each
    other. `together`: dishes of a course are begun so that they end together.
    """

    lines: tuple[CartLine, ...] = ()
    type: OrderType = "dine_in"
    table_name: str = ""
    customer: str = ""
    note: str = ""
    rush: bool = False
    vip: bool = False
    promised_at: datetime | None = None
    pacing: Pacing = "at_once"
    together: bool = False

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


def new_lines(
    cart: Cart, stations: Mapping[str, Row], menu: Mapping[str, Row]
) -> list[dict[str, object]]:
    """The cart's lines as the `NewLine`s of a command (see `domain.commands`).

    `stations` and `menu` by id: who makes a line, and how long that takes.
    """
    return [_new_line(line, stations.values(), menu.get(line.item_id, {})) for line in cart.lines]


def _new_line(line: CartLine, stations: Iterable[Row], item: Row) -> dict[str, object]:
    chosen = (modifier["id"] for modifier in line.modifiers)
    stops = route_for(line.item_id, line.category, chosen, stations)
    return {
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
        "station_id": stops[0]["station_id"] if stops else "",
        **({"route": stops} if len(stops) > 1 else {}),
        **({"prep_s": item["prep_s"]} if item.get("prep_s") else {}),
    }


def new_order(cart: Cart, order_id: str, number: str, server: str) -> dict[str, object]:
    """The cart's head as the `NewOrder` of a command; what is as usual is left unsaid."""
    return {
        "id": order_id,
        "number": number,
        "type": cart.type,
        "table_name": cart.table_name,
        "customer": cart.customer,
        "server": server,
        "note": cart.note,
        "rush": cart.rush,
        **({"vip": True} if cart.vip else {}),
        **({"promised_at": to_iso(cart.promised_at)} if cart.promised_at else {}),
        **({"pacing": cart.pacing} if cart.pacing != "at_once" else {}),
        **({"together": True} if cart.together else {}),
    }
