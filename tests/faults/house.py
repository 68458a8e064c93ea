"""The restaurant of the simulation: the small one, with dishes that pass several stations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kds.domain.rows import LineModifier, Row
from tests.support import restaurant

_STATIONS: Final[tuple[Row, ...]] = (
    {"id": "grill", "categories": ["pizza"], "backup_id": "cold"},
    {"id": "cold", "categories": ["salad", "drink"], "modifiers": ["burrata"]},
    {"id": "finish", "categories": ["pizza"], "stage": 2},
)
_TAKES_S: Final = {"margherita": 240, "caesar": 90}

OWN_STATIONS: Final = {2: frozenset({"grill"}), 3: frozenset({"cold", "finish"})}
"""What the screens of a kitchen are for, by the number of the terminal."""

BURRATA: Final[LineModifier] = {"id": "burrata", "name": "Burrata", "kind": "add", "price": 300}
"""It brings a pizza to the cold station as well."""


def rows() -> Iterator[tuple[str, Row]]:
    """The rows that differ from those of the small restaurant, or are new."""
    there = restaurant.tables()
    for position, station in enumerate(_STATIONS, 1):
        new = {**there["stations"]["grill"], "name": station["id"].title(), "position": position}
        yield "stations", {**new, **station}
    for item_id, prep_s in _TAKES_S.items():
        yield "menu_items", {**there["menu_items"][item_id], "prep_s": prep_s}
