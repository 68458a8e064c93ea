"""What the database says about tables: the catalog, casts of filter values, who sees which row."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

import psycopg
from psycopg import sql

from kds.hub.pool import Connection
from kds.hub.realtime.authorize import become
from kds.hub.realtime.bindings import Binding
from kds.hub.realtime.claims import Identity
from kds.hub.realtime.filters import MAX_IN, Filter
from kds.hub.realtime.records import ColumnInfo, TableInfo
from kds.hub.realtime.values import to_json_value

PUBLICATION = "supabase_realtime"
_CAST_OPERATORS = ("eq", "neq", "lt", "lte", "gt", "gte", "isdistinct")

_DESCRIBE = """
select c.oid::bigint, n.nspname, c.relname, c.relrowsecurity,
       a.attname, t.typname, format_type(a.atttypid, null),
       coalesce(a.attnum = any(k.conkey), false),
       array(select r.rolname::text from pg_roles r
             where r.rolname = any(%(roles)s)
               and has_column_privilege(r.oid, c.oid, a.attnum, 'SELECT'))
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
join pg_type t on t.oid = a.atttypid
left join pg_constraint k on k.conrelid = c.oid and k.contype = 'p'
where c.oid = any(%(oids)s)
order by c.oid, a.attnum
"""

_PUBLISHED = """
select format('%%I.%%I', schemaname, tablename)::regclass::oid::bigint
from pg_publication_tables
where pubname = %s and %s::text in ('*', schemaname) and %s::text in ('*', tablename)
"""


class SubscriptionError(Exception):
    """The binding cannot be subscribed to; the message is what a real server says."""


async def describe(
    connection: Connection, oids: Collection[int], roles: Collection[str]
) -> dict[int, TableInfo]:
    """The tables that still exist among `oids`, with what each of `roles` may read."""
    cursor = await connection.execute(_DESCRIBE, {"oids": list(oids), "roles": list(roles)})
    heads: dict[int, tuple[str, str, bool]] = {}
    columns: dict[int, list[ColumnInfo]] = {}
    for oid, schema, table, rls, name, type_name, cast, is_key, readers in await cursor.fetchall():
        heads[oid] = (schema, table, rls)
        column = ColumnInfo(name, type_name, cast, is_key, frozenset(readers))
        columns.setdefault(oid, []).append(column)
    return {oid: TableInfo(*head, tuple(columns[oid])) for oid, head in heads.items()}


async def check_binding(connection: Connection, binding: Binding, identity: Identity) -> Binding:
    """The binding with its filter values in PostgreSQL's own spelling.

    Raises SubscriptionError for a table that is not published, an unknown or unreadable column,
    and a value that its column's type cannot take.
    """
    target = (PUBLICATION, binding.schema, binding.table)
    oids = [row[0] for row in await (await connection.execute(_PUBLISHED, target)).fetchall()]
    if not oids:
        raise SubscriptionError(
            "Unable to subscribe to changes with given parameters. Please check Realtime is "
            f"enabled for the given connect parameters: {binding.described}"
        )
    try:
        for info in (await describe(connection, oids, [identity.role])).values():
            binding = await _check_columns(connection, binding, info, identity.role)
    except psycopg.OperationalError:
        raise
    except psycopg.Error as error:
        raise SubscriptionError(_exception(binding, error)) from error
    return binding


async def wal_place(connection: Connection) -> int:
    """Where the WAL ends now: whatever is committed later lies behind it."""
    query = "select (pg_current_wal_insert_lsn() - '0/0')::bigint"
    row = await (await connection.execute(query)).fetchone()
    assert row is not None
    return int(row[0])


async def visible(
    connection: Connection, info: TableInfo, identity: Identity, keys: Sequence[tuple[str, ...]]
) -> set[tuple[str, ...]]:
    """Those of the rows with these primary keys that `identity` can see right now."""
    arrays = sql.SQL(", ").join(
        sql.SQL("%s::text[]::{}[]").format(sql.SQL(c.cast)) for c in info.key
    )
    names = [sql.Identifier(f"k{i}") for i in range(len(info.key))]
    query = sql.SQL(
        "select k.i from unnest({arrays}) with ordinality as k({names}, i)"
        " where exists (select from {table} t where {match})"
    ).format(
        arrays=arrays,
        names=sql.SQL(", ").join(names),
        table=sql.Identifier(info.schema, info.table),
        match=sql.SQL(" and ").join(
            sql.SQL("t.{} = k.{}").format(sql.Identifier(c.name), name)
            for c, name in zip(info.key, names, strict=True)
        ),
    )
    columns = [list(values) for values in zip(*keys, strict=True)]
    try:
        async with connection.transaction(force_rollback=True):
            await become(connection, identity.role, identity.claims, "")
            cursor = await connection.execute(query, columns)
            return {keys[row[0] - 1] for row in await cursor.fetchall()}
    except psycopg.OperationalError:
        raise
    except psycopg.Error:
        return set()


async def _check_columns(
    connection: Connection, binding: Binding, info: TableInfo, role: str
) -> Binding:
    readable = info.readable(role)
    casts = {c.name: c.cast for c in info.columns}
    for name in binding.select or ():
        if name not in readable:
            raise _raised(f"invalid column for select {name}")
    checked = []
    for item in binding.filters:
        if item.column not in readable:
            raise _raised(f"invalid column for filter {item.column}")
        checked.append(item.with_value(await _spelled(connection, item, casts[item.column])))
    return binding.with_filters(tuple(checked))


async def _spelled(connection: Connection, item: Filter, cast: str) -> str:
    if item.op == "in":
        if len(to_json_value(item.value, "_text")) > MAX_IN:
            raise _raised(f"too many values for `in` filter. Maximum {MAX_IN}")
        cast = f"{cast}[]"
    elif item.op not in _CAST_OPERATORS:
        return item.value
    query = sql.SQL("select %s::text::{}::text").format(sql.SQL(cast))
    row = await (await connection.execute(query, (item.value,))).fetchone()
    assert row is not None
    return str(row[0])


def _raised(message: str) -> psycopg.Error:
    """As if a function had said RAISE EXCEPTION: that is where real servers say these words."""
    return psycopg.errors.RaiseException(message)


def _exception(binding: Binding, error: psycopg.Error) -> str:
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", type(error).__name__).lower()
    message = error.diag.message_primary or str(error)
    return (
        "Unable to subscribe to changes with given parameters. An exception happened so please "
        f"check your connect parameters: {binding.described}. "
        f"Exception: ERROR {error.sqlstate} ({name}) {message}"
    )
