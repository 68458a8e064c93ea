"""Which branch this is, and the way to the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from kds.domain.changes import ChangeSet
from kds.ui.kit import Button
from kds.ui.theme import look

if TYPE_CHECKING:
    from kds.session.house import House
    from kds.session.session import Session

ALL_KEY = "Ctrl+0"
WIDEST = 200  # token pixels: a long name gives way to what the bar has to say


def branch_key(index: int) -> str:
    """The key of the n-th branch, from 0; "" after the ninth."""
    return f"Ctrl+{index + 1}" if index < 9 else ""


class BranchSwitch(Button):
    """The name of `here`; a tap opens the list of all branches. Hidden while there is only one.

    `chosen` carries the index of a branch, `all_tapped` asks for the overview.
    """

    chosen = Signal(int)
    all_tapped = Signal()

    def __init__(self, house: House, here: Session, parent: QWidget | None = None) -> None:
        super().__init__("", "ghost", icon_name="branch", parent=parent)
        self._house = house
        self._here = here
        self.list = QMenu(self)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a tap leaves the keyboard alone
        self.clicked.connect(self.open)
        for stop in (
            house.changed.connect(lambda _: self.refresh()),
            here.store.changed.connect(self._on_rows),
        ):
            self.destroyed.connect(stop)
        self.refresh()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "list"):
            self.refresh()

    def refresh(self) -> None:
        """Say where this is."""
        names = [branch.name for branch in self._house.branches if branch.session is self._here]
        name = names[0] if names else ""
        room = look().px(WIDEST)
        self.setText(self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, room))
        self.setToolTip(f"{name}. Tap to see another branch.")
        self.setAccessibleName(f"Branch {name}")
        self.setVisible(len(self._house.branches) > 1)

    def open(self) -> None:
        """Open the list under the button."""
        self.fill()
        self.list.popup(self.mapToGlobal(QPoint(0, self.height())))

    def fill(self) -> None:
        """Put into the list what there is now."""
        self.list.clear()
        everything = self.list.addAction(f"All branches\t{ALL_KEY}", self.all_tapped.emit)
        everything.setCheckable(False)
        self.list.addSeparator()
        for index, branch in enumerate(self._house.branches):
            news = branch.session.notices.unread
            words = f"{branch.name} · {news} new" if news else branch.name
            action = self.list.addAction(f"{words}\t{branch_key(index)}")
            action.setCheckable(True)
            action.setChecked(branch.session is self._here)
            action.triggered.connect(lambda _, index=index: self.chosen.emit(index))

    def _on_rows(self, change_set: ChangeSet) -> None:
        if any(change_set.of("branches")):
            self.refresh()
