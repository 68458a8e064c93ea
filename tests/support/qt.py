"""A kitchen without a network: the real store and the real verbs, applied on the spot.

`LocalSession` is what a screen sees of a session. `busy_kitchen` fills one with orders of a
pizzeria, in all the variety that a board must cope with.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from kds.base.clock import ManualClock, to_iso
from kds.base.errors import KdsError
from kds.base.events import Event
from kds.connection.tasks import Tasks
from kds.domain.absences import Screenless
from kds.domain.apply import Effect, effect_of
from kds.domain.cart import Cart
from kds.domain.changes import ChangeSet, Initiator, RowChange
from kds.domain.commands import Command, Kind
from kds.domain.coverage import Offer
from kds.domain.receipts import Receipt
from kds.domain.routing import stations_seen
from kds.domain.rows import Row
from kds.session.actions import Actions
from kds.session.attention import Stuck
from kds.session.device import Device
from kds.session.drawer import Drawer
from kds.session.locked import LockedDevices
from kds.session.metrics import ChannelInfo
from kds.session.status import Status
from kds.session.store import Store
from kds.session.waved import Waved
from kds.sync.settings import Read, as_it_is

BRANCH = "0b000000-0000-4000-8000-000000000001"
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
ONLINE = Status(link="connected", quality="excellent", rtt_ms=4.0, complete_to=4821, head=4821)

STATIONS = [
    ("pizza", "Pizza", ["classic", "veggie", "supreme", "chicken"]),
    ("fry", "Fryer", ["sides"]),
    ("bar", "Bar", ["drinks"]),
]
ITEMS = [
    ("hawaiian", "Hawaiian", "classic", ["gluten", "milk"]),
    ("classic_dlx", "Classic Deluxe", "classic", ["gluten", "milk"]),
    ("five_cheese", "Five Cheese", "veggie", ["gluten", "milk"]),
    ("thai_ckn", "Thai Chicken", "chicken", ["gluten", "peanut"]),
    ("brie_carre", "Brie Carre with Caramelized Pears and Thyme", "supreme", ["gluten", "milk"]),
    ("fries", "Fries", "sides", []),
    ("wings", "Chicken Wings", "sides", ["celery"]),
    ("cola", "Cola", "drinks", []),
]
ADDED = ["Extra cheese", "Jalapeños", "Truffle oil"]
REMOVED = ["Onion", "Garlic", "Mushrooms"]
SERVERS = ["Mia", "Jonas", "Aylin", "Maximiliane-Charlotte"]


class LocalShowing:
    """What the board says it has painted."""

    def __init__(self) -> None:
        self.said: list[frozenset[str]] = []
        self.seen = False  # whether anybody can see the board, as far as it has told

    def painted(self, shown: Iterable[str]) -> None:
        self.said.append(frozenset(shown))
        self.seen = True

    def covered(self) -> None:
        self.seen = False


class LocalReceipts:
    """What a test says of the orders."""

    def __init__(self) -> None:
        self.known: dict[str, Receipt] = {}
        self.alarmed: tuple[str, ...] = ()
        self.screenless: tuple[Screenless, ...] = ()
        self.told: list[str] = []
        self.changed: Event[str | None] = Event()

    def of(self, order_id: str) -> Receipt | None:
        return self.known.get(order_id)

    def say(self, *receipts: Receipt) -> None:
        """These stand so now."""
        self.known.update((receipt.order_id, receipt) for receipt in receipts)
        self.alarmed = tuple(key for key, receipt in self.known.items() if receipt.alarm)
        for receipt in receipts:
            self.changed.emit(receipt.order_id)
        self.changed.emit(None)

    def miss(self, *screenless: Screenless) -> None:
        """No screen shows these stations."""
        self.screenless = screenless
        self.changed.emit(None)

    def acknowledge_station(self, station_id: str) -> None:
        self.told.append(station_id)
        self.miss(*(one for one in self.screenless if one.station_id != station_id))

    def acknowledge(self, order_id: str) -> None:
        self.told.append(order_id)
        self.say(replace(self.known[order_id], alarm=False))


class LocalAttention:
    """What needs a person, as a test says; `done` is what was decided, in its own words.

    A decision takes the op from the list; `fails` refuses it instead. `carts`: lines to edit.
    """

    def __init__(self) -> None:
        self.items: tuple[Stuck, ...] = ()
        self.changed: Event[None] = Event()
        self.carts: dict[str, Cart] = {}
        self.done: list[tuple[str, ...]] = []
        self.fails = ""

    def say(self, *items: Stuck) -> None:
        """These need a person now."""
        self.items = items
        self.changed.emit(None)

    def cart(self, op_id: str) -> Cart:
        return self.carts[op_id]

    async def retry(self, op_id: str) -> None:
        self._decided("retry", op_id)

    async def discard(self, op_id: str, reason: str) -> None:
        self._decided("discard", op_id, reason)

    async def choose(self, op_id: str, choice: str) -> None:
        self._decided("choose", op_id, choice)

    async def take_back(self, op_id: str) -> Cart:
        self._decided("take_back", op_id)
        return self.carts[op_id]

    async def undo(self, op_id: str) -> None:
        self._decided("undo", op_id)

    def _decided(self, what: str, op_id: str, *more: str) -> None:
        if self.fails:
            raise KdsError(self.fails)
        self.done.append((what, op_id, *more))
        self.say(*(item for item in self.items if item.op_id != op_id))


class LocalCoverage:
    """What a test says of the stations' screens."""

    def __init__(self) -> None:
        self.offers: tuple[Offer, ...] = ()
        self.changed: Event[tuple[Offer, ...]] = Event()

    def say(self, *offers: Offer) -> None:
        """These are to be decided now."""
        self.offers = offers
        self.changed.emit(offers)


