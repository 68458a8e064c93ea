"""A small restaurant, and people in it who do nearly sensible things.

`rows()` is its menu and stock as shared rows. `Floor` turns a few drawn numbers into commands:
mostly sensible ones, now and then something that must be refused.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from kds.domain.commands import Command, Kind

BRANCH = "0b000000-0000-4000-8000-000000000001"
OTHER_BRANCH = "0b000000-0000-4000-8000-000000000002"
TILL = "0d000000-0000-4000-8000-00000000000a"
KITCHEN = "0d000000-0000-4000-8000-00000000000b"
OFFICE = "0d000000-0000-4000-8000-00000000000c"

Row = dict[str, Any]

STATIONS: list[Row] = [
    {"id": "grill", "name": "Grill", "position": 1, "categories": ["pizza"]},
    {"id": "cold", "name": "Cold", "position": 2, "categories": ["salad", "drink"]},
]
ITEMS: list[Row] = [
    {
        "id": "margherita",
        "name": "Margherita",
        "category": "pizza",
        "variants": [{"name": "M", "price": 1200}, {"name": "L", "price": 1550}],
        "allergens": ["gluten", "milk"],
    },
    {
        "id": "caesar",
        "name": "Caesar Salad",
        "category": "salad",
        "variants": [{"name": "", "price": 950}],
        "allergens": ["egg"],
    },
    {
        "id": "water",
        "name": "Wässerchen",
        "category": "drink",
        "variants": [{"name": "", "price": 0}],
        "allergens": [],
    },
]
STOCK: list[Row] = [
    {"id": "mozzarella", "name": "Mozzarella", "unit": "g", "level": 2500, "low_level": 2200},
    {"id": "dough", "name": "Dough", "unit": "pcs", "level": 20, "low_level": 5},
    {"id": "lettuce", "name": "Lettuce", "unit": "g", "level": 900, "low_level": 100},
]
RECIPES = [
    ("margherita", "", "dough", 1),
    ("margherita", "M", "mozzarella", 120),
    ("margherita", "L", "mozzarella", 180),
    ("margherita", "L", "dough", 1),
    ("caesar", "", "lettuce", 90),
    ("caesar", "", "ghost", 5),
]


def menu() -> dict[str, list[Row]]:
    """The menu as `import_menu` takes it."""
    return {
        "stations": [{**row, "warn_after_s": 300, "late_after_s": 480} for row in STATIONS],
        "items": [{**row, "position": n} for n, row in enumerate(ITEMS, 1)],
        "modifiers": [],
        "stock_items": [{**row, "par_level": 4000} for row in STOCK],
        "recipes": [
            {"item_id": item, "variant": variant, "stock_item_id": stock, "qty": qty}
            for item, variant, stock, qty in RECIPES
            if stock != "ghost"
        ],
    }


def device_row(device_id: str, role: str, letter: str, branch_id: str = BRANCH) -> Row:
    return {
        "id": device_id,
        "branch_id": branch_id,
        "name": f"{role} {letter}",
        "role": role,
        "letter": letter,
    }


def rows(branch_id: str = BRANCH) -> list[tuple[str, Row]]:
    """Every row of the restaurant before its first guest, with three devices."""
    branch = {
        "id": branch_id,
        "name": "Nordbahnhof",
        "currency": "EUR",
        "timezone": "Europe/Berlin",
    }
    parts = menu()
    found: list[tuple[str, Row]] = [("branches", branch)]
    found += [("stations", row) for row in parts["stations"]]
    found += [("menu_items", {**row, "out_since": None}) for row in parts["items"]]
    found += [("stock_items", row) for row in parts["stock_items"]]
    found += [
        (
            "recipes",
            {
                "id": f"{item}:{variant}:{stock}",
                "item_id": item,
                "variant": variant,
                "stock_item_id": stock,
                "qty": qty,
            },
        )
        for item, variant, stock, qty in RECIPES
    ]
    found += [
        ("devices", device_row(TILL, "pos", "A")),
        ("devices", device_row(KITCHEN, "kitchen", "B")),
        ("devices", device_row(OFFICE, "manager", "C")),
    ]
    return [(table, {**row, "branch_id": branch_id}) for table, row in found]


def tables(branch_id: str = BRANCH) -> dict[str, dict[str, Row]]:
    """The same by table and id."""
    found: dict[str, dict[str, Row]] = {}
    for table, row in rows(branch_id):
        found.setdefault(table, {})[row["id"]] = row
    return found


def new_line(line_id: str, item: str = "margherita", variant: str = "M", **fields: Any) -> Row:
    """A `NewLine` of a command."""
    return {
        "id": line_id,
        "item_id": item,
        "name": item.title(),
        "variant": variant,
        "qty": 1,
        "price": 1200,
        "modifiers": [],
        "note": "",
        "course": 1,
        "seat": None,
        "station_id": "grill",
        **fields,
    }


def new_order(order_id: str, number: str = "A-001", **fields: Any) -> Row:
    """A `NewOrder` of a command."""
    return {
        "id": order_id,
        "number": number,
        "type": "dine_in",
        "table_name": "7",
        "customer": "",
        "server": "Mia",
        "note": "",
        "rush": False,
        **fields,
    }


def name_uuid(*parts: object) -> str:
    """The same id for the same parts, every time."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, "/".join(map(str, parts))))


