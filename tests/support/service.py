"""A service in plain tables: commands are applied one after the other, a minute apart."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from kds.domain.apply import Conflict, Rejected, apply
from kds.domain.changes import RowChange
from kds.domain.commands import Command
from kds.domain.effect import TablesView
from tests.support.restaurant import BRANCH, OFFICE, new_line, new_order, tables

Result = tuple[RowChange, ...] | Rejected | Conflict


@dataclass
class House:
    """Tables that commands are applied to. `actor` does it all."""

    tables: dict[str, dict[str, Any]] = field(default_factory=tables)
    minute: int = 0
    actor: str = "Mia"

    def do(self, kind: Any, *, device: str = OFFICE, **args: Any) -> Result:
        self.minute += 1
        command = Command(f"op{self.minute}", self.minute, kind, "lane", self.actor, self.at, args)
        result = apply(TablesView(self.tables), command, BRANCH, device)
        for change in result if isinstance(result, tuple) else ():
            assert change.before == self.tables.get(change.table, {}).get(change.pk)
            assert change.after is not None
            self.tables.setdefault(change.table, {})[change.pk] = dict(change.after)
        return result

    def place(self, *lines: dict[str, Any], order_id: str = "o1", **order: Any) -> Result:
        wanted = list(lines) or [new_line("l1"), new_line("l2", qty=2)]
        return self.do("place_order", order=new_order(order_id, **order), lines=wanted)

    def add(self, *lines: dict[str, Any]) -> Result:
        """More lines for the order o1."""
        return self.do("add_lines", order_id="o1", lines=list(lines))

    def on(self, kind: Any, *line_ids: str, **args: Any) -> Result:
        """A command on the lines of the order o1."""
        return self.do(kind, order_id="o1", line_ids=list(line_ids), **args)

    @property
    def at(self) -> str:
        return f"2026-11-21T08:{self.minute:02d}:00+00:00"

    @property
    def order(self) -> dict[str, Any]:
        return dict(self.tables["orders"]["o1"])

    def line(self, line_id: str) -> dict[str, Any]:
        return dict(self.tables["order_lines"][line_id])

    def level(self, stock_item_id: str) -> int:
        return int(self.tables["stock_items"][stock_item_id]["level"])


def reason(result: Result) -> str:
    assert isinstance(result, Rejected)
    return result.reason
