"""Stock levels, what runs out first on top."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Qt

from kds.domain.changes import ChangeSet
from kds.domain.stock import StockView, build_stock
from kds.session.store import Store
from kds.ui.models.source import StoreModel

_RANK = {"out": 0, "low": 1, "ok": 2}


class StockModel(StoreModel[StockView]):
    """Items are `StockView`s; the key is the stock item's id. Out, then low, then by name."""

    def __init__(self, store: Store, parent: QObject | None = None) -> None:
        roles = {
            int(Qt.ItemDataRole.DisplayRole): lambda item: item.name,
            int(Qt.ItemDataRole.AccessibleTextRole): spoken,
        }
        super().__init__(store, lambda item: item.id, _sort_key, roles, parent)

    def _touched(self, change_set: ChangeSet) -> Iterable[str] | None:
        if change_set.initiator == "load":
            return None
        return (change.pk for change in change_set.of("stock_items"))

    def _read(self, key: str) -> StockView | None:
        row = self._store.row("stock_items", key)
        return build_stock(row) if row is not None else None

    def _read_all(self) -> Iterable[StockView]:
        return self._store.stock()


def _sort_key(item: StockView) -> tuple[int, str]:
    return _RANK[item.status], item.name.casefold()


def spoken(item: StockView) -> str:
    """`Mozzarella, 1200 g, low`."""
    return f"{item.name}, {item.level} {item.unit}, {item.status}"
