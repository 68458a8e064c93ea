"""The attention sheet under a cashier's hands, on the page of a till."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kds.app.pages import Page
from kds.domain.cart import Cart, CartLine
from kds.domain.notices import Notice
from kds.domain.rows import Role
from kds.session.attention import Stuck, Theirs
from kds.ui.attention.sheet import AttentionSheet
from kds.ui.notices.screen import NoticesScreen
from kds.ui.pos.till import Till
from kds.ui.theme import LIGHT, apply_theme
from tests.component.ui_pos.test_till import settle, tap
from tests.support.pos import START, Desk

Key = Qt.Key
MORE = Stuck(
    "op-1",
    "add_lines",
    "order-1",
    "A-017",
    "Add 2 x Margherita M",
    "The order is closed.",
    "Mia",
    START,
    "rejected",
    ("Close the order",),
    editable=True,
)
VOID = Stuck(
    "op-2",
    "void_line",
    "order-2",
    "A-021",
    "Void 1 x Hawaiian L",
    "It is ready already.",
    "Mia",
    START + timedelta(minutes=1),
    "conflict",
    theirs=Theirs("bumped Hawaiian", "Anna", "Pass", START),
)
PAYMENT = Stuck(
    "op-3",
    "pay",
    "order-3",
    "A-019",
    "Take $24.00 in cash",
    "Unknown order.",
    "Mia",
    START + timedelta(minutes=2),
    "rejected",
    money=2400,
    tender="in cash",
)
LINES = Cart((CartLine("n1", "margherita", "Margherita", "M", "classic", 2, 1250),), table_name="4")


def page_of(desk: Desk, role: Role) -> Page:
    made = Page(desk, role, "Front till")  # type: ignore[arg-type]
    made.widget.resize(1280, 720)
    made.widget.show()
    return made


@pytest.fixture
def desk(qapp: QApplication) -> Desk:
    apply_theme(qapp, LIGHT)
    desk = Desk()
    desk.attention.carts = {"op-1": LINES}
    desk.attention.say(MORE, VOID, PAYMENT)
    desk.set_status(blocked=4)
    return desk


@pytest.fixture
def page(qtbot: QtBot, desk: Desk) -> Page:
    made = page_of(desk, "pos")
    qtbot.addWidget(made.widget)
    made.widget.activateWindow()
    qtbot.waitUntil(made.widget.isActiveWindow)
    return made


@pytest.fixture
def sheet(page: Page) -> AttentionSheet:
    page.attention.open_at()
    return page.attention


@pytest.fixture
def till(page: Page) -> Till:
    found = page.widget.screen_widget(0)
    assert isinstance(found, Till)
    return found


def press(page: Page, key: Key) -> None:
    QTest.keyClick(page.widget.focusWidget() or page.widget, key)


# -- finding it ---------------------------------------------------------------------------


def test_the_pill_in_the_top_bar_opens_it(page: Page) -> None:
    assert page.attention.isHidden()
    tap(page.widget.top_bar.waiting)
    assert page.attention.isVisible()


def test_a_pill_of_what_merely_waits_explains_the_connection(page: Page, desk: Desk) -> None:
    desk.attention.say()
    page.widget.top_bar.waiting_tapped.emit()
    assert page.attention.isHidden()
    assert page.widget.connection_panel.isVisible()


async def test_a_notice_opens_it_at_the_op_it_tells_of(page: Page, desk: Desk) -> None:
    desk.notices.say(Notice("refused:op-3", "refused", "Not accepted", "", START, "order-3"))
    page.widget.show_where("notices")
    notices = page.widget.stack.currentWidget()
    assert isinstance(notices, NoticesScreen)
    notices.list.activated.emit(notices.model.index(0, 0))
    assert page.attention.isVisible()
    assert page.attention.shown == PAYMENT
    await settle()


def test_it_leaves_the_bars_in_sight(page: Page, sheet: AttentionSheet) -> None:
    stack = page.widget.stack
    top = sheet.mapTo(page.widget, QPoint(0, 0)).y()
    assert top == stack.mapTo(page.widget, QPoint(0, 0)).y()
    assert sheet.size() == stack.size()


def test_nothing_to_decide_is_said(page: Page, sheet: AttentionSheet, desk: Desk) -> None:
    desk.attention.say()
    assert sheet.shown is None
    assert sheet._nothing.isVisible()
    assert sheet._nothing.title == "Nothing needs you."


@pytest.mark.parametrize("role", ["kitchen", "manager"])
def test_a_screen_without_a_till_offers_everything_but_to_edit(qtbot: QtBot, role: Role) -> None:
    desk = Desk(role)
    desk.attention.say(MORE)
    page = page_of(desk, role)
    qtbot.addWidget(page.widget)
    page.widget.activateWindow()
    qtbot.waitUntil(page.widget.isActiveWindow)
    focus = page.widget.focusWidget() or page.widget
    QTest.keyClick(focus, Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert page.attention.isVisible()
    choices = page.attention.choices
    assert choices.edit_button.isHidden()
    assert choices.retry_button.isVisible()
    assert choices.discard_button.isVisible()


# -- reading it ---------------------------------------------------------------------------


def test_an_op_tells_what_was_wanted_why_not_and_what_waits(sheet: AttentionSheet) -> None:
    assert sheet.detail.title == "Add 2 x Margherita M"
    assert sheet.detail.reason == "The order is closed."
    assert "Close the order" in sheet.detail.behind
    assert sheet.choices.theirs_button.isHidden()


def test_a_conflict_shows_both_sides(page: Page, sheet: AttentionSheet) -> None:
    press(page, Key.Key_Down)
    assert sheet.shown == VOID
    assert sheet.detail.reason.startswith("Anna bumped Hawaiian on Pass at 18:30:00.")
    assert sheet.detail.yours.said == ("Void 1 x Hawaiian L", "Mia", "This screen", "18:31:00")
    assert sheet.detail.theirs.said == ("Bumped Hawaiian", "Anna", "Pass", "18:30:00")
    assert "waste" in sheet.detail.yours.means
    assert sheet.detail.theirs.marked == ("What", "Who", "Where", "When")
    assert sheet.detail.yours.width() == pytest.approx(sheet.detail.theirs.width(), abs=1)
    assert sheet.choices.retry_button.isHidden()


def test_every_button_is_as_large_as_a_thumb(sheet: AttentionSheet) -> None:
    for button in (*sheet.choices.keys.values(), *sheet.why.buttons, sheet.said.button):
        assert button.sizeHint().height() >= 56


def test_being_offline_is_said_with_what_it_means(sheet: AttentionSheet, desk: Desk) -> None:
    assert sheet._offline.isHidden()
    desk.set_status(link="reconnecting")
    assert sheet._offline.isVisible()
    assert "sent when it is back" in sheet._offline.text()


def test_news_from_elsewhere_does_not_move_the_reader(sheet: AttentionSheet, desk: Desk) -> None:
    sheet.open_at("op-2")
    desk.attention.say(VOID, PAYMENT)
    assert sheet.shown == VOID


# -- deciding -----------------------------------------------------------------------------


async def test_letters_and_enter_decide(page: Page, sheet: AttentionSheet, desk: Desk) -> None:
    press(page, Key.Key_T)
    await settle()
    assert sheet.said.text.startswith("Sent again: A-017, Add 2 x Margherita M.")
    assert sheet.shown == VOID
    press(page, Key.Key_K)
    await settle()
    press(page, Key.Key_Return)
    await settle()
    assert desk.attention.done[2:] == []  # the first Enter only goes to the buttons
    press(page, Key.Key_Return)
    await settle()
    assert desk.attention.done == [
        ("retry", "op-1"),
        ("choose", "op-2", "remote"),
        ("retry", "op-3"),
    ]


async def test_doing_it_anyway_cannot_be_taken_back(sheet: AttentionSheet, desk: Desk) -> None:
    sheet.open_at("op-2")
    tap(sheet.choices.mine_button)
    await settle()
    assert desk.attention.done == [("choose", "op-2", "local")]
    assert sheet.said.button.isHidden()


async def test_a_quick_reason_discards_and_undo_asks_again(
    page: Page, sheet: AttentionSheet, desk: Desk
) -> None:
    press(page, Key.Key_D)
    assert sheet.why.question == "Discard “Add 2 x Margherita M”?"
    press(page, Key.Key_3)
    await settle()
    assert sheet.said.text.startswith("Discarded: A-017")
    press(page, Key.Key_Z)
    await settle()
    assert desk.attention.done == [("discard", "op-1", "Sent twice"), ("undo", "op-1")]


async def test_money_is_discarded_only_with_a_typed_reason(
    page: Page, sheet: AttentionSheet, desk: Desk
) -> None:
    sheet.open_at("op-3")
    press(page, Key.Key_D)
    assert sheet.why.question == "Discard $24.00 taken in cash?"
    assert not any(button.isVisible() for button in sheet.why.buttons)
    assert not sheet.why.do.isEnabled()
    QTest.keyClicks(sheet.why.other, "  ")
    press(page, Key.Key_Return)
    assert not sheet.why.do.isEnabled()
    QTest.keyClicks(sheet.why.other, "1 tip jar")  # keys of reasons are letters here
    tap(sheet.why.do)
    await settle()
    assert desk.attention.done == [("discard", "op-3", "1 tip jar")]


async def test_a_decision_that_cannot_be_kept_says_so(sheet: AttentionSheet, desk: Desk) -> None:
    desk.attention.fails = "The disk is full."
    tap(sheet.choices.retry_button)
    await settle()
    assert sheet.said.text == "The disk is full."
    assert sheet.shown == MORE
    assert sheet.choices.retry_button.isEnabled()


async def test_one_tap_decides_once(sheet: AttentionSheet, desk: Desk) -> None:
    tap(sheet.choices.retry_button)
    tap(sheet.choices.retry_button)
    await settle()
    assert desk.attention.done == [("retry", "op-1")]


def test_a_reason_is_not_given_to_another_op(page: Page, sheet: AttentionSheet, desk: Desk) -> None:
    press(page, Key.Key_D)
    desk.attention.say(VOID, PAYMENT)
    assert sheet.why.isHidden()
    assert desk.attention.done == []


# -- leaving it ---------------------------------------------------------------------------


def test_escape_leaves_the_question_first_and_decides_nothing(
    page: Page, sheet: AttentionSheet, desk: Desk
) -> None:
    press(page, Key.Key_D)
    press(page, Key.Key_Escape)
    assert sheet.isVisible()
    assert sheet.why.isHidden()
    press(page, Key.Key_Escape)
    assert sheet.isHidden()
    assert desk.attention.done == []


def test_a_tap_beside_it_closes_nothing(sheet: AttentionSheet) -> None:
    tap(sheet, QPoint(5, 5))
    assert sheet.isVisible()


def test_going_to_another_screen_puts_it_away(page: Page, sheet: AttentionSheet) -> None:
    press(page, Key.Key_F2)
    assert page.widget.current.where == "orders"
    assert sheet.isHidden()


# -- editing ------------------------------------------------------------------------------


async def test_edit_brings_the_lines_to_the_cart_and_sending_replaces_the_op(
    page: Page, sheet: AttentionSheet, till: Till, desk: Desk
) -> None:
    press(page, Key.Key_E)
    assert sheet.isHidden()
    assert [line.name for line in till.entry.cart.lines] == ["Margherita"]
    assert till.cart.mark.startswith("Refused before")
    assert "become a new one" in till.toast.text
    assert desk.attention.done == []
    till.send()
    await settle()
    assert desk.attention.done == [("take_back", "op-1")]
    assert till.cart.mark == ""


def test_what_is_in_the_cart_is_decided_there(
    page: Page, sheet: AttentionSheet, till: Till
) -> None:
    press(page, Key.Key_E)
    sheet.open_at("op-1")
    assert not sheet.choices.retry_button.isEnabled()
    assert not sheet.choices.discard_button.isEnabled()
    press(page, Key.Key_E)
    assert sheet.isHidden()
    assert till.entry.cart.count == 2
    till.entry.clear()
    sheet.open_at("op-1")
    assert sheet.choices.retry_button.isEnabled()


def test_more_lines_for_an_open_order_go_to_it(page: Page, till: Till, desk: Desk) -> None:
    order_id = desk.order("A-017")
    desk.attention.say(
        Stuck("op-1", "add_lines", order_id, "A-017", "Add", "No.", "Mia", START, "rejected")
    )
    page.attention.edit.emit("op-1")
    assert till.entry.target is not None
    assert till.entry.target.number == "A-017"


def test_an_order_in_progress_is_never_overwritten(
    page: Page, sheet: AttentionSheet, till: Till
) -> None:
    till._add("hawaiian", "L", 1)
    mine = till.entry.cart
    press(page, Key.Key_E)
    assert till.room.isVisible()
    assert till.entry.cart == mine
    press(page, Key.Key_Escape)
    assert till.entry.cart == mine
    till.edit("op-1")
    press(page, Key.Key_P)
    assert till.entry.cart == LINES
    assert "1 parked" in till.cart.mark
    till.entry.clear()
    assert till.entry.cart == mine
    till.edit("op-1")
    press(page, Key.Key_A)
    assert till.entry.cart.count == 3
