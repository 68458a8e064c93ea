"""One list model for everything that has a key and an order.

Tickets re-sort all the time. A model that swaps rows or resets makes selections, scroll positions
and screen readers lose their place; this one tells the exact truth of every change: rows are
inserted, moved, changed or removed, and a persistent index stays with its item.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any, Generic, TypeVar

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

T = TypeVar("T")
AnyIndex = QModelIndex | QPersistentModelIndex

ITEM_ROLE = int(Qt.ItemDataRole.UserRole)
"""The item itself."""
KEY_ROLE = ITEM_ROLE + 1
"""Its key (text)."""


class KeyedListModel(QAbstractListModel, Generic[T]):
    """Items in the order of `sort_key`, addressed by `key`.

    Sort keys must be comparable with each other; equal ones fall back to the key. An item that
    compares equal to the one already held is left alone: no signal.
    """

    def __init__(
        self,
        key: Callable[[T], str],
        sort_key: Callable[[T], Any],
        roles: Mapping[int, Callable[[T], Any]],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._key, self._sort_key = key, sort_key
        self._roles: dict[int, Callable[[T], Any]] = {ITEM_ROLE: lambda item: item, KEY_ROLE: key}
        self._roles.update(roles)
        self._items: dict[str, T] = {}
        self._places: dict[str, Any] = {}  # key -> (sort key, key), as it stands in _order
        self._order: list[Any] = []  # the places, sorted

    # -- reading --------------------------------------------------------------------------

    @property
    def items(self) -> tuple[T, ...]:
        """Every item, in order."""
        return tuple([self._items[key] for _, key in self._order])

    @property
    def keys(self) -> tuple[str, ...]:
        """Every key, in order."""
        return tuple(key for _, key in self._order)

    def item(self, key: str) -> T | None:
        return self._items.get(key)

    def at(self, row: int) -> T:
        """The item in a row; IndexError when there is no such row."""
        return self._items[self._order[row][1]]

    def row_of(self, key: str) -> int:
        """The row of a key, -1 when it is not there."""
        place = self._places.get(key)
        return -1 if place is None else bisect_left(self._order, place)

    def index_of(self, key: str) -> QModelIndex:
        """The index of a key; invalid when it is not there."""
        return self.index(self.row_of(key), 0)

    def __len__(self) -> int:
        return len(self._order)

    def __bool__(self) -> bool:
        return True  # an empty model is still a model

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 (as Qt has it)
        return 0 if parent.isValid() else len(self._order)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        get = self._roles.get(role)
        if get is None or not index.isValid() or index.row() >= len(self._order):
            return None
        return get(self.at(index.row()))

    # -- changing -------------------------------------------------------------------------

    def reset_items(self, items: Iterable[T]) -> None:
        """Start over. Only for a first load: views forget where they were."""
        self.beginResetModel()
        self._items = {self._key(item): item for item in items}
        self._places = {key: (self._sort_key(item), key) for key, item in self._items.items()}
        self._order = sorted(self._places.values())
        self.endResetModel()

    def upsert(self, items: Iterable[T]) -> None:
        """Put items in, or in place of those with the same keys; move them where they belong."""
        changed: set[str] = set()
        for item in items:
            key = self._key(item)
            if key not in self._items:
                self._insert(key, item)
            elif self._items[key] != item:
                self._replace(key, item)
                changed.add(key)
        self._tell_changed(changed)

    def remove(self, keys: Iterable[str]) -> None:
        """Take items out, neighbours together; unknown keys are passed over."""
        rows = sorted({self.row_of(key) for key in keys} - {-1})
        for first, last in reversed(list(_runs(rows))):
            self.beginRemoveRows(QModelIndex(), first, last)
            for _, key in self._order[first : last + 1]:
                del self._items[key], self._places[key]
            del self._order[first : last + 1]
            self.endRemoveRows()

    def sync(self, items: Iterable[T]) -> None:
        """Hold exactly `items`, told as the difference to what is held now."""
        wanted = {self._key(item): item for item in items}
        self.remove([key for key in self._items if key not in wanted])
        self.upsert(wanted.values())

    def sort_by(self, sort_key: Callable[[T], Any]) -> None:
        """Another order: the rows move to where they belong, one after the other.

        Rows that have moved stand before those that have not, each part in its own order, so
        that whoever hears of a move can ask for any row in between.
        """
        self._sort_key = sort_key
        wanted = sorted((sort_key(item), key) for key, item in self._items.items())
        self._order = [((1, old), key) for old, key in self._order]
        self._places = {place[1]: place for place in self._order}
        for new, key in wanted:
            self._put_at(key, ((0, new), key))
        self._order = wanted
        self._places = {place[1]: place for place in wanted}

    # -- how ------------------------------------------------------------------------------

    def _insert(self, key: str, item: T) -> None:
        place = (self._sort_key(item), key)
        row = bisect_left(self._order, place)
        self.beginInsertRows(QModelIndex(), row, row)
        self._items[key], self._places[key] = item, place
        self._order.insert(row, place)
        self.endInsertRows()

    def _replace(self, key: str, item: T) -> None:
        """Another value, in the row that its sort key wants; the caller tells of the value."""
        self._put_at(key, (self._sort_key(item), key), item)

    def _put_at(self, key: str, place: Any, item: T | None = None) -> None:
        """Move the row of `key` to its new place, with another value if there is one."""
        source = self.row_of(key)
        target = bisect_left(self._order, place)  # counted with the row still in its old place
        moves = target not in (source, source + 1)
        if moves:
            self.beginMoveRows(QModelIndex(), source, source, QModelIndex(), target)
        del self._order[source]
        self._order.insert(target - (target > source), place)
        self._places[key] = place
        if item is not None:
            self._items[key] = item
        if moves:
            self.endMoveRows()

    def _tell_changed(self, keys: Iterable[str]) -> None:
        for first, last in _runs(sorted(self.row_of(key) for key in keys)):
            self.dataChanged.emit(self.index(first, 0), self.index(last, 0))


def _runs(rows: list[int]) -> Iterator[tuple[int, int]]:
    """`[1, 2, 3, 7]` -> `(1, 3), (7, 7)`; rows are sorted and differ."""
    if not rows:
        return
    first = rows[0]
    for left, right in pairwise(rows):
        if right != left + 1:
            yield first, left
            first = right
    yield first, rows[-1]
