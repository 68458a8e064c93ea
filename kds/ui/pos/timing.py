"""How an order is paced and when it was promised, for the few orders that are not as usual."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import cast

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from kds.domain.quote import promise_s
from kds.domain.rows import Pacing
from kds.ui.kit import Button, Label, Panel, SectionTitle, SegmentedControl, Sheet, scrolling
from kds.ui.pos.cart_panel import QuoteOf
from kds.ui.pos.entry import OrderEntry
from kds.ui.pos.timing_words import PACINGS, clock_time
from kds.ui.theme import look

MINUTES = (10, 15, 20, 30, 45)
COLUMNS = 3


class TimingSheet(Sheet):
    """Every tap counts at once. `now` is the time on the branch's wall."""

    def __init__(
        self,
        entry: OrderEntry,
        now: Callable[[], datetime],
        parent: QWidget,
        quote: QuoteOf | None = None,
    ) -> None:
        super().__init__("Timing", parent, width=560)
        self._entry, self._now, self._quote_of = entry, now, quote
        self._proposed_s = 0
        self.vip = _toggle("VIP", entry.set_vip)
        self.pacing = SegmentedControl(PACINGS, "at_once")
        self.pacing.chosen.connect(lambda value: entry.set_pacing(cast("Pacing", value)))
        self.together = _toggle("All dishes of a course end together", entry.set_together)
        self.promises = {minutes: self._promise(minutes) for minutes in MINUTES}
        self.proposed = Button("", icon_name="clock")
        self.proposed.clicked.connect(self._promise_as_quoted)
        self.none = Button("None")
        self.none.clicked.connect(lambda: entry.set_promise(None))
        self.at = QLineEdit()
        self.at.setPlaceholderText("At a time: 19:30, then Enter")
        self.at.setAccessibleName("Promised at")
        self.at.returnPressed.connect(self._typed)
        self._said = Label("", "body", soft="true")
        self.done = Button("Done", "primary", icon_name="check")
        self.done.clicked.connect(self.close_sheet)
        self._grid = QGridLayout()
        for place, button in enumerate((*self.promises.values(), self.none)):
            self._grid.addWidget(button, *divmod(place, COLUMNS))
        inner = Panel("", padding=0)
        body = inner.box
        body.addWidget(self.vip)
        body.addWidget(SectionTitle("Courses"))
        body.addWidget(self.pacing)
        body.addWidget(self.together)
        body.addWidget(SectionTitle("Promised"))
        body.addWidget(self.proposed)
        body.addLayout(self._grid)
        body.addWidget(self.at)
        body.addWidget(self._said)
        body.addStretch(1)
        self.body.box.addWidget(scrolling(inner), 1)
        self.body.box.addWidget(self.done)
        entry.changed.connect(lambda _: self._show())
        self._show()
        self._propose()

    @property
    def said(self) -> str:
        """What was promised, in words."""
        return self._said.text()

    def open(self) -> None:
        self.at.clear()
        self._show()
        self._propose()
        super().open()

    def _propose(self) -> None:
        """What the kitchen can keep nine times in ten, when anybody can tell."""
        cart = self._entry.cart
        quote = self._quote_of(cart) if self._quote_of and cart.lines else None
        self._proposed_s = promise_s(quote) if quote else 0
        self.proposed.setText(f"In {self._proposed_s // 60} min, as the kitchen is now")
        self.proposed.setVisible(quote is not None)

    def _promise_as_quoted(self) -> None:
        self._entry.set_promise(self._now() + timedelta(seconds=self._proposed_s))

    def _promise(self, minutes: int) -> Button:
        button = Button(f"in {minutes} min")
        button.clicked.connect(partial(self._promise_in, minutes))
        return button

    def _promise_in(self, minutes: int) -> None:
        self._entry.set_promise(self._now() + timedelta(minutes=minutes))

    def _typed(self) -> None:
        at = clock_time(self.at.text(), self._now())
        if at is None:
            self._said.setText("Type a time of the day: 19:30")
        else:
            self._entry.set_promise(at)

    def _show(self) -> None:
        cart = self._entry.cart
        self.pacing.choose(cart.pacing)
        for button, on in ((self.vip, cart.vip), (self.together, cart.together)):
            button.setChecked(on)
            button.set_kind("primary" if on else "quiet")
            button.set_icon("check" if on else "")
        at = cart.promised_at
        zone = self._now().tzinfo
        self._said.setText(f"Promised at {at.astimezone(zone):%H:%M}" if at else "")
        self.none.setEnabled(at is not None)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_grid"):
            self._grid.setSpacing(look().px(10))


def _toggle(text: str, deed: Callable[[bool], None]) -> Button:
    button = Button(text)
    button.setCheckable(True)
    button.clicked.connect(deed)
    return button
