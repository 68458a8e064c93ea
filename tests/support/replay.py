"""A made-up service as the log tells it: the real rules applied to a small restaurant."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from kds.base.clock import to_iso
from kds.domain.apply import Effect, effect_of
from kds.domain.commands import Command, Kind
from kds.domain.effect import TablesView
from kds.domain.replay.timeline import LoggedChange, Timeline
from kds.domain.rows import Row
from tests.support.restaurant import BRANCH, KITCHEN, TILL, new_line, new_order, tables

START = datetime(2026, 11, 26, 19, 0, tzinfo=UTC)
Tables = dict[str, dict[str, Row]]


class Log:
    """Writes a service down as it happens, `at` seconds after START."""

    def __init__(self) -> None:
        self.tables: Tables = {name: dict(rows) for name, rows in tables().items()}
        self.before: Tables = {name: dict(rows) for name, rows in self.tables.items()}
        self.changes: list[LoggedChange] = []
        self.ops = 0

    def do(
        self, at: float, kind: Kind, args: dict[str, Any], *, by: str = KITCHEN, late_s: float = 0
    ) -> None:
        """A command, heard by the server `late_s` seconds after the tap."""
        self.ops += 1
        tapped = to_iso(START + timedelta(seconds=at))
        command = Command(f"op-{self.ops}", self.ops, kind, "lane", "Mia", tapped, args)
        effect = effect_of(TablesView(self.tables), command, BRANCH, by)
        assert isinstance(effect, Effect), effect
        for change in effect.changes(TablesView(self.tables)):
            if change.table != "stock_items" or kind == "adjust_stock":
                self.put(at + late_s, change.table, change.pk, change.after, kind=kind, by=by)

    def put(
        self, at: float, table: str, pk: str, row: Row | None, *, kind: str = "", by: str = ""
    ) -> None:
        """A row, as somebody left it."""
        rows = self.tables.setdefault(table, {})
        if row is None:
            rows.pop(pk, None)
        else:
            rows[pk] = dict(row)
        op_id, actor = (f"op-{self.ops}", "Mia") if kind else ("", "")
        rev = self.ops if kind else 1000 + len(self.changes)
        instant = START + timedelta(seconds=at)
        self.changes.append(LoggedChange(rev, instant, table, pk, row, op_id, kind, actor, by))

    def order(self, at: float, number: int, *items: str, **fields: Any) -> None:
        """Order `o<number>` with lines `o<number>-1`, ..."""
        key = f"o{number}"
        order = new_order(key, f"A-{number:03d}", **fields)
        names = items or ("margherita",)
        lines = [new_line(f"{key}-{n}", item) for n, item in enumerate(names, 1)]
        self.do(at, "place_order", {"order": order, "lines": lines}, by=TILL)

    def bump(self, at: float, number: int, *lines: int, **how: Any) -> None:
        key = f"o{number}"
        chosen = lines or (1,)
        self.do(at, "bump", {"order_id": key, "line_ids": [f"{key}-{n}" for n in chosen]}, **how)

    def timeline(self, length_s: float = 3600) -> Timeline:
        end = START + timedelta(seconds=length_s)
        return Timeline(self.before, self.changes, START, end)


def evening() -> Log:
    """Three orders, the second one late, one line of the third voided."""
    log = Log()
    log.order(60, 1, "margherita", "margherita")
    log.order(120, 2)
    log.bump(300, 1, 1, 2)
    log.order(600, 3, "margherita", "caesar")
    log.do(660, "void_line", {"order_id": "o3", "line_id": "o3-2", "reason": "dropped"}, by=TILL)
    log.bump(900, 2)
    log.bump(960, 3)
    return log


Ask = Callable[[str, dict[str, Any]], Any]


class LogServer:
    """Answers `services` and `replay` of a log as the server does, `page` moments at a time."""

    def __init__(self, log: Log, *, page: int = 3) -> None:
        self.log, self.page = log, page
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.fails: Exception | None = None

    async def __call__(self, function: str, parameters: dict[str, Any]) -> Any:
        self.asked.append((function, parameters))
        await asyncio.sleep(0)
        if self.fails is not None:
            raise self.fails
        return self._services() if function == "services" else self._replay(parameters)

    def _services(self) -> Any:
        first, last = self.log.changes[0].at, self.log.changes[-1].at
        day = {"day": "2026-11-26", "orders": 3, "first_at": to_iso(first), "last_at": to_iso(last)}
        return {"services": [day]}

    def _replay(self, parameters: dict[str, Any]) -> Any:
        revs = sorted({change.rev for change in self.log.changes})
        after = parameters["after_rev"] or 0
        page = [rev for rev in revs if rev > after][: self.page]
        rows = [_wire(change) for change in self.log.changes if change.rev in page]
        tables = {name: list(rows.values()) for name, rows in self.log.before.items()}
        return {
            "from_rev": 0,
            "to_rev": revs[-1],
            "through_rev": page[-1] if page else revs[-1],
            "rows": rows,
            "tables": None if parameters["after_rev"] else tables,
        }


def _wire(change: LoggedChange) -> dict[str, Any]:
    return {
        "rev": change.rev,
        "seq": 1,
        "table": change.table,
        "pk": change.pk,
        "op": "U" if change.row else "D",
        "row": change.row,
        "op_id": change.op_id or None,
        "at": to_iso(change.at),
        "kind": change.kind or None,
        "actor": change.actor or None,
        "device": change.device_id or None,
    }
