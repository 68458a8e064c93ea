"""Texts that the server could not store are mended before they are written down."""

from __future__ import annotations

from kds.sync.clean import MARK, clean


def test_characters_that_the_server_cannot_store_are_marked() -> None:
    assert clean("no\x00onion") == f"no{MARK}onion"
    assert clean("half \ud83c") == f"half {MARK}"


def test_everything_else_stays_as_it_is_however_deep() -> None:
    value = {"a": ["ohne Käse ☂ 🍕", {"b": "\x00"}], "n": 5, "f": False, "x": None}
    assert clean(value) == {**value, "a": ["ohne Käse ☂ 🍕", {"b": MARK}]}
