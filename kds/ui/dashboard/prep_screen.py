"""How long the kitchen takes, for whoever wants to mend it: figures, pictures, a file."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget, QWidget

from kds.base.errors import RemoteError, StorageError
from kds.domain.prep import By, Days, House, Report
from kds.domain.prep_csv import to_csv
from kds.session.export import save_whole
from kds.ui.dashboard.prep_range import RangePicker
from kds.ui.dashboard.prep_report import ReportView
from kds.ui.dashboard.prep_words import days_words, file_name
from kds.ui.kit import Button, ElidedLabel, EmptyState, Label, Panel, Toast, spawn
from kds.ui.shell.clock import branch_now, zone_of

if TYPE_CHECKING:
    from kds.session.session import Session

_GETTING = ("Reading the kitchen's times", "From the server.", "clock")
_NOTHING = ("Nothing was made in these days", "Choose others above.", "clock")


class PrepScreen(Panel):
    """Asks the server when it is opened and when other days are chosen. `report` is what it
    shows, of `report_days`; None while it shows nothing."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("ground", parent=parent)
        self._session = session
        self._desk = session.prep_desk()
        self._attempt = 0  # what was asked for before the last choice is not shown any more
        self.report: Report | None = None
        self.report_days: Days | None = None
        self.range = RangePicker(lambda: branch_now(session).date())
        self.export = Button("Save as file", icon_name="note")
        self.export.setToolTip("Every dish with its times, for a spreadsheet (CSV)")
        self.instead = EmptyState(*_GETTING)
        self.retry = Button("Try again", "primary", icon_name="undo")
        self.view = ReportView()
        self._toast = Toast(self)
        self._build()
        self.range.chosen.connect(self._load)
        self.retry.clicked.connect(self.range.again)
        self.export.clicked.connect(self._ask_where)
        self.view.by.chosen.connect(lambda _: self._show_report())

    def _build(self) -> None:
        head = QHBoxLayout()
        head.addWidget(Label("Kitchen times", "heading"))
        head.addWidget(self.range)
        self._days = ElidedLabel("", "body", soft="true")
        head.addWidget(self._days, 1)
        head.addWidget(self.export)
        self.box.addLayout(head)
        instead = Panel("ground", padding=0)
        instead.box.addStretch(2)
        instead.box.addWidget(self.instead)
        instead.box.addWidget(self.retry, 0, Qt.AlignmentFlag.AlignHCenter)
        instead.box.addStretch(3)
        self._pages = QStackedWidget()
        self._pages.addWidget(instead)
        self._pages.addWidget(self.view)
        self.box.addWidget(self._pages, 1)

    @property
    def said(self) -> str:
        """What stands there instead of a report; "" while there is one."""
        return "" if self.report else self.instead.title

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.range.again()

    # -- getting it -----------------------------------------------------------------------

    def _load(self, days: Days) -> None:
        self._attempt += 1
        self._days.setText("" if self.range.asks_dates else days_words(days))
        if self.report is None or self.report_days != days:
            self._say(*_GETTING)
        spawn(self._fetch(days, self._attempt), "read the kitchen's times")

    async def _fetch(self, days: Days, attempt: int) -> None:
        store = self._session.store
        zone = zone_of(store.branch)
        house = House(dict(store.rows("stations")), dict(store.rows("menu_items")), zone)
        reading = self._desk.made(*days.bounds(zone), lambda n: self._progress(n, attempt))
        try:
            made, _ = await asyncio.gather(reading, self.view.ready())
        except RemoteError as error:
            if attempt == self._attempt:
                self._fail(str(error))
            return
        report = await asyncio.to_thread(Report.of, made, house)
        if attempt == self._attempt:
            self._take(report, days)

    def _fail(self, problem: str) -> None:
        """An older report of the same days stays."""
        if self.report is None:
            self._say("Kitchen times cannot be read", problem, "link-off", retry=True)
        else:
            self._toast.say(f"Not up to date: {problem}")

    def _progress(self, count: int, attempt: int) -> None:
        if attempt == self._attempt and self.report is None:
            self.instead.set(_GETTING[0], f"{count:,} dishes so far.", _GETTING[2])

    def _take(self, report: Report, days: Days) -> None:
        if report.total is None:
            self._say(*_NOTHING)
            return
        self.report, self.report_days = report, days
        self.export.setEnabled(True)
        self._show_report()
        self._pages.setCurrentWidget(self.view)

    def _show_report(self) -> None:
        if self.report is not None:
            self.view.show_report(self.report, cast("By", self.view.by.value))

    def _say(self, title: str, hint: str, icon: str, *, retry: bool = False) -> None:
        self.report = self.report_days = None
        self.export.setEnabled(False)
        self.instead.set(title, hint, icon)
        self.retry.setVisible(retry)
        self._pages.setCurrentIndex(0)

    # -- a file of it ---------------------------------------------------------------------

    def _ask_where(self) -> None:
        """Without waiting inside of a dialog: orders go on arriving."""
        dialog = QFileDialog(self, "Save the kitchen's times", "", "Comma separated (*.csv)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.selectFile(file_name(self.report_days or self.range.days))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self.save(Path(name)))
        dialog.open()

    def save(self, path: Path) -> None:
        """Write every dish of the report to a file, and say what came of it."""
        if self.report is not None:
            spawn(self._save(self.report, path), "save the kitchen's times")

    async def _save(self, report: Report, path: Path) -> None:
        try:
            data = await asyncio.to_thread(to_csv, report.made, report.house)
            await asyncio.to_thread(save_whole, path, data)
        except StorageError as error:
            self._toast.say(str(error))
        else:
            self._toast.say(f"Saved {len(report.made):,} dishes in {path.name}")

    @property
    def toast(self) -> Toast:
        return self._toast
