"""A seeded dinner rush from a menu: the same seed gives the same guests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import cast

from kds.domain.rows import MenuItemRow, OrderType, Row
from kds.sim.service import SimLine, SimOrder

_TYPES: Sequence[OrderType] = ("dine_in", "dine_in", "dine_in", "takeaway", "delivery")
_NAMES = ("Amara", "Jonas", "Mei", "Priya", "Luca", "Noor", "Sofia", "Kofi", "Elin", "Mateo")


def rush(rng: Random, menu: Mapping[str, Row], count: int, every_s: float) -> tuple[SimOrder, ...]:
    """`count` orders, on average one each `every_s` seconds, of what the menu can sell now."""
    items = [cast(MenuItemRow, row) for row in menu.values() if not row["out_since"]]
    if not items:
        return ()
    at = 0.0
    orders = []
    for number in range(count):
        orders.append(_order(rng, items, number, at))
        at += rng.expovariate(1 / every_s)
    return tuple(orders)


def _order(rng: Random, items: Sequence[MenuItemRow], number: int, at_s: float) -> SimOrder:
    kind = rng.choice(_TYPES)
    pieces = rng.choices((1, 2, 3, 4, 6), weights=(3, 5, 4, 2, 1))[0]
    chosen = rng.sample(items, k=min(pieces, len(items)))
    return SimOrder(
        key=f"rush-{number}",
        at_s=at_s,
        type=kind,
        table_name=f"T{rng.randint(1, 24)}" if kind == "dine_in" else "",
        customer="" if kind == "dine_in" else rng.choice(_NAMES),
        lines=tuple(_line(rng, item) for item in chosen),
    )


def _line(rng: Random, item: MenuItemRow) -> SimLine:
    variant = rng.choice(item["variants"])
    qty = rng.choices((1, 2, 3), weights=(8, 2, 1))[0]
    return SimLine(
        item["id"], item["name"], variant["name"], item["category"], qty, variant["price"]
    )
