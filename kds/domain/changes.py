"""The one change type, from the socket to the pixel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from kds.domain.rows import Row

Initiator = Literal["load", "local", "remote"]


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row before and after; None stands for "is not there"."""

    table: str
    pk: str
    before: Row | None
    after: Row | None


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """What changed at once, who started it, and how far each stream now reaches.

    A row stands in it at most once. `initiator`: "load" for a start or a fresh snapshot,
    "local" for a tap on this device, "remote" for everything that came from the server.
    """

    changes: tuple[RowChange, ...]
    initiator: Initiator
    revs: Mapping[str, int] = field(default_factory=dict)

    def of(self, *tables: str) -> tuple[RowChange, ...]:
        """The changes of the named tables."""
        return tuple(change for change in self.changes if change.table in tables)

    def order_ids(self) -> set[str]:
        """The orders that it touches, through themselves or through their lines."""
        found: set[str] = set()
        for change in self.changes:
            if change.table == "orders":
                found.add(change.pk)
            elif change.table == "order_lines":
                for row in (change.before, change.after):
                    if row is not None:
                        found.add(row["order_id"])
        return found
