"""How a model follows the session's store."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal

from kds.domain.changes import ChangeSet
from kds.session.store import Store
from kds.ui.models.frame import FrameCoalescer
from kds.ui.models.keyed import KeyedListModel

T = TypeVar("T")


class StoreModel(KeyedListModel[T]):
    """A keyed model of one view of the store, exact within a frame.

    A subclass says which keys a change touches (`_touched`, None for all), how one item is read
    (`_read`, None when it is not to be shown) and how all are (`_read_all`). It follows the store
    until `detach` or its own end. `caught_up` fires when it holds all that the store does.
    """

    caught_up = Signal()

    def __init__(
        self,
        store: Store,
        key: Callable[[T], str],
        sort_key: Callable[[T], Any],
        roles: Mapping[int, Callable[[T], Any]],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(key, sort_key, roles, parent)
        self._store = store
        self._frame = FrameCoalescer(self._catch_up, self)
        self.reset_items(self._read_all())
        self.detach = store.changed.connect(self._frame.add)
        self.destroyed.connect(self.detach)

    @abstractmethod
    def _touched(self, change_set: ChangeSet) -> Iterable[str] | None: ...

    @abstractmethod
    def _read(self, key: str) -> T | None: ...

    @abstractmethod
    def _read_all(self) -> Iterable[T]: ...

    @property
    def behind(self) -> bool:
        """Whether changes of the store wait for the next frame."""
        return self._frame.waiting

    def flush(self) -> None:
        """Take in what waits for the next frame, now."""
        self._frame.flush()

    def _catch_up(self, change_sets: Sequence[ChangeSet]) -> None:
        self._take(change_sets)
        self.caught_up.emit()

    def _take(self, change_sets: Sequence[ChangeSet]) -> None:
        keys: set[str] = set()
        for change_set in change_sets:
            touched = self._touched(change_set)
            if touched is None:
                self._take_all()
                return
            keys.update(touched)
        found = {key: self._read(key) for key in keys}
        self.remove(key for key, item in found.items() if item is None)
        self.upsert(item for item in found.values() if item is not None)

    def _tickets_of(self, change_set: ChangeSet) -> Iterable[str] | None:
        """What `_touched` says of tickets: a station or the branch stands on all of them, a dish
        (its allergens, how long it may take) on those that have it."""
        if change_set.initiator == "load" or change_set.of("stations", "branches"):
            return None
        dishes = {change.pk for change in change_set.of("menu_items")}
        with_them = self._store.orders_with(dishes) if dishes else set()
        return change_set.order_ids() | with_them

    def _take_all(self) -> None:
        """A difference even for a fresh snapshot: whoever looks at the screen keeps their place."""
        if len(self):
            self.sync(self._read_all())
        else:
            self.reset_items(self._read_all())
