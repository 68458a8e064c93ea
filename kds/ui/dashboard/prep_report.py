"""One report: its figures, its table, and its pictures as soon as they can be drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from kds.domain.prep import By, Report, Timing
from kds.ui.dashboard.prep_table import TimingView
from kds.ui.dashboard.prep_words import BYS, HEADS, share, took
from kds.ui.dashboard.tiles import FigureTile
from kds.ui.kit import Card, Label, Panel, SearchField, SegmentedControl
from kds.ui.theme import look

if TYPE_CHECKING:
    from kds.ui.dashboard.prep_plots import Plots


class ReportView(Panel):
    """`show_report` needs `kds.ui.dashboard.prep_plots` to be imported: that takes a second, so
    whoever fetches the report does it meanwhile, off the thread of the screen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("ground", padding=0, parent=parent)
        self.made = FigureTile("Dishes made")
        self.median = FigureTile("Median time")
        self.p90 = FigureTile("9 of 10 within")
        self.late = FigureTile("Late")
        self.by = SegmentedControl(BYS, "item")
        self.search = SearchField("Search")
        self.table = TimingView()
        self.plots: Plots | None = None
        self._hours: Sequence[Timing] = ()
        self._shown_by: By = "item"
        self._none = Label("Nothing is called that.", "body", soft="true")
        self._tiles = QHBoxLayout()
        for tile in (self.made, self.median, self.p90, self.late):
            self._tiles.addWidget(tile, 1)
        left = Card()
        for part in (self.by, self.search, self._none):
            left.box.addWidget(part)
        left.box.addWidget(self.table, 1)
        self._below = QHBoxLayout()
        self._below.addWidget(left, 1)
        self.box.addLayout(self._tiles)
        self.box.addLayout(self._below, 1)
        self._none.hide()
        self._fit()
        self.search.textChanged.connect(self._find)
        self.table.rows.layoutChanged.connect(self._draw)

    def show_report(self, report: Report, by: By) -> None:
        """Show it by item, station, hour or cook."""
        total = report.total
        assert total is not None, "a report of nothing is said in words"
        self._hours = report.by["hour"]
        self.made.say(f"{total.n:,}")
        self.median.say(took(total.median_s), "from its turn to its bump")
        self.p90.say(took(total.p90_s))
        self.late.say(share(total), f"{total.late:,} of {total.n:,}")
        self.table.table.load(report.by[by], HEADS[by])
        if by != self._shown_by:
            self._shown_by = by
            self.table.sort_by(0 if by == "hour" else 1, again=False)
        self._draw()

    def _find(self, text: str) -> None:
        self.table.rows.search(text)
        self._draw()

    def _draw(self) -> None:
        if not self._hours:
            return
        shown = self.table.rows.timings
        self._none.setVisible(not shown)
        if self.plots is None:
            from kds.ui.dashboard.prep_plots import Plots

            self.plots = Plots()
            self._below.addWidget(self.plots, 1)
        self.plots.show_timings(shown, self._hours, dict(BYS)[self._by])

    @property
    def _by(self) -> By:
        found: By = next(by for by, _ in BYS if by == self.by.value)
        return found

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_below"):
            self._fit()

    def _fit(self) -> None:
        for row in (self._tiles, self._below):
            row.setSpacing(look().px(12))