class LocalSettings:
    """What would be on the disk."""

    def __init__(self) -> None:
        self.kept: dict[str, Any] = {}

    async def get(self, key: str, read: Read = as_it_is) -> Any:
        """As the real ones: what cannot be read counts as not there."""
        try:
            return read(self.kept[key]) if key in self.kept else None
        except (LookupError, TypeError, ValueError):
            return None

    async def put(self, key: str, value: Any) -> None:
        self.kept[key] = value


class LocalUplink:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.visible = True
        self.nudged = 0  # how often it was told to try at once
        self.channels: tuple[ChannelInfo, ...] = ()

    def set_visible(self, visible: bool) -> None:
        self.visible = visible

    def network_up(self) -> None:
        self.nudged += 1


class LocalSession:
    """Store and verbs of a session; every tap takes effect at once and nothing is sent."""

    is_open = False  # nothing is loaded from a file

    def __init__(self, *, stations: frozenset[str] = frozenset(), start: datetime = NOON) -> None:
        self.clock = ManualClock(start)
        self.store = Store()
        self.stations = stations
        self.showing = LocalShowing()
        self.receipts = LocalReceipts()
        self.attention = LocalAttention()
        self.asked: list[tuple[str, dict[str, Any]]] = []  # of the server
        self.refusal: KdsError | None = None
        self.locked = LockedDevices(self.store, self._rpc)
        self.settings = LocalSettings()
        self.restart()
        self.coverage = LocalCoverage()
        self.status = ONLINE
        self.uplink = LocalUplink()
        self.status_changed: Event[Status] = Event()
        self.device = Device("0d", "Kitchen", "manager", "K", BRANCH)
        self.commands: list[Command] = []
        self.acted: Event[Command] = Event()
        self._ids = 0
        self.actions = Actions(
            self.store,
            self._submit,
            device=lambda: self.device,
            next_number=self._number,
            actor="Mia",
            new_id=self.new_id,
        )

    async def _rpc(self, name: str, params: dict[str, Any]) -> Any:
        self.asked.append((name, params))
        if self.refusal is not None:
            raise self.refusal

    def restart(self) -> None:
        """What was waved away is on the disk alone, until it is loaded."""
        self.tasks = Tasks()
        self.waved = Waved(self.store, Drawer("waved", lambda: self.settings, self.tasks))

    def now(self) -> datetime:
        return self.clock.now()

    @property
    def watched(self) -> frozenset[str]:
        return stations_seen(self.stations, self.store.rows("stations"))

    def new_id(self) -> str:
        self._ids += 1
        return f"id-{self._ids:06d}"

    def set_status(self, **changes: Any) -> None:
        self.status = replace(self.status, **changes)
        self.status_changed.emit(self.status)

    def put(self, *rows: tuple[str, Row], initiator: Initiator = "remote") -> None:
        """Rows as they arrive from the server, in one change set."""
        self.store.apply(
            ChangeSet(
                tuple(
                    RowChange(table, row["id"], self.store.row(table, row["id"]), row)
                    for table, row in rows
                ),
                initiator,
            )
        )

    def drop(self, order_id: str) -> None:
        """The order and its lines leave the window."""
        order = self.store.row("orders", order_id)
        gone = [RowChange("orders", order_id, order, None)]
        for line in self.store.lines_of(order_id):
            gone.append(RowChange("order_lines", line["id"], line, None))
        self.store.apply(ChangeSet(tuple(gone), "remote"))

    async def _number(self, device: Device) -> str:
        return f"{device.letter}-{self._ids:03d}"

    async def _submit(self, kind: Kind, lane: str, actor: str, args: dict[str, Any]) -> Command:
        await asyncio.sleep(0)
        at = to_iso(self.now())
        command = Command(self.new_id(), len(self.commands) + 1, kind, lane, actor, at, args)
        effect = effect_of(_View(self.store), command, BRANCH, self.device.id)
        assert isinstance(effect, Effect), effect
        self.store.apply(ChangeSet(effect.changes(_View(self.store)), "local"))
        self.commands.append(command)
        self.acted.emit(command)
        return command


