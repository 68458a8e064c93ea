"""Menus made from orders, shares of several tills, and seeded rushes."""

from __future__ import annotations

from random import Random

from kds.sim.rush import rush
from kds.sim.service import SimLine, SimOrder, menu_of, share, slug, title


def line(name: str = "Hawaiian", size: str = "M", price: int = 1325, qty: int = 1) -> SimLine:
    return SimLine(slug(name), name, size, "classic", qty, price)


def test_a_menu_sells_exactly_what_was_ordered_with_sizes_in_their_usual_order() -> None:
    menu = menu_of([line(size="XL", price=2500), line(size="S", price=1000), line(size="M")])
    (item,) = menu["items"]
    assert [v["name"] for v in item["variants"]] == ["S", "M", "XL"]
    assert menu["recipes"] == [
        {
            "item_id": "hawaiian",
            "variant": "",
            "stock_item_id": "portions-classic",
            "qty": 1,
        }
    ]


def test_the_stock_of_a_category_lasts_for_all_of_its_orders() -> None:
    (stock,) = menu_of([line(qty=40), line("Greek", qty=2)])["stock_items"]
    assert stock["level"] > 42 > stock["low_level"]


def test_the_shares_of_all_tills_are_the_service() -> None:
    orders = [SimOrder(str(n), n, "dine_in", "T1", "", ()) for n in range(7)]
    shares = [share(orders, index, 3) for index in range(3)]
    assert sorted(order.key for part in shares for order in part) == [o.key for o in orders]


def test_names_that_were_codes_become_names() -> None:
    assert (title("thai_ckn"), title("Quattro Stagioni")) == ("Thai Ckn", "Quattro Stagioni")
    assert slug("Crème Brûlée!") == "creme-brulee"
    assert slug("寿司") == "item"


def test_the_same_seed_gives_the_same_guests_and_nothing_that_is_out() -> None:
    menu = {
        name: {
            "id": name,
            "name": name,
            "category": "classic",
            "variants": [{"name": "M", "price": 1000}],
            "out_since": "2026-01-01T00:00:00+00:00" if name == "gone" else None,
        }
        for name in ("a", "b", "gone")
    }
    one, two = (rush(Random(7), menu, 20, 60.0) for _ in range(2))
    assert one == two
    assert {line.item_id for order in one for line in order.lines} == {"a", "b"}
    assert rush(Random(7), {}, 20, 60.0) == ()
