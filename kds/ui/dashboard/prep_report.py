"""One report: its figures, its table, and its pictures as soon as they can be drawn."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QWidget

from kds.domain.prep import By, Report, Timing
from kds.ui.dashboard.prep_table import TimingView
from kds.ui.dashboard.prep_words import BYS, HEADS, share, took
from kds.ui.dashboard.tiles import FigureTile
from kds.ui.kit import Card, Label, Panel, SearchField, SegmentedControl
from kds.ui.theme import look

if TYPE_CHECKING:
    from kds.ui.dashboard.prep_plots import Plots


ABREAST = 1100  # token pixels


class ReportView(Panel):
    """Shows reports once it has been made `ready`."""

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
        self._below = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._below.addWidget(left, 1)
        self.box.addLayout(self._tiles)
        self.box.addLayout(self._below, 1)
        self._none.hide()
        self._fit()
        self.search.textChanged.connect(self._find)
        self.table.rows.layoutChanged.connect(self._draw)

    async def ready(self) -> None:
        """Get what draws the pictures, while the report is fetched: it takes a second to import,
        off the thread of the screen, and a frame for each picture to make."""
        if self.plots is not None:
            return
        pictures = await asyncio.to_thread(import_module, "kds.ui.dashboard.prep_plots")
        bars = pictures.Bars()
        await asyncio.sleep(0)  # a tap is answered in between
        day = pictures.Day()
        await asyncio.sleep(0)
        if self.plots is None:  # else other days were asked for meanwhile
            self.plots = pictures.Plots(bars, day)
            self._below.addWidget(self.plots, 1)

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
        if self.plots is None or not self._hours:
            return
        shown = self.table.rows.timings
        self._none.setVisible(not shown)
        self.plots.show_timings(shown, self._hours, dict(BYS)[self._by])

    @property
    def _by(self) -> By:
        found: By = next(by for by, _ in BYS if by == self.by.value)
        return found

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_below"):
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The pictures beside the table, or below it where the dishes' names need the room."""
        super().resizeEvent(event)
        direction = QBoxLayout.Direction
        abreast = event.size().width() >= look().px(ABREAST)
        self._below.setDirection(direction.LeftToRight if abreast else direction.TopToBottom)

    def _fit(self) -> None:
        for row in (self._tiles, self._below):
            row.setSpacing(look().px(12))
