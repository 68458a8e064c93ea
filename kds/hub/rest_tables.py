"""Tables and views: filtered reads, and the four ways to write, one SQL statement each."""

# ruff: noqa: S608 - building SQL is the job here: names are quoted, values are parameters
from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from aiohttp import web

from kds.hub.catalog import SCHEMA, Table
from kds.hub.errors import RestError
from kds.hub.pool import Row, Statement
from kds.hub.query import Query
from kds.hub.query_sql import Params, body_sql, identifier, read_sql, select_sql, where_sql
from kds.hub.rest_http import (
    Preferences,
    answer,
    content_range,
    preferences,
    range_status,
    read_json,
    require_one,
    wants_object,
)
from kds.hub.transaction import Transaction


async def read_rows(
    request: web.Request, table: Table, query: Query, transaction: Transaction
) -> web.StreamResponse:
    """GET and HEAD: the page that the query string asks for."""
    prefer = preferences(request.headers.getall("Prefer", []))
    single = wants_object(request.headers.get("Accept", ""))
    params = Params()
    sql = read_sql(_name(table), query, params, count=prefer.count, single=single)
    body, rows, total = await transaction.run(Statement(sql, params.values), read_only=True)
    if single:
        require_one(rows)
    count, all_rows = int(rows or 0), int(total) if total is not None else None
    headers = {"Content-Range": content_range(query.offset, count, all_rows)}
    if prefer.count:
        headers["Preference-Applied"] = f"count={prefer.count}"
    status = range_status(query.offset, count, all_rows)
    return answer(body, status=status, single=single, headers=headers)


async def insert_rows(
    request: web.Request, table: Table, query: Query, transaction: Transaction
) -> web.StreamResponse:
    """POST: one row or many; with a resolution they may meet rows that are there already."""
    text, rows = await _rows(request)
    prefer = preferences(request.headers.getall("Prefer", []))
    columns = query.columns or _columns(rows)
    _check_columns(table, columns)
    params = Params(text) if columns else Params()
    sql = _insert_sql(table, columns, isinstance(rows, dict), prefer, query)
    answered = await _write(request, sql, query, params, prefer, transaction)
    return _written(answered, prefer, request, status=201)


async def change_rows(
    request: web.Request, table: Table, query: Query, transaction: Transaction
) -> web.StreamResponse:
    """PATCH: the same change to every row that matches."""
    text, row = await _rows(request)
    prefer = preferences(request.headers.getall("Prefer", []))
    columns = query.columns or _columns(row)
    _check_columns(table, columns)
    params = Params(text) if columns else Params()
    where = where_sql(query.where, params)
    if columns:
        names = ", ".join(f"{identifier(c)} = p.{identifier(c)}" for c in columns)
        record = "json_populate_record" if isinstance(row, dict) else "json_populate_recordset"
        source = f"from {record}(null::{_name(table)}, $1) as p"
        sql = f"update {_name(table)} as t set {names} {source}{where}"
    else:  # nothing to change
        params = Params()
        sql = f"select t.* from {_name(table)} as t where false"
    answered = await _write(request, sql, query, params, prefer, transaction, bool(columns))
    return _written(answered, prefer, request, status=200)


async def delete_rows(
    request: web.Request, table: Table, query: Query, transaction: Transaction
) -> web.StreamResponse:
    """DELETE: every row that matches."""
    prefer = preferences(request.headers.getall("Prefer", []))
    params = Params()
    sql = f"delete from {_name(table)} as t{where_sql(query.where, params)}"
    answered = await _write(request, sql, query, params, prefer, transaction)
    return _written(answered, prefer, request, status=200)


def _name(table: Table) -> str:
    return f"{SCHEMA}.{identifier(table.name)}"


async def _rows(request: web.Request) -> tuple[str, Any]:
    text, rows = await read_json(request)
    if isinstance(rows, dict) or (
        isinstance(rows, list) and all(isinstance(row, dict) for row in rows)
    ):
        return text, rows
    raise RestError(400, "PGRST102", "Empty or invalid json")


def _columns(rows: Any) -> tuple[str, ...]:
    """The keys of the rows, which must be the same in all of them."""
    many: list[dict[str, Any]] = [rows] if isinstance(rows, dict) else rows
    if not many:
        return ()
    if any(row.keys() != many[0].keys() for row in many):
        raise RestError(400, "PGRST102", "All object keys must match")
    return tuple(many[0])


def _check_columns(table: Table, columns: Iterable[str]) -> None:
    for column in columns:
        if column not in table.columns:
            raise RestError(
                400,
                "PGRST204",
                f"Could not find the '{column}' column of '{table.name}' in the schema cache",
            )


def _insert_sql(
    table: Table, columns: Sequence[str], one: bool, prefer: Preferences, query: Query
) -> str:
    names = ", ".join(map(identifier, columns))
    if not columns:
        # `{}` is a row of defaults, `[]` is no row at all.
        rows = "default values" if one else f"select t.* from {_name(table)} as t where false"
        return f"insert into {_name(table)} as t {rows}"
    record = "json_populate_record" if one else "json_populate_recordset"
    values = ", ".join(f"p.{identifier(c)}" for c in columns)
    return (
        f"insert into {_name(table)} as t ({names}) select {values} "
        f"from {record}(null::{_name(table)}, $1) as p{_on_conflict(table, columns, prefer, query)}"
    )


def _on_conflict(table: Table, columns: Sequence[str], prefer: Preferences, query: Query) -> str:
    target = query.on_conflict or table.key
    if not prefer.resolution or not target:
        return ""
    names = ", ".join(map(identifier, target))
    if prefer.resolution == "ignore-duplicates":
        return f" on conflict ({names}) do nothing"
    changed = ", ".join(f"{identifier(c)} = excluded.{identifier(c)}" for c in columns)
    return f" on conflict ({names}) do update set {changed}"


async def _write(
    request: web.Request,
    sql: str,
    query: Query,
    params: Params,
    prefer: Preferences,
    transaction: Transaction,
    returning: bool = True,
) -> Row:
    """The body (null unless asked for) and the number of rows."""
    single = wants_object(request.headers.get("Accept", ""))
    if prefer.returns != "representation":
        columns, body = "1", "null::text"
    else:
        columns, body = select_sql(query.select), body_sql(single)
    changing = f"{sql} returning {columns}" if returning else sql
    whole = f"with pgrst_page as ({changing}) select {body}, count(*) from pgrst_page"
    check = single and prefer.returns == "representation"
    return await transaction.run(
        Statement(whole, params.values),
        accept=(lambda row: require_one(row[1])) if check else None,
    )


def _written(
    answered: Row, prefer: Preferences, request: web.Request, status: int
) -> web.StreamResponse:
    body, rows = answered
    headers = {"Content-Range": "*/*"}
    if prefer.count:
        headers["Content-Range"] = f"*/{int(rows or 0)}"
    if prefer.applied:
        headers["Preference-Applied"] = ", ".join(prefer.applied)
    if body is None:
        return answer(None, status=201 if status == 201 else 204, headers=headers)
    single = wants_object(request.headers.get("Accept", ""))
    return answer(body, status=status, single=single, headers=headers)
