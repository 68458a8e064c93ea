"""The kitchen's times as pictures. Imported when somebody looks at them: pyqtgraph is large.

A bar is the median, the diamond beyond it what nine of ten dishes need at most.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import nan

import pyqtgraph as pg  # type: ignore[import-untyped]
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QWidget

from kds.domain.prep import Timing
from kds.ui.dashboard.prep_words import spoken, took
from kds.ui.kit import Label, Panel
from kds.ui.theme import look

MOST = 12
"""More bars than these are not read but searched for."""
_NAME = 22  # signs of a name beside its bar

# Its own clean-up at the end of a process looks for every picture there ever was.
pg.setConfigOption("exitCleanup", False)


class Plot(pg.PlotWidget):  # type: ignore[misc]
    """Something to look at, not to touch: nothing moves under a hand. Times are in minutes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[Timing, ...] = ()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        item = self.getPlotItem()
        item.setMenuEnabled(False)
        item.hideButtons()
        item.setMouseEnabled(x=False, y=False)
        self.draw()

    def show_timings(self, shown: Sequence[Timing]) -> None:
        """Draw these."""
        self._shown = tuple(shown)
        self.setAccessibleName(". ".join(map(spoken, self._shown)) or "Nothing to draw")
        self.draw()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_shown"):
            self.draw()

    def draw(self) -> None:
        """Everything anew, in the look of the moment."""
        theme = look().theme
        self.setBackground(theme.surface)
        self.clear()
        for side in ("left", "bottom"):
            axis = self.getAxis(side)
            axis.setPen(pg.mkPen(theme.line))
            axis.setTextPen(pg.mkPen(theme.text))
            axis.setStyle(tickFont=look().font("caption"), tickLength=0)
        if self._shown:
            self._draw()
        else:
            self.getAxis("left").setTicks([])

    def _draw(self) -> None:
        raise NotImplementedError

    def _diamonds(self, xs: Sequence[float], ys: Sequence[float]) -> None:
        warn = look().theme.tones["info"]
        self.addItem(
            pg.ScatterPlotItem(
                x=list(xs),
                y=list(ys),
                symbol="d",
                size=look().px(16),
                brush=warn.ink,
                pen=pg.mkPen(look().theme.surface),
                antialias=True,
            )
        )


class Bars(Plot):
    """A bar for each, the first one on top."""

    def _draw(self) -> None:
        now, shown = look(), self._shown[:MOST]
        accent = now.theme.tones["accent"]
        ys = [-float(place) for place in range(len(shown))]
        medians = [one.median_s / 60 for one in shown]
        most = [one.p90_s / 60 for one in shown]
        self.addItem(
            pg.BarGraphItem(x0=0, y=ys, height=0.55, width=medians, brush=accent.ink, pen=None)
        )
        for y, median, p90 in zip(ys, medians, most, strict=True):
            pen = pg.mkPen(now.theme.tones["info"].ink, width=now.px(2))
            self.addItem(pg.PlotCurveItem([median, p90], [y, y], pen=pen))
        self._diamonds(most, ys)
        names = self.getAxis("left")
        names.setTicks([[(y, _short(one.name)) for y, one in zip(ys, shown, strict=True)]])
        width = max(_width(_short(one.name)) for one in shown)
        names.setWidth(width + now.px(12))
        end = max(*most, 1.0)
        for y, p90, one in zip(ys, most, shown, strict=True):
            words = pg.TextItem(took(one.p90_s), color=now.theme.text_soft, anchor=(0, 0.5))
            words.setFont(now.font("caption"))
            words.setPos(p90 + end * 0.02, y)
            self.addItem(words)
        self.setXRange(0, end * 1.16, padding=0)
        self.setYRange(-max(len(shown), 4) + 0.4, 0.6, padding=0)


class Day(Plot):
    """The hours of the day, whichever day it was."""

    def _draw(self) -> None:
        now = look()
        accent, info = now.theme.tones["accent"].ink, now.theme.tones["info"].ink
        by_hour = {int(one.key): one for one in self._shown}
        first, last = min(by_hour), max(by_hour)
        hours = list(range(first, last + 1))  # those without a dish interrupt the lines
        medians = [by_hour[hour].median_s / 60 if hour in by_hour else nan for hour in hours]
        most = [by_hour[hour].p90_s / 60 if hour in by_hour else nan for hour in hours]
        dashed = pg.mkPen(info, width=now.px(2), style=Qt.PenStyle.DashLine)
        self.addItem(pg.PlotCurveItem(hours, most, pen=dashed, connect="finite", antialias=True))
        self._diamonds(list(by_hour), [one.p90_s / 60 for one in by_hour.values()])
        self.addItem(
            pg.PlotDataItem(
                hours,
                medians,
                pen=pg.mkPen(accent, width=now.px(3)),
                symbol="o",
                symbolSize=now.px(12),
                symbolBrush=accent,
                symbolPen=None,
                connect="finite",
                antialias=True,
            )
        )
        step = 1 if last - first < 12 else 2
        ticks = [(hour, f"{hour:02d}:00") for hour in range(first, last + 1, step)]
        self.getAxis("bottom").setTicks([ticks])
        self.getAxis("left").setTicks(None)  # its own
        self.showGrid(y=True, alpha=0.25)
        self.setXRange(first - 0.5, last + 0.5, padding=0)
        self.setYRange(0, max(60, *(one.p90_s for one in self._shown)) / 60 * 1.12, padding=0)


class Plots(Panel):
    """The bars of what the table shows, and the day below them."""

    def __init__(self, bars: Bars, day: Day, parent: QWidget | None = None) -> None:
        super().__init__("card", parent=parent)
        self.bars, self.day = bars, day
        self._title = Label("", "title")
        self.box.addWidget(self._title)
        self.box.addWidget(Legend())
        self.box.addWidget(self.bars, 3)
        self.box.addWidget(Label("Over the day, in minutes", "title"))
        self.box.addWidget(self.day, 2)

    def show_timings(self, shown: Sequence[Timing], hours: Sequence[Timing], head: str) -> None:
        """`shown` as the table has it, from the top; `head` what they are."""
        first = f"the first {MOST} of {len(shown)}" if len(shown) > MOST else str(len(shown))
        self._title.setText(f"{head}, in minutes · {first}")
        self.bars.show_timings(shown[:MOST])
        self.day.show_timings(sorted(hours, key=lambda one: one.key))


class Legend(Panel):
    """What the marks mean."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", horizontal=True, padding=0, parent=parent)
        self.box.addWidget(Label("■ ● median", "caption", tone="accent"))
        self.box.addWidget(Label("◆ 9 of 10 take no longer", "caption", tone="info"))
        self.box.addStretch(1)


def _width(text: str) -> int:
    """Pixels of a name on the axis."""
    return QFontMetrics(look().font("caption")).horizontalAdvance(text)


def _short(name: str) -> str:
    return name if len(name) <= _NAME else f"{name[: _NAME - 1]}…"
