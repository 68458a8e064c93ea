"""The board as it was set up: columns, text size, direction; and what the clock repaints."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QImage, QPaintEvent, QRegion
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kds.base.clock import ManualClock
from kds.domain.tickets import Ticket
from kds.ui.kitchen import view
from kds.ui.kitchen.board import Hit
from kds.ui.kitchen.view import BoardView
from kds.ui.models.keyed import KeyedListModel
from kds.ui.theme import DARK, apply_theme
from tests.support.qt import NOON
from tests.support.tickets import after, every_kind, line, ticket


class Painted(QObject):
    """The region that a widget has repainted."""

    def __init__(self) -> None:
        super().__init__()
        self.region = QRegion()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.region += event.region()
        return False


class Glass:
    """A board of hand-made tickets at noon."""

    def __init__(self, qtbot: QtBot) -> None:
        self.clock = ManualClock(NOON)
        self.model: KeyedListModel[Ticket] = KeyedListModel(
            lambda one: one.order_id, lambda one: one.order_id, {}
        )
        self.view = BoardView(self.model, self.clock.now)
        qtbot.addWidget(self.view)
        self.view.resize(1280, 600)
        with qtbot.waitExposed(self.view):
            self.view.show()

    def show(self, *tickets: Ticket) -> None:
        self.model.sync(tickets)
        self.paint()

    def paint(self) -> None:
        for _ in range(3):
            QApplication.processEvents()

    def ticked(self, seconds: float) -> QRegion:
        """What is repainted when the clock has moved on."""
        watch = Painted()
        self.view.viewport().installEventFilter(watch)
        self.clock.advance(seconds)
        self.view.tick()
        QApplication.processEvents()
        self.view.viewport().removeEventFilter(watch)
        return watch.region

    def photo(self) -> QImage:
        """What is on the screen now, with nothing painted for it."""
        return self.view.screen().grabWindow(self.view.winId()).toImage()

    @property
    def columns(self) -> int:
        page = self.view.board.page(self.view.page)
        return 1 + max(part.column for part in page)

    def left(self, key: str) -> float:
        return next(self.view.board.boxes_of(key, self.view.page)).left()


@pytest.fixture
def glass(qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Glass]:
    monkeypatch.setattr(view, "TICK_MS", 3_600_000)  # the tests tick by themselves
    apply_theme(qapp, DARK, 0.78)
    yield Glass(qtbot)
    apply_theme(qapp, DARK)


def crowd(count: int, lines: int = 2) -> list[Ticket]:
    return [
        ticket(f"{n:03d}", *(line(f"{n}-{m}") for m in range(lines))) for n in range(1, count + 1)
    ]


# -- columns and text ---------------------------------------------------------------------


def test_as_many_columns_as_fit_unless_some_are_asked_for(glass: Glass) -> None:
    glass.show(*crowd(60))
    assert glass.columns == 4
    glass.view.set_display(2, "m")
    assert glass.columns == 2
    glass.view.set_display(0, "m")
    assert glass.columns == 4


def test_more_columns_than_can_be_read_are_not_made(glass: Glass) -> None:
    glass.show(*crowd(60))
    glass.view.set_display(99, "m")
    assert glass.columns == 6


def test_a_larger_text_makes_larger_tickets(glass: Glass) -> None:
    glass.show(*crowd(1))
    heights = []
    for size in ("s", "m", "l", "xl"):
        glass.view.set_display(1, size)
        heights.append(glass.view.board.page(0)[0].height)
    assert heights == sorted(set(heights))


def test_thirty_tickets_are_readable_at_once_on_a_small_screen(glass: Glass) -> None:
    glass.view.set_display(0, "s")
    glass.show(*crowd(30))
    assert glass.view.pages == 1


def test_what_was_being_read_stays_on_the_screen_when_the_text_grows(glass: Glass) -> None:
    glass.show(*crowd(80))
    glass.view.set_page(2)
    first = glass.view.board.tickets_on(2)[0]
    glass.view.set_display(0, "xl")
    assert first in glass.view.board.tickets_on(glass.view.page)
    glass.view.set_display(3, "s")
    assert first in glass.view.board.tickets_on(glass.view.page)


def test_the_same_display_again_moves_nothing(glass: Glass) -> None:
    glass.show(*crowd(3))
    glass.view.set_display(0, "m")
    assert glass.view.on_glass is not None


# -- direction ----------------------------------------------------------------------------


def test_a_board_that_reads_from_the_right_begins_there(glass: Glass) -> None:
    glass.show(*crowd(8))
    width = glass.view.viewport().width()
    begins = glass.left("001")
    assert begins < width / 4
    glass.view.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    glass.paint()
    box = next(glass.view.board.boxes_of("001", 0))
    assert width - box.right() == pytest.approx(begins)
    assert glass.view.board.hit(box.center(), 0) is not None


def test_arrows_follow_the_direction_of_reading(glass: Glass) -> None:
    glass.show(*crowd(8))
    glass.view.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    glass.view.walk("left")
    glass.view.walk("left")
    assert glass.view.here == Hit("002")


# -- the clock ----------------------------------------------------------------------------


def row_box(glass: Glass, key: str, number: int) -> tuple[int, int]:
    (part,) = (part for part in glass.view.board.page(0) if part.key == key)
    box = glass.view.board.box(part)
    rows = dict(glass.view.board.sheet(key).row_boxes(part, box))
    return int(rows[number].top()), int(rows[number].bottom())


def test_a_countdown_repaints_its_row_and_the_age_alone(glass: Glass) -> None:
    glass.show(ticket("001", line("a"), line("b", fire_at=after(60)), line("c")))
    region = glass.ticked(1)
    top, bottom = row_box(glass, "001", 1)
    head = glass.view.board.sheet("001").header.height(0)
    below = [rect for rect in region if rect.top() > head + glass.view.board.box(
        glass.view.board.page(0)[0]).top()]  # fmt: skip
    assert below
    assert all(top - 1 <= rect.top() and rect.bottom() <= bottom + 1 for rect in below)


def test_a_line_whose_time_has_come_is_painted_as_one_to_be_made(glass: Glass) -> None:
    glass.show(ticket("001", line("a"), line("b", fire_at=after(60))))
    waiting = glass.photo()
    top, _ = row_box(glass, "001", 1)
    glass.ticked(60)
    made = glass.photo()
    assert waiting.pixelColor(200, top + 4).name().upper() == DARK.sunken
    assert made.pixelColor(200, top + 4).name().upper() == DARK.surface


def test_an_hour_of_ticks_never_repaints_the_whole_board(glass: Glass) -> None:
    glass.show(*every_kind())
    whole = glass.view.viewport().width() * glass.view.viewport().height()
    for _ in range(20):
        region = glass.ticked(180)
        assert sum(rect.width() * rect.height() for rect in region) < whole


def test_what_the_clock_repaints_looks_as_if_all_had_been_painted(glass: Glass) -> None:
    glass.show(*every_kind())
    for seconds in (1, 59, 61, 130):
        glass.ticked(seconds)
        kept = glass.photo()
        glass.view.viewport().update()
        glass.paint()
        assert glass.photo() == kept


def test_a_ticket_that_grows_repaints_its_own_column_alone(glass: Glass) -> None:
    crowded = crowd(8)
    glass.show(*crowded)
    assert glass.columns > 1
    watch, last = Painted(), crowded[-1]
    glass.view.viewport().installEventFilter(watch)
    glass.model.upsert([replace(last, lines=(*last.lines, line("more")))])
    glass.paint()
    glass.view.viewport().removeEventFilter(watch)
    assert not watch.region.isEmpty()
    first = next(glass.view.board.boxes_of(crowded[0].order_id, 0)).toAlignedRect()
    assert not watch.region.intersects(first)
