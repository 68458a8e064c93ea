"""Rows as commands read them: by id, or as a group under a parent; and a note of what was read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from kds.domain.effect import Key
from kds.domain.rows import Row

_CHILDREN = {"order_lines": "order_id", "recipes": "item_id"}
"""Tables that are also read as a group, and the column that names the group."""


def group(table: str, parent: str) -> Key:
    """The key that stands for all rows of a child table under one parent."""
    return (f"{table} of", parent)


def keys_of(table: str, pk: str, *rows: Row | None) -> Iterator[Key]:
    """The keys under which a row is read, now (`rows`: before and after) or in a group."""
    yield table, pk
    if column := _CHILDREN.get(table):
        yield from (group(table, row[column]) for row in rows if row is not None)


class Rows:
    """Tables of rows, with an index of children by parent; a `domain.effect.View`."""

    def __init__(self) -> None:
        self.tables: dict[str, dict[str, Row]] = defaultdict(dict)
        self._groups: dict[Key, dict[str, Row]] = {}

    def row(self, table: str, pk: str) -> Row | None:
        rows = self.tables.get(table)
        return rows.get(pk) if rows else None

    def lines_of(self, order_id: str) -> Iterable[Row]:
        return self._groups.get(group("order_lines", order_id), {}).values()

    def recipes_of(self, item_id: str) -> Iterable[Row]:
        return self._groups.get(group("recipes", item_id), {}).values()

    def put(self, table: str, pk: str, row: Row | None) -> None:
        """Write a row; None takes it away."""
        before = self.row(table, pk)
        if row is not None:
            self.tables[table][pk] = row
        elif before is not None:
            del self.tables[table][pk]
        column = _CHILDREN.get(table)
        if column is None:
            return
        if before is not None:
            self._leave(group(table, before[column]), pk)
        if row is not None:
            self._groups.setdefault(group(table, row[column]), {})[pk] = row

    def _leave(self, key: Key, pk: str) -> None:
        """Take a row out of its group; an empty group goes, or the memory of every order stays."""
        self._groups[key].pop(pk, None)
        if not self._groups[key]:
            del self._groups[key]


class Reader:
    """A view that notes what was asked of it."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self.keys: set[Key] = set()

    def row(self, table: str, pk: str) -> Row | None:
        self.keys.add((table, pk))
        return self._rows.row(table, pk)

    def lines_of(self, order_id: str) -> Iterable[Row]:
        self.keys.add(group("order_lines", order_id))
        return self._rows.lines_of(order_id)

    def recipes_of(self, item_id: str) -> Iterable[Row]:
        self.keys.add(group("recipes", item_id))
        return self._rows.recipes_of(item_id)
