"""A finger moves what is longer than its place; it presses nothing on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, QStringListModel, Qt
from PySide6.QtGui import QInputDevice, QPointingDevice
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QApplication,
    QScroller,
    QTableView,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from kds.ui.dashboard.prep_table import TimingView
from kds.ui.kit import Button, by_finger, scrolling
from kds.ui.kit.rowlist import RowList, RowSpec
from kds.ui.kitchen.big import BigButton, Column
from tests.support.screens import dark

__all__ = ["dark"]

Move = Callable[[str, QPoint], None]
STEP = 10
SLACK = 40
"""A drag begins after a few millimetres: that much the area lags behind."""


@pytest.fixture(scope="module")
def touchscreen(qapp: QApplication) -> QPointingDevice:
    return QTest.createTouchDevice(QInputDevice.DeviceType.TouchScreen)


@pytest.fixture(params=["touch", "mouse"])
def move(request: pytest.FixtureRequest, touchscreen: QPointingDevice) -> Move:
    """A finger, or the mouse with its button held, over the window that is shown."""

    def touch(how: str, where: QPoint) -> None:
        event = QTest.touchEvent(_window().windowHandle(), touchscreen, False)
        getattr(event, how)(0, where).commit()

    def mouse(how: str, where: QPoint) -> None:
        handle, left, none = _window().windowHandle(), *_BUTTONS
        acts = {
            "press": lambda: QTest.mousePress(handle, left, none, where),
            "move": lambda: QTest.mouseMove(handle, where),
            "release": lambda: QTest.mouseRelease(handle, left, none, where),
        }
        acts[how]()

    return touch if request.param == "touch" else mouse


_BUTTONS = (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)


def _window() -> QWidget:
    (window,) = (one for one in QApplication.topLevelWidgets() if one.isVisible())
    return window


@pytest.fixture
def column(dark: None, qtbot: QtBot) -> Iterator[Column]:
    """Forty buttons, eight of which fit."""
    found = Column()
    qtbot.addWidget(found)
    found.fill([BigButton(f"Dish {n}") for n in range(40)])
    _show(qtbot, found)
    yield found
    QScroller.scroller(found.viewport()).stop()


def _show(qtbot: QtBot, area: QAbstractScrollArea) -> None:
    area.resize(400, 620)
    with qtbot.waitExposed(area):
        area.show()
    QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)


def drag(qtbot: QtBot, move: Move, area: QAbstractScrollArea, start: QPoint, by: int) -> None:
    """From a press on; the finger is lifted once the area has come along (it does so in frames)."""
    bar = area.verticalScrollBar()
    before = bar.value()
    for gone in range(STEP, by + 1, STEP):
        move("move", start - QPoint(0, gone))
    qtbot.waitUntil(lambda: bar.value() >= before + by - SLACK)
    move("release", start - QPoint(0, by))


def tap(move: Move, where: QPoint) -> None:
    move("press", where)
    move("release", where)


def clicks_of(column: Column) -> list[str]:
    clicked: list[str] = []
    for button in column.buttons:
        button.clicked.connect(lambda _=False, words=button.words: clicked.append(words))
    return clicked


def test_a_drag_scrolls_and_presses_nothing(column: Column, move: Move, qtbot: QtBot) -> None:
    clicked = clicks_of(column)
    move("press", QPoint(150, 500))
    drag(qtbot, move, column, QPoint(150, 500), 300)
    assert clicked == []
    assert not any(button.isDown() for button in column.buttons)


def test_a_tap_presses_and_scrolls_nothing(column: Column, move: Move) -> None:
    clicked = clicks_of(column)
    tap(move, column.buttons[3].mapTo(column, QPoint(150, 30)))
    assert clicked == ["Dish 3"]
    assert column.verticalScrollBar().value() == 0


def test_a_finger_that_trembles_still_taps(column: Column, move: Move) -> None:
    clicked = clicks_of(column)
    there = column.buttons[3].mapTo(column, QPoint(150, 30))
    move("press", there)
    move("move", there + QPoint(3, 6))
    move("release", there + QPoint(3, 6))
    assert clicked == ["Dish 3"]
    assert column.verticalScrollBar().value() == 0


def test_a_finger_that_rests_before_it_drags_presses_nothing(
    column: Column, move: Move, qtbot: QtBot
) -> None:
    clicked = clicks_of(column)
    start = column.buttons[3].mapTo(column, QPoint(150, 30))
    move("press", start)
    qtbot.waitUntil(lambda: column.buttons[3].isDown())
    drag(qtbot, move, column, start, 200)
    assert clicked == []
    assert not column.buttons[3].isDown()


def test_nothing_swings_beyond_its_ends(column: Column, move: Move, qtbot: QtBot) -> None:
    bar, page = column.verticalScrollBar(), column.widget()
    assert page is not None
    bar.setValue(bar.maximum() - 100)
    move("press", QPoint(150, 500))
    drag(qtbot, move, column, QPoint(150, 500), 140)
    scroller = QScroller.scroller(column.viewport())
    qtbot.waitUntil(lambda: scroller.state() == QScroller.State.Inactive)
    assert (bar.value(), page.geometry().bottom()) == (
        bar.maximum(),
        column.viewport().height() - 1,
    )


def test_a_column_that_fits_is_still_tapped(column: Column, move: Move) -> None:
    column.fill([BigButton("Dish 0"), BigButton("Dish 1")])
    QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    clicked = clicks_of(column)
    tap(move, column.buttons[1].mapTo(column, QPoint(150, 30)))
    assert clicked == ["Dish 1"]


def test_a_list_is_dragged_without_choosing_from_it(dark: None, qtbot: QtBot, move: Move) -> None:
    rows = RowList(QStringListModel([str(n) for n in range(50)]), lambda _: RowSpec("Order"))
    qtbot.addWidget(rows)
    _show(qtbot, rows)
    chosen: list[int] = []
    rows.clicked.connect(lambda index: chosen.append(index.row()))
    move("press", QPoint(150, 500))
    drag(qtbot, move, rows, QPoint(150, 500), 300)
    assert chosen == []
    assert not rows.selectionModel().hasSelection()
    QScroller.scroller(rows.viewport()).stop()
    first = rows.indexAt(QPoint(150, 200)).row()
    tap(move, QPoint(150, 200))
    assert chosen == [first]


def test_every_area_that_scrolls_is_moved_by_a_finger(dark: None, qtbot: QtBot) -> None:
    page = QWidget()
    QVBoxLayout(page).addWidget(Button("Pay"))
    areas = (scrolling(page), by_finger(QTableView()), TimingView(), Column())
    for area in areas:
        qtbot.addWidget(area)
        assert QScroller.hasScroller(area.viewport())
