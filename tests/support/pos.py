"""A session in memory for the screens: the real store and the real verbs, no disk and no network.

`Desk` is what the screens see of a `Session`. What it does is worked out by the real rules
(`domain.apply`); a test decides when a tap becomes durable and whether it does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from kds.base.clock import to_iso
from kds.base.errors import KdsError
from kds.base.events import Event
from kds.domain.apply import apply
from kds.domain.cart import Cart
from kds.domain.changes import ChangeSet
from kds.domain.commands import Command, Kind
from kds.domain.notices import Notice
from kds.domain.quote import Quote
from kds.domain.refusals import Conflict, Rejected
from kds.domain.rows import Role, Row
from kds.session.device import Device
from kds.session.metrics import LinkMetrics, SessionMetrics
from kds.session.numbers import order_number
from kds.session.status import Person
from kds.session.store import Store
from tests.support.qt import BRANCH, ONLINE, LocalSession

START = datetime(2026, 3, 14, 18, 30, tzinfo=UTC)

MENU: dict[str, list[tuple[str, tuple[int, ...]]]] = {
    "classic": [
        ("Hawaiian", (1050, 1325, 1650)),
        ("Margherita", (1000, 1250, 1525)),
        ("Pepperoni", (975, 1250, 1525)),
        ("The Classic Deluxe", (1200, 1600, 2050)),
        ("The Italian Capocollo", (1200, 1600, 2050)),
        ("The Greek", (1200, 1600, 2050)),
    ],
    "chicken": [
        ("Barbecue Chicken", (1275, 1675, 2075)),
        ("California Chicken", (1275, 1675, 2075)),
        ("Chicken Alfredo", (1275, 1675, 2075)),
        ("Thai Chicken", (1275, 1675, 2075)),
    ],
    "supreme": [
        ("Spicy Italian", (1250, 1650, 2075)),
        ("Prosciutto and Arugula", (1250, 1650, 2075)),
        ("Pepper Salami", (1250, 1650, 2075)),
        ("Brie Carre", (2365,)),
    ],
    "veggie": [
        ("Four Cheese", (1175, 1475, 1795)),
        ("Green Garden", (1200, 1600, 2025)),
        ("Mediterranean", (1200, 1600, 2025)),
        ("Spinach and Feta", (1200, 1600, 2025)),
        ("Five Cheese", (1850,)),
    ],
    "drinks": [("Water", (250,)), ("Lemonade", (350,)), ("Espresso", (280,))],
}
SIZES = ("S", "M", "L")
STOCK: list[tuple[str, str, int, int, int]] = [
    ("Mozzarella", "g", 18400, 4000, 30000),
    ("Dough balls", "pcs", 64, 40, 240),
    ("Tomato sauce", "ml", 12250, 3000, 20000),
    ("Pepperoni", "g", 1350, 1500, 8000),
    ("Pineapple", "g", 0, 500, 4000),
    ("Chicken", "g", 5200, 1500, 9000),
    ("Spinach", "g", 880, 400, 2500),
    ("Mushrooms", "g", 2100, 600, 4000),
]
MODIFIERS: list[tuple[str, str, int]] = [
    ("Onion", "remove", 0),
    ("Garlic", "remove", 0),
    ("Cheese", "remove", 0),
    ("Extra cheese", "add", 150),
    ("Jalapeños", "add", 100),
    ("Gluten-free base", "add", 250),
]


def slug(name: str) -> str:
    return name.lower().replace(" ", "-")


def pizza_rows() -> list[tuple[str, Row]]:
    """A pizza place before its first guest: branch, station, menu, modifiers, stock, recipes."""
    rows: list[tuple[str, dict[str, Any]]] = [
        (
            "branches",
            {"id": BRANCH, "name": "Piazza Nord", "currency": "USD", "timezone": "UTC"},
        ),
        (
            "stations",
            {
                "id": "oven",
                "name": "Oven",
                "position": 1,
                "categories": [*MENU],
                "warn_after_s": 300,
                "late_after_s": 480,
            },
        ),
    ]
    rows += [("menu_items", _item(*item)) for item in _items()]
    rows += [
        (
            "modifiers",
            {
                "id": slug(name),
                "name": name,
                "kind": kind,
                "price": price,
                "categories": [*MENU][:4],
            },
        )
        for name, kind, price in MODIFIERS
    ]
    rows += [
        (
            "stock_items",
            {
                "id": slug(name),
                "name": name,
                "unit": unit,
                "level": level,
                "low_level": low,
                "par_level": par,
            },
        )
        for name, unit, level, low, par in STOCK
    ]
    rows.append(
        (
            "recipes",
            {
                "id": "pepperoni::pepperoni",
                "item_id": "pepperoni",
                "variant": "",
                "stock_item_id": "pepperoni",
                "qty": 60,
            },
        )
    )
    return [(table, {**row, "branch_id": BRANCH}) for table, row in rows]


def _items() -> list[tuple[int, str, str, tuple[int, ...]]]:
    flat = [(name, kind, prices) for kind, items in MENU.items() for name, prices in items]
    return [(n, *item) for n, item in enumerate(flat, 1)]


def _item(position: int, name: str, category: str, prices: tuple[int, ...]) -> dict[str, Any]:
    sizes = SIZES if len(prices) == 3 else ("",)
    return {
        "id": slug(name),
        "name": name,
        "category": category,
        "position": position,
        "variants": [
            {"name": size, "price": price} for size, price in zip(sizes, prices, strict=True)
        ],
        "allergens": [],
        "out_since": None,
    }


class Rows:
    """The store as a command reads it."""

    def __init__(self, store: Store) -> None:
        self.row = store.row
        self.lines_of = store.lines_of
        self._store = store

    def recipes_of(self, item_id: str) -> Iterable[Row]:
        recipes = self._store.rows("recipes").values()
        return [recipe for recipe in recipes if recipe["item_id"] == item_id]


class DeskLive:
    """Who is here, as the test says."""

    def __init__(self) -> None:
        self.people: tuple[Person, ...] = ()
        self.people_changed: Event[None] = Event()
        self.where: list[str] = []

    def set_where(self, screen: str) -> None:
        self.where.append(screen)

    def say(self, *people: Person) -> None:
        self.people = people
        self.people_changed.emit(None)


class DeskNotices:
    """The bell, as the test says."""

    def __init__(self) -> None:
        self.items: tuple[Notice, ...] = ()
        self.changed: Event[Notice | None] = Event()

    @property
    def unread(self) -> int:
        return sum(not notice.read for notice in self.items)

    def say(self, *notices: Notice) -> None:
        for notice in notices:
            self.items = (notice, *self.items)
            self.changed.emit(notice)

    async def mark_read(self, notice_id: str) -> None:
        self._mark(lambda notice: notice.id == notice_id)

    async def mark_all_read(self) -> None:
        self._mark(lambda _: True)

    def _mark(self, which: Callable[[Notice], bool]) -> None:
        self.items = tuple(replace(n, read=True) if which(n) else n for n in self.items)
        self.changed.emit(None)


class DeskQuotes:
    """How long an order takes, as the test says; nobody can tell until then."""

    def __init__(self) -> None:
        self.quote: Quote | None = None
        self.changed: Event[None] = Event()

    def of(self, cart: Cart) -> Quote | None:
        return self.quote

    def say(self, quote: Quote) -> None:
        self.quote = quote
        self.changed.emit(None)


class Desk(LocalSession):
    """A signed-in device in memory. `hold()` keeps taps from becoming durable until `go()`."""

    def __init__(self, role: Role = "pos", *, with_menu: bool = True) -> None:
        super().__init__(start=START)
        self.device = Device("d-" + role, "Front till", role, "A", BRANCH)
        self.status = replace(ONLINE, rtt_ms=3.2, verified=True)
        self.live = DeskLive()
        self.notices = DeskNotices()
        self.quotes = DeskQuotes()
        self.needs_sign_in = False
        self.figures = SessionMetrics(LinkMetrics(), complete_to=4821)
        self.measured = 0  # how often the figures were asked for
        self.verdict: bool | KdsError = True
        self.refused: list[Rejected | Conflict] = []
        self.fails = ""
        self.sign_in_error: Exception | None = None
        self.signed_in: list[tuple[str, str]] = []
        self._count = 16
        self._open = asyncio.Event()
        self._open.set()
        if with_menu:
            self.put(*pizza_rows(), initiator="load")

    # -- what a session has -----------------------------------------------------------------

    async def sign_in(self, email: str, password: str) -> None:
        if self.sign_in_error is not None:
            raise self.sign_in_error
        self.signed_in.append((email, password))
        self.needs_sign_in = False
        self.set_status(link="connected", reason="", problem=None)

    def metrics(self) -> SessionMetrics:
        self.measured += 1
        return self.figures

    async def audit(self) -> bool:
        if isinstance(self.verdict, KdsError):
            raise self.verdict
        return self.verdict

    # -- what a test does -------------------------------------------------------------------

    def hold(self) -> None:
        """Taps are written from now on only after `go()`."""
        self._open.clear()

    def go(self) -> None:
        self._open.set()

    def edit(self, table: str, pk: str, **fields: Any) -> None:
        """One row changes on the server."""
        before = self.store.row(table, pk)
        assert before is not None
        self.put((table, {**before, **fields}))

    def order(
        self,
        number: str,
        items: Sequence[tuple[str, str, int]] = (("hawaiian", "M", 1),),
        minutes_ago: float = 2,
        **fields: Any,
    ) -> str:
        """An order somebody placed; its id."""
        order_id = self.new_id()
        at = to_iso(self.now() - timedelta(minutes=minutes_ago))
        lines = [self._line(*item) for item in items]
        order = {
            "id": order_id,
            "number": number,
            "type": "dine_in",
            "table_name": "4",
            "customer": "",
            "server": "Mia",
            "note": "",
            "rush": False,
            **fields,
        }
        self.act("place_order", order_id, {"order": order, "lines": lines}, at)
        return order_id

    def act(self, kind: Kind, lane: str, args: dict[str, Any], at: str = "") -> Command:
        """A command takes effect, by the real rules."""
        number = len(self.commands) + 1
        when = at or to_iso(self.now())
        command = Command(self.new_id(), number, kind, lane, "Mia", when, args)
        result = apply(Rows(self.store), command, BRANCH, self.device.id)
        if isinstance(result, Rejected | Conflict):
            self.refused.append(result)
            return command
        self.store.apply(ChangeSet(result, "local"))
        self.commands.append(command)
        self.acted.emit(command)
        return command

    def ready(self, order_id: str) -> None:
        """The kitchen is done with all of it."""
        ids = [line["id"] for line in self.store.lines_of(order_id)]
        self.act("bump", order_id, {"order_id": order_id, "line_ids": ids})

    def _line(self, item_id: str, variant: str, qty: int) -> dict[str, Any]:
        item = self.store.row("menu_items", item_id)
        assert item is not None
        price = next(v["price"] for v in item["variants"] if v["name"] == variant)
        return {
            "id": self.new_id(),
            "item_id": item_id,
            "name": item["name"],
            "variant": variant,
            "qty": qty,
            "price": price,
            "modifiers": [],
            "note": "",
            "course": 1,
            "seat": None,
            "station_id": "oven",
        }

    async def _submit(self, kind: Kind, lane: str, actor: str, args: dict[str, Any]) -> Command:
        await self._open.wait()
        if self.fails:
            raise KdsError(self.fails)
        return self.act(kind, lane, args)

    async def _number(self, device: Device) -> str:
        self._count += 1
        return order_number(device.letter, self._count)
