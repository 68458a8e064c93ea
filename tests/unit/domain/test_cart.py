"""The order being taken: values in, values out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from kds.domain.cart import Cart, CartLine, new_lines, new_order
from kds.domain.rows import LineModifier
from tests.support.restaurant import tables

CHEESE: LineModifier = {"id": "cheese", "name": "Extra cheese", "kind": "add", "price": 150}


def line(line_id: str = "l1", qty: int = 1, **fields: Any) -> CartLine:
    base = CartLine(line_id, "margherita", "Margherita", "M", "pizza", qty, 1200)
    return CartLine(**{**{f: getattr(base, f) for f in base.__slots__}, **fields})


def test_a_total_counts_pieces_and_modifiers() -> None:
    cart = Cart((line(qty=2, modifiers=(CHEESE,)), line("l2", variant="L", unit_price=1550)))
    assert cart.lines[0].price == 1350
    assert cart.lines[0].total == 2700
    assert (cart.total, cart.count) == (4250, 3)


def test_the_same_thing_again_is_one_line_more_of_it() -> None:
    cart = Cart().add(line("l1")).add(line("l2", qty=2))
    assert [(mine.id, mine.qty) for mine in cart.lines] == [("l1", 3)]


@pytest.mark.parametrize(
    "other",
    [{"note": "well done"}, {"modifiers": (CHEESE,)}, {"variant": "L"}, {"seat": 2}, {"course": 2}],
)
def test_what_differs_in_anything_else_is_a_line_of_its_own(other: dict[str, Any]) -> None:
    cart = Cart().add(line("l1")).add(line("l2", **other))
    assert [mine.id for mine in cart.lines] == ["l1", "l2"]


def test_a_quantity_can_be_set_and_zero_takes_the_line_away() -> None:
    cart = Cart((line("l1"), line("l2", variant="L")))
    assert cart.set_qty("l1", 4).lines[0].qty == 4
    assert [mine.id for mine in cart.set_qty("l1", 0).lines] == ["l2"]
    assert [mine.id for mine in cart.set_qty("l2", -1).lines] == ["l1"]


def test_a_line_can_be_changed_in_place() -> None:
    cart = Cart((line("l1"), line("l2")))
    changed = cart.change(line("l1", note="no salt"))
    assert [mine.note for mine in changed.lines] == ["no salt", ""]
    assert cart.lines[0].note == ""


def test_the_lines_of_a_command_carry_everything_the_kitchen_needs() -> None:
    cart = Cart((line(qty=2, modifiers=(CHEESE,), note="crispy", seat=3, course=2),))
    assert new_lines(cart, tables()["stations"], {}) == [
        {
            "id": "l1",
            "item_id": "margherita",
            "name": "Margherita",
            "variant": "M",
            "qty": 2,
            "price": 1350,
            "modifiers": [CHEESE],
            "note": "crispy",
            "course": 2,
            "seat": 3,
            "station_id": "grill",
        }
    ]


STATIONS: dict[str, dict[str, Any]] = {
    "oven": {"id": "oven", "position": 2, "categories": ["pizza"], "stage": 1},
    "cut": {"id": "cut", "position": 1, "categories": ["pizza"], "stage": 2},
}


def test_a_line_of_several_stations_names_them_in_their_order() -> None:
    (sent,) = new_lines(Cart((line(),)), STATIONS, {})
    assert sent["station_id"] == "oven"
    assert sent["route"] == [
        {"station_id": "oven", "stage": 1},
        {"station_id": "cut", "stage": 2},
    ]


def test_the_time_that_a_line_takes_is_the_menu_s() -> None:
    (sent,) = new_lines(Cart((line(),)), {}, {"margherita": {"prep_s": 420}})
    assert (sent["prep_s"], sent["station_id"]) == (420, "")


def test_an_order_says_only_what_is_special_about_it() -> None:
    plain = new_order(Cart(table_name="7"), "o1", "A-001", "Mia")
    assert plain == {
        "id": "o1",
        "number": "A-001",
        "type": "dine_in",
        "table_name": "7",
        "customer": "",
        "server": "Mia",
        "note": "",
        "rush": False,
    }
    promised = datetime(2026, 11, 21, 19, 30, tzinfo=UTC)
    cart = Cart(vip=True, promised_at=promised, pacing="auto", together=True)
    special = new_order(cart, "o1", "A-001", "Mia")
    assert {name: special[name] for name in special.keys() - plain.keys()} == {
        "vip": True,
        "promised_at": "2026-11-21T19:30:00+00:00",
        "pacing": "auto",
        "together": True,
    }
