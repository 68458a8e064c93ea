"""Kitchen times on the screen: fetched, summed up, sorted, searched, saved."""

from __future__ import annotations

import asyncio
import csv
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from PySide6.QtCore import QDate, QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from kds.base.errors import StorageError, Unreachable
from kds.base.events import until
from kds.ui.dashboard import prep_screen
from kds.ui.dashboard.prep_screen import PrepScreen
from kds.ui.kit.tasks import running
from kds.ui.theme import LIGHT, apply_theme
from tests.support.prep import PrepServer

LEFT = Qt.MouseButton.LeftButton


async def settle() -> None:
    while waiting := running():
        await asyncio.gather(*waiting)


async def opened(screen: PrepScreen) -> PrepScreen:
    screen.show()
    await settle()
    return screen


async def choose(screen: PrepScreen, span: str) -> None:
    screen.range.span.choose(span)
    await settle()


def tap(widget: QWidget, point: QPoint | None = None) -> None:
    QTest.mouseClick(widget, LEFT, pos=point or widget.rect().center())


def tap_head(screen: PrepScreen, column: int) -> None:
    head = screen.view.table.horizontalHeader()
    x = head.sectionViewportPosition(column) + head.sectionSize(column) // 2
    tap(head.viewport(), QPoint(x, head.height() // 2))


def table(screen: PrepScreen) -> list[list[str]]:
    rows = screen.view.table.rows
    return [
        [rows.index(row, column).data() for column in range(rows.columnCount())]
        for row in range(rows.rowCount())
    ]


def names(screen: PrepScreen) -> list[str]:
    return [row[0] for row in table(screen)]


async def test_today_is_shown_with_its_figures(screen: PrepScreen) -> None:
    view = (await opened(screen)).view
    assert (view.made.value, view.median.value, view.p90.value) == ("4", "4:10", "8:30")
    assert (view.late.value, view.late.note) == ("25 %", "1 of 4")
    assert table(screen) == [
        ["Hawaiian", "3", "5:00", "9:00", "33 %"],
        ["Fries", "1", "3:20", "3:20", "0 %"],
    ]


async def test_the_same_dishes_by_station_hour_and_cook(screen: PrepScreen) -> None:
    await opened(screen)
    found = {}
    for by in ("station", "hour", "cook"):
        screen.view.by.choose(by)
        found[by] = [(row[0], row[1]) for row in table(screen)]
    assert found == {
        "station": [("Pizza", "3"), ("Fryer", "1")],
        "hour": [("12:00", "2"), ("13:00", "2")],
        "cook": [("Amina", "3"), ("Li Wei", "1")],
    }
    assert screen.view.table.rows.headerData(0, Qt.Orientation.Horizontal) == "Cook"


async def test_a_tap_on_a_head_sorts_and_another_one_turns_it_around(screen: PrepScreen) -> None:
    await opened(screen)
    QAbstractItemModelTester(
        screen.view.table.rows, QAbstractItemModelTester.FailureReportingMode.Fatal
    )
    tap_head(screen, 2)
    assert names(screen) == ["Hawaiian", "Fries"]
    tap_head(screen, 2)
    assert names(screen) == ["Fries", "Hawaiian"]
    heads = [screen.view.table.rows.headerData(n, Qt.Orientation.Horizontal) for n in range(3)]
    assert heads == ["Item", "Made", "Median ↑"]
    tap_head(screen, 0)
    assert names(screen) == ["Fries", "Hawaiian"]


async def test_a_search_narrows_the_table_and_the_picture(screen: PrepScreen) -> None:
    await opened(screen)
    plots = screen.view.plots
    assert plots is not None
    QTest.keyClicks(screen.view.search, "fri")
    assert names(screen) == ["Fries"]
    assert plots.bars.accessibleName().startswith("Fries: 1 made, median 3:20")
    QTest.keyClicks(screen.view.search, "zzz")
    assert names(screen) == []
    assert plots.bars.accessibleName() == "Nothing to draw"
    screen.view.search.clear()
    assert names(screen) == ["Hawaiian", "Fries"]


async def test_the_picture_has_the_order_of_the_table(screen: PrepScreen) -> None:
    await opened(screen)
    assert screen.view.plots is not None
    tap_head(screen, 0)
    assert screen.view.plots.bars.accessibleName().startswith("Fries")
    tap_head(screen, 0)
    assert screen.view.plots.bars.accessibleName().startswith("Hawaiian")
    assert screen.view.plots.day.accessibleName().startswith("12:00: 2 made, median 3:20")


async def test_other_days_are_fetched(screen: PrepScreen) -> None:
    await opened(screen)
    await choose(screen, "yesterday")
    assert names(screen) == ["Cola"]
    await choose(screen, "week")
    assert screen.view.made.value == "5"
    await choose(screen, "dates")
    screen.range.last.setDate(QDate(2026, 11, 20))
    await settle()
    assert names(screen) == ["Cola"]
    screen.range.first.setDate(QDate(2026, 11, 21))
    await settle()
    assert screen.range.last.date() == QDate(2026, 11, 21)
    assert screen.view.made.value == "4"


async def test_days_without_a_dish_say_so(screen: PrepScreen) -> None:
    await opened(screen)
    await choose(screen, "dates")
    screen.range.first.setDate(QDate(2026, 1, 1))
    screen.range.last.setDate(QDate(2026, 1, 2))
    await settle()
    assert screen.said == "Nothing was made in these days"
    assert not screen.export.isEnabled()
    assert not screen.retry.isVisible()


async def test_a_failure_is_said_and_can_be_tried_again(
    screen: PrepScreen, server: PrepServer
) -> None:
    server.fails = Unreachable("The server does not answer.")
    await opened(screen)
    assert (screen.said, screen.instead.hint) == (
        "Kitchen times cannot be read",
        "The server does not answer.",
    )
    server.fails = None
    tap(screen.retry)
    await settle()
    assert names(screen) == ["Hawaiian", "Fries"]


async def test_offline_the_report_that_is_there_stays(
    screen: PrepScreen, server: PrepServer
) -> None:
    await opened(screen)
    server.fails = Unreachable("The server does not answer.")
    screen.hide()
    await opened(screen)
    assert names(screen) == ["Hawaiian", "Fries"]
    assert screen.toast.text == "Not up to date: The server does not answer."


async def test_what_was_asked_for_before_the_last_choice_is_not_shown(
    screen: PrepScreen, server: PrepServer
) -> None:
    await opened(screen)
    server.hold()
    screen.range.span.choose("week")
    assert screen.said == "Reading the kitchen's times"
    first = running()
    await until(server.arrived, lambda: len(server.asked) == 2)
    held = server.overtake()
    screen.range.span.choose("yesterday")
    await asyncio.gather(*(running() - first))
    held.set()
    await settle()
    assert names(screen) == ["Cola"]


async def test_the_file_has_every_dish_of_the_report(screen: PrepScreen, tmp_path: Path) -> None:
    path = tmp_path / "times.csv"
    await opened(screen)
    screen.view.search.setText("fries")
    screen.save(path)
    await settle()
    rows = list(csv.DictReader(StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))
    assert [(row["item"], row["seconds"], row["late"]) for row in rows] == [
        ("Hawaiian", "100", "no"),
        ("Hawaiian", "300", "no"),
        ("Hawaiian", "600", "yes"),
        ("Fries", "200", "no"),
    ]
    assert rows[0]["due_at"] == "2026-11-21T12:00:00-05:00"
    assert screen.toast.text == "Saved 4 dishes in times.csv"


async def test_a_full_disk_is_said(
    screen: PrepScreen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, data: bytes) -> None:
        raise StorageError("Not saved. The disk is full.")

    monkeypatch.setattr(prep_screen, "save_whole", full)
    await opened(screen)
    screen.save(tmp_path / "times.csv")
    await settle()
    assert screen.toast.text == "Not saved. The disk is full."


async def test_the_dialog_proposes_a_name_of_the_days(screen: PrepScreen) -> None:
    await opened(screen)
    await choose(screen, "week")
    tap(screen.export)
    (dialog,) = screen.findChildren(QFileDialog)
    (proposed,) = dialog.selectedFiles()
    assert Path(proposed).name == "kitchen-times-2026-11-15-to-2026-11-21.csv"
    assert dialog.acceptMode() == QFileDialog.AcceptMode.AcceptSave
    dialog.close()


async def test_everything_is_drawn_anew_in_another_look(
    screen: PrepScreen, qapp: QApplication
) -> None:
    plots = (await opened(screen)).view.plots
    assert plots is not None
    apply_theme(qapp, LIGHT, 0.78)
    assert plots.bars.backgroundBrush().color().name() == LIGHT.surface.lower()


def test_the_windows_start_without_the_library_of_the_pictures() -> None:
    code = (
        "import sys, kds.app.pages, kds.app.windows;"
        "sys.exit(any(name in sys.modules for name in ('pyqtgraph', 'numpy')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
