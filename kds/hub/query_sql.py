"""A parsed query as SQL. Pure: names are quoted here, values travel as parameters."""

# ruff: noqa: S608 - building SQL is the job here: names are quoted, values are parameters
from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal

from kds.hub.query import OPERATORS, Field, Filter, Logic, OrderTerm, Query, SelectItem

Count = Literal["", "exact", "planned", "estimated"]


class Params:
    """The values of one statement, in the order of their placeholders."""

    def __init__(self, *values: str | None) -> None:
        self.values: list[str | None] = list(values)

    def add(self, value: str) -> str:
        """The placeholder that stands for `value`."""
        self.values.append(value)
        return f"${len(self.values)}"


def identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def array_literal(items: Iterable[str]) -> str:
    """The text of a PostgreSQL array of any type."""
    quoted = (item.replace("\\", "\\\\").replace('"', '\\"') for item in items)
    return "{" + ",".join(f'"{item}"' for item in quoted) + "}"


def column_sql(column: Field) -> str:
    """A column of the row `t`, or a place inside its JSON."""
    sql = f"t.{identifier(column.name)}"
    if not column.path:
        return sql
    keys = (f"{op}{key if _is_index(key) else literal(key)}" for op, key in column.path)
    return f"(to_jsonb({sql}){''.join(keys)})"


def _is_index(key: str) -> bool:
    return re.fullmatch(r"-?[0-9]{1,9}", key) is not None


def select_sql(items: Sequence[SelectItem]) -> str:
    """The select list; a JSON path is named after its last key, as PostgREST does."""
    return ", ".join(map(_item_sql, items))


def _item_sql(item: SelectItem) -> str:
    if item.field.name == "*" and not item.field.path:
        return "t.*"
    sql = column_sql(item.field)
    if item.cast:
        sql = f"cast({sql} as {_type_sql(item.cast)})"
    return f"{sql} as {identifier(item.alias or _default_name(item.field))}"


def _default_name(column: Field) -> str:
    keys = [key for _, key in column.path if not _is_index(key)]
    return keys[-1] if keys else column.name


def _type_sql(name: str) -> str:
    """A type's name as the grammar wants it: `int`, `text[]`, `"my type"`."""
    if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*( [a-z ]+)?(\[\])?", name):
        return name
    return identifier(name)


def where_sql(terms: Sequence[Filter | Logic], params: Params) -> str:
    """` where ...`, or nothing."""
    if not terms:
        return ""
    return " where " + " and ".join(_term_sql(term, params) for term in terms)


def _term_sql(term: Filter | Logic, params: Params) -> str:
    if isinstance(term, Logic):
        inner = f" {term.operator} ".join(_term_sql(child, params) for child in term.terms)
    else:
        inner = _filter_sql(term, params)
    return f"not ({inner})" if term.negated else f"({inner})"


def _filter_sql(term: Filter, params: Params) -> str:
    column = column_sql(term.field)
    if not isinstance(term.value, str):
        return f"{column} = any({params.add(array_literal(term.value))})"
    if term.operator == "is":
        return f"{column} is {term.value.replace('_', ' ')}"
    value = term.value
    if term.operator in ("like", "ilike"):
        value = value.replace("*", "%")
    right = params.add(value)
    if term.quantifier:
        right = f"{term.quantifier}({right})"
    return f"{column} {OPERATORS[term.operator]} {right}"


def order_sql(terms: Sequence[OrderTerm]) -> str:
    """` order by ...`, or nothing."""
    if not terms:
        return ""
    return " order by " + ", ".join(
        column_sql(term.field)
        + (" desc" if term.descending else "")
        + (f" nulls {term.nulls}" if term.nulls else "")
        for term in terms
    )


def read_sql(source: str, query: Query, params: Params, *, count: Count, single: bool) -> str:
    """The page of `source` (SQL that can stand behind FROM) that `query` asks for.

    One row of three columns: the JSON body, the number of rows in it, and the number of rows
    without limit and offset (null unless `count`).
    """
    where = where_sql(query.where, params)
    limit = "" if query.limit is None else f" limit {query.limit}"
    offset = f" offset {query.offset}" if query.offset > 0 else ""
    total = f"(select count(*) from {source} as t{where})" if count else "null::bigint"
    return (
        f"with pgrst_page as (select {select_sql(query.select)} from {source} as t"
        f"{where}{order_sql(query.order)}{limit}{offset}) "
        f"select {body_sql(single)}, count(*), {total} from pgrst_page"
    )


def body_sql(single: bool) -> str:
    """The rows of `pgrst_page` as one JSON text."""
    if single:
        return "coalesce((json_agg(pgrst_page)->0)::text, 'null')"
    return "coalesce(json_agg(pgrst_page), '[]')::text"
