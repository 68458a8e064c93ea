"""Choose a service, wait for it, watch it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from kds.base.errors import RemoteError
from kds.ui.kit import Button, EmptyState, Panel, ProgressLine, spawn
from kds.ui.replay.chooser import Chooser
from kds.ui.replay.player import Player
from kds.ui.shell.clock import zone_of
from kds.ui.theme import look

if TYPE_CHECKING:
    from kds.session.session import Session

_BAR = 420  # token pixels


class ReplayScreen(QWidget):
    """Past services of a session's branch. `player` is there while one is shown."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.desk = session.replay_desk()
        self._span: tuple[datetime, datetime] | None = None
        self.chooser = Chooser()
        self.getting = Getting()
        self.player: Player | None = None
        self._pages = QStackedWidget()
        self._pages.addWidget(self.chooser)
        self._pages.addWidget(self.getting)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._pages)
        self.setFocusProxy(self._pages)
        self.chooser.chosen.connect(self._choose)
        self.chooser.again.connect(self._list)
        self.getting.cancel.clicked.connect(self._back)
        self.getting.retry.clicked.connect(self._load)
        self.destroyed.connect(self.desk.changed.connect(self._follow))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.player is None:
            self._list()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self.desk.phase == "loading":
            self._back()

    # -- acts -----------------------------------------------------------------------------

    def _list(self) -> None:
        self.chooser.wait()
        listing = spawn(self._ask(), "list services")
        self.destroyed.connect(lambda: listing.cancel())

    async def _ask(self) -> None:
        try:
            services = await self.desk.services()
        except RemoteError as error:
            self.chooser.fail(str(error))
        else:
            zone = zone_of(self._session.store.branch)
            self.chooser.offer(services, self._session.now(), zone)

    def _choose(self, start: datetime, end: datetime) -> None:
        self._span = (start, end)
        self._load()

    def _load(self) -> None:
        if self._span is not None:
            spawn(self.desk.load(*self._span), "load a service")

    def _back(self) -> None:
        self._drop_player()
        self._pages.setCurrentWidget(self.chooser)
        self.chooser.setFocus()
        self.desk.close()

    # -- what is shown --------------------------------------------------------------------

    def _follow(self, _: object) -> None:
        phase = self.desk.phase
        if phase == "ready":
            self._show_player()
        elif phase in ("loading", "failed"):
            self.getting.show_progress(self.desk.progress, self.desk.problem)
            self._pages.setCurrentWidget(self.getting)

    def _show_player(self) -> None:
        self._drop_player()
        branch = self.desk.store.branch or self._session.store.branch
        self.player = Player(self.desk, zone_of(branch))
        self.player.left.connect(self._back)
        self._pages.addWidget(self.player)
        self._pages.setCurrentWidget(self.player)
        self.player.setFocus()

    def _drop_player(self) -> None:
        if self.player is not None:
            self.player.end()
            self._pages.removeWidget(self.player)
            self.player.deleteLater()
            self.player = None


class Getting(Panel):
    """A service is on its way, or does not come."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("ground", parent=parent)
        self.words = EmptyState("", "", "clock")
        self.bar = ProgressLine()
        self.retry = Button("Try again", "primary", icon_name="undo")
        self.cancel = Button("Back", "quiet", icon_name="chevron-left")
        self.box.addWidget(self.words, 2)
        for part in (self.bar, self.retry, self.cancel):
            self.box.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
        self.box.addStretch(1)
        self.setFocusProxy(self.cancel)

    def show_progress(self, progress: float, problem: str) -> None:
        """How far it is, from 0.0 to 1.0; or why it cannot be shown."""
        self.bar.setFixedWidth(look().px(_BAR))
        self.bar.set(progress)
        self.bar.setVisible(not problem)
        self.retry.setVisible(bool(problem))
        if problem:
            self.words.set("This service cannot be shown", problem, "link-off")
        else:
            self.words.set("Getting the service", "From the server's log.", "clock")
