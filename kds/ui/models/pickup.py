"""The guests' orders: those in the making, then the ready ones, newest first."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Qt, Signal

from kds.domain.changes import ChangeSet
from kds.domain.pickup import Pickup, build_pickup
from kds.domain.rows import OrderType
from kds.session.store import Store
from kds.ui.models.source import StoreModel

EVERY_TYPE: frozenset[OrderType] = frozenset(("dine_in", "takeaway", "delivery"))


class PickupModel(StoreModel[Pickup]):
    """Items are `Pickup`s; the key is the order's id.

    `became_ready` carries the number of an order that was in the making on this board before; a
    first load tells of none.
    """

    became_ready = Signal(str)

    def __init__(
        self, store: Store, types: frozenset[OrderType] = EVERY_TYPE, parent: QObject | None = None
    ) -> None:
        self._types = types
        roles = {
            int(Qt.ItemDataRole.DisplayRole): lambda order: order.number,
            int(Qt.ItemDataRole.AccessibleTextRole): spoken,
        }
        super().__init__(
            store, lambda order: order.order_id, lambda order: order.sort_key, roles, parent
        )

    def set_types(self, types: frozenset[OrderType]) -> None:
        """Show the orders of these types only."""
        if types != self._types:
            self._types = types
            self.sync(self._read_all())

    def upsert(self, items: Iterable[Pickup]) -> None:
        items = tuple(items)
        called = [new.number for new in items if new.ready and self._in_the_making(new.order_id)]
        super().upsert(items)
        for number in called:
            self.became_ready.emit(number)

    def _in_the_making(self, order_id: str) -> bool:
        order = self.item(order_id)
        return order is not None and not order.ready

    def _touched(self, change_set: ChangeSet) -> Iterable[str] | None:
        if change_set.initiator == "load" or change_set.of("branches"):
            return None
        return change_set.order_ids()

    def _read(self, key: str) -> Pickup | None:
        row = self._store.row("orders", key)
        if row is None or row["type"] not in self._types:
            return None
        return build_pickup(row, self._store.lines_of(key), self._store.branch)

    def _read_all(self) -> Iterable[Pickup]:
        return filter(None, map(self._read, tuple(self._store.rows("orders"))))


def spoken(order: Pickup) -> str:
    """`A-017, ready`."""
    return f"{order.number}, {'ready' if order.ready else 'in the making'}"
