"""Money is an integer of the currency's minor unit (cents); floats never touch it."""

from __future__ import annotations

import re
from decimal import Decimal

_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}
_PLAIN = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,6})?")  # Decimal takes 1e99 and 1_000 as well
_EXPONENTS = {"JPY": 0, "KRW": 0, "BHD": 3, "KWD": 3}


def exponent(currency: str) -> int:
    """Digits behind the decimal point of an ISO 4217 currency code."""
    return _EXPONENTS.get(currency, 2)


def format_money(minor: int, currency: str) -> str:
    """`1325, "USD"` -> `$13.25`; negative amounts carry a leading minus sign."""
    digits = exponent(currency)
    whole, part = divmod(abs(minor), 10**digits)
    text = f"{whole:,}" + (f".{part:0{digits}d}" if digits else "")
    symbol = _SYMBOLS.get(currency, f"{currency} ")
    return f"{'−' if minor < 0 else ''}{symbol}{text}"


def parse_money(text: str, currency: str) -> int:
    """`"13.25", "USD"` -> `1325`.

    Raises ValueError for anything that is not a plain decimal number, or that has more
    digits than the currency knows: rounding a price is not ours to decide.
    """
    if not _PLAIN.fullmatch(text.strip()):
        raise ValueError(f"{text!r} is not an amount of money")
    amount = Decimal(text.strip()).scaleb(exponent(currency))
    if amount != amount.to_integral_value():
        raise ValueError(f"{text!r} is not a whole number of the smallest unit of {currency}")
    return int(amount)
