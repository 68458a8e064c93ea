"""One `postgres_changes` binding of a join: parsed, named, and worded for errors. Pure."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import Any

from kds.hub.realtime.filters import Filter, FilterError, parse_filters

_EVENTS = ("INSERT", "UPDATE", "DELETE")
_ID_RANGE = 1 << 27


@dataclass(frozen=True, slots=True)
class Binding:
    """`event`, `schema` and `table` may be `*`; `select` None means every column."""

    id: int
    event: str
    schema: str
    table: str
    filters: tuple[Filter, ...] = ()
    select: tuple[str, ...] | None = None

    def wants(self, schema: str, table: str, action: str) -> bool:
        return (
            self.event in ("*", action)
            and self.schema in ("*", schema)
            and self.table in ("*", table)
        )

    def with_filters(self, filters: tuple[Filter, ...]) -> Binding:
        return replace(self, filters=filters)

    @property
    def described(self) -> str:
        """The parameters as a real server's error shows them."""
        filters = ", ".join(
            f"{{{', '.join(inspect(part) for part in (f.column, f.op, f.value, f.negate))}}}"
            for f in self.filters
        )
        select = inspect(None if self.select is None else list(self.select))
        return (
            f"[event: {self.event}, schema: {self.schema}, table: {self.table}, "
            f"filters: [{filters}], select: {select}]"
        )


class BindingError(ValueError):
    """The binding makes no sense; the message is what a real server says."""


def binding_id(params: dict[str, Any]) -> int:
    """The id that a join's reply gives a binding: the same for the same parameters, everywhere."""
    text = json.dumps(params, sort_keys=True)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") % _ID_RANGE


def parse_binding(params: dict[str, Any]) -> Binding:
    """The binding in a join's config. Raises BindingError."""
    select = _select(params.get("select"))
    schema, table = _target(params)
    if select is not None and "*" in (schema, table):
        raise BindingError(
            "Column selection is not supported for wildcard subscriptions. "
            "Provide an explicit schema and table name."
        )
    try:
        filters = parse_filters(params.get("filter", ""))
    except FilterError as error:
        raise BindingError(f"Error parsing `filter` params: {error}") from error
    return Binding(binding_id(params), _event(params.get("event")), schema, table, filters, select)


def _target(params: dict[str, Any]) -> tuple[str, str]:
    given = {name: params[name] for name in ("schema", "table", "filter") if name in params}
    if given and all(isinstance(value, str) for value in given.values()):
        if given.keys() >= {"schema", "table"}:
            return given["schema"], given["table"]
        if given.keys() == {"schema"}:
            return given["schema"], "*"
        if given.keys() == {"table"}:
            return "public", given["table"]
    raise BindingError(
        "No subscription params provided. "
        f"Please provide at least a `schema` or `table` to subscribe to: {inspect(params)}"
    )


def _select(value: Any) -> tuple[str, ...] | None:
    if isinstance(value, str):
        raise BindingError(
            "Error parsing `select` params: expected a list of column name strings, "
            'e.g. select: ["col1", "col2"]'
        )
    names = [v for v in value if isinstance(v, str)] if isinstance(value, list) else []
    return tuple(names) or None


def _event(value: Any) -> str:
    upper = value.upper() if isinstance(value, str) else "*"
    return upper if upper in _EVENTS else "*"


def inspect(value: Any) -> str:
    """A JSON value as Elixir's `inspect` writes it; real servers show these to clients."""
    if value is None:
        return "nil"
    if isinstance(value, dict):
        pairs = (f"{inspect(key)} => {inspect(value[key])}" for key in sorted(value))
        return "%{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(inspect(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False)