class _View:
    def __init__(self, store: Store) -> None:
        self._store = store

    def row(self, table: str, pk: str) -> Row | None:
        return self._store.row(table, pk)

    def lines_of(self, order_id: str) -> Iterable[Row]:
        return self._store.lines_of(order_id)

    def recipes_of(self, item_id: str) -> Iterable[Row]:
        return ()


def menu_rows() -> list[tuple[str, Row]]:
    """The branch, its stations and its menu."""
    branch = {"id": BRANCH, "branch_id": BRANCH, "name": "Pizzaplace"}
    rows: list[tuple[str, Row]] = [
        ("branches", {**branch, "currency": "USD", "timezone": "America/New_York"})
    ]
    for position, (key, name, categories) in enumerate(STATIONS, 1):
        station = {"id": key, "branch_id": BRANCH, "name": name, "position": position}
        limits = {"warn_after_s": 300, "late_after_s": 480}
        rows.append(("stations", {**station, "categories": categories, **limits}))
    for position, (key, name, category, allergens) in enumerate(ITEMS, 1):
        item = {"id": key, "branch_id": BRANCH, "name": name, "category": category}
        extra = {"variants": [{"name": "M", "price": 1300}], "out_since": None}
        rows.append(("menu_items", {**item, "position": position, "allergens": allergens, **extra}))
    return rows


def order_row(order_id: str, number: str, placed_at: datetime, **fields: Any) -> Row:
    return {
        "id": order_id,
        "branch_id": BRANCH,
        "device_id": "0d",
        "number": number,
        "type": "dine_in",
        "table_name": "4",
        "customer": "",
        "server": "Mia",
        "note": "",
        "rush": False,
        "state": "open",
        "total": 1300,
        "paid": 0,
        "placed_at": to_iso(placed_at),
        "ready_at": None,
        "closed_at": None,
        "archived_at": None,
        **fields,
    }


def line_row(line_id: str, order_id: str, position: int, **fields: Any) -> Row:
    return {
        "id": line_id,
        "branch_id": BRANCH,
        "order_id": order_id,
        "position": position,
        "item_id": "hawaiian",
        "name": "Hawaiian",
        "variant": "M",
        "qty": 1,
        "price": 1300,
        "modifiers": [],
        "note": "",
        "course": 1,
        "seat": None,
        "station_id": "pizza",
        "state": "sent",
        "sent_at": to_iso(NOON),
        "started_at": None,
        "ready_at": None,
        "voided_at": None,
        "void_reason": "",
        "archived_at": None,
        **fields,
    }


