"""The kitchen's set-up: the stations, what holds for all of them, and the dishes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from kds.domain.setup import nobody_makes
from kds.ui.kit import Panel, Toast
from kds.ui.kit.rowlist import RowList
from kds.ui.kit.strip import Strip
from kds.ui.models import KEY_ROLE
from kds.ui.models.setup import DISHES, HOUSE, PartsModel
from kds.ui.setup.changes import Changes
from kds.ui.setup.dishes import DishList
from kds.ui.setup.house import HouseForm
from kds.ui.setup.station import StationForm
from kds.ui.setup.words import part_row, unmade
from kds.ui.theme import look

if TYPE_CHECKING:
    from kds.session.session import Session

LIST_WIDTH = 440


class SetupScreen(Panel):
    """What can be set up on the left, the chosen one's settings on the right."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("ground", parent=parent)
        self._session = session
        self.toast = Toast(
            self, lift=24, across=0.02
        )  # over the end of the list, not over the form
        changes = Changes(session, self.toast)
        self.model = PartsModel(session.store, self)
        self.list = RowList(self.model, part_row)
        self.unmade = Strip("banner", "alert")
        self.station = StationForm(session, changes)
        self.house = HouseForm(session, changes)
        self.dishes = DishList(session, changes, self)
        self._pages = QStackedWidget()
        for page in (self.station, self.house, self.dishes):
            self._pages.addWidget(page)
        below = QHBoxLayout()
        below.addWidget(self.list)
        below.addWidget(self._pages, 1)
        self.box.addWidget(self.unmade)
        self.box.addLayout(below, 1)
        self.list.selectionModel().currentChanged.connect(self._choose)
        self.model.concerned.connect(self.refresh)
        undo = QShortcut(QKeySequence(QKeySequence.StandardKey.Undo), self)
        undo.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        undo.activated.connect(self.toast.act)
        self.setFocusProxy(self.list)
        self._fit()
        self.choose(self.model.keys[0])

    @property
    def chosen(self) -> str:
        """The key of what is shown on the right."""
        return str(self.list.currentIndex().data(KEY_ROLE) or "")

    def choose(self, key: str) -> None:
        """Show the settings of a station, of the whole kitchen or of the dishes."""
        self.list.setCurrentIndex(self.model.index_of(key))

    def refresh(self) -> None:
        """Show everything as it is now."""
        stations = self._session.store.rows("stations").values()
        items = self._session.store.rows("menu_items").values()
        first = self.model.at(0).station
        self.unmade.say(unmade(nobody_makes(stations, items), first.name if first else ""))
        self._show(self.chosen)

    def _choose(self, index: QModelIndex) -> None:
        self.refresh()

    def _show(self, key: str) -> None:
        if key == HOUSE:
            self.house.show_branch()
            self._pages.setCurrentWidget(self.house)
        elif key == DISHES:
            self._pages.setCurrentWidget(self.dishes)
        else:
            self.station.show_station(key)
            self._pages.setCurrentWidget(self.station)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "list"):
            self._fit()

    def _fit(self) -> None:
        self.list.setFixedWidth(look().px(LIST_WIDTH))
