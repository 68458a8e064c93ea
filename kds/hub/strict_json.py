"""JSON from clients, as strict as the servers that a hub stands in for. Pure.

Python's own reader takes more than JSON (NaN, lone surrogates, UTF-16, numbers that become
infinite, nesting that its own writer cannot print again). What a hub reads it also passes on to
others, and one client's odd text must not end the sockets of all.
"""

from __future__ import annotations

import json
import math
from typing import Any

from pydantic_core import from_json


def loads(data: str | bytes) -> Any:
    """The value; bytes are UTF-8. Raises ValueError for anything but JSON."""
    from_json(data)  # text and depth: no lone surrogate, at most 200 levels
    return json.loads(data, parse_constant=_no_number, parse_float=_finite)


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("a number is out of range")
    return number
