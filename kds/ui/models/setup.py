"""The stations and the dishes of the set-up page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal

from kds.domain.changes import ChangeSet
from kds.domain.rows import Row
from kds.domain.setup import StationSetup, span, stations_set_up
from kds.session.store import Store
from kds.ui.models.source import StoreModel

HOUSE, DISHES = ":house", ":dishes"
"""The keys of what is no station: what holds for all of them, and the menu."""
TABLES = ("branches", "stations", "menu_items", "modifiers")


@dataclass(frozen=True, slots=True)
class Part:
    """Something that is set up: `station` when it is one."""

    key: str
    name: str
    station: StationSetup | None = None

    @property
    def place(self) -> tuple[int, int, str]:
        if self.station is None:
            return (1 if self.key == HOUSE else 2), 0, ""
        return 0, *self.station.place


class PartsModel(StoreModel[Part]):
    """The stations in their order, then the rest. `concerned` fires when anything that is set up
    has changed, after this model has."""

    concerned = Signal()

    def __init__(self, store: Store, parent: QObject | None = None) -> None:
        roles = {
            int(Qt.ItemDataRole.DisplayRole): lambda part: part.name,
            int(Qt.ItemDataRole.AccessibleTextRole): lambda part: part.name,
        }
        super().__init__(store, lambda part: part.key, lambda part: part.place, roles, parent)

    def _touched(self, change_set: ChangeSet) -> Iterable[str] | None:
        return None if change_set.initiator == "load" or change_set.of(*TABLES) else ()

    def _read(self, key: str) -> Part | None:
        return next((part for part in self._read_all() if part.key == key), None)

    def _read_all(self) -> Iterable[Part]:
        items = self._store.rows("menu_items").values()
        stations = stations_set_up(self._store.rows("stations"), items)
        return (
            *(Part(station.id, station.name, station) for station in stations),
            Part(HOUSE, "Whole kitchen"),
            Part(DISHES, "Dishes"),
        )

    def _take(self, change_sets: Sequence[ChangeSet]) -> None:
        super()._take(change_sets)
        if any(self._touched(change_set) is None for change_set in change_sets):
            self.concerned.emit()


@dataclass(frozen=True, slots=True)
class Dish:
    """`warn_after_s` and `late_after_s` are None where its station says."""

    id: str
    name: str
    category: str
    position: int
    prep_s: int
    warn_after_s: int | None
    late_after_s: int | None


def dish_of(row: Row) -> Dish:
    return Dish(
        row["id"],
        row["name"],
        row["category"],
        row["position"],
        row.get("prep_s", 0),
        row.get("warn_after_s"),
        row.get("late_after_s"),
    )


class DishModel(StoreModel[Dish]):
    """The dishes in the order of the menu."""

    def __init__(self, store: Store, parent: QObject | None = None) -> None:
        roles = {
            int(Qt.ItemDataRole.DisplayRole): lambda dish: dish.name,
            int(Qt.ItemDataRole.AccessibleTextRole): spoken,
        }
        super().__init__(store, lambda dish: dish.id, lambda dish: dish.position, roles, parent)

    def _touched(self, change_set: ChangeSet) -> Iterable[str] | None:
        if change_set.initiator == "load":
            return None
        return (change.pk for change in change_set.of("menu_items"))

    def _read(self, key: str) -> Dish | None:
        row = self._store.row("menu_items", key)
        return dish_of(row) if row is not None else None

    def _read_all(self) -> Iterable[Dish]:
        return map(dish_of, self._store.rows("menu_items").values())


def spoken(dish: Dish) -> str:
    """`Hawaiian, classic, takes 4 min`."""
    return ", ".join((dish.name, dish.category, f"takes {span(dish.prep_s)}"))
