"""What the schema `public` offers over REST: its tables and functions (PostgREST's schema cache).

Read once, and again when a name is asked for that is not in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from psycopg.rows import dict_row

from kds.hub.pool import Pool

SCHEMA = "public"

_TABLES = """
select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns,
       coalesce((select array_agg(k.attname::text order by k.attnum)
                   from pg_index i
                   join pg_attribute k on k.attrelid = i.indrelid and k.attnum = any(i.indkey)
                  where i.indrelid = c.oid and i.indisprimary), '{}') as key
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
 where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v', 'm', 'f', 'p')
 group by c.oid, c.relname
"""
_FUNCTIONS = """
select p.proname as name, p.proretset as is_set, p.provolatile::text as volatility,
       t.typname::text as returns, t.typtype::text as kind, p.pronargdefaults as defaults,
       coalesce(p.proargnames, '{}') as names, coalesce(p.proargmodes::text[], '{}') as modes,
       array(select format_type(a.type, null)
               from unnest(coalesce(p.proallargtypes, p.proargtypes::oid[]))
                    with ordinality as a(type, n) order by a.n) as types
  from pg_proc p join pg_type t on t.oid = p.prorettype
 where p.pronamespace = 'public'::regnamespace and p.prokind = 'f' and t.typname <> 'trigger'
"""


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]  # the primary key's columns; empty for a view


@dataclass(frozen=True, slots=True)
class Argument:
    name: str
    type: str
    required: bool


@dataclass(frozen=True, slots=True)
class Function:
    """`returns`: "rows" when its result has columns, "json" when it is JSON already."""

    name: str
    arguments: tuple[Argument, ...]
    returns: Literal["rows", "json", "scalar", "void"]
    is_set: bool
    volatile: bool

    def takes(self, names: frozenset[str]) -> bool:
        """Whether it can be called with exactly these arguments."""
        known = {argument.name for argument in self.arguments}
        required = {argument.name for argument in self.arguments if argument.required}
        return required <= names <= known


class Catalog:
    """The tables by name, and the functions by name with their overloads."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self.tables: Mapping[str, Table] = {}
        self.functions: Mapping[str, Sequence[Function]] = {}

    async def load(self) -> None:
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=dict_row)
            tables = await (await cursor.execute(_TABLES)).fetchall()
            functions = await (await cursor.execute(_FUNCTIONS)).fetchall()
        self.tables = {
            row["name"]: Table(row["name"], tuple(row["columns"]), tuple(row["key"]))
            for row in tables
        }
        overloads: dict[str, list[Function]] = {}
        for row in functions:
            overloads.setdefault(row["name"], []).append(_function(**row))
        self.functions = overloads

    async def table(self, name: str) -> Table | None:
        if name not in self.tables:
            await self.load()
        return self.tables.get(name)

    async def candidates(self, name: str, arguments: frozenset[str]) -> Sequence[Function]:
        """The functions of that name that take these arguments; one when all is well."""
        found = self._matching(name, arguments)
        if not found:
            await self.load()
            found = self._matching(name, arguments)
        return found

    def _matching(self, name: str, arguments: frozenset[str]) -> Sequence[Function]:
        return [f for f in self.functions.get(name, ()) if f.takes(arguments)]

    def table_hint(self, name: str) -> str | None:
        near = get_close_matches(name, self.tables, n=1, cutoff=0.75)
        return f"Perhaps you meant the table '{SCHEMA}.{near[0]}'" if near else None

    def function_hint(self, name: str) -> str | None:
        overloads = self.functions.get(name)
        if overloads:
            listed = ", ".join(sorted(argument.name for argument in overloads[0].arguments))
            return f"Perhaps you meant to call the function {SCHEMA}.{name}({listed})"
        near = get_close_matches(name, self.functions, n=1, cutoff=0.75)
        return f"Perhaps you meant to call the function {SCHEMA}.{near[0]}" if near else None


def _function(
    name: str,
    is_set: bool,
    volatility: str,
    returns: str,
    kind: str,
    defaults: int,
    names: Sequence[str],
    modes: Sequence[str],
    types: Sequence[str],
) -> Function:
    padded = list(names) + [""] * (len(types) - len(names))
    inputs = [
        (padded[i], types[i]) for i in range(len(types)) if not modes or modes[i] in ("i", "b", "v")
    ]
    first_default = len(inputs) - defaults
    arguments = tuple(
        Argument(argument, type_name, required=i < first_default)
        for i, (argument, type_name) in enumerate(inputs)
    )
    return Function(name, arguments, _shape(returns, kind, modes), is_set, volatility == "v")


def _shape(
    returns: str, kind: str, modes: Sequence[str]
) -> Literal["rows", "json", "scalar", "void"]:
    if returns == "void":
        return "void"
    if kind == "c" or (returns == "record" and any(m in ("o", "b", "t") for m in modes)):
        return "rows"
    return "json" if returns in ("json", "jsonb") else "scalar"
