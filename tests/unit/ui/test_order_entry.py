from __future__ import annotations

import asyncio
from itertools import count
from typing import Any

import pytest

from kds.base.errors import KdsError
from kds.domain.cart import Cart
from kds.domain.rows import LineModifier
from kds.ui.pos.entry import OrderEntry, Target

HAWAIIAN: dict[str, Any] = {
    "id": "hawaiian",
    "name": "Hawaiian",
    "category": "classic",
    "variants": [{"name": "M", "price": 1325}, {"name": "L", "price": 1650}],
    "out_since": None,
}
CHEESE = LineModifier(id="cheese", name="Extra cheese", kind="add", price=150)


class Kitchen:
    """Takes orders when it is told to, and refuses when it has a reason."""

    def __init__(self, reason: str = "") -> None:
        self.reason = reason
        self.open = asyncio.Event()
        self.open.set()
        self.placed: list[Cart] = []
        self.more: list[tuple[str, Cart]] = []

    async def place_order(self, cart: Cart, server: str = "") -> str:
        await self._write()
        self.placed.append(cart)
        return "order-1"

    async def add_lines(self, order_id: str, cart: Cart) -> None:
        await self._write()
        self.more.append((order_id, cart))

    async def _write(self) -> None:
        await self.open.wait()
        if self.reason:
            raise KdsError(self.reason)


@pytest.fixture
def entry() -> OrderEntry:
    ids = count(1)
    return OrderEntry(lambda: f"line-{next(ids)}")


def test_the_same_item_twice_is_one_line(entry: OrderEntry) -> None:
    entry.add(HAWAIIAN, "L")
    entry.add(HAWAIIAN, "L", 2)
    assert [(line.qty, line.total) for line in entry.cart.lines] == [(3, 4950)]


def test_other_wishes_are_another_line(entry: OrderEntry) -> None:
    entry.add(HAWAIIAN, "L")
    entry.add(HAWAIIAN, "L", 1, [CHEESE])
    assert [line.total for line in entry.cart.lines] == [1650, 1800]


def test_an_item_that_is_out_is_refused_in_words(entry: OrderEntry) -> None:
    gone = {**HAWAIIAN, "out_since": "2026-03-14T18:00:00+00:00"}
    assert entry.add(gone, "L") == "Hawaiian is out."
    assert entry.cart.lines == ()


def test_a_size_that_does_not_exist_is_refused_in_words(entry: OrderEntry) -> None:
    assert entry.add(HAWAIIAN, "XXL") == "Hawaiian does not come in XXL."


def test_undo_takes_back_what_was_added_removed_or_cleared(entry: OrderEntry) -> None:
    entry.add(HAWAIIAN, "L")
    entry.set_guest("12")
    entry.clear()
    assert entry.undo()
    assert [line.variant for line in entry.cart.lines] == ["L"]
    assert entry.undo()
    assert entry.cart.lines == ()
    assert not entry.undo()


def test_the_guest_is_a_table_or_a_name_by_the_kind_of_order(entry: OrderEntry) -> None:
    entry.set_guest(" 12 ")
    assert (entry.cart.table_name, entry.cart.customer) == ("12", "")
    entry.set_type("delivery")
    entry.set_guest("Hoffmann")
    assert (entry.cart.table_name, entry.cart.customer) == ("", "Hoffmann")


def test_a_line_that_is_gone_is_left_alone(entry: OrderEntry) -> None:
    entry.set_qty("nobody", 3)
    assert entry.cart == Cart()


async def test_an_empty_order_is_not_sent_and_says_why(entry: OrderEntry) -> None:
    kitchen = Kitchen()
    assert entry.why_not == "Tap an item to begin"
    assert await entry.send(kitchen) is None
    assert kitchen.placed == []


async def test_the_cart_is_emptied_only_once_the_order_is_durable(entry: OrderEntry) -> None:
    kitchen = Kitchen()
    kitchen.open.clear()
    entry.add(HAWAIIAN, "L")
    sending = asyncio.create_task(entry.send(kitchen))
    await asyncio.sleep(0)
    assert entry.why_not == "Sending…"
    assert entry.cart.count == 1
    kitchen.open.set()
    assert await sending == "order-1"
    assert entry.cart == Cart()
    assert not entry.undo()


async def test_what_is_tapped_while_sending_stays_for_the_next_order(entry: OrderEntry) -> None:
    kitchen = Kitchen()
    kitchen.open.clear()
    entry.add(HAWAIIAN, "L", 2)
    sending = asyncio.create_task(entry.send(kitchen))
    await asyncio.sleep(0)
    entry.add(HAWAIIAN, "L")
    entry.add(HAWAIIAN, "M")
    kitchen.open.set()
    await sending
    assert kitchen.placed[0].count == 2
    assert [(line.variant, line.qty) for line in entry.cart.lines] == [("L", 1), ("M", 1)]


async def test_a_second_send_while_one_is_under_way_does_nothing(entry: OrderEntry) -> None:
    kitchen = Kitchen()
    kitchen.open.clear()
    entry.add(HAWAIIAN, "L")
    sending = asyncio.create_task(entry.send(kitchen))
    await asyncio.sleep(0)
    assert await entry.send(kitchen) is None
    kitchen.open.set()
    await sending
    assert len(kitchen.placed) == 1


async def test_a_failure_keeps_the_order_and_says_why(entry: OrderEntry) -> None:
    entry.add(HAWAIIAN, "L")
    assert await entry.send(Kitchen("The disk is full.")) is None
    assert entry.problem == "Not sent: The disk is full. The order is still here."
    assert entry.cart.count == 1
    assert entry.why_not is None


async def test_lines_can_be_added_to_an_order_that_exists(entry: OrderEntry) -> None:
    kitchen = Kitchen()
    entry.aim(Target("order-7", "A-007"))
    entry.add(HAWAIIAN, "M")
    assert await entry.send(kitchen) == "order-7"
    assert [order_id for order_id, _ in kitchen.more] == ["order-7"]
    assert entry.target is None