def simple_order(
    number: int, lines: int = 2, *, age_s: int = 60, **fields: Any
) -> list[tuple[str, Row]]:
    """Order `o<number>` placed `age_s` before NOON, with lines `o<number>-1`, ..."""
    key = f"o{number}"
    placed = NOON - timedelta(seconds=age_s)
    rows: list[tuple[str, Row]] = [("orders", order_row(key, f"A-{number:03d}", placed, **fields))]
    sent = {"sent_at": to_iso(placed)}
    for n in range(1, lines + 1):  # equal lines would be one on a board
        line = line_row(f"{key}-{n}", key, n, name="Hawaiian" if n == 1 else f"Pizza {n}", **sent)
        rows.append(("order_lines", line))
    return rows


def busy_kitchen(
    orders: int, *, seed: int = 7, longest: int = 5, stations: frozenset[str] = frozenset()
) -> LocalSession:
    """A session with `orders` varied open orders of up to `longest` lines."""
    session = LocalSession(stations=stations)
    rng = Random(seed)
    rows = menu_rows()
    for number in range(1, orders + 1):
        rows += varied_order(rng, number, orders, longest)
    session.put(*rows, initiator="load")
    return session


def varied_order(rng: Random, number: int, of: int, longest: int = 5) -> list[tuple[str, Row]]:
    """One order as it may come; the first of `of` are the oldest."""
    key = f"o{number}"
    age = int(700 * (1 - (number - 1) / max(1, of))) + rng.randrange(20)
    kind = rng.choice(["dine_in", "dine_in", "takeaway", "delivery"])
    order = order_row(
        key,
        f"{rng.choice('ABC')}-{number:03d}",
        NOON - timedelta(seconds=age),
        type=kind,
        table_name=rng.choice(["4", "12", "Terrace 3"]) if kind == "dine_in" else "",
        customer="" if kind == "dine_in" else rng.choice(["Kim", "Alexandra Papadopoulou"]),
        server=rng.choice(SERVERS),
        note="Birthday, bring candles with the dessert" if rng.random() < 0.08 else "",
        rush=rng.random() < 0.06,
    )
    count = rng.choice([1, 2, 2, 3, 3, 4, longest])
    courses = 2 if rng.random() < 0.15 and count > 2 else 1
    lines = [_varied_line(rng, key, n, count, courses) for n in range(1, count + 1)]
    for _, line in lines:
        line["sent_at"] = order["placed_at"]
    return [("orders", order), *lines]


def _varied_line(rng: Random, key: str, position: int, count: int, courses: int) -> tuple[str, Row]:
    item_id, name, category, _ = rng.choice(ITEMS)
    station = next(s for s, _, categories in STATIONS if category in categories)
    added = [{"id": "a", "name": rng.choice(ADDED), "kind": "add", "price": 100}]
    removed = [{"id": "r", "name": rng.choice(REMOVED), "kind": "remove", "price": 0}]
    state = rng.choices(["sent", "started", "ready", "void"], [12, 2, 2, 1])[0]
    if position == 1:
        state = "sent"
    return "order_lines", line_row(
        f"{key}-{position}",
        key,
        position,
        item_id=item_id,
        name=name,
        variant=rng.choice(["S", "M", "L"]) if station == "pizza" else "",
        qty=rng.choice([1, 1, 1, 2, 3, 12 if rng.random() < 0.1 else 1]),
        modifiers=[
            *(removed if rng.random() < 0.2 else []),
            *(added if rng.random() < 0.25 else []),
        ],
        note="well done, cut in squares" if rng.random() < 0.1 else "",
        course=1 + (courses > 1 and position > count // 2),
        station_id=station,
        state=state,
        ready_at=to_iso(NOON - timedelta(seconds=40)) if state == "ready" else None,
    )
