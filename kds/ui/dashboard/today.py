"""Today: of this branch, or of all that the manager has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from kds.ui.dashboard.branches import BranchesScreen
from kds.ui.dashboard.screen import DashboardScreen
from kds.ui.kit import Panel, SegmentedControl
from kds.ui.theme import look

if TYPE_CHECKING:
    from kds.session.house import House
    from kds.session.session import Session

HERE, ALL = "here", "all"


class TodayScreen(Panel):
    """The dashboard, with the overview beside it as soon as there is more than one branch.

    `opened` carries the screen that a tapped list belongs to, `branch_opened` a branch's index.
    """

    opened = Signal(str)
    branch_opened = Signal(int)

    def __init__(self, session: Session, house: House, parent: QWidget | None = None) -> None:
        super().__init__("ground", padding=0, gap=0, parent=parent)
        self._house = house
        self.choice = SegmentedControl([(HERE, "This branch"), (ALL, "All branches")])
        self.dashboard = DashboardScreen(session)
        self.branches = BranchesScreen(house)
        self._stack = QStackedWidget()
        all_of_them = Panel("ground")
        all_of_them.box.addWidget(self.branches)
        for part in (self.dashboard, all_of_them):
            self._stack.addWidget(part)
        self._head = QWidget()
        head = QHBoxLayout(self._head)
        head.setContentsMargins(*(look().px(16),) * 3, 0)
        head.addWidget(self.choice)
        head.addStretch(1)
        self.box.addWidget(self._head)
        self.box.addWidget(self._stack, 1)
        self.choice.chosen.connect(self._show)
        self.dashboard.opened.connect(self.opened)
        self.branches.opened.connect(self.branch_opened)
        self.destroyed.connect(house.changed.connect(lambda _: self._follow()))
        self._follow()

    def show_all(self) -> None:
        """Show the overview, when there is one."""
        if len(self._house.branches) > 1:
            self.choice.choose(ALL)

    def show_here(self) -> None:
        self.choice.choose(HERE)

    def _show(self, what: str) -> None:
        self._stack.setCurrentIndex(1 if what == ALL else 0)

    def _follow(self) -> None:
        several = len(self._house.branches) > 1
        self._head.setVisible(several)
        if not several:
            self.show_here()
