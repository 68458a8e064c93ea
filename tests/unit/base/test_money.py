"""Money is a whole number of cents, written and read without a float in between."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kds.base.money import exponent, format_money, parse_money


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (1325, "USD", "$13.25"),
        (5, "EUR", "€0.05"),
        (0, "GBP", "£0.00"),
        (123_456_789, "USD", "$1,234,567.89"),
        (-250, "USD", "−$2.50"),
        (1200, "JPY", "¥1,200"),
        (1234, "KWD", "KWD 1.234"),
        (995, "CHF", "CHF 9.95"),
    ],
)
def test_money_is_written_for_people(minor: int, currency: str, text: str) -> None:
    assert format_money(minor, currency) == text


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("13.25", "USD", 1325),
        (" 7 ", "EUR", 700),
        ("-2.5", "USD", -250),
        ("12.000", "USD", 1200),
        ("1200", "JPY", 1200),
        ("1.234", "KWD", 1234),
    ],
)
def test_a_plain_number_is_read_exactly(text: str, currency: str, minor: int) -> None:
    assert parse_money(text, currency) == minor


@pytest.mark.parametrize(
    "text", ["", "free", "1,50", "1e3", "1_000", "NaN", "Infinity", "$5", "1.", "1e999999", "٣"]
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an amount of money"):
        parse_money(text, "USD")


@pytest.mark.parametrize(("text", "currency"), [("1.005", "USD"), ("0.5", "JPY")])
def test_a_price_is_never_rounded(text: str, currency: str) -> None:
    with pytest.raises(ValueError, match="smallest unit"):
        parse_money(text, currency)


@given(st.integers(-(10**12), 10**12), st.sampled_from(["USD", "JPY", "KWD"]))
def test_what_is_written_can_be_read(minor: int, currency: str) -> None:
    text = format_money(minor, currency).replace("−", "-").replace(",", "")
    plain = "".join(char for char in text if char in "-.0123456789")
    assert parse_money(plain, currency) == minor
    assert exponent(currency) in (0, 2, 3)
