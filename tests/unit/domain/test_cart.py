"""The order being taken: values in, values out."""

from __future__ import annotations

from typing import Any

import pytest

from kds.domain.cart import Cart, CartLine, new_lines, station_for
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


def test_the_station_is_the_first_by_position_that_lists_the_category() -> None:
    stations = [
        {"id": "late", "position": 2, "categories": ["pizza", "salad"]},
        {"id": "early", "position": 1, "categories": ["pizza"]},
    ]
    assert station_for("pizza", stations) == "early"
    assert station_for("salad", stations) == "late"


def test_food_that_nobody_claims_goes_to_the_first_station() -> None:
    stations = [
        {"id": "b", "position": 1, "categories": []},
        {"id": "a", "position": 1, "categories": []},
    ]
    assert station_for("soup", stations) == "a"


def test_a_branch_without_stations_has_no_station() -> None:
    assert station_for("pizza", []) == ""


def test_the_lines_of_a_command_carry_everything_the_kitchen_needs() -> None:
    cart = Cart((line(qty=2, modifiers=(CHEESE,), note="crispy", seat=3, course=2),))
    assert new_lines(cart, tables()["stations"]) == [
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
