"""All-day counts: every dish that some stations have to make, most pieces first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject, Qt

from kds.domain.all_day import AllDay, Count, Dish
from kds.domain.changes import ChangeSet
from kds.session.store import Store
from kds.ui.models.source import StoreModel

_SEPARATOR = "\x1f"


class AllDayModel(StoreModel[Count]):
    """Items are `Count`s, station by station. `stations` names those to count; all when empty."""

    def __init__(
        self,
        store: Store,
        now: Callable[[], datetime],
        stations: Callable[[], frozenset[str]],
        parent: QObject | None = None,
    ) -> None:
        self._now, self._stations = now, stations
        self._counting = stations()
        self._all_day = AllDay(self._counting)
        roles = {
            int(Qt.ItemDataRole.DisplayRole): lambda count: count.name,
            int(Qt.ItemDataRole.AccessibleTextRole): spoken,
        }
        super().__init__(store, lambda count: _key(count.dish), self._place, roles, parent)

    @property
    def pieces(self) -> int:
        """How many are to be made now, of everything."""
        return sum(count.now for count in self.items)

    def tick(self) -> None:
        """Count what time alone has made due."""
        now = self._now()
        if fired := self._all_day.fired(now):
            counts = {dish: self._all_day.count(dish, now) for dish in fired}
            self.remove(_key(dish) for dish, count in counts.items() if count is None)
            self.upsert(count for count in counts.values() if count is not None)

    def _place(self, count: Count) -> tuple[Any, ...]:
        station = self._store.row("stations", count.station_id) or {}
        return (station.get("position", 0), count.station_id, -count.now, -count.later, count.name)

    def _touched(self, change_set: ChangeSet) -> Iterable[str] | None:
        moved = change_set.of("stations") and self._counting != self._stations()
        if moved or change_set.initiator == "load":
            return None
        dishes: set[Dish] = set()
        for order_id in change_set.order_ids():
            dishes |= self._put(order_id)
        return map(_key, dishes)

    def _put(self, order_id: str) -> set[Dish]:
        order = self._store.row("orders", order_id)
        if order is None:
            return self._all_day.drop(order_id)
        return self._all_day.put(order, self._store.lines_of(order_id))

    def _read(self, key: str) -> Count | None:
        station_id, item_id, variant = key.split(_SEPARATOR)
        return self._all_day.count((station_id, item_id, variant), self._now())

    def _read_all(self) -> Iterable[Count]:
        self._counting = self._stations()
        self._all_day = AllDay(self._counting)
        for order_id in self._store.orders_to_make:
            self._put(order_id)
        return self._all_day.counts(self._now())


def _key(dish: Dish) -> str:
    return _SEPARATOR.join(dish)


def spoken(count: Count) -> str:
    """`12 Burger L, 3 no onion, 2 later`."""
    parts = [f"{count.now} {count.name} {count.variant}".rstrip()]
    parts += [f"{number} {extra}" for extra, number in count.extras]
    if count.later:
        parts.append(f"{count.later} later")
    return ", ".join(parts)
