"""What the person at this device has heard of and waved away: it is not told again, nor after a
restart."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from kds.domain.changes import ChangeSet
from kds.session.drawer import Drawer
from kds.session.store import Store
from kds.sync.shapes import mapping, text

MOST_ORDERS: Final = 200


class Waved:
    """Marks of what was waved away, by order, until it is closed; of the `MOST_ORDERS` waved away
    last. What a mark says is up to whoever makes it."""

    def __init__(self, store: Store, drawer: Drawer) -> None:
        self._drawer = drawer
        self._marks: dict[str, frozenset[str]] = {}
        store.changed.connect(self._follow)

    async def load(self) -> None:
        """Take over what earlier runs have left; before the first rows come."""
        self._marks = await self._drawer.read(_marks) or {}

    def has(self, order_id: str, mark: str) -> bool:
        return mark in self._marks.get(order_id, ())

    def add(self, order_id: str, marks: Iterable[str]) -> None:
        """Nobody wants to hear of these again."""
        self._marks[order_id] = self._marks.pop(order_id, frozenset()).union(marks)
        if len(self._marks) > MOST_ORDERS:
            del self._marks[next(iter(self._marks))]
        self._keep()

    def _follow(self, change_set: ChangeSet) -> None:
        """An order that is closed, or gone, needs nobody any more."""
        gone = [
            change.pk
            for change in (change_set.of("orders") if self._marks else ())
            if change.pk in self._marks
            and (change.after is None or change.after["state"] != "open")
        ]
        for order_id in gone:
            del self._marks[order_id]
        if gone:
            self._keep()

    def _keep(self) -> None:
        self._drawer.keep({order_id: sorted(marks) for order_id, marks in self._marks.items()})


def _marks(kept: Any) -> dict[str, frozenset[str]]:
    """As `_keep` has left them; ValueError for anything else."""
    return {
        text(order_id): frozenset(map(text, marks)) for order_id, marks in mapping(kept).items()
    }
