"""The window of a device with several branches: a whole page for each, one of them in front.

Every page is alive all the time, so another branch is there the moment it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QWidget

from kds.ui.shell.branch_switch import ALL_KEY, BranchSwitch, branch_key
from kds.ui.shell.top_level import TopLevel
from kds.ui.shell.window import MainWindow
from kds.ui.theme import DARK, look

if TYPE_CHECKING:
    from kds.session.house import Branch, House
    from kds.session.session import Session

NINE = 9


class HouseWindow(TopLevel):
    """`make` builds the page of a branch.

    `all_wanted` asks for the overview, on the page in front.
    """

    all_wanted = Signal()

    def __init__(
        self,
        house: House,
        make: Callable[[Branch], MainWindow],
        *,
        title: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, parent)
        self._house = house
        self._make = make
        self._pages: dict[Session, MainWindow] = {}
        self._stack = QStackedWidget()
        self.setCentralWidget(self._stack)
        for index in range(NINE):
            self._on_key(branch_key(index), partial(self.show_branch, index))
        self._on_key(ALL_KEY, self.all_wanted.emit)
        self.destroyed.connect(house.changed.connect(lambda _: self._follow()))
        self._follow()

    # -- branches -----------------------------------------------------------------------------

    @property
    def page(self) -> MainWindow:
        """The branch that is looked at."""
        page = self._stack.currentWidget()
        assert isinstance(page, MainWindow)
        return page

    def page_of(self, branch: Branch) -> MainWindow:
        return self._pages[branch.session]

    def show_branch(self, index: int) -> None:
        """Look at the n-th branch, from 0; nothing when there is none."""
        if index >= len(self._house.branches):
            return
        page = self.page_of(self._house.branches[index])
        if page is not self._stack.currentWidget():
            self._bring(page)

    def _bring(self, page: MainWindow) -> None:
        self._stack.setCurrentWidget(page)
        page.top_bar.set_dark(look().theme is DARK)
        page.focus_screen()
        for session, other in self._pages.items():
            session.live.set_where(page.current.where if other is page else "")

    def _follow(self) -> None:
        """A page for every branch, in the account's order."""
        for branch in self._house.branches:
            if branch.session not in self._pages:
                self._add(branch)
        here = {branch.session for branch in self._house.branches}
        if self._shown not in here:
            self._bring(self.page_of(self._house.branches[0]))
        for session in self._pages.keys() - here:
            page = self._pages.pop(session)
            self._stack.removeWidget(page)
            page.deleteLater()

    @property
    def _shown(self) -> Session | None:
        page = self._stack.currentWidget()
        return next((session for session, own in self._pages.items() if own is page), None)

    def _add(self, branch: Branch) -> None:
        page = self._pages[branch.session] = self._make(branch)
        switch = BranchSwitch(self._house, branch.session)
        switch.chosen.connect(self.show_branch)
        switch.all_tapped.connect(self.all_wanted)
        page.top_bar.lead(switch)
        self._stack.addWidget(page)
        if page is self._stack.currentWidget():
            page.focus_screen()
        else:
            branch.session.live.set_where("")

    # -- what a main window has ---------------------------------------------------------------

    def show_where(self, where: str) -> None:
        """Open the screen of that name of the branch in front."""
        self.page.show_where(where)

    def toggle_theme(self) -> None:
        self.page.toggle_theme()

    def _on_key(self, key: str, act: Callable[[], None]) -> None:
        QShortcut(QKeySequence(key), self).activated.connect(act)
