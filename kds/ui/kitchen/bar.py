"""The bar under the board: where you are, how it stands, and what you can take back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from kds.domain.tickets import Ticket
from kds.session.status import Status
from kds.ui.kit import Button, ElidedLabel, IconButton, Label, Panel, Pill


class BottomBar(Panel):
    """Shows what it is told; its buttons are signals."""

    previous_page = Signal()
    next_page = Signal()
    recall = Signal()
    all_day = Signal()
    settings = Signal()

    def __init__(self, stations: str = "", parent: QWidget | None = None) -> None:
        super().__init__("bar", horizontal=True, padding=6, gap=10, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._previous = IconButton("chevron-left", "Previous page")
        self._next = IconButton("chevron-right", "Next page")
        self.where = Label("", "label")
        self.late = Pill("", "danger", "triangle")
        self.soon = Pill("", "warn", "half")
        self.link = Pill("", "warn", "cross")
        self.covered = Pill("", "info", "diamond")
        self.stations = ElidedLabel(stations, "label", soft="true")
        self._all_day = Button("All day", "quiet", icon_name="chart")
        self._recall = Button("Recall", "quiet", icon_name="undo")
        self._settings = IconButton("settings", "Settings of this screen")
        self._fill()
        self.show_page(0, 1, 0)
        for part in (self.late, self.soon, self.link, self.covered, self._all_day):
            part.hide()

    def _fill(self) -> None:
        for part in (self._previous, self.where, self._next, self.late, self.soon, self.link):
            self.box.addWidget(part)
        self.box.addWidget(self.covered)
        self.box.addWidget(self.stations, 1)
        for button in (self._all_day, self._recall, self._settings):
            self.box.addWidget(button)
        for button, signal in (
            (self._previous, self.previous_page),
            (self._next, self.next_page),
            (self._all_day, self.all_day),
            (self._recall, self.recall),
            (self._settings, self.settings),
        ):
            button.setFocusPolicy(button.focusPolicy().NoFocus)  # the keys belong to the board
            button.clicked.connect(signal)

    def set_stations(self, text: str) -> None:
        self.stations.setText(text)

    def show_covered(self, names: Sequence[str]) -> None:
        """Whose lines are shown too, because this screen stands in for them."""
        self.covered.set(" ".join(f"+ {name}" for name in names), "info", "diamond")
        self.covered.setVisible(bool(names))

    def offer_all_day(self) -> None:
        """There are all-day counts to show."""
        self._all_day.show()

    def show_page(self, page: int, pages: int, tickets: int) -> None:
        """`page` from 0."""
        count = f"{tickets} ticket" if tickets == 1 else f"{tickets} tickets"
        self.where.setText(f"Page {page + 1}/{pages} · {count}")
        self._previous.setEnabled(page > 0)
        self._next.setEnabled(page < pages - 1)

    def show_ages(self, tickets: Iterable[Ticket], now: datetime) -> None:
        levels = [ticket.age_level(now) for ticket in tickets]
        late, soon = levels.count("late"), levels.count("warn")
        self.late.set(f"{late} late", "danger", "triangle")
        self.late.setVisible(late > 0)
        self.soon.set(f"{soon} due", "warn", "half")
        self.soon.setVisible(soon > 0)

    def show_link(self, status: Status) -> None:
        """Said only when it matters to a cook: the board may be behind, or taps are waiting."""
        text = link_text(status)
        self.link.set(text, "warn", "cross" if status.link != "connected" else "half")
        self.link.setVisible(bool(text))


def link_text(status: Status) -> str:
    """`Offline · 3 taps waiting`; "" when all is well."""
    taps = "1 tap waiting" if status.waiting == 1 else f"{status.waiting} taps waiting"
    waiting = taps if status.waiting else ""
    if status.link != "connected":
        return " · ".join(filter(None, ("Offline, taps are kept", waiting)))
    if status.complete_to is not None and not status.complete:
        return "Catching up"
    return waiting if status.waiting > 5 else ""
