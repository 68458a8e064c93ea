"""PostgREST's conventions in HTTP headers: preferences, media types, ranges. Pure but for the
request it reads."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal
from urllib.parse import parse_qsl

from aiohttp import web

from kds.hub.errors import RestError
from kds.hub.query import NoRelationship, Query, QueryError, Unsupported, parse_query
from kds.hub.query_sql import Count

JSON_TYPE = "application/json; charset=utf-8"
OBJECT_TYPE = "application/vnd.pgrst.object+json"
_LISTS = ("*/*", "application/*", "application/json", "application/vnd.pgrst.array+json")


@dataclass(frozen=True, slots=True)
class Preferences:
    """What the `Prefer` headers ask for; `applied` is what the answer says was honoured."""

    returns: Literal["minimal", "headers-only", "representation"] = "minimal"
    count: Count = ""
    resolution: Literal["", "merge-duplicates", "ignore-duplicates"] = ""
    missing: Literal["null", "default"] = "null"
    applied: tuple[str, ...] = ()


_KNOWN = {
    "return": ("minimal", "headers-only", "representation"),
    "count": ("exact", "planned", "estimated"),
    "resolution": ("merge-duplicates", "ignore-duplicates"),
    "missing": ("default", "null"),
}
_FIELDS = {"return": "returns"}


def preferences(headers: list[str]) -> Preferences:
    """Of every `Prefer` header; what is unknown is passed over, the first of a kind counts."""
    found: dict[str, str] = {}
    for preference in ",".join(headers).split(","):
        name, _, value = preference.strip().partition("=")
        if value in _KNOWN.get(name, ()):
            found.setdefault(name, value)
    values: dict[str, Any] = {_FIELDS.get(name, name): value for name, value in found.items()}
    return Preferences(**values, applied=tuple(f"{n}={v}" for n, v in found.items()))


def wants_object(accept: str) -> bool:
    """Whether exactly one row is asked for. Raises RestError 406 for what cannot be made."""
    types = [part.partition(";")[0].strip().lower() for part in (accept or "*/*").split(",")]
    if any(kind in _LISTS for kind in types):
        return types[0] == OBJECT_TYPE
    if OBJECT_TYPE in types:
        return True
    listed = ", ".join(types)
    raise RestError(406, "PGRST107", f"None of these media types are available: {listed}")


def read_query(request: web.Request) -> Query:
    """The request's query string, its `Range` header taken into account."""
    try:
        pairs = parse_qsl(
            request.rel_url.raw_query_string,
            keep_blank_values=True,
            errors="strict",
            max_num_fields=1000,
        )
    except ValueError as error:
        message = '"failed to parse query string" (line 1, column 1)'
        raise RestError(400, "PGRST100", message, str(error)) from error
    pairs = [pair for pair in pairs if pair[0] != "apikey"]
    if any("\0" in key or "\0" in value for key, value in pairs):
        raise RestError(400, "22021", 'invalid byte sequence for encoding "UTF8": 0x00')
    try:
        query = parse_query(pairs, is_call="/rpc/" in request.path)
    except QueryError as error:
        raise RestError(400, "PGRST100", error.message, error.details) from error
    except Unsupported as error:
        raise RestError(400, "PGRST127", "Feature not implemented", str(error)) from error
    except NoRelationship as error:
        raise _no_relationship(request.match_info.get("name", ""), str(error)) from error
    return within_range(query, request.headers.get("Range") if request.method == "GET" else None)


def _no_relationship(parent: str, child: str) -> RestError:
    return RestError(
        400,
        "PGRST200",
        f"Could not find a relationship between '{parent}' and '{child}' in the schema cache",
        f"Searched for a foreign key relationship between '{parent}' and '{child}' in the "
        "schema 'public', but no matches were found.",
    )


def within_range(query: Query, header: str | None) -> Query:
    """The query cut to `Range: 0-24`, as `limit` and `offset` would."""
    if query.limit is not None and query.limit < 0:
        details = "Limit should be greater than or equal to zero."
        raise RestError(416, "PGRST103", "Requested range not satisfiable", details)
    match = re.fullmatch(r"(?:items=)?([0-9]{1,15})-([0-9]{0,15})", header or "")
    if match is None:
        return query
    first, last = int(match[1]), int(match[2]) if match[2] else None
    if last is None:
        return replace(query, offset=max(first, query.offset))
    if last < first:
        details = (
            "The lower boundary must be lower than or equal to the upper boundary "
            "in the Range header."
        )
        raise RestError(416, "PGRST103", "Requested range not satisfiable", details)
    limit = last - first + 1
    if query.limit is not None:
        limit = min(limit, query.limit)
    return replace(query, offset=max(first, query.offset), limit=limit)


async def read_json(request: web.Request) -> tuple[str, Any]:
    """The body as it came and as a value. Raises RestError for what is not JSON."""
    try:
        text = (await request.read()).decode("utf-8")
        return text, json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise RestError(400, "PGRST102", "Empty or invalid json") from error


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def require_one(count: bytes | None) -> None:
    """Raises PGRST116 unless exactly one row came out."""
    rows = int(count or 0)
    if rows != 1:
        raise RestError(
            406,
            "PGRST116",
            "Cannot coerce the result to a single JSON object",
            f"The result contains {rows} rows",
        )


def content_range(offset: int, rows: int, total: int | None) -> str:
    span = f"{offset}-{offset + rows - 1}" if rows else "*"
    return f"{span}/{'*' if total is None else total}"


def range_status(offset: int, rows: int, total: int | None) -> int:
    """200, or 206 when there is more. Raises 416 for an offset beyond the end."""
    if total is None:
        return 200
    if offset > total:
        details = f"An offset of {offset} was requested, but there are only {total} rows."
        raise RestError(416, "PGRST103", "Requested range not satisfiable", details)
    return 206 if rows < total else 200


def answer(
    body: bytes | None,
    *,
    status: int = 200,
    single: bool = False,
    headers: Mapping[str, str] | None = None,
) -> web.Response:
    """`body` as it came from the database; None for an answer without one."""
    if body is None:
        return web.Response(status=status, headers=headers)
    kind = f"{OBJECT_TYPE}; charset=utf-8" if single else JSON_TYPE
    return web.Response(body=body, status=status, headers={"Content-Type": kind, **(headers or {})})
