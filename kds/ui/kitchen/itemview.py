"""The answers that Qt wants of any item view, for one that paints and pages by itself."""

from __future__ import annotations

from abc import abstractmethod

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
)
from PySide6.QtGui import QRegion
from PySide6.QtWidgets import QAbstractItemView, QFrame, QWidget

AnyIndex = QModelIndex | QPersistentModelIndex


class PaintedItemView(QAbstractItemView):
    """No scroll bars, no selecting by mouse, no editing; screen readers find every row.

    A subclass paints, and says where a row stands: `visualRect` and `indexAt`.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    @abstractmethod
    def visualRect(self, index: AnyIndex) -> QRect: ...

    @abstractmethod
    def indexAt(self, point: QPoint) -> QModelIndex: ...

    @property
    def can_be_seen(self) -> bool:
        """Whether the window is on a screen; another program's window over it is not known."""
        window = self.window()
        handle = window.windowHandle()
        shown = self.isVisible() and not window.isMinimized()
        return shown and handle is not None and handle.isExposed()

    def select_index(self, index: QModelIndex) -> None:
        """Make it the current and the only selected one; an invalid index clears both."""
        if index.isValid():
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.selectionModel().setCurrentIndex(index, flags)
        else:
            self.selectionModel().clear()

    def scrollTo(
        self,
        index: AnyIndex,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        """The view turns pages by itself; Qt's own wish to scroll must not turn them."""

    def moveCursor(
        self, cursorAction: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        return self.currentIndex()

    def horizontalOffset(self) -> int:
        return 0

    def verticalOffset(self) -> int:
        return 0

    def isIndexHidden(self, index: AnyIndex) -> bool:
        return False

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        """Taps act; they do not select."""

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        region = QRegion()
        for index in selection.indexes():
            region += self.visualRect(index)
        return region
