"""The bar that is always there: is what I see true, complete and sent?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from kds.domain.notices import Notice
from kds.session.status import Status
from kds.ui.kit import ElidedLabel, IconButton, Panel, PillButton
from kds.ui.shell.clock import ClockLabel
from kds.ui.shell.people_strip import PeopleStrip
from kds.ui.shell.words import Word, complete_word, link_word, waiting_word, with_key
from kds.ui.theme import look

if TYPE_CHECKING:
    from kds.session.bell import Bell
    from kds.session.session import Session


def say(pill: PillButton, word: Word) -> None:
    """Put a word on a pill, in sight and out loud; a pill without words is hidden."""
    pill.set(word.text, word.tone, word.shape)
    pill.setToolTip(word.detail)
    pill.setAccessibleName(f"{word.text}. {word.detail}" if word.text else "")
    pill.setVisible(bool(word.text))


class TopBar(Panel):
    """Shows `session.status`, the people and the bell; says what was tapped."""

    bell_tapped = Signal()
    people_tapped = Signal()
    connection_tapped = Signal()
    waiting_tapped = Signal()
    theme_tapped = Signal()

    def __init__(
        self,
        session: Session,
        title: str,
        bell: Bell | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """`bell`: the notices to count, when they are not only the session's."""
        super().__init__("bar", horizontal=True, padding=8, gap=10, parent=parent)
        self._session = session
        self._notices = bell or session.notices
        self.title = ElidedLabel(title, "title")
        self.title.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.link = PillButton()
        self.complete = PillButton()
        self.waiting = PillButton("99 waiting")
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
        self.link.clicked.connect(self.connection_tapped)
        self.complete.clicked.connect(self.connection_tapped)
        self.waiting.clicked.connect(self.waiting_tapped)
        self._tick = QTimer(self, interval=1000)
        self._tick.timeout.connect(self._count_down)
        self._follow()

    def refresh(self, status: Status) -> None:
        """Say what `status` says."""
        now = self._session.now()
        say(self.link, with_key(link_word(status, now)))
        say(self.complete, with_key(complete_word(status)))
        say(self.waiting, waiting_word(status))
        if status.link == "reconnecting":
            self._tick.start()
        else:
            self._tick.stop()

    def lead(self, part: QWidget) -> None:
        """Put something in front of everything."""
        self.box.insertWidget(0, part)

    def offer(self, tool: QWidget) -> None:
        """Put one more button beside the others."""
        self.box.insertWidget(self.box.indexOf(self.theme), tool)

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
            self._notices.changed.connect(self._show_bell),
        ):
            self.destroyed.connect(stop)
        self.refresh(session.status)
        self._show_people()
        self._show_bell(None)

    def _show_people(self) -> None:
        self.people.set_people(self._session.live.people)

    def _show_bell(self, _: Notice | None) -> None:
        self.bell.set_badge(self._notices.unread)
