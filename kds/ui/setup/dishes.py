"""How long each dish takes, and when it is late where that is not as its station says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QWidget

from kds.domain.tickets import LATE_AFTER_S, WARN_AFTER_S
from kds.ui.kit import EmptyState, Panel, SearchField, Sheet
from kds.ui.kit.rowlist import RowList
from kds.ui.models import KEY_ROLE
from kds.ui.models.found import FoundByName
from kds.ui.models.setup import Dish, DishModel
from kds.ui.setup.changes import Changes
from kds.ui.setup.fields import Ages, AgesField, TimeStepper
from kds.ui.setup.form import Form
from kds.ui.setup.words import dish_row

if TYPE_CHECKING:
    from kds.session.session import Session

UNKNOWN = "Not known"
PREP_STEP_S = 30


class DishForm(Form):
    """The settings of the dish that was shown last."""

    def __init__(self, changes: Changes) -> None:
        super().__init__(framed=False)
        self._changes = changes
        self._dish: Dish | None = None
        self.prep = self.add(
            "prep_s",
            "Takes",
            TimeStepper("Takes", PREP_STEP_S, 0),
            "Dishes that end together begin by this.",
        )
        self.ages = self.add("ages", "Times", AgesField("Dish", optional=True))
        self.prep.stepped.connect(lambda seconds: self._set("prep_s", prep_s=seconds))
        self.ages.asked.connect(self._set_ages)

    def show_dish(self, dish: Dish) -> None:
        if self._dish is None or dish.id != self._dish.id:
            self.complain("", "")
        self._dish = dish
        self.prep.show_time(dish.prep_s, "" if dish.prep_s else UNKNOWN)
        self.ages.show_ages(_ages(dish))

    def _set_ages(self, ages: Ages | None) -> None:
        warn, late = ages or (None, None)
        self._set("ages", warn_after_s=warn, late_after_s=late)

    def _set(self, field: str, **values: int | None) -> None:
        if dish := self._dish:
            self.ask(field, lambda: self._changes.ask("menu_items", dish.id, values))
            self.show_dish(dish)


class DishSheet(Sheet):
    """The form of one dish, over the page."""

    def __init__(self, changes: Changes, parent: QWidget) -> None:
        super().__init__("", parent, width=800)
        self.form = DishForm(changes)
        self.body.box.addWidget(self.form)

    def show_dish(self, dish: Dish) -> None:
        self.set_title(dish.name)
        self.form.show_dish(dish)


class DishList(Panel):
    """The menu with a search; a tap opens the sheet of a dish."""

    def __init__(self, session: Session, changes: Changes, over: QWidget) -> None:
        """`over`: what the sheet lies over."""
        super().__init__("", padding=0)
        self.model = DishModel(session.store, self)
        self.found = FoundByName(self.model, self)
        self.search = SearchField("Find a dish")
        self.list = RowList(self.found, dish_row, selectable=False)
        self._empty = EmptyState("Nothing found", "Escape shows everything again.", "search")
        self.sheet = DishSheet(changes, over)
        self._open = ""
        for part in (self.search, self.list, self._empty):
            self.box.addWidget(part)
        self.search.textChanged.connect(self._look)
        self.list.clicked.connect(self._choose)
        self.list.activated.connect(self._choose)
        self.model.caught_up.connect(self._refresh)
        self._look()

    def _look(self) -> None:
        self.found.look_for(self.search.text())
        nothing = bool(self.search.text().strip()) and self.found.rowCount() == 0
        self._empty.setVisible(nothing)
        self.list.setVisible(not nothing)

    def _choose(self, index: QModelIndex) -> None:
        self._open = index.data(KEY_ROLE)
        self._refresh()
        self.sheet.open()

    def _refresh(self) -> None:
        if dish := self.model.item(self._open):
            self.sheet.show_dish(dish)


def _ages(dish: Dish) -> Ages | None:
    if dish.warn_after_s is None and dish.late_after_s is None:
        return None
    return dish.warn_after_s or WARN_AFTER_S, dish.late_after_s or LATE_AFTER_S
