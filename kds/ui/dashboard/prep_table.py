"""The kitchen's times as a table: sorted by a tap on a column's head, searched by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)
from PySide6.QtWidgets import QFrame, QHeaderView, QTableView, QWidget

from kds.domain.prep import Timing, matches
from kds.ui.dashboard.prep_words import share, spoken, took
from kds.ui.kit import by_finger
from kds.ui.models import ITEM_ROLE
from kds.ui.theme import look

Index = QModelIndex | QPersistentModelIndex
SORT_ROLE = ITEM_ROLE + 1
ROW = 44  # token pixels
_ROOT = QModelIndex()
_DISPLAY, _ALIGN = Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.TextAlignmentRole
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class Column:
    """A head, what stands below it, and what it is sorted by."""

    head: str
    text: Callable[[Timing], str]
    sort: Callable[[Timing], Any]


COLUMNS = (
    Column("Item", lambda one: one.name, lambda one: one.name.casefold()),
    Column("Made", lambda one: str(one.n), lambda one: one.n),
    Column("Median", lambda one: took(one.median_s), lambda one: one.median_s),
    Column("9 of 10", lambda one: took(one.p90_s), lambda one: one.p90_s),
    Column("Late", share, lambda one: one.late_share),
)


class TimingTable(QAbstractTableModel):
    """A row for each `Timing`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[Timing, ...] = ()
        self._head = COLUMNS[0].head

    def load(self, rows: Sequence[Timing], head: str) -> None:
        """Other rows altogether. `head`: what they are."""
        self.beginResetModel()
        self._rows, self._head = tuple(rows), head
        self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        one, column = self._rows[index.row()], COLUMNS[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.text(one)
            case Qt.ItemDataRole.TextAlignmentRole:
                return _RIGHT if index.column() else _LEFT
            case Qt.ItemDataRole.AccessibleTextRole:
                return spoken(one)
            case Qt.ItemDataRole.ToolTipRole if index.column() == 0:
                return one.name
            case _ if role == SORT_ROLE:
                return column.sort(one)
            case _ if role == ITEM_ROLE:
                return one
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        if orientation == Qt.Orientation.Vertical:
            return None
        if role == _DISPLAY:
            return self._head if section == 0 else COLUMNS[section].head
        return (_RIGHT if section else _LEFT) if role == _ALIGN else None


class Sorted(QSortFilterProxyModel):
    """As a person wants to see it; the head of the column it is sorted by has an arrow."""

    def __init__(self, source: TimingTable, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._search = ""
        self.setSortRole(SORT_ROLE)
        self.setSourceModel(source)

    @property
    def timings(self) -> tuple[Timing, ...]:
        """What is shown, from the top."""
        return tuple(self.index(row, 0).data(ITEM_ROLE) for row in range(self.rowCount()))

    def search(self, text: str) -> None:
        self._search = text
        self.invalidate()

    def filterAcceptsRow(self, row: int, parent: Index) -> bool:
        one: Timing = self.sourceModel().index(row, 0, parent).data(ITEM_ROLE)
        return matches(one, self._search)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        found = super().headerData(section, orientation, role)
        if role == _DISPLAY and section == self.sortColumn():
            return f"{found} {'↑' if self.sortOrder() == Qt.SortOrder.AscendingOrder else '↓'}"
        return found


class TimingView(QTableView):
    """`rows.timings` is what it shows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table = TimingTable(self)
        self.rows = Sorted(self.table, self)
        self.setModel(self.rows)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        by_finger(self)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        head = self.horizontalHeader()
        head.setSectionsClickable(True)
        head.setSortIndicatorShown(False)  # the arrow stands in the words
        head.setHighlightSections(False)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        head.sectionClicked.connect(lambda column: self.sort_by(column))
        self._fit()
        self.sort_by(1)

    def sort_by(self, column: int, *, again: bool = True) -> None:
        """By this column, names upwards and figures downwards; `again`: if it is sorted by it
        already, turn it around."""
        upwards, downwards = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder
        order = downwards if column else upwards
        if again and column == self.rows.sortColumn():
            order = upwards if self.rows.sortOrder() == downwards else downwards
        self.rows.sort(column, order)
        self.rows.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "rows"):
            self._fit()

    def _fit(self) -> None:
        now = look()
        self.verticalHeader().setDefaultSectionSize(now.px(ROW))
        self.horizontalHeader().setFixedHeight(now.touch)
        for column in range(1, len(COLUMNS)):
            self.setColumnWidth(column, now.px(104))
