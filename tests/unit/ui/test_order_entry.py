from __future__ import annotations

import asyncio
from itertools import count
from typing import Any

import pytest

from kds.base.errors import KdsError
from kds.domain.cart import Cart, CartLine
from kds.domain.rows import LineModifier
from kds.ui.pos.edit import Replacing
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


# -- changing what was refused ---------------------------------------------------------------


def refused(*line_ids: str) -> Cart:
    lines = [
        CartLine(line_id, "water", f"Water {line_id}", "", "drinks", 1, 250) for line_id in line_ids
    ]
    return Cart(tuple(lines), table_name="4")


def in_progress() -> OrderEntry:
    entry = OrderEntry(map("id-{}".format, count(1)).__next__)
    entry.add(HAWAIIAN, "M")
    entry.set_guest("9")
    return entry


async def test_an_order_in_progress_is_parked_and_comes_back_after_the_refused_one() -> None:
    entry, kitchen = in_progress(), Kitchen()
    mine = entry.cart
    entry.edit(refused("a"), "op-1", None)
    assert (entry.cart.table_name, entry.replaces, len(entry.parked)) == ("4", ("op-1",), 1)
    await entry.send(kitchen)
    assert (entry.cart, entry.replaces, entry.parked) == (mine, (), ())
    assert kitchen.placed[0].lines == refused("a").lines


def test_emptying_the_cart_leaves_the_refused_order_and_brings_the_parked_one_back() -> None:
    entry = in_progress()
    mine = entry.cart
    entry.edit(refused("a"), "op-1", Target("order-1", "A-009"))
    entry.clear()
    assert (entry.cart, entry.target, entry.replaces) == (mine, None, ())


def test_taking_the_last_refused_line_out_brings_the_parked_order_back_too() -> None:
    entry = in_progress()
    mine = entry.cart
    entry.edit(refused("a", "b"), "op-1", None)
    entry.set_qty("a", 0)
    assert entry.replaces == ("op-1",)
    entry.set_qty("b", 0)
    assert (entry.cart, entry.replaces) == (mine, ())


def test_merged_lines_join_the_order_in_progress_and_undo_takes_them_out_again() -> None:
    entry = in_progress()
    entry.merge(refused("a", "b"), "op-1")
    assert (entry.cart.count, entry.cart.table_name) == (3, "9")
    assert entry.replaces == ("op-1",)
    entry.undo()
    assert (entry.cart.count, entry.replaces) == (1, ())


def test_a_new_order_after_an_emptied_one_takes_nobodys_place() -> None:
    entry = OrderEntry(map("id-{}".format, count(1)).__next__)
    entry.edit(refused("a"), "op-1", None)
    entry.clear()
    entry.add(HAWAIIAN, "M")
    assert entry.replaces == ()


def test_a_refused_order_is_held_while_it_is_parked_itself() -> None:
    entry = OrderEntry(map("id-{}".format, count(1)).__next__)
    entry.edit(refused("a"), "op-1", None)
    entry.edit(refused("b"), "op-2", None)
    assert (entry.replaces, entry.held) == (("op-2",), {"op-1", "op-2"})


class Books:
    """Writes down the order of what happens; `take_back` of "gone" is refused."""

    def __init__(self) -> None:
        self.log: list[str] = []

    async def place_order(self, cart: Cart, server: str = "") -> str:
        self.log.append("place")
        return "order-2"

    async def add_lines(self, order_id: str, cart: Cart) -> None:
        self.log.append(f"add to {order_id}")

    async def take_back(self, op_id: str) -> None:
        if op_id == "gone":
            raise KdsError("This has been dealt with already.")
        self.log.append(f"drop {op_id}")


async def test_a_new_order_is_durable_before_the_refused_one_is_dropped() -> None:
    books = Books()
    assert await Replacing(books, books, ("gone", "op-1")).place_order(Cart()) == "order-2"
    assert books.log == ["place", "drop op-1"]


async def test_more_lines_do_not_wait_behind_the_refused_ones() -> None:
    books = Books()
    await Replacing(books, books, ("op-1",)).add_lines("order-1", Cart())
    assert books.log == ["drop op-1", "add to order-1"]
