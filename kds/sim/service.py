"""A service to play: a menu, and orders with the second at which each is placed. Pure values."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from kds.domain.rows import OrderType

SIZE_ORDER = ("XS", "S", "M", "L", "XL", "XXL")


@dataclass(frozen=True, slots=True)
class SimLine:
    """`qty` pieces of one item; `price` of one in minor units."""

    item_id: str
    name: str
    variant: str
    category: str
    qty: int
    price: int


@dataclass(frozen=True, slots=True)
class SimOrder:
    """One guest's order, `at_s` seconds after the service began."""

    key: str
    at_s: float
    type: OrderType
    table_name: str
    customer: str
    lines: tuple[SimLine, ...]


def slug(text: str) -> str:
    """`"Crème Brûlée"` -> `creme-brulee`; an id that a person can read."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-") or "item"


def title(text: str) -> str:
    """`"thai_ckn"` -> `Thai Ckn`: a name that was a code, made fit for a screen."""
    return text if re.search(r"[A-Z ]", text) else text.replace("_", " ").title()


def menu_of(lines: Iterable[SimLine]) -> dict[str, Any]:
    """The menu that sells exactly these lines, as `import_menu` takes it.

    The last price of a size counts. Every category gets one stock item, counted in portions.
    """
    items: dict[str, dict[str, Any]] = {}
    sold: dict[str, int] = {}
    for line in lines:
        item = items.setdefault(
            line.item_id,
            {"id": line.item_id, "name": line.name, "category": line.category, "prices": {}},
        )
        item["prices"][line.variant] = line.price
        sold[line.category] = sold.get(line.category, 0) + line.qty
    ordered = sorted(items.values(), key=lambda item: (item["category"], item["name"]))
    return {
        "items": [_menu_item(item, place) for place, item in enumerate(ordered, start=1)],
        "stock_items": [_portions(category, qty) for category, qty in sorted(sold.items())],
        "recipes": [
            {
                "item_id": item["id"],
                "variant": "",
                "stock_item_id": f"portions-{item['category']}",
                "qty": 1,
            }
            for item in ordered
        ],
    }


def _menu_item(item: dict[str, Any], position: int) -> dict[str, Any]:
    sizes = sorted(item["prices"], key=_size_rank)
    return {
        "id": item["id"],
        "name": item["name"],
        "category": item["category"],
        "position": position,
        "variants": [{"name": size, "price": item["prices"][size]} for size in sizes],
        "allergens": [],
    }


def _size_rank(size: str) -> tuple[int, str]:
    return (SIZE_ORDER.index(size) if size in SIZE_ORDER else len(SIZE_ORDER), size)


def _portions(category: str, sold: int) -> dict[str, Any]:
    """Enough for what will be sold, and close enough to run low before the end."""
    par = sold + 10
    return {
        "id": f"portions-{category}",
        "name": f"{title(category)} portions",
        "unit": "pcs",
        "level": par,
        "low_level": max(5, par // 5),
        "par_level": par,
    }


def share(orders: Sequence[SimOrder], index: int, count: int) -> tuple[SimOrder, ...]:
    """The orders that till `index` of `count` takes, in turn."""
    return tuple(orders[index::count])
