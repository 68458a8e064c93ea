"""Courses, promised times and VIP while an order is taken."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kds.domain.cart import Cart
from kds.domain.quote import Quote
from kds.ui.pos.till import Till
from kds.ui.theme import LIGHT, apply_theme
from tests.component.ui_pos.test_till import press, settle, tap
from tests.support.pos import Desk
from tests.support.screens import exposed

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


def test_an_order_as_usual_shows_nothing_of_courses_or_times(till: Till) -> None:
    tap(till.menu.tiles["hawaiian"].buttons[0])
    assert not till.course.isVisible()
    assert (till.cart.timing_text, till.cart.quote) == ("", "")


async def test_everything_is_set_by_taps_and_sent_with_the_order(till: Till, desk: Desk) -> None:
    tap(till.menu.tiles["hawaiian"].buttons[0])
    tap(till.cart.when)
    sheet = till.timing
    assert sheet.isVisible()
    tap(sheet.vip)
    sheet.pacing.choose("auto")
    tap(sheet.together)
    tap(sheet.promises[20])
    assert sheet.said == "Promised at 18:50"
    tap(sheet.done)
    assert till.cart.timing_text == "VIP · Course by course · end together · promised 18:50"
    till.send()
    await settle()
    order = next(iter(desk.store.rows("orders").values()))
    kept = [order[name] for name in ("vip", "pacing", "together", "promised_at")]
    assert kept == [True, "auto", True, "2026-03-14T18:50:00+00:00"]
    assert till.cart.timing_text == ""


def test_a_time_of_the_day_is_typed(till: Till, desk: Desk) -> None:
    press(till, Key.Key_O, CTRL)
    QTest.keyClicks(till.timing.at, "19:30")
    QTest.keyClick(till.timing.at, Key.Key_Return)
    assert till.entry.cart.promised_at == desk.now() + timedelta(hours=1)
    tap(till.timing.none)
    assert till.entry.cart.promised_at is None


def test_no_time_is_said_and_promises_nothing(till: Till) -> None:
    till.timing.open()
    QTest.keyClicks(till.timing.at, "soon")
    QTest.keyClick(till.timing.at, Key.Key_Return)
    assert till.timing.said == "Type a time of the day: 19:30"
    assert till.entry.cart.promised_at is None


def test_what_follows_is_of_the_course_that_a_tap_or_a_key_has_chosen(till: Till) -> None:
    tap(till.menu.tiles["hawaiian"].buttons[0])
    press(till, Key.Key_Period, CTRL)
    tap(till.menu.tiles["hawaiian"].buttons[0])
    assert till.course.isVisible()
    till.course.choose("3")
    tap(till.menu.tiles["water"].buttons[0])
    press(till, Key.Key_Comma, CTRL)
    assert till.entry.course == 2
    assert [(line.name, line.course) for line in till.entry.cart.lines] == [
        ("Hawaiian", 1),
        ("Hawaiian", 2),
        ("Water", 3),
    ]


async def test_the_next_order_begins_with_the_first_course(till: Till) -> None:
    till.entry.set_course(3)
    tap(till.menu.tiles["water"].buttons[0])
    till.send()
    await settle()
    assert (till.entry.course, till.course.isVisible()) == (1, False)


def test_a_line_goes_to_another_course_in_its_sheet(till: Till) -> None:
    tap(till.menu.tiles["water"].buttons[0])
    till._ask_line(till.entry.cart.lines[0].id)
    till.options.course.choose("2")
    tap(till.options.save)
    assert [line.course for line in till.entry.cart.lines] == [2]
    assert till.course.isVisible()


def test_the_quoted_time_stands_beside_the_button_and_follows_the_order(
    qtbot: QtBot, desk: Desk
) -> None:
    def quote(cart: Cart) -> Quote | None:
        return Quote(840, 1320) if cart.count < 3 else None

    screen = Till(desk, quote=quote)  # type: ignore[arg-type]
    qtbot.addWidget(screen)
    assert screen.cart.quote == ""
    item = desk.store.rows("menu_items")["water"]
    screen.entry.add(item, "")
    assert screen.cart.quote == "about 14 min, 22 at most"
    screen.entry.add(item, "", 5)
    assert screen.cart.quote == ""


def test_more_for_an_order_that_was_sent_has_no_timing_of_its_own(till: Till, desk: Desk) -> None:
    till.add_to(desk.order("A-009"))
    press(till, Key.Key_O, CTRL)
    assert not till.timing.isVisible()
    assert not till.cart.when.isVisible()


def test_lines_stay_in_sight_on_a_small_screen_with_courses_and_a_promise(
    qtbot: QtBot, desk: Desk, qapp: QApplication
) -> None:
    apply_theme(qapp, LIGHT, 0.78)
    small = exposed(qtbot, Till(desk), 1200, 510)  # type: ignore[arg-type]
    for item in ("hawaiian", "margherita", "water"):
        small._add(item, desk.store.row("menu_items", item)["variants"][0]["name"], 1)
    small.entry.set_course(2)
    small.entry.set_promise(desk.now())
    QApplication.processEvents()
    first = next(iter(small.cart.lines.values()))
    assert first.parentWidget().parentWidget().height() >= 3 * first.height()
    assert small.height() == 510  # nothing has made the window larger
