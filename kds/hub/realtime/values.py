"""PostgreSQL's text output of a value -> the JSON value that `to_jsonb` would make. Pure.

Types go by the catalog's name (`pg_type.typname`): int4, timestamptz, _text for an array of text.
Composite types stay text.
"""

from __future__ import annotations

import json
import math
from typing import Any

_INTS = {"int2", "int4", "int8"}
_FLOATS = {"float4", "float8", "numeric"}


def to_json_value(text: str | None, type_name: str) -> Any:
    """The JSON value of `text`, a `type_name`; None for SQL's null."""
    if text is None:
        return None
    if type_name in _INTS:
        return int(text)
    if type_name in _FLOATS:
        return _number(text)
    if type_name == "bool":
        return text == "t"
    if type_name in ("json", "jsonb"):
        return json.loads(text)
    if type_name == "timestamptz":
        return _zoned(text)
    if type_name == "timestamp":
        return text.replace(" ", "T", 1)
    if type_name.startswith("_"):
        return _array(text, type_name[1:])
    return text


def _number(text: str) -> Any:
    """A JSON number; NaN and the infinities have none and stay text."""
    if "." not in text and "e" not in text.lower() and text.lstrip("-").isdigit():
        return int(text)
    number = float(text)
    return number if math.isfinite(number) else text


def _zoned(text: str) -> str:
    """`2026-11-21 07:04:35.65+00` -> `2026-11-21T07:04:35.65+00:00`; `infinity` as it is."""
    if " " not in text:
        return text
    text = text.replace(" ", "T", 1)
    return f"{text}:00" if text[-3] in "+-" else text


def _array(text: str, element_type: str) -> Any:
    """`{a,"b c",NULL,{...}}` -> a list. A text with explicit bounds (`[0:1]={...}`) loses them."""
    start = text.index("{")
    value, _ = _read_list(text, start, element_type)
    return value


def _read_list(text: str, at: int, element_type: str) -> tuple[list[Any], int]:
    """The list whose `{` stands at `at`, and the place after its `}`."""
    items: list[Any] = []
    at += 1
    while text[at] != "}":
        if text[at] == ",":
            at += 1
        elif text[at] == "{":
            inner, at = _read_list(text, at, element_type)
            items.append(inner)
        else:
            item, quoted, at = _read_item(text, at)
            null = not quoted and item.upper() == "NULL"
            items.append(to_json_value(None if null else item, element_type))
    return items, at + 1


def _read_item(text: str, at: int) -> tuple[str, bool, int]:
    if text[at] != '"':
        end = at
        while text[end] not in ",}":
            end += 1
        return text[at:end], False, end
    out, at = [], at + 1
    while text[at] != '"':
        if text[at] == "\\":
            at += 1
        out.append(text[at])
        at += 1
    return "".join(out), True, at + 1
