"""Who did what, beside the board: a tap goes to the moment."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from datetime import tzinfo

from PySide6.QtCore import QModelIndex, QObject, Qt, Signal
from PySide6.QtWidgets import QListView, QWidget

from kds.domain.replay.deeds import Deed
from kds.ui.kit import EmptyState, Panel, SearchField
from kds.ui.kit.rowlist import RowList, RowSpec
from kds.ui.models import ITEM_ROLE, KeyedListModel
from kds.ui.replay.words import deed_hint, sentence
from kds.ui.theme import ToneName

_LOOKS: dict[str, tuple[str, ToneName]] = {
    "place_order": ("send", "info"),
    "add_lines": ("plus", "info"),
    "change_qty": ("plus", "warn"),
    "void_line": ("x", "danger"),
    "void_order": ("x", "danger"),
    "close_order": ("lock", "neutral"),
    "pay": ("cash", "neutral"),
    "start": ("clock", "accent"),
    "bump": ("check", "ok"),
    "recall": ("undo", "warn"),
    "hand_over": ("bag", "ok"),
    "eighty_six": ("stock", "warn"),
    "adjust_stock": ("stock", "neutral"),
    "set_up": ("settings", "neutral"),
}
"""Icon and tone of an act; a note for everything else."""


class DeedModel(KeyedListModel[Deed]):
    """The deeds that are listed, as they happened; the key is the place that they lead to."""

    def __init__(self, parent: QObject | None = None) -> None:
        roles: dict[int, Callable[[Deed], str]] = {
            int(Qt.ItemDataRole.DisplayRole): lambda deed: deed.text,
            int(Qt.ItemDataRole.AccessibleTextRole): lambda deed: deed.text,
        }
        super().__init__(lambda deed: f"{deed.place:08d}", lambda deed: deed.place, roles, parent)
        self.places: tuple[int, ...] = ()

    def list_deeds(self, deeds: Sequence[Deed]) -> None:
        """Another choice of deeds; a fresh list."""
        self.places = tuple(deed.place for deed in deeds)
        self.reset_items(deeds)

    def row_at(self, place: int) -> int:
        """The row of the last listed deed that has happened at a place; -1 for none."""
        return bisect_right(self.places, place) - 1


class DeedList(Panel):
    """A search over a list. `sought` carries the place to go to, `typed` what is looked for."""

    sought = Signal(int)
    typed = Signal(str)
    done = Signal()  # the keyboard is free again

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("ground", padding=8, gap=8, parent=parent)
        self._place = 0
        self._zone: tzinfo | None = None
        self.model = DeedModel(self)
        self.search = SearchField("Order A-017, dish or who")
        self.list = RowList(self.model, self._describe)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setSelectionMode(QListView.SelectionMode.SingleSelection)
        self.nothing = EmptyState("Nothing found", "Escape shows everything again.", "search")
        self.box.addWidget(self.search)
        self.box.addWidget(self.list, 1)
        self.box.addWidget(self.nothing, 1)
        self.list.clicked.connect(self._go)
        self.search.textChanged.connect(self.typed)
        self.search.returnPressed.connect(self._go_first)
        self.nothing.hide()

    def show_deeds(self, deeds: Sequence[Deed], place: int, zone: tzinfo) -> None:
        self._zone = zone
        self.model.list_deeds(deeds)
        self.list.setVisible(bool(deeds))
        self.nothing.setVisible(not deeds)
        self.show_place(place)

    def show_place(self, place: int) -> None:
        """Mark the last thing that has happened."""
        self._place = place
        index = self.model.index(self.model.row_at(place), 0)
        if index != self.list.currentIndex():
            self.list.setCurrentIndex(index)
            if index.isValid():
                self.list.scrollTo(index, QListView.ScrollHint.PositionAtCenter)
            else:
                self.list.scrollToTop()
            self.list.viewport().update()

    def neighbour(self, step: int) -> int | None:
        """The place of the listed deed before (-1) or after (1) this moment; None at an end."""
        row = self.model.row_at(self._place)
        if step < 0 and row >= 0 and self.model.places[row] < self._place:
            step = 0  # between two listed ones: the one before is this row's
        row += step
        return self.model.places[row] if 0 <= row < len(self.model.places) else None

    def _describe(self, deed: Deed) -> RowSpec:
        icon, tone = _LOOKS.get(deed.kind, ("note", "neutral"))
        return RowSpec(
            sentence(deed),
            deed_hint(deed, self._zone) if self._zone else "",
            badge=icon,
            tone=tone,
            faint=deed.place > self._place,
        )

    def _go(self, index: QModelIndex) -> None:
        deed: Deed = index.data(ITEM_ROLE)
        self.sought.emit(deed.place)
        self.done.emit()

    def _go_first(self) -> None:
        if self.model.places:
            self.sought.emit(self.model.places[0])
        self.done.emit()
