"""What a command does to the rows, while it is being worked out and when it is done.

Rows are replaced whole; stock levels move by increments. Increments commute, so two orders that
use the same cheese do not depend on each other, on this device or on the server.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from kds.domain.changes import RowChange
from kds.domain.rows import Row

Key = tuple[str, str]
"""Table and id of a row."""


class View(Protocol):
    """What a command may read."""

    def row(self, table: str, pk: str) -> Row | None: ...

    def lines_of(self, order_id: str) -> Iterable[Row]:
        """The lines of an order, in any order."""
        ...

    def recipes_of(self, item_id: str) -> Iterable[Row]:
        """The recipe rows of a menu item, of every variant."""
        ...


class TablesView:
    """A `View` of plain tables that looks through all rows; for tests and small sets."""

    def __init__(self, tables: Mapping[str, Mapping[str, Row]]) -> None:
        self._tables = tables

    def row(self, table: str, pk: str) -> Row | None:
        return self._tables.get(table, {}).get(pk)

    def lines_of(self, order_id: str) -> Iterable[Row]:
        rows = self._tables.get("order_lines", {}).values()
        return [row for row in rows if row["order_id"] == order_id]

    def recipes_of(self, item_id: str) -> Iterable[Row]:
        rows = self._tables.get("recipes", {}).values()
        return [row for row in rows if row["item_id"] == item_id]


@dataclass(frozen=True, slots=True)
class Effect:
    """`rows`: the new row of each key. `stock`: by how much each stock item's level moves."""

    rows: Mapping[Key, Row] = field(default_factory=dict)
    stock: Mapping[str, int] = field(default_factory=dict)

    def changes(self, view: View) -> tuple[RowChange, ...]:
        """The effect on what `view` shows; rows that stay as they are do not appear."""
        after = {
            **self.rows,
            **{
                ("stock_items", pk): moved(row, delta)
                for pk, delta in self.stock.items()
                if (row := view.row("stock_items", pk)) is not None
            },
        }
        found = ((key, view.row(*key), row) for key, row in after.items())
        return tuple(
            RowChange(table, pk, before, row) for (table, pk), before, row in found if before != row
        )


def moved(stock_item: Row, delta: int) -> Row:
    """The stock item with its level moved by `delta`."""
    return {**stock_item, "level": stock_item["level"] + delta}


class Draft:
    """A command's effect in the making: reads see what it has written so far."""

    def __init__(self, view: View, branch_id: str, device_id: str, at: str, actor: str) -> None:
        self._view = view
        self._rows: dict[Key, Row] = {}
        self._stock: dict[str, int] = {}
        self.branch_id = branch_id
        self.device_id = device_id
        self.at = at
        self.actor = actor

    def row(self, table: str, pk: str) -> Row | None:
        return self._rows.get((table, pk)) or self._view.row(table, pk)

    def lines_of(self, order_id: str) -> list[Row]:
        """The lines of an order as they are now, in any order."""
        lines = {line["id"]: line for line in self._view.lines_of(order_id)}
        for (table, pk), row in self._rows.items():
            if table == "order_lines" and row["order_id"] == order_id:
                lines[pk] = row
        return list(lines.values())

    def insert(self, table: str, **fields: Any) -> None:
        """A new row of this branch; `fields` name its id."""
        self._rows[table, fields["id"]] = {**fields, "branch_id": self.branch_id}

    def update(self, table: str, row: Row, **fields: Any) -> None:
        self._rows[table, row["id"]] = {**row, **fields}

    def use_stock(self, item_id: str, variant: str, qty: int) -> None:
        """Take what the recipes of `item_id` need for `qty` pieces out of the stock."""
        for recipe in self._view.recipes_of(item_id):
            if recipe["variant"] in ("", variant):
                self.move_stock(recipe["stock_item_id"], -recipe["qty"] * qty)

    def move_stock(self, stock_item_id: str, delta: int) -> None:
        self._stock[stock_item_id] = self._stock.get(stock_item_id, 0) + delta

    def effect(self) -> Effect:
        return Effect(self._rows, self._stock)