KINDS: tuple[Kind, ...] = (
    "place_order",
    "place_order",
    "add_lines",
    "start",
    "bump",
    "bump",
    "recall",
    "void_line",
    "void_order",
    "close_order",
    "pay",
    "eighty_six",
    "adjust_stock",
)

Draw = tuple[int, int, int, int]
"""What to do, to which order, to which line or item, and how much: small numbers."""


@dataclass
class Floor:
    """A few orders that keep being touched; `command` makes the next thing that happens to them."""

    orders: int = 3
    salt: str = ""
    _said: int = 0
    _lines: dict[str, list[str]] = field(default_factory=dict)

    def command(self, draw: Draw, at: str = "2026-11-21T08:00:00+00:00") -> Command:
        what, order, which, amount = draw
        kind = KINDS[what % len(KINDS)]
        self._said += 1
        order_id = name_uuid(self.salt, "order", order % self.orders)
        args = self._args(kind, order_id, which, amount)
        op_id = name_uuid(self.salt, "op", self._said)
        return Command(op_id, self._said, kind, self._lane(kind, order_id, args), "Mia", at, args)

    def _lane(self, kind: Kind, order_id: str, args: Row) -> str:
        if kind == "eighty_six":
            return f"item:{args['item_id']}"
        return f"stock:{args['stock_item_id']}" if kind == "adjust_stock" else order_id

    def _args(self, kind: Kind, order_id: str, which: int, amount: int) -> Row:
        known = self._lines.get(order_id, [])
        some = [known[which % len(known)]] if known else [name_uuid(self.salt, "nobody", which)]
        lines = known if amount % 3 == 0 and known else some
        match kind:
            case "place_order":
                order = new_order(order_id, f"A-{which:03d}", rush=which % 2 == 0)
                return {"order": order, "lines": self._new_lines(order_id, which, amount)}
            case "add_lines":
                return {"order_id": order_id, "lines": self._new_lines(order_id, which, amount)}
            case "start" | "bump" | "recall":
                return {"order_id": order_id, "line_ids": list(lines)}
            case "void_line":
                args: Row = {"order_id": order_id, "line_id": some[0], "reason": "dropped"}
                return {**args, "force": amount > 3} if amount > 1 else args
            case "void_order":
                return {"order_id": order_id, "reason": "guest left"}
            case "close_order":
                return {"order_id": order_id}
            case "pay":
                payment_id = name_uuid(self.salt, "payment", self._said)
                payment = {"id": payment_id, "tender": "card", "amount": amount * 100}
                return {"order_id": order_id, "payment": payment}
            case "eighty_six":
                return {"item_id": self._item(which), "out": amount % 2 == 0}
            case "adjust_stock":
                names = [*(row["id"] for row in STOCK), "ghost"]
                stock_item_id = names[which % len(names)]
                return {
                    "stock_item_id": stock_item_id,
                    "delta": (amount - 3) * 50,
                    "reason": "count",
                }

    def _item(self, which: int) -> str:
        names = [*(row["id"] for row in ITEMS), "nothing"]
        return str(names[which % len(names)])

    def _new_lines(self, order_id: str, which: int, amount: int) -> list[Row]:
        made = [
            new_line(
                name_uuid(self.salt, "line", self._said, n),
                self._item(which + n),
                ("M", "L", "")[(which + n) % 3],
                qty=amount % 4,  # 0 now and then: refused
                price=100 * which,
                note="ohne Käse ☂" if n else "",
                seat=n or None,
                modifiers=[{"id": "x", "name": "Extra", "kind": "add", "price": 50}] * (n % 2),
            )
            for n in range(1 + which % 3)
        ]
        self._lines.setdefault(order_id, []).extend(line["id"] for line in made)
        return made


def commands(
    draws: Sequence[Draw], salt: str = "", at: str = "2026-11-21T08:00:00+00:00"
) -> list[Command]:
    """What happens on the floor, in order."""
    floor = Floor(salt=salt)
    return [floor.command(draw, at) for draw in draws]
