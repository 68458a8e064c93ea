"""A kiosk's window: nobody leaves it by accident, and a new one comes back to where it was."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from kds.app.config import Profile
from kds.app.locked import CloseSheet, Pointer
from kds.app.whereabouts import Keeper, Whereabouts
from kds.app.windows import Place, Window
from kds.ui.kit.tasks import running
from kds.ui.kitchen.board import Hit
from kds.ui.shell.window import MainWindow
from kds.ui.theme import DARK, apply_theme, look
from tests.support.pos import Desk
from tests.support.qt import menu_rows, simple_order


async def settle() -> None:
    while waiting := running():
        await asyncio.gather(*waiting)


class Shown:
    """A kiosk's window of a kitchen with `orders` orders."""

    def __init__(self, app: QApplication, folder: Path, orders: int = 60) -> None:
        desk = Desk("kitchen")
        rows = [row for number in range(orders) for row in simple_order(number, 3)]
        desk.put(*menu_rows(), *rows, initiator="load")
        self.closed = 0
        profile = Profile(url="http://127.0.0.1:1", key="k", role="kitchen", name="Grill")
        self.window = Window(app, desk, profile, folder, self._close)  # type: ignore[arg-type]
        self.window.open(Place(kiosk=True))
        assert isinstance(self.window.widget, MainWindow)
        self.widget = self.window.widget
        screen = self.window.kitchen
        assert screen is not None
        self.board = screen.board
        self.keeper = Keeper(self.widget, folder / "place.json")
        QTest.qWaitForWindowExposed(self.widget)

    def _close(self) -> None:
        self.closed += 1

    @property
    def sheet(self) -> CloseSheet:
        return self.widget.findChildren(CloseSheet)[0]


@pytest.fixture
async def shown(qapp: QApplication, tmp_path: Path) -> AsyncIterator[Shown]:
    made = Shown(qapp, tmp_path)
    await settle()
    yield made
    made.window.close_for_good()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    apply_theme(qapp, DARK)


class TestWayOut:
    async def test_closing_the_window_asks_and_stays(self, shown: Shown) -> None:
        assert shown.widget.isFullScreen()
        assert not shown.widget.close()
        assert shown.sheet.isVisible()
        assert shown.closed == 0

    @pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Escape])
    async def test_enter_and_escape_stay(self, shown: Shown, key: Qt.Key) -> None:
        shown.widget.activateWindow()
        QTest.keyClick(shown.widget, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
        assert shown.sheet.isVisible()
        QTest.keyClick(shown.sheet.stay, key)
        assert not shown.sheet.isVisible()
        assert shown.closed == 0

    async def test_who_really_wants_to_can_leave(self, shown: Shown) -> None:
        shown.widget.close()
        shown.sheet.leave.click()
        assert shown.closed == 1

    async def test_f11_does_not_lead_out(self, shown: Shown) -> None:
        shown.widget.activateWindow()
        QTest.keyClick(shown.widget, Qt.Key.Key_F11)
        assert shown.widget.isFullScreen()


class TestPointer:
    def test_it_hides_when_the_mouse_is_still_and_comes_with_it(
        self, qapp: QApplication, qtbot: QtBot
    ) -> None:
        widget = QPushButton()
        qtbot.addWidget(widget)
        pointer = Pointer(widget)
        pointer.hide()
        cursor = qapp.overrideCursor()
        assert cursor is not None
        assert cursor.shape() == Qt.CursorShape.BlankCursor
        none = Qt.MouseButton.NoButton
        move = QMouseEvent(
            QEvent.Type.MouseMove,
            QPointF(5, 5),
            QPointF(5, 5),
            none,
            none,
            Qt.KeyboardModifier.NoModifier,
        )
        qapp.sendEvent(widget.windowHandle(), move)
        assert qapp.overrideCursor() is None
        assert not pointer.hidden

    def test_it_is_given_back_when_the_window_goes(self, qapp: QApplication) -> None:
        widget = QPushButton()
        Pointer(widget).hide()
        widget.deleteLater()
        qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        assert qapp.overrideCursor() is None


class TestComingBack:
    async def test_a_new_window_is_where_the_last_one_was(
        self, qapp: QApplication, qtbot: QtBot, shown: Shown, tmp_path: Path
    ) -> None:
        board, file = shown.board, tmp_path / "place.json"
        assert board.pages > 1
        board.set_page(1)
        order_id = board.board.tickets_on(1)[2]
        board.choose(Hit(order_id, f"{order_id}-2"))
        qtbot.waitUntil(lambda: Whereabouts.read(file).line_id == f"{order_id}-2")
        shown.widget.show_where("stock")
        shown.widget.toggle_theme()
        qtbot.waitUntil(lambda: Whereabouts.read(file).theme == "light")
        assert Whereabouts.read(file) == Whereabouts("stock", 1, order_id, f"{order_id}-2", "light")
        left = file.read_text()
        shown.widget.toggle_theme()
        qtbot.waitUntil(lambda: Whereabouts.read(file).theme == "dark")
        again = Shown(qapp, tmp_path)
        await settle()
        file.write_text(left)
        again.keeper.come_back()
        assert again.widget.current.where == "stock"
        assert (again.board.page, again.board.here) == (1, Hit(order_id, f"{order_id}-2"))
        assert look().theme.name == "light"
        again.window.close_for_good()
        qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    async def test_what_is_gone_meanwhile_is_passed_over(
        self, shown: Shown, tmp_path: Path
    ) -> None:
        was = Whereabouts("elsewhere", 99, "gone", "gone-1")
        was.write(tmp_path / "place.json")
        shown.keeper.come_back()
        assert shown.board.page == shown.board.pages - 1
        assert shown.board.here is None
        assert shown.widget.current.where == "board"

    @pytest.mark.parametrize(
        "text",
        ["", "[]", "7", "{", '{"page": "1"}', '{"screen": 7}', '{"new": 1}', '{"theme": "x"}'],
    )
    def test_a_torn_file_is_no_obstacle(self, tmp_path: Path, text: str) -> None:
        file = tmp_path / "place.json"
        file.write_text(text)
        assert Whereabouts.read(file) == Whereabouts()

    def test_a_disk_that_is_full_is_no_obstacle(self, tmp_path: Path) -> None:
        Whereabouts("board").write(tmp_path / "missing" / "place.json")
        assert list(tmp_path.iterdir()) == []

    def test_it_is_plain_json(self, tmp_path: Path) -> None:
        Whereabouts("board", 2).write(tmp_path / "place.json")
        assert json.loads((tmp_path / "place.json").read_text())["page"] == 2
