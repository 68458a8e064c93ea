"""The query strings of PostgREST as values: what to select, which rows, in which order.

Pure: text in, dataclasses out. The grammar is PostgREST's (its ApiRequest/QueryParams module):
vertical and horizontal filtering, logic trees, JSON paths, casts, ordering, limits. Embedding of
other tables and full-text search are outside of what a hub offers; they raise `Unsupported`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from kds.hub.scanner import QueryError, Scanner

OPERATORS = {
    "eq": "=",
    "neq": "<>",
    "gt": ">",
    "gte": ">=",
    "lt": "<",
    "lte": "<=",
    "like": "like",
    "ilike": "ilike",
    "match": "~",
    "imatch": "~*",
    "isdistinct": "is distinct from",
    "cs": "@>",
    "cd": "<@",
    "ov": "&&",
    "sl": "<<",
    "sr": ">>",
    "nxr": "&<",
    "nxl": "&>",
    "adj": "-|-",
}
QUANTIFIABLE = frozenset(("eq", "gt", "gte", "lt", "lte", "like", "ilike", "match", "imatch"))
FULL_TEXT = frozenset(("fts", "plfts", "phfts", "wfts"))
IS_VALUES = ("null", "not_null", "true", "false", "unknown")
RESERVED = frozenset(("select", "order", "limit", "offset", "and", "or", "columns", "on_conflict"))


class Unsupported(ValueError):
    """A part of PostgREST that the hub does not offer; the text names it."""


class NoRelationship(ValueError):
    """The select list embeds another table, which the hub cannot do; the text is its name."""


@dataclass(frozen=True, slots=True)
class Field:
    """A column and a path into its JSON: `args->order->>id`."""

    name: str
    path: tuple[tuple[Literal["->", "->>"], str], ...] = ()


@dataclass(frozen=True, slots=True)
class SelectItem:
    """One entry of the select list; `field.name` is `*` for every column."""

    field: Field
    alias: str = ""
    cast: str = ""


EVERYTHING = (SelectItem(Field("*")),)


@dataclass(frozen=True, slots=True)
class Filter:
    """`field operator value`; a tuple of values belongs to `in`, everything else has a text."""

    field: Field
    operator: str
    value: str | tuple[str, ...]
    negated: bool = False
    quantifier: Literal["", "any", "all"] = ""


@dataclass(frozen=True, slots=True)
class Logic:
    """A tree of filters joined by `and` or `or`."""

    operator: Literal["and", "or"]
    terms: tuple[Filter | Logic, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class OrderTerm:
    field: Field
    descending: bool = False
    nulls: Literal["", "first", "last"] = ""


@dataclass(frozen=True, slots=True)
class Query:
    """One parsed query string. `params` are the pairs that are no filter: arguments of a call."""

    select: tuple[SelectItem, ...] = EVERYTHING
    where: tuple[Filter | Logic, ...] = ()
    order: tuple[OrderTerm, ...] = ()
    limit: int | None = None
    offset: int = 0
    columns: tuple[str, ...] = ()
    on_conflict: tuple[str, ...] = ()
    params: tuple[tuple[str, str], ...] = ()


def parse_query(pairs: Iterable[tuple[str, str]], *, is_call: bool = False) -> Query:
    """The query of decoded `key=value` pairs, of a table unless `is_call`.

    What is no filter is an argument in a call and an error elsewhere: a mistyped filter that
    was left out would change every row of the table.

    Raises QueryError (PostgREST's PGRST100), Unsupported or NoRelationship.
    """
    given = [(key, value) for key, value in pairs if value]
    named = dict(reversed([pair for pair in given if pair[0] in RESERVED]))
    where: list[Filter | Logic] = []
    params: list[tuple[str, str]] = []
    for key, value in given:
        if key in ("and", "or", "not.and", "not.or"):
            where.append(parse_logic(key, value))
        elif key in RESERVED:
            continue
        elif is_call and not looks_like_filter(value):
            params.append((key, value))
        else:
            where.append(parse_filter(key, value))
    return Query(
        select=parse_select(named["select"]) if "select" in named else EVERYTHING,
        where=tuple(where),
        order=parse_order(named.get("order", "")),
        limit=_integer(named.get("limit")),
        offset=_integer(named.get("offset")) or 0,
        columns=_names("columns", named.get("columns", "")),
        on_conflict=_names("on_conflict", named.get("on_conflict", "")),
        params=tuple(params),
    )


def looks_like_filter(value: str) -> bool:
    """Whether PostgREST takes a pair with this value for a filter, not for an argument."""
    head, dot, _ = value.partition(".")
    name = head.partition("(")[0]
    return bool(dot) and (name in ("not", "is", "in") or name in OPERATORS or name in FULL_TEXT)


def parse_select(text: str) -> tuple[SelectItem, ...]:
    """`id,total:amount::text,args->>kind` as items."""
    scan = Scanner(text, "select parameter")
    items = [_select_item(scan)]
    while scan.take(","):
        items.append(_select_item(scan))
    scan.end()
    return tuple(items)


def _select_item(scan: Scanner) -> SelectItem:
    scan.spaces()
    if scan.take("*"):
        return SelectItem(Field("*"))
    if scan.take("..."):
        raise NoRelationship(scan.name())
    alias, name = "", scan.name()
    if scan.peek(":") and not scan.peek("::"):
        scan.take(":")
        alias, name = name, scan.name()
    if scan.peek("(") or scan.peek("!"):
        raise NoRelationship(name)
    if scan.peek("."):
        raise Unsupported("Use of aggregate functions is not allowed")
    column = Field(name, _json_path(scan))
    cast = scan.word() if scan.take("::") else ""
    scan.spaces()
    return SelectItem(column, alias, cast)


def parse_filter(key: str, value: str) -> Filter:
    """`created_at` and `not.gte.2026-01-01` as a filter."""
    scan = Scanner(key, "tree path")
    column = _field(scan)
    if scan.peek("."):
        raise NoRelationship(column.name)
    scan.end()
    scan = Scanner(value, "filter")
    parsed = _operation(scan, column, nested=False)
    scan.end()
    return parsed


def parse_logic(key: str, value: str) -> Logic:
    """`or` and `(a.eq.1,and(b.gt.2,c.is.null))` as a tree."""
    negated = key.startswith("not.")
    scan = Scanner(value, "logic tree")
    tree = _logic(scan, "or" if key.endswith("or") else "and", negated, depth=0)
    scan.end()
    return tree


def _logic(scan: Scanner, operator: Literal["and", "or"], negated: bool, depth: int) -> Logic:
    if depth > 50:
        raise scan.error("the tree is nested too deeply")
    scan.expect("(")
    terms = [_term(scan, depth)]
    while scan.take(","):
        terms.append(_term(scan, depth))
    scan.expect(")")
    return Logic(operator, tuple(terms), negated)


def _term(scan: Scanner, depth: int) -> Filter | Logic:
    scan.spaces()
    for prefix, negated in (("not.", True), ("", False)):
        for operator in ("and", "or"):
            if scan.peek(f"{prefix}{operator}("):
                scan.take(f"{prefix}{operator}")
                return _logic(scan, "or" if operator == "or" else "and", negated, depth + 1)
    column = _field(scan)
    scan.expect(".")
    parsed = _operation(scan, column, nested=True)
    scan.spaces()
    return parsed


def _operation(scan: Scanner, column: Field, nested: bool) -> Filter:
    negated = scan.take("not.")
    operator = scan.word()
    if operator in FULL_TEXT:
        raise Unsupported("Full-text search is not available on this server")
    if operator == "in":
        scan.expect(".")
        return Filter(column, "in", scan.list("(", ")"), negated)
    if operator == "is":
        scan.expect(".")
        start = scan.position
        value = scan.word().lower()
        if value not in IS_VALUES:
            raise scan.error(
                f"unexpected {value!r}, expecting one of {', '.join(IS_VALUES)}", start
            )
        return Filter(column, "is", value, negated)
    if operator not in OPERATORS:
        raise scan.error(f"unknown single value operator {operator}")
    quantifier = _quantifier(scan) if operator in QUANTIFIABLE else ""
    scan.expect(".")
    return Filter(column, operator, scan.value() if nested else scan.rest(), negated, quantifier)


def _quantifier(scan: Scanner) -> Literal["", "any", "all"]:
    if scan.take("(any)"):
        return "any"
    return "all" if scan.take("(all)") else ""


def parse_order(text: str) -> tuple[OrderTerm, ...]:
    """`placed_at.desc.nullslast,id` as terms."""
    if not text:
        return ()
    scan = Scanner(text, "order")
    terms = [_order_term(scan)]
    while scan.take(","):
        terms.append(_order_term(scan))
    scan.end()
    return tuple(terms)


def _order_term(scan: Scanner) -> OrderTerm:
    scan.spaces()
    column = _field(scan)
    if scan.peek("("):
        raise NoRelationship(column.name)
    descending = scan.take(".desc")
    if not descending:
        scan.take(".asc")
    nulls: Literal["", "first", "last"] = ""
    if scan.take(".nullsfirst"):
        nulls = "first"
    elif scan.take(".nullslast"):
        nulls = "last"
    scan.spaces()
    return OrderTerm(column, descending, nulls)


def _field(scan: Scanner) -> Field:
    return Field(scan.name(), _json_path(scan))


def _json_path(scan: Scanner) -> tuple[tuple[Literal["->", "->>"], str], ...]:
    path: list[tuple[Literal["->", "->>"], str]] = []
    while scan.peek("->"):
        operator: Literal["->", "->>"] = "->>" if scan.take("->>") else "->"
        if operator == "->":
            scan.take("->")
        path.append((operator, scan.name()))
    return tuple(path)


def _names(parameter: str, text: str) -> tuple[str, ...]:
    if not text:
        return ()
    scan = Scanner(text, f"{parameter} parameter")
    names = [scan.name()]
    while scan.take(","):
        names.append(scan.name())
    scan.end()
    return tuple(names)


def _integer(text: str | None) -> int | None:
    """A whole number; None when there is none: PostgREST ignores what it cannot read."""
    if text is None or len(text) > 18:
        return None
    try:
        return int(text)
    except ValueError:
        return None


__all__ = [
    "Field",
    "Filter",
    "Logic",
    "NoRelationship",
    "OrderTerm",
    "Query",
    "QueryError",
    "SelectItem",
    "Unsupported",
    "parse_query",
]
