"""Ordering by typing: `2 haw l` is two Hawaiian, large. Pure.

A number is the quantity, a word that is one of the item's sizes is the size, and every other
word begins a word of the item's name. The best match is what Enter adds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kds.domain.rows import Row

_QTY = re.compile(r"(\d{1,2})x?", re.IGNORECASE)
_WORD = re.compile(r"\w+")
USUAL_SIZE = "M"


@dataclass(frozen=True, slots=True)
class Match:
    """What Enter would add: `qty` of `item` in the size `variant`."""

    item: Row
    variant: str
    qty: int


@dataclass(frozen=True, slots=True)
class _Asked:
    qty: int
    words: tuple[str, ...]


def find(text: str, items: Iterable[Row]) -> tuple[Match, ...]:
    """The items that `text` may mean, the best first; all in menu order when it names none.

    Best means: the name begins with what was typed, then a word of it does, then menu order.
    """
    asked = _read(text)
    found = [hit for item in sorted(items, key=menu_order) if (hit := _match(item, asked))]
    found.sort(key=lambda hit: hit[1])
    return tuple(match for match, _ in found)


def menu_order(item: Row) -> tuple[int, str]:
    return (item["position"], item["name"])


def usual_variant(item: Row) -> str:
    """The size meant when none is named: M where there is one, else the first."""
    names = variant_names(item)
    return USUAL_SIZE if USUAL_SIZE in names else names[0] if names else ""


def variant_names(item: Row) -> list[str]:
    return [str(variant["name"]) for variant in item["variants"]]


def price_of(item: Row, variant: str) -> int | None:
    """The price of one, in minor units; None when the item does not come in that size."""
    return next((int(v["price"]) for v in item["variants"] if v["name"] == variant), None)


def _read(text: str) -> _Asked:
    qty, words = 1, []
    for token in text.casefold().split():
        if (number := _QTY.fullmatch(token)) and int(number[1]) > 0:
            qty = int(number[1])
        else:
            words.append(token)
    return _Asked(qty, tuple(words))


def _match(item: Row, asked: _Asked) -> tuple[Match, bool] | None:
    """What is meant if it is this item, and whether its name begins otherwise than was typed."""
    if _begins(item, asked.words):
        return Match(item, usual_variant(item), asked.qty), _inside(item, asked.words)
    sizes = {name.casefold(): name for name in variant_names(item) if name}
    for index, word in enumerate(asked.words):
        rest = asked.words[:index] + asked.words[index + 1 :]
        if word in sizes and rest and _begins(item, rest):
            return Match(item, sizes[word], asked.qty), _inside(item, rest)
    return None


def _inside(item: Row, words: Sequence[str]) -> bool:
    return bool(words) and not str(item["name"]).casefold().startswith(words[0])


def _begins(item: Row, words: Sequence[str]) -> bool:
    parts = _WORD.findall(str(item["name"]).casefold())
    return all(any(part.startswith(word) for part in parts) for word in words)
