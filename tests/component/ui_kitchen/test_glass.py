"""What a cook can read: the board says which orders are on the glass, and only when they are."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.support.kitchen_display import KitchenDisplay
from tests.support.qt import LocalSession, simple_order


def paint(display: KitchenDisplay) -> None:
    """The next frame is on the glass."""
    for _ in range(3):  # arrange, paint, and paint what painting has moved
        QApplication.processEvents()
    assert display.board.on_glass is not None


def test_an_order_is_on_the_glass_before_anything_else_is_done(display: KitchenDisplay) -> None:
    paint(display)
    display.arrive(*simple_order(1))
    assert display.board.on_glass == {"o1"}
    assert display.session.showing.said[-1] == {"o1"}


def test_nothing_is_announced_between_the_change_and_the_paint(display: KitchenDisplay) -> None:
    paint(display)
    display.session.showing.said.clear()
    display.board.setUpdatesEnabled(False)
    display.arrive(*simple_order(1))
    display.session.set_status(complete_to=4822, head=4822)
    assert display.board.on_glass is None
    assert display.session.showing.said == []
    display.board.setUpdatesEnabled(True)
    paint(display)
    assert display.session.showing.said[-1] == {"o1"}


def test_a_change_that_no_ticket_shows_is_announced_without_a_paint(
    display: KitchenDisplay,
) -> None:
    paint(display)
    display.session.showing.said.clear()
    display.session.set_status(complete_to=4822, head=4822)
    assert display.session.showing.said == [frozenset()]


def test_a_changed_line_has_to_be_painted_again(display: KitchenDisplay) -> None:
    display.arrive(*simple_order(1))
    paint(display)
    line = display.session.store.row("order_lines", "o1-1")
    assert line is not None
    display.board.setUpdatesEnabled(False)
    display.arrive(("order_lines", {**line, "note": "well done"}))
    assert display.board.on_glass is None
    display.board.setUpdatesEnabled(True)
    paint(display)
    assert display.board.on_glass == {"o1"}


def test_changes_that_wait_for_the_next_frame_are_not_vouched_for(
    display: KitchenDisplay, monkeypatch: pytest.MonkeyPatch
) -> None:
    paint(display)
    session, frame = display.session, display.screen.tickets._frame
    monkeypatch.setattr(frame, "_last", float("-inf"))
    monkeypatch.setattr(frame, "_now", lambda: 0.0)  # both arrive within one frame
    for number in (1, 2):
        session.put(*simple_order(number))
    assert display.screen.tickets.behind
    session.showing.said.clear()
    display.board.viewport().repaint()
    assert session.showing.said == []
    display.screen.tickets.flush()
    paint(display)
    assert session.showing.said[-1] == {"o1", "o2"}


def test_orders_of_another_page_are_not_on_the_glass(display: KitchenDisplay) -> None:
    display.arrive(*(row for number in range(80) for row in simple_order(number, 5)))
    paint(display)
    first = display.board.on_glass
    assert display.board.pages > 1
    assert first is not None
    display.board.set_page(display.board.pages - 1)
    assert display.board.on_glass is None
    paint(display)
    last = display.session.showing.said[-1]
    assert last
    assert not first & last


def test_a_hidden_board_takes_its_word_back(display: KitchenDisplay) -> None:
    paint(display)
    assert display.session.showing.seen
    display.screen.hide()
    assert not display.session.showing.seen
    assert display.board.on_glass is None


def test_a_minimised_board_takes_its_word_back(display: KitchenDisplay, qtbot: QtBot) -> None:
    paint(display)
    display.screen.setWindowState(Qt.WindowState.WindowMinimized)
    qtbot.waitUntil(lambda: not display.session.showing.seen)
    assert display.board.on_glass is None


def test_a_look_at_the_ages_does_not_make_the_board_unpainted(display: KitchenDisplay) -> None:
    display.arrive(*simple_order(1, age_s=600))
    paint(display)
    assert isinstance(display.session, LocalSession)
    display.board.tick()
    assert display.board.on_glass == {"o1"}
