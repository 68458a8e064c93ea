"""Orders as front of house sees them, newest first."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Qt

from kds.domain.changes import ChangeSet
from kds.domain.orders import OrderView
from kds.session.store import Store
from kds.ui.models.source import StoreModel


class OrderModel(StoreModel[OrderView]):
    """Items are `OrderView`s; the key is the order's id. `open_only` leaves out closed and void."""

    def __init__(
        self, store: Store, *, open_only: bool = False, parent: QObject | None = None
    ) -> None:
        self._open_only = open_only
        roles = {
            int(Qt.ItemDataRole.DisplayRole): lambda order: order.number,
            int(Qt.ItemDataRole.AccessibleTextRole): spoken,
        }
        super().__init__(store, lambda order: order.id, _newest_first, roles, parent)

    def _touched(self, change_set: ChangeSet) -> Iterable[str] | None:
        return None if change_set.initiator == "load" else change_set.order_ids()

    def _read(self, key: str) -> OrderView | None:
        order = self._store.order(key)
        return order if order is not None and self._shown(order) else None

    def _read_all(self) -> Iterable[OrderView]:
        return filter(self._shown, self._store.orders())

    def _shown(self, order: OrderView) -> bool:
        return not self._open_only or order.progress not in ("closed", "void")


def _newest_first(order: OrderView) -> float:
    return -order.placed_at.timestamp()


def spoken(order: OrderView) -> str:
    """`Order A-017, Table 4, ready`."""
    where = order.table_name or order.customer
    return ", ".join(filter(None, (f"Order {order.number}", where, order.progress)))
