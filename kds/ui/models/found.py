"""What a search leaves of a list."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSortFilterProxyModel
from PySide6.QtWidgets import QWidget

from kds.ui.models.keyed import KeyedListModel


class FoundByName(QSortFilterProxyModel):
    """The items whose `name` has what was typed."""

    def __init__(self, items: KeyedListModel[Any], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._all = items
        self._typed = ""
        self.setSourceModel(items)

    def look_for(self, typed: str) -> None:
        self.beginFilterChange()
        self._typed = typed.strip().casefold()
        self.endFilterChange()

    def filterAcceptsRow(self, row: int, parent: QModelIndex | QPersistentModelIndex) -> bool:
        return self._typed in self._all.at(row).name.casefold()
