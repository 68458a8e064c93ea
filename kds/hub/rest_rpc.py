"""Calls of database functions: `POST /rest/v1/rpc/<name>` with named arguments."""

# ruff: noqa: S608 - building SQL is the job here: names are quoted, values are parameters
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from kds.hub.catalog import SCHEMA, Catalog, Function
from kds.hub.errors import RestError
from kds.hub.pool import Statement
from kds.hub.query import Query
from kds.hub.query_sql import Params, identifier, read_sql
from kds.hub.rest_http import (
    answer,
    content_range,
    preferences,
    range_status,
    read_json,
    require_one,
    wants_object,
)
from kds.hub.transaction import Transaction


async def call_function(
    request: web.Request, query: Query, transaction: Transaction, catalog: Catalog
) -> web.StreamResponse:
    """Arguments come as a JSON object, or in the query string with GET (which may not write)."""
    posted = request.method == "POST"
    if posted:
        text, arguments = await _body(request)
        params, given = Params(text), frozenset(arguments)
    else:
        text, arguments = "", dict(query.params)
        params, given = Params(), frozenset(arguments)
    function = await _choose(request.match_info["name"], given, posted, catalog)
    source = _posted_call(function, given) if posted else _queried_call(function, arguments, params)
    if function.returns == "rows" and function.is_set:
        return await _rows(request, query, source, params, transaction, not function.volatile)
    statement = Statement(_value_sql(function, source), params.values, keep=True)
    read_only = not posted or not function.volatile
    body, status = await transaction.run(statement, read_only=read_only)
    if function.returns == "void":
        return answer(None, status=int(status or 204))
    return answer(body if body is not None else b"null", status=int(status or 200))


async def _body(request: web.Request) -> tuple[str, dict[str, Any]]:
    if not request.can_read_body:
        return "{}", {}
    text, value = await read_json(request)
    if not isinstance(value, dict):
        raise RestError(400, "PGRST102", "Empty or invalid json")
    return text, value


async def _choose(name: str, given: frozenset[str], posted: bool, catalog: Catalog) -> Function:
    found = await catalog.candidates(name, given)
    if len(found) == 1:
        return found[0]
    if found:
        raise _ambiguous(found)
    listed = ", ".join(sorted(given))
    call = f"({listed})" if given else " without parameters"
    search = f" with parameter{'s' if len(given) > 1 else ''} {listed}" if given else call
    either = " or with a single unnamed json/jsonb parameter" if posted else ""
    raise RestError(
        404,
        "PGRST202",
        f"Could not find the function {SCHEMA}.{name}{call} in the schema cache",
        f"Searched for the function {SCHEMA}.{name}{search}{either}, "
        "but no matches were found in the schema cache.",
        catalog.function_hint(name),
    )


def _ambiguous(found: Any) -> RestError:
    calls = ", ".join(
        f"{SCHEMA}.{f.name}({', '.join(f'{a.name} => {a.type}' for a in f.arguments)})"
        for f in found
    )
    return RestError(
        300,
        "PGRST203",
        f"Could not choose the best candidate function between: {calls}",
        hint="Try renaming the parameters or the function itself in the database so function "
        "overloading can be resolved",
    )


def _posted_call(function: Function, given: frozenset[str]) -> str:
    """`from` items that call the function as `t`, its arguments taken out of the JSON `$1`."""
    used = [a for a in function.arguments if a.name in given]
    name = f"{SCHEMA}.{identifier(function.name)}"
    if not used:
        return f"(select $1::json) as p, lateral {name}()"
    columns = ", ".join(f"{identifier(a.name)} {a.type}" for a in used)
    passed = ", ".join(f"{identifier(a.name)} := p.{identifier(a.name)}" for a in used)
    return f"json_to_record($1) as p({columns}), lateral {name}({passed})"


def _queried_call(function: Function, arguments: Mapping[str, str], params: Params) -> str:
    passed = ", ".join(
        f"{identifier(a.name)} := cast({params.add(arguments[a.name])} as {a.type})"
        for a in function.arguments
        if a.name in arguments
    )
    return f"{SCHEMA}.{identifier(function.name)}({passed})"


def _value_sql(function: Function, source: str) -> str:
    """One row: the JSON body, and the status that the function asks for (`response.status`)."""
    status = "nullif(current_setting('response.status', true), '')"
    if function.returns == "rows":
        return f"select to_json(t)::text, {status} from {source} as t"
    if function.is_set:
        return f"select coalesce(json_agg(t.v), '[]')::text, {status} from {source} as t(v)"
    if function.returns == "json":
        return f"select t.v::text, {status} from {source} as t(v)"
    if function.returns == "void":
        return f"select null, {status} from {source} as t(v)"
    return f"select to_json(t.v)::text, {status} from {source} as t(v)"


async def _rows(
    request: web.Request,
    query: Query,
    source: str,
    params: Params,
    transaction: Transaction,
    read_only: bool,
) -> web.StreamResponse:
    """A function that returns a table can be filtered, ordered and cut like one."""
    prefer = preferences(request.headers.getall("Prefer", []))
    single = wants_object(request.headers.get("Accept", ""))
    called = f"(select t.* from {source} as t)"
    sql = read_sql(called, query, params, count=prefer.count, single=single)
    body, rows, total = await transaction.run(
        Statement(sql, params.values),
        read_only=read_only or request.method != "POST",
        accept=(lambda row: require_one(row[1])) if single else None,
    )
    count, all_rows = int(rows or 0), int(total) if total is not None else None
    return answer(
        body,
        status=range_status(query.offset, count, all_rows),
        single=single,
        headers={"Content-Range": content_range(query.offset, count, all_rows)},
    )
