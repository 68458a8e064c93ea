"""The filters of `postgres_changes`: parsed, and asked whether a row passes. Pure.

    column=op.value            several joined by commas must all pass; `not.` before op negates
    op: eq neq lt lte gt gte in(a,b) is like ilike match imatch isdistinct

As in SQL, a comparison with null is neither true nor false, so such a row does not pass.
Source: lib/extensions/postgres_cdc_rls/subscriptions.ex of supabase/realtime.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from kds.hub.realtime.pgoutput import Unchanged, Value
from kds.hub.realtime.values import to_json_value

OPERATORS = (
    "eq", "neq", "lt", "lte", "gt", "gte", "in", "like", "ilike", "is", "match", "imatch",
    "isdistinct",
)  # fmt: skip
MAX_IN = 100
_MAX_REPEATS = 2  # in one regular expression, and none of a group
_MAX_MATCHED = 500  # characters; whether a longer value matches is not known
_NUMBERS = {"int2", "int4", "int8", "float4", "float8", "numeric", "oid"}
_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "neq": operator.ne,
    "lt": operator.lt,
    "lte": operator.le,
    "gt": operator.gt,
    "gte": operator.ge,
}


@dataclass(frozen=True, slots=True)
class Filter:
    """`value` is PostgreSQL's text; for `in` an array's text (`{a,b}`)."""

    column: str
    op: str
    value: str
    negate: bool = False

    def with_value(self, value: str) -> Filter:
        """The same filter on PostgreSQL's own spelling of its value."""
        return replace(self, value=value)


class FilterError(ValueError):
    """The text is no filter; the message is what a real server says."""


def parse_filters(text: str) -> tuple[Filter, ...]:
    """The filters in `text`; none for an empty one. Raises FilterError."""
    if not text.strip():
        return ()
    return tuple(_parse(segment.strip()) for segment in _split(text.strip()))


def passes(
    filters: tuple[Filter, ...], row: Mapping[str, Value] | None, types: Mapping[str, str]
) -> bool:
    """Whether `row` passes all filters; one on a column that the row lacks is not passed."""
    if not filters:
        return True
    if row is None:
        return False
    return all(
        f.column in row and _passes(f, row[f.column], types.get(f.column, "text")) for f in filters
    )


def _passes(item: Filter, value: Value, type_name: str) -> bool:
    if isinstance(value, Unchanged):
        return False
    verdict = _verdict(item, value, type_name)
    return verdict is not None and verdict is not item.negate


def _verdict(item: Filter, value: str | None, type_name: str) -> bool | None:
    """SQL's true, false or null."""
    if item.op == "is":
        return _is(value, item.value.lower())
    if item.op == "isdistinct":
        return value is None or not _ORDER["eq"](*_comparable(value, item.value, type_name))
    if value is None:
        return None
    if item.op == "in":
        options = to_json_value(item.value, "_text")
        return any(
            _ORDER["eq"](*_comparable(value, o, type_name)) for o in options if o is not None
        )
    if item.op in _ORDER:
        return _ORDER[item.op](*_comparable(value, item.value, type_name))
    ignore_case = re.IGNORECASE if item.op in ("ilike", "imatch") else re.NOFLAG
    if item.op in ("like", "ilike"):
        return _is_like(item.value, value, ignore_case | re.DOTALL)
    return _matches(item.value, value, ignore_case)


def _is(value: str | None, wanted: str) -> bool:
    if wanted in ("null", "unknown"):
        return value is None
    return value == wanted[:1]


def _matches(pattern: str, value: str, flags: re.RegexFlag) -> bool | None:
    if len(value) > _MAX_MATCHED:
        return None
    try:
        return re.search(pattern, value, flags) is not None
    except (re.error, RecursionError, OverflowError):
        return None


def _is_like(pattern: str, value: str, flags: re.RegexFlag) -> bool:
    """LIKE, piece by piece from one `%` to the next: as one expression full of `.*` it would try
    every way to share a value out, and a client could stop the hub with one filter."""
    first, *others = _pieces(pattern)
    if not others:
        return re.fullmatch("".join(first), value, flags) is not None
    end = len(value) - len(others[-1])
    found = re.match("".join(first), value, flags)
    for piece in others[:-1]:
        found = found and re.compile("".join(piece), flags).search(value, found.end())
    if found is None or found.end() > end:
        return False
    return re.compile("".join(others[-1]), flags).fullmatch(value, end) is not None


def _pieces(pattern: str) -> list[list[str]]:
    """What stands between the `%` of a LIKE pattern: each a list of expressions for one sign."""
    pieces: list[list[str]] = [[]]
    escaped = False
    for char in pattern:
        if escaped or char not in "%_\\":
            pieces[-1].append(re.escape(char))
            escaped = False
        elif char == "\\":
            escaped = True
        elif char == "%":
            pieces.append([])
        else:
            pieces[-1].append(".")
    return pieces


def _comparable(left: str, right: str, type_name: str) -> tuple[Any, Any]:
    """Both sides as values that order as PostgreSQL orders the type."""
    try:
        if type_name in _NUMBERS:
            return Decimal(left), Decimal(right)
        if type_name == "timestamptz":
            return datetime.fromisoformat(left), datetime.fromisoformat(right)
    except (InvalidOperation, ValueError):
        pass
    return left, right


def _parse(segment: str) -> Filter:
    if not segment:
        raise FilterError("filter must not contain empty segments (check for extra commas)")
    column, equals, rest = segment.partition("=")
    if not equals:
        raise FilterError(_parts(column))
    negate = rest.startswith("not.")
    op, dot, value = rest.removeprefix("not.").partition(".")
    if not dot:
        raise FilterError(_parts(op))
    if op not in OPERATORS:
        raise FilterError(_parts(op, value))
    if op in ("match", "imatch") and _is_costly(value):
        raise FilterError(f"the pattern is too complex for this server: {_parts(value)}")
    return Filter(column, op, _in_list(value) if op == "in" else _unquote(value), negate)


def _is_costly(pattern: str) -> bool:
    """Whether an expression could keep the hub busy for long: Python's matcher goes back over a
    repeated group, or several open repetitions, in more ways than anybody has time for."""
    repeats_group = re.search(r"\)[*+?{]", pattern) is not None
    return repeats_group or len(re.findall(r"[*+{]", pattern)) > _MAX_REPEATS


def _parts(*texts: str) -> str:
    """The pieces that made no sense, written as Elixir writes a list of strings."""
    return "[" + ", ".join(f'"{t}"' for t in texts) + "]"


def _in_list(value: str) -> str:
    if len(value) < 2 or value[0] != "(" or value[-1] != ")":
        raise FilterError("`in` filter value must be wrapped by parentheses")
    return "{" + value[1:-1] + "}"


def _unquote(value: str) -> str:
    match = re.fullmatch(r'"((?:[^"\\]|\\.)*)"', value, re.DOTALL)
    return re.sub(r"\\(.)", r"\1", match[1], flags=re.DOTALL) if match else value


def _split(text: str) -> list[str]:
    """Cut at the commas that stand outside of parentheses and quotes."""
    parts, depth, quoted, start, at = [], 0, False, 0, 0
    while at < len(text):
        char = text[at]
        if quoted:
            if char == "\\":
                at += 1
            elif char == '"':
                quoted = False
        elif char == '"' and at and text[at - 1] in ".(,":
            quoted = True
        elif char == "(":
            depth += 1
        elif char == ")":
            depth = max(0, depth - 1)
        elif char == "," and depth == 0:
            parts.append(text[start:at])
            start = at + 1
        at += 1
    return [*parts, text[start:]]
