"""The bar that is always there: is what I see true, complete and sent?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from kds.domain.notices import Notice
from kds.session.status import Status
from kds.ui.kit import ElidedLabel, IconButton, Panel, Pill
from kds.ui.shell.clock import ClockLabel
from kds.ui.shell.people_strip import PeopleStrip
from kds.ui.shell.words import Word, complete_word, link_word, waiting_word
from kds.ui.theme import look

if TYPE_CHECKING:
    from kds.session.session import Session


class SteadyPill(Pill):
    """A pill whose place stays when it has nothing to say, so that its neighbours do not jump."""

    def __init__(self, widest: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._widest = Pill(widest, "neutral", "dot")
        policy = self.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.setSizePolicy(policy)

    def say(self, word: Word) -> None:
        self.set(word.text, word.tone, word.shape)
        self.setToolTip(word.detail)
        self.setAccessibleName(f"{word.text}. {word.detail}" if word.text else "")
        self.setVisible(bool(word.text))

    def sizeHint(self) -> QSize:
        return super().sizeHint().expandedTo(self._widest.sizeHint())


class TopBar(Panel):
    """Shows `session.status`, the people and the bell; says what was tapped."""

    bell_tapped = Signal()
    people_tapped = Signal()
    theme_tapped = Signal()

    def __init__(self, session: Session, title: str, parent: QWidget | None = None) -> None:
        super().__init__("bar", horizontal=True, padding=8, gap=10, parent=parent)
        self._session = session
        self.title = ElidedLabel(title, "title")
        self.title.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.link = Pill()
        self.complete = Pill()
        self.waiting = SteadyPill("99 waiting")
        self.people = PeopleStrip()
        self.bell = IconButton("bell", "Notices")
        self.theme = IconButton("moon", "Dark or light")
        self.clock = ClockLabel(session)
        self.box.addSpacing(look().px(12))
        self.box.addWidget(self.title, 1)
        for part in (
            self.waiting,
            self.complete,
            self.link,
            self.people,
            self.bell,
            self.theme,
            self.clock,
        ):
            self.box.addWidget(part)
        self.box.addSpacing(look().px(8))
        self.bell.clicked.connect(self.bell_tapped)
        self.people.clicked.connect(self.people_tapped)
        self.theme.clicked.connect(self.theme_tapped)
        self._tick = QTimer(self, interval=1000)
        self._tick.timeout.connect(self._count_down)
        self._follow()

    def refresh(self, status: Status) -> None:
        """Say what `status` says."""
        now = self._session.now()
        for pill, word in (
            (self.link, link_word(status, now)),
            (self.complete, complete_word(status)),
        ):
            pill.set(word.text, word.tone, word.shape)
            pill.setToolTip(word.detail)
            pill.setAccessibleName(f"{word.text}. {word.detail}")
        self.waiting.say(waiting_word(status))
        if status.link == "reconnecting":
            self._tick.start()
        else:
            self._tick.stop()

    def set_dark(self, dark: bool) -> None:
        """The theme button shows where it leads."""
        self.theme.set_icon("sun" if dark else "moon")

    def _count_down(self) -> None:
        self.refresh(self._session.status)

    def _follow(self) -> None:
        session = self._session
        for stop in (
            session.status_changed.connect(self.refresh),
            session.live.people_changed.connect(lambda _: self._show_people()),
            session.notices.changed.connect(self._show_bell),
        ):
            self.destroyed.connect(stop)
        self.refresh(session.status)
        self._show_people()
        self._show_bell(None)

    def _show_people(self) -> None:
        self.people.set_people(self._session.live.people)

    def _show_bell(self, _: Notice | None) -> None:
        self.bell.set_badge(self._session.notices.unread)
