"""Which days to look at."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import cast

from PySide6.QtCore import QDate, QEvent, Signal
from PySide6.QtWidgets import QDateEdit, QWidget

from kds.domain.prep import Days, Span
from kds.ui.dashboard.prep_words import SPANS
from kds.ui.kit import Label, Panel, SegmentedControl
from kds.ui.theme import look

DATES = "dates"


class RangePicker(Panel):
    """`chosen` carries the Days; again whenever a person chooses. `today`: by the branch's clock,
    asked at every choice, as a window stays open for weeks."""

    chosen = Signal(object)

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__("", horizontal=True, padding=0, parent=parent)
        self._today = today
        self.days = Days.of("today", today())
        self.span = SegmentedControl(SPANS, "today")
        self.first, self.last = _day_field("From"), _day_field("To")
        self._dates = Panel("", horizontal=True, padding=0)
        for part in (self.first, Label("to"), self.last):
            self._dates.box.addWidget(part)
        self.box.addWidget(self.span)
        self.box.addWidget(self._dates)
        self._dates.hide()
        self._fit()
        self._show()
        self.span.chosen.connect(self._choose)
        self.first.dateChanged.connect(lambda day: self._turn(self.days.beginning(_date(day))))
        self.last.dateChanged.connect(lambda day: self._turn(self.days.ending(_date(day))))

    @property
    def asks_dates(self) -> bool:
        """Whether the first and the last day stand there already."""
        return self.span.value == DATES

    def again(self) -> None:
        """What was chosen, as of today."""
        self._choose(self.span.value)

    def _choose(self, span: str) -> None:
        self._dates.setVisible(span == DATES)
        if span == DATES:
            self._turn(self.days)
        else:
            self._turn(Days.of(cast("Span", span), self._today()))

    def _turn(self, days: Days) -> None:
        self.days = days
        self._show()
        self.chosen.emit(days)

    def _show(self) -> None:
        for field, day in ((self.first, self.days.first), (self.last, self.days.last)):
            field.blockSignals(True)
            field.setDate(QDate(day.year, day.month, day.day))
            field.blockSignals(False)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_dates"):
            self._fit()

    def _fit(self) -> None:
        for field in (self.first, self.last):
            field.setMinimumWidth(look().px(180))


def _day_field(name: str) -> QDateEdit:
    field = QDateEdit()
    field.setDisplayFormat("yyyy-MM-dd")
    field.setCalendarPopup(True)
    field.setKeyboardTracking(False)  # a day that is being typed is none yet
    field.setAccessibleName(name)
    return field


def _date(day: QDate) -> date:
    return date(day.year(), day.month(), day.day())
