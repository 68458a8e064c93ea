"""Rows as jsonb prints them. That PostgreSQL agrees is shown in tests/component/sync."""

from __future__ import annotations

import hashlib
import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kds.sync.canonical import TableSum, canonical, row_sum, table_checksum, text_checksum

scalars = st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8"))
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=9,
)


def test_keys_stand_by_length_in_bytes_and_then_by_bytes() -> None:
    assert canonical({"bb": 1, "a": 2, "ä": 3, "B": 4}) == '{"B": 4, "a": 2, "bb": 1, "ä": 3}'


def test_nested_values_are_ordered_too() -> None:
    assert canonical([{"b": {"dd": None, "c": True}, "a": []}]) == (
        '[{"a": [], "b": {"c": true, "dd": null}}]'
    )


def test_control_characters_are_escaped_and_others_stand_as_they_are() -> None:
    assert canonical('ü"\\/\n\x01\x7f☂') == '"ü\\"\\\\/\\n\\u0001\x7f☂"'


def test_a_float_is_refused() -> None:
    with pytest.raises(TypeError, match=r"0\.5"):
        canonical({"price": 0.5})


@given(values)
def test_the_text_says_what_the_value_was(value: object) -> None:
    assert json.loads(canonical(value)) == value


@given(st.dictionaries(st.text(max_size=5), scalars), st.randoms())
def test_the_order_of_keys_makes_no_difference(row: dict[str, object], dice: random.Random) -> None:
    keys = list(row)
    dice.shuffle(keys)
    assert canonical({key: row[key] for key in keys}) == canonical(row)


def test_a_row_counts_with_the_first_48_bits_of_its_md5() -> None:
    digits = hashlib.md5(b'{"id": "a"}').hexdigest()[:12]
    assert row_sum('{"id": "a"}') == int(digits, 16)


@given(st.lists(st.fixed_dictionaries({"id": st.text(max_size=3), "n": st.integers()})))
def test_the_order_of_rows_makes_no_difference(rows: list[dict[str, object]]) -> None:
    assert table_checksum(rows) == table_checksum(rows[::-1])
    assert table_checksum(rows) == text_checksum(map(canonical, rows))


def test_no_rows_sum_up_to_zero() -> None:
    assert table_checksum([]) == TableSum(0, "0")
