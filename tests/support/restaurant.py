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


EVERY_ROW: dict[str, Row] = {
    "branches": {"expo_stages": 1, "type_ages": {}},
    "stations": {
        "items": [],
        "modifiers": [],
        "stage": 1,
        "backup_id": "",
        "covered_by": "",
        "unattended": False,
    },
    "menu_items": {"out_since": None, "prep_s": 0, "warn_after_s": None, "late_after_s": None},
    "orders": {
        "vip": False,
        "promised_at": None,
        "pacing": "at_once",
        "together": False,
        "state": "open",
        "paid": 0,
        "ready_at": None,
        "assembled_at": None,
        "handed_at": None,
        "closed_at": None,
        "archived_at": None,
        "questions": [],
    },
    "order_lines": {
        "route": [],
        "prep_s": 0,
        "state": "sent",
        "held": False,
        "fire_at": None,
        "started_at": None,
        "ready_at": None,
        "made_by": "",
        "voided_at": None,
        "void_reason": "",
        "flag": "",
        "flag_at": None,
        "was_qty": None,
        "seen_by": [],
        "archived_at": None,
    },
}
"""What a row of a table has when nobody has said anything about it."""


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
    found += [("menu_items", row) for row in parts["items"]]
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
    return [
        (table, {**EVERY_ROW.get(table, {}), **row, "branch_id": branch_id}) for table, row in found
    ]


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
    *("place_order", "bump") * 2,
    *("add_lines", "start", "recall", "void_line", "void_order", "close_order", "pay"),
    *("eighty_six", "adjust_stock", "change_qty", "acknowledge", "fire", "hold", "mark"),
    *("ask", "answer", "assemble", "hand_over", "cover", "set_up"),
)

Draw = tuple[int, int, int, int]
"""What to do, to which order, to which line or item, and how much: small numbers."""


_ROUTES: tuple[list[Row], ...] = (
    [],
    [{"station_id": "grill", "stage": 1}, {"station_id": "cold", "stage": 2}],
    [{"station_id": "grill"}, {"station_id": "cold"}, {"station_id": "Überbacken", "stage": 2}],
)


def _promises(which: int, amount: int) -> Row:
    """What there may be to say about an order."""
    promised = {"promised_at": f"2026-02-28T0{which}:30:00.5+01:00"} if amount > 2 else {}
    return {
        "rush": which % 2 == 0,
        "vip": which % 3 == 0,
        "pacing": ("at_once", "auto", "manual", "auto")[which % 4],
        "together": amount % 2 == 1,
        **promised,
    }


def _set_up(which: int, amount: int) -> Row:
    """What a manager sets: a station, the branch, a dish; now and then what makes no sense."""
    ages = {"warn_after_s": 60 * amount, "late_after_s": 60 * (which + 1)}
    if which % 3 == 0:
        backup = ("", "cold", "grill", "ghost")[amount % 4]
        lists = {"categories": ["pizza", "Käse"][: amount % 3], "items": ["caesar"][: amount % 2]}
        values: Row = {"name": f"Öfen {amount}", "stage": 1 + amount % 2, "backup_id": backup}
        values = {**values, **lists, "modifiers": ["x"], "position": amount}
        values = {**values, "unattended": amount > 2, **ages}
        chosen = dict(list(values.items())[amount:])
        return {"table": "stations", "id": ("grill", "cold")[which % 2], "values": chosen}
    if which % 3 == 1:
        pairs = ([300, 480], None, [60 * amount, 240])
        types = {"dine_in": pairs[amount % 3], "delivery": pairs[which % 3]}
        values = {"expo_stages": amount, "type_ages": types, "name": "Süd"}
        chosen = dict(list(values.items())[which % 2 + amount % 2 :])
        return {"table": "branches", "id": BRANCH, "values": chosen}
    values = {**(ages if amount % 2 else {}), "late_after_s": None, "prep_s": 30 * amount}
    return {"table": "menu_items", "id": ("margherita", "nothing")[which % 2], "values": values}


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
        if kind == "cover":
            return f"station:{args['station_id']}"
        if kind == "set_up":
            return f"set_up:{args['table']}:{args['id']}"
        return f"stock:{args['stock_item_id']}" if kind == "adjust_stock" else order_id

    def _args(self, kind: Kind, order_id: str, which: int, amount: int) -> Row:
        known = self._lines.get(order_id, [])
        some = [known[which % len(known)]] if known else [name_uuid(self.salt, "nobody", which)]
        lines = known if amount % 3 == 0 and known else some
        match kind:
            case "place_order":
                order = new_order(order_id, f"A-{which:03d}", **_promises(which, amount))
                return {"order": order, "lines": self._new_lines(order_id, which, amount)}
            case "add_lines":
                return {"order_id": order_id, "lines": self._new_lines(order_id, which, amount)}
            case "start" | "bump" | "recall" | "acknowledge":
                where = ((), ("grill",), ("cold",), ("cold", "grill"))[(which + amount) % 4]
                stations = {"stations": list(where)} if where else {}
                return {"order_id": order_id, "line_ids": list(lines), **stations}
            case "void_line":
                args: Row = {"order_id": order_id, "line_id": some[0], "reason": "dropped"}
                return {**args, "force": amount > 3} if amount > 1 else args
            case "change_qty":
                args = {"order_id": order_id, "line_id": some[0], "qty": (which + amount) % 5}
                return {**args, "force": True} if which % 3 == 0 else args
            case "fire" | "hold":
                course = (None, 1, 2, 3)[amount % 4]
                return {"order_id": order_id, **({"course": course} if which else {})}
            case "mark":
                marks = {"rush": amount % 2 == 0, "vip": amount > 2}
                return {"order_id": order_id, **dict(list(marks.items())[which % 3 :])}
            case "ask":
                question_id = name_uuid(self.salt, order_id, "question", which % 3)
                options = ["Yes", "No", "Yes"][: amount % 4]
                question = {"id": question_id, "text": "Käse?", "options": options}
                return {"order_id": order_id, "question": question}
            case "answer":
                question_id = name_uuid(self.salt, order_id, "question", which % 3)
                return {"order_id": order_id, "question_id": question_id, "answer": f"{amount} ☂"}
            case "assemble" | "hand_over":
                return {"order_id": order_id, "done": amount % 3 > 0}
            case "cover":
                stations_there = ("grill", "cold", "ghost")
                by = ("", *stations_there)[amount % 4]
                return {"station_id": stations_there[which % 3], "by": by}
            case "set_up":
                return _set_up(which, amount)
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
                course=1 + (which + n * amount) % 3,
                prep_s=(0, 240, 90)[(amount + n) % 3],
                route=_ROUTES[(which + n) % len(_ROUTES)],
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
