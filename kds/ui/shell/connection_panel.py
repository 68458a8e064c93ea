"""The connection panel: how the link and the sync do, and three things to do about them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication, QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from kds import __version__
from kds.base.errors import KdsError
from kds.session.status import Status
from kds.ui.kit import (
    Button,
    Label,
    Panel,
    Pill,
    Rule,
    SectionTitle,
    Sheet,
    Sparkline,
    scrolling,
    spawn,
)
from kds.ui.shell import panel_words
from kds.ui.shell.clock import zone_of
from kds.ui.shell.figures import ChannelList, FigureList, FigureRow
from kds.ui.shell.panel_words import Reading
from kds.ui.shell.words import Word

if TYPE_CHECKING:
    from kds.session.session import Session

EQUAL = "Equal: this terminal has exactly what the server has."
DIFFERS = "Different: everything is fetched again."
ASKED = "Trying now."
COPIED = "Copied: paste it into a message to support."
_EVERY_MS = 1000


class LinkSince:
    """Since when the link is what it is; follows a session for as long as `stop` is not called."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._state = self._of(session.status)
        self.at = session.now()
        self.stop: Callable[[], None] = session.status_changed.connect(self._follow)

    def _follow(self, status: Status) -> None:
        if (state := self._of(status)) != self._state:
            self._state, self.at = state, self._session.now()

    def _of(self, status: Status) -> tuple[str, str, bool]:
        return status.link, status.reason, status.polling


class ConnectionPanel(Sheet):
    """Slides over the right side. Asks the session once a second while it is open, then never."""

    def __init__(self, session: Session, since: LinkSince, parent: QWidget) -> None:
        super().__init__("Connection", parent, width=640)
        self._session, self._since = session, since
        self._build()
        self._lay_out()
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self.refresh)
        self.compare.clicked.connect(lambda: spawn(self._compare(), "compare"))
        self.reconnect.clicked.connect(self._reconnect)
        self.copy.clicked.connect(self._copy)

    def _build(self) -> None:
        self.state = Pill()
        self.since = Label("", soft="true")
        self.advice = _wrapped(Label("", "label", tone="warn"))
        self.complete = Pill()
        self.compared = _wrapped(Label("", soft="true"))
        self.link = FigureList()
        self.latency = FigureRow()
        self.trend = Label("", "caption", soft="true")
        self.line = Sparkline("Delay of the last news", "ms")
        self.sync = FigureList()
        self.channels = ChannelList()
        self.outcome = _wrapped(Label("", "label"))
        self.compare = Button("Compare now", icon_name="check")
        self.reconnect = Button("Reconnect now", icon_name="link")
        self.copy = Button("Copy report", icon_name="note")

    def _lay_out(self) -> None:
        page = Panel("", padding=0, gap=12)
        head = Panel("", horizontal=True, padding=0)
        head.box.addWidget(self.state)
        head.box.addWidget(self.since, 1)
        page.box.addWidget(head)
        parts: list[QWidget] = [self.advice, Rule(), self.complete, self.compared, self.sync]
        parts += [Rule(), SectionTitle("Live connection"), self.link, self.channels, Rule()]
        for part in parts:
            page.box.addWidget(part)
        above = QHBoxLayout()
        above.addWidget(SectionTitle("Delay of news, last 5 minutes"), 1)
        above.addWidget(self.trend)
        page.box.addLayout(above)
        page.box.addWidget(self.latency)
        page.box.addWidget(self.line)
        page.box.addStretch(1)
        self.page = scrolling(page)
        self.body.box.addWidget(self.page, 1)
        self.body.box.addWidget(self.outcome)
        self.body.box.addWidget(self._buttons())

    def _buttons(self) -> Panel:
        foot = Panel("", horizontal=True, padding=0, gap=8)
        for button in (self.compare, self.reconnect, self.copy):
            foot.box.addWidget(button, 1)
        return foot

    # -- life -----------------------------------------------------------------------------

    @property
    def reading(self) -> Reading:
        """The session as of now."""
        session = self._session
        zone = zone_of(session.store.branch)
        metrics, channels = session.metrics(), session.uplink.channels
        return Reading(session.status, metrics, channels, session.now(), self._since.at, zone)

    def refresh(self) -> None:
        """Show how the session is now."""
        reading = self.reading
        _show(self.state, panel_words.state_word(reading))
        self.since.setText(panel_words.since_text(reading))
        advice = panel_words.advice(reading)
        self.advice.setText("\n".join(advice))
        self.advice.setVisible(bool(advice))
        _show(self.complete, panel_words.complete_state(reading))
        self.compared.setText(panel_words.compared_text(reading))
        self.sync.set(panel_words.sync_figures(reading))
        self.link.set(panel_words.link_figures(reading))
        self.channels.set(reading.channels, reading.status)
        self.latency.set(panel_words.latency_figures(reading))
        self.trend.setText(panel_words.trend_text(reading.metrics.link.trend))
        self.line.set(reading.metrics.link.latest_ms)

    def toggle(self) -> None:
        """Open it, or close it."""
        if self.isVisible():
            self.close_sheet()
        else:
            self.open()

    def open(self) -> None:
        self.outcome.setText("")
        self.refresh()
        super().open()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.page.verticalScrollBar()
        steps = {
            Qt.Key.Key_Down: bar.singleStep(),
            Qt.Key.Key_Up: -bar.singleStep(),
            Qt.Key.Key_PageDown: bar.pageStep(),
            Qt.Key.Key_PageUp: -bar.pageStep(),
        }
        if step := steps.get(Qt.Key(event.key())):
            bar.setValue(bar.value() + step)
        else:
            super().keyPressEvent(event)

    # -- what to do about it --------------------------------------------------------------

    async def _compare(self) -> None:
        self.compare.setEnabled(False)
        self._say("Comparing with the server…")
        try:
            equal = await self._session.audit()
            self._say(EQUAL if equal else DIFFERS)
        except KdsError as error:
            self._say(f"Not compared: {error}")
        finally:
            self.compare.setEnabled(True)
        self.refresh()

    def _reconnect(self) -> None:
        self._session.uplink.network_up()
        self._say(ASKED)
        self.refresh()

    def _copy(self) -> None:
        device = self._session.device
        terminal = f"{device.name} ({device.role}, {device.letter})" if device else "not set up"
        text = panel_words.report(self.reading, terminal=terminal, version=__version__)
        QGuiApplication.clipboard().setText(text)
        self._say(COPIED)

    def _say(self, words: str) -> None:
        self.outcome.setText(words)
        self.outcome.setAccessibleName(words)


def _show(pill: Pill, word: Word) -> None:
    pill.set(word.text, word.tone, word.shape)


def _wrapped(label: Label) -> Label:
    label.setWordWrap(True)
    return label
