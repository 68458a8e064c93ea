from typing import Any

import pytest

from kds.ui.pos.quick import find, price_of, usual_variant


def item(name: str, position: int, *sizes: str) -> dict[str, Any]:
    return {
        "id": name.lower(),
        "name": name,
        "position": position,
        "variants": [{"name": size, "price": 100 * n} for n, size in enumerate(sizes or ("",), 1)],
    }


MENU = [
    item("Spicy Hawaiian", 1, "S", "M", "L"),
    item("Hawaiian", 2, "S", "M", "L"),
    item("Lemonade", 3),
    item("Greek", 4, "S", "L", "XL"),
]


def best(text: str) -> tuple[str, str, int]:
    match = find(text, MENU)[0]
    return match.item["name"], match.variant, match.qty


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("haw", ("Hawaiian", "M", 1)),
        ("2 haw l", ("Hawaiian", "L", 2)),
        ("haw s 3", ("Hawaiian", "S", 3)),
        ("3x lem", ("Lemonade", "", 3)),
        ("L haw", ("Hawaiian", "L", 1)),
        ("spi haw", ("Spicy Hawaiian", "M", 1)),
        ("l", ("Lemonade", "", 1)),
        ("gre", ("Greek", "S", 1)),
        ("GRE xl", ("Greek", "XL", 1)),
    ],
)
def test_number_words_and_size_are_told_apart(typed: str, meant: tuple[str, str, int]) -> None:
    assert best(typed) == meant


def test_a_name_that_begins_with_the_word_comes_before_one_that_contains_it() -> None:
    assert [m.item["name"] for m in find("haw", MENU)] == ["Hawaiian", "Spicy Hawaiian"]


def test_nothing_typed_finds_the_whole_menu_in_its_order() -> None:
    assert [m.item["position"] for m in find("", MENU)] == [1, 2, 3, 4]


def test_a_size_the_item_does_not_have_finds_nothing() -> None:
    assert find("haw xl", MENU) == ()


def test_the_usual_size_is_medium_or_the_first() -> None:
    assert [usual_variant(row) for row in MENU] == ["M", "M", "", "S"]


def test_a_size_without_a_price_has_none() -> None:
    assert price_of(MENU[1], "XL") is None
    assert price_of(MENU[1], "L") == 300
