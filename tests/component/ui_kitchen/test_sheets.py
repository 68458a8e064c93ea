"""The sheets of the kitchen screen, by keys alone and by touch alone, through the real verbs."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QInputDevice, QKeyEvent, QPointingDevice
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from kds.base.clock import to_iso
from kds.ui.kit import Button
from kds.ui.kitchen.acts import Acts
from kds.ui.kitchen.display import KEPT_AS, Display
from tests.support.kitchen_display import KitchenDisplay
from tests.support.qt import NOON, line_row, simple_order

Key = Qt.Key


@pytest.fixture(scope="module")
def touchscreen(qapp: QApplication) -> QPointingDevice:
    return QTest.createTouchDevice(QInputDevice.DeviceType.TouchScreen)


class Finger:
    """Touches what is under a point of the window, as the screen's driver reports it."""

    def __init__(self, display: KitchenDisplay, device: QPointingDevice, qtbot: QtBot) -> None:
        self._display, self._device, self._qtbot = display, device, qtbot

    async def tap(self, widget: QWidget, point: QPoint | None = None) -> None:
        self.down(widget, point)
        self.up(widget, point)
        await self._display.settle()

    def down(self, widget: QWidget, point: QPoint | None = None) -> None:
        self._event(widget, point).press(0, self._where(widget, point)).commit()

    def up(self, widget: QWidget, point: QPoint | None = None) -> None:
        self._event(widget, point).release(0, self._where(widget, point)).commit()

    def hold(self, widget: QWidget, point: QPoint) -> None:
        """Press until the ticket's sheet is there, then let go."""
        sheet = self._display.screen.work.ticket
        self.down(widget, point)
        self._qtbot.waitUntil(sheet.isVisible)
        self.up(widget, point)

    def _event(self, widget: QWidget, point: QPoint | None):  # type: ignore[no-untyped-def]
        handle = self._display.screen.window().windowHandle()
        return QTest.touchEvent(handle, self._device, False)

    def _where(self, widget: QWidget, point: QPoint | None) -> QPoint:
        return widget.mapTo(widget.window(), point or widget.rect().center())


@pytest.fixture
def finger(display: KitchenDisplay, touchscreen: QPointingDevice, qtbot: QtBot) -> Finger:
    return Finger(display, touchscreen, qtbot)


def verbs(display: KitchenDisplay) -> list[str]:
    return [command.kind for command in display.session.commands]


def last(display: KitchenDisplay) -> dict[str, object]:
    return display.session.commands[-1].args


def button(sheet: QWidget, text: str) -> Button:
    found = [one for one in sheet.findChildren(Button) if one.accessibleName() == text]
    found += [one for one in sheet.findChildren(Button) if one.text() == text]
    visible = [one for one in found if one.isVisibleTo(sheet)]
    assert visible, text
    return visible[0]


def offered(display: KitchenDisplay) -> list[str]:
    return [one.words for one in display.screen.work.ticket.acts.buttons]


def rushed(display: KitchenDisplay) -> bool:
    row = display.session.store.row("orders", "o1")
    assert row is not None
    return bool(row["rush"])


def change(display: KitchenDisplay, line_id: str, **fields: object) -> None:
    row = display.session.store.row("order_lines", line_id)
    assert row is not None
    display.arrive(("order_lines", {**row, **fields}))


def flagged(flag: str, **fields: object) -> dict[str, object]:
    return {"flag": flag, "flag_at": to_iso(NOON), "seen_by": [], **fields}


# -- by keys alone ------------------------------------------------------------------------


async def test_a_ticket_is_worked_from_its_sheet_by_keys(display: KitchenDisplay) -> None:
    display.arrive(*simple_order(1, 2))
    await display.press(Key.Key_Down, Key.Key_M)
    assert display.screen.work.ticket.order_id == "o1"
    assert offered(display)[:3] == ["Start all", "Bump all", "Rush"]
    await display.press(Key.Key_2)
    assert display.acts == [("bump", "o1", ["o1-1", "o1-2"])]
    assert display.board.hasFocus()


async def test_arrows_and_enter_choose_lines_for_a_partial_bump(display: KitchenDisplay) -> None:
    display.arrive(*simple_order(1, 3))
    await display.press(Key.Key_Down, Key.Key_M)
    await display.press(Key.Key_Left, Key.Key_Return, Key.Key_Down, Key.Key_Down, Key.Key_Return)
    assert "Bump 2 lines" in offered(display)
    await display.press(Key.Key_Right, Key.Key_Down, Key.Key_Return)
    assert display.acts == [("bump", "o1", ["o1-1", "o1-3"])]
    assert display.screen.toast.text == "A-001: 2 lines done"
    await display.press(Key.Key_U)
    assert display.states("o1") == ["sent", "sent", "sent"]


async def test_a_question_is_asked_in_three_keys(display: KitchenDisplay) -> None:
    display.arrive(*simple_order(1))
    await display.press(Key.Key_Down, Key.Key_Q, Key.Key_3)
    question = last(display)["question"]
    assert isinstance(question, dict)
    assert (question["text"], question["options"]) == ("Can it wait?", ["Yes", "No"])
    assert display.screen.toast.text == "A-001: front of house is asked"


async def test_a_question_of_ones_own_is_typed_and_names_the_dish(display: KitchenDisplay) -> None:
    display.arrive(*simple_order(1))
    await display.press(Key.Key_Down, Key.Key_Down, Key.Key_Q)
    await display.press(Key.Key_B, Key.Key_I, Key.Key_G, Key.Key_Space, Key.Key_1, Key.Key_Return)
    question = last(display)["question"]
    assert isinstance(question, dict)
    assert question["text"] == "Hawaiian M: Big 1"


async def test_every_key_of_an_act_takes_effect_and_can_be_undone(display: KitchenDisplay) -> None:
    display.arrive(*simple_order(1, 1))
    for key, there, back in (
        (Key.Key_X, "mark", "mark"),
        (Key.Key_H, "hold", "fire"),
        (Key.Key_O, "eighty_six", "eighty_six"),
    ):
        before = display.session.store.row("orders", "o1"), display.session.store.lines_of("o1")
        await display.press(Key.Key_Down, key, Key.Key_U)
        assert verbs(display)[-2:] == [there, back]
        display.screen.tickets.flush()
        assert display.session.store.row("orders", "o1") == before[0]
        held = [line.get("held", False) for line in display.session.store.lines_of("o1")]
        assert held == [False]
    item = display.session.store.row("menu_items", "hawaiian")
    assert item is not None
    assert item["out_since"] is None


async def test_an_act_without_a_ticket_says_what_is_missing(display: KitchenDisplay) -> None:
    display.arrive(*simple_order(1))
    await display.press(Key.Key_X)
    assert display.screen.toast.text == "Choose a ticket first: press an arrow"
    assert verbs(display) == []


async def test_several_dishes_are_not_86d_by_one_key(display: KitchenDisplay) -> None:
    display.arrive(*simple_order(1, 1), ("order_lines", line_row("c", "o1", 2, item_id="cola")))
    await display.press(Key.Key_Down, Key.Key_O)
    assert verbs(display) == []
    assert display.screen.work.ticket.order_id == "o1"


async def test_undo_takes_back_two_quick_acts_one_after_the_other(display: KitchenDisplay) -> None:
    display.arrive(*simple_order(1, 3))
    await display.tap_line("o1", "o1-1")
    await display.tap_line("o1", "o1-2")
    await display.press(Key.Key_U)
    assert display.states("o1") == ["ready", "sent", "sent"]
    await display.press(Key.Key_U)
    assert display.states("o1") == ["sent", "sent", "sent"]


async def test_what_is_older_than_five_seconds_is_not_offered_again(
    display: KitchenDisplay,
) -> None:
    display.arrive(*simple_order(1, 3))
    await display.tap_line("o1", "o1-1")
    display.session.clock.advance(6)
    await display.tap_line("o1", "o1-2")
    await display.press(Key.Key_U, Key.Key_U)
    assert display.states("o1") == ["ready", "sent", "sent"]


async def test_the_recall_list_is_searched_by_typing(display: KitchenDisplay) -> None:
    for number in range(1, 13):
        display.arrive(*simple_order(number, 1))
    await display.press(*[Key.Key_1] * 9)
    await display.press(Key.Key_R, Key.Key_0, Key.Key_0, Key.Key_4)
    sheet = display.screen.work.recall
    assert [row.bumped.number for row in sheet.rows] == ["A-004"]
    await display.press(Key.Key_9)
    assert sheet.rows == []
    await display.press(Key.Key_Backspace, Key.Key_Return)
    assert "o4" in display.shown
    assert display.screen.toast.text == "A-004 is back"
    await display.press(Key.Key_U)
    assert "o4" not in display.shown


async def test_a_recalled_ticket_stands_where_it_stood(display: KitchenDisplay) -> None:
    for number in range(1, 5):
        display.arrive(*simple_order(number, 1, age_s=1000 - number))
    await display.press(Key.Key_3, Key.Key_R, Key.Key_Return)
    assert display.shown == ("o1", "o2", "o3", "o4")


# -- changes ------------------------------------------------------------------------------


async def test_a_change_must_be_seen_before_the_ticket_is_bumped(display: KitchenDisplay) -> None:
    display.arrive(*simple_order(1, 2))
    change(display, "o1-2", **flagged("qty", qty=3, was_qty=1))
    await display.press(Key.Key_1)
    assert display.acts == [("acknowledge", "o1", ["o1-2"])]
    assert display.screen.toast.text == "A-001 changed: look, then bump"
    await display.press(Key.Key_1)
    assert display.acts[-1] == ("bump", "o1", ["o1-1", "o1-2"])


async def test_a_tap_on_a_voided_line_acknowledges_it(display: KitchenDisplay) -> None:
    display.arrive(*simple_order(1, 2))
    change(display, "o1-2", state="void", voided_at=to_iso(NOON), **flagged("void"))
    await display.tap_line("o1", "o1-2")
    assert display.acts == [("acknowledge", "o1", ["o1-2"])]


async def test_verbs_are_for_the_stations_that_the_screen_watches(
    display: KitchenDisplay, qtbot: QtBot
) -> None:
    display.arrive(*simple_order(1, 1))
    await display.press(Key.Key_1, Key.Key_U)
    assert [c.args.get("stations", []) for c in display.session.commands] == [[], []]


async def test_a_held_course_is_not_bumped_but_said_to_be_held(display: KitchenDisplay) -> None:
    display.arrive(*simple_order(1, 1))
    display.arrive(("order_lines", line_row("c", "o1", 2, name="Cake", course=2, held=True)))
    await display.tap_line("o1", "c")
    assert display.screen.toast.text == "A-001 is on hold: fire it first"
    await display.press(Key.Key_Down, Key.Key_F)
    assert last(display) == {"order_id": "o1", "course": 2}


async def test_a_sheet_follows_its_ticket_and_goes_with_it(display: KitchenDisplay) -> None:
    display.arrive(*simple_order(1, 2))
    await display.press(Key.Key_Down, Key.Key_M)
    change(display, "o1-1", **flagged("added"))
    assert offered(display)[0] == "Changes seen"
    display.leave("o1")
    assert display.screen.work.ticket.isHidden()


# -- start, then bump ---------------------------------------------------------------------


async def test_a_first_tap_starts_and_the_second_bumps_where_that_is_chosen(
    display: KitchenDisplay,
) -> None:
    display.screen.set_display(Display(tap="start"))
    display.arrive(*simple_order(1, 2))
    await display.press(Key.Key_1)
    assert display.states("o1") == ["started", "started"]
    await display.press(Key.Key_1)
    assert display.states("o1") == ["ready", "ready"]


async def test_its_own_key_bumps_at_once_all_the_same(display: KitchenDisplay) -> None:
    display.screen.set_display(Display(tap="start"))
    display.arrive(*simple_order(1, 2))
    await display.press(Key.Key_Down, Key.Key_B)
    assert display.states("o1") == ["ready", "ready"]


async def test_starting_what_is_started_does_nothing(display: KitchenDisplay) -> None:
    display.arrive(*simple_order(1, 1))
    await display.press(Key.Key_Down, Key.Key_S, Key.Key_S)
    assert verbs(display) == ["start"]


async def test_a_start_is_taken_back(display: KitchenDisplay) -> None:
    display.arrive(*simple_order(1, 2))
    await display.press(Key.Key_Down, Key.Key_Down, Key.Key_S, Key.Key_Up, Key.Key_S)
    assert display.states("o1") == ["started", "started"]
    await display.press(Key.Key_U)
    assert display.states("o1") == ["started", "sent"]
    await display.press(Key.Key_U)
    assert display.states("o1") == ["sent", "sent"]


# -- by touch alone -----------------------------------------------------------------------


async def test_a_finger_bumps_a_line_and_takes_it_back(
    display: KitchenDisplay, finger: Finger
) -> None:
    display.arrive(*simple_order(1, 2))
    await finger.tap(display.board.viewport(), display.line_point("o1", "o1-1"))
    assert display.states("o1") == ["ready", "sent"]
    await finger.tap(button(display.screen.toast, "Undo"))
    assert display.states("o1") == ["sent", "sent"]


async def test_a_long_press_opens_the_ticket_and_bumps_nothing(
    display: KitchenDisplay, finger: Finger
) -> None:
    display.arrive(*simple_order(1, 2))
    finger.hold(display.board.viewport(), display.header_point("o1"))
    await display.settle()
    assert verbs(display) == []
    await finger.tap(button(display.screen.work.ticket, "Rush"))
    assert rushed(display)
    await finger.tap(button(display.screen.toast, "Undo"))
    assert not rushed(display)


async def test_a_long_press_on_a_line_chooses_it(display: KitchenDisplay, finger: Finger) -> None:
    display.arrive(*simple_order(1, 2))
    finger.hold(display.board.viewport(), display.line_point("o1", "o1-2"))
    await finger.tap(button(display.screen.work.ticket, "86 Pizza 2"))
    assert last(display) == {"item_id": "hawaiian", "out": True}


async def test_the_right_button_opens_the_ticket_too(display: KitchenDisplay) -> None:
    display.arrive(*simple_order(1, 1))
    viewport, point = display.board.viewport(), display.header_point("o1")
    QTest.mouseClick(viewport, Qt.MouseButton.RightButton, pos=point)
    await display.settle()
    assert display.screen.work.ticket.order_id == "o1"
    assert verbs(display) == []


async def test_a_dish_is_found_on_the_screens_own_keyboard(
    display: KitchenDisplay, finger: Finger
) -> None:
    display.arrive(*simple_order(1, 1), *simple_order(2, 1))
    await finger.tap(display.board.viewport(), display.header_point("o1"))
    await finger.tap(display.board.viewport(), display.header_point("o2"))
    await finger.tap(button(display.screen.bar, "Recall"))
    sheet = display.screen.work.recall
    await finger.tap(button(sheet, "Keyboard"))
    for letter in "001":
        await finger.tap(button(sheet.pad, letter))
    assert [row.bumped.number for row in sheet.rows] == ["A-001"]
    await finger.tap(sheet.rows[0])
    assert display.shown == ("o1",)


async def test_a_question_is_written_with_a_finger(display: KitchenDisplay, finger: Finger) -> None:
    display.arrive(*simple_order(1, 1))
    finger.hold(display.board.viewport(), display.header_point("o1"))
    await finger.tap(button(display.screen.work.ticket, "Ask front of house"))
    sheet = display.screen.work.ask
    for letter in "OK":
        await finger.tap(button(sheet.pad, letter))
    await finger.tap(button(sheet, "Ask"))
    question = last(display)["question"]
    assert isinstance(question, dict)
    assert question["text"] == "Ok"


# -- settings -----------------------------------------------------------------------------


async def test_settings_apply_at_once_and_are_kept(display: KitchenDisplay) -> None:
    display.arrive(*simple_order(1, 1), *simple_order(2, 1))
    await display.press(Key.Key_Comma)
    sheet = display.screen.work.settings
    sheet.columns.choose("2")
    sheet.text.choose("xl")
    sheet.tap.choose("start")
    await display.settle()
    chosen = Display(columns=2, text="xl", tap="start")
    assert display.screen.display == chosen
    assert json.loads(json.dumps(display.session.settings.kept[KEPT_AS])) == chosen.to_json()
    assert display.screen.work.acts.tap == "start"


async def test_arrows_alone_change_a_setting(display: KitchenDisplay) -> None:
    await display.press(Key.Key_Comma, Key.Key_Right, Key.Key_Right, Key.Key_Down, Key.Key_Right)
    assert display.screen.display == Display(columns=2, text="l")
    await display.press(Key.Key_Escape)
    assert display.board.hasFocus()


async def test_a_screen_comes_back_as_it_was_set_up(display: KitchenDisplay) -> None:
    display.session.settings.kept[KEPT_AS] = Display(columns=3, keys={"F5": "undo"}).to_json()
    await display.screen.load_display()
    assert display.screen.display.columns == 3
    assert display.board.keys.map.act(Key.Key_F5) == "undo"


async def test_what_was_changed_before_it_was_read_stands(display: KitchenDisplay) -> None:
    display.session.settings.kept[KEPT_AS] = Display(columns=3).to_json()
    display.screen.set_display(Display())
    await display.settle()
    await display.screen.load_display()
    assert display.screen.display == Display()


async def test_another_program_part_has_its_place_in_the_settings(display: KitchenDisplay) -> None:
    sounds = Button("Test sound")
    display.screen.work.settings.add_section("Sounds", sounds)
    await display.press(Key.Key_Comma, *[Key.Key_Down] * 6)
    assert sounds.hasFocus()


async def test_the_all_day_counts_come_and_go_with_a_key(display: KitchenDisplay) -> None:
    panel = QWidget()
    display.screen.put_all_day(panel)
    assert panel.isHidden()
    await display.press(Key.Key_A)
    assert panel.isVisible()
    await display.press(Key.Key_A)
    assert panel.isHidden()


# -- learning keys ------------------------------------------------------------------------


async def open_lesson(display: KitchenDisplay, act: str) -> None:
    await display.press(Key.Key_Comma)
    display.screen.work.settings.keys_button.click()
    display.screen.work.keys.learn.learn(act)


async def test_a_key_is_learnt_by_pressing_it_twice(display: KitchenDisplay) -> None:
    await open_lesson(display, "undo")
    learn = display.screen.work.keys.learn
    await display.press(Key.Key_F5)
    assert learn.said.text() == "Received: F5"
    assert display.screen.display.keys == {}
    await display.press(Key.Key_F5)
    assert learn.isHidden()
    assert display.screen.display.keys == {"F5": "undo"}
    assert display.session.settings.kept[KEPT_AS]["keys"] == {"F5": "undo"}


async def test_a_key_that_does_something_else_says_what(display: KitchenDisplay) -> None:
    await open_lesson(display, "fire")
    await display.press(Key.Key_1)
    assert "Bump ticket 1" in display.screen.work.keys.learn.hint.text()


async def test_escape_learns_nothing(display: KitchenDisplay) -> None:
    await open_lesson(display, "fire")
    await display.press(Key.Key_1, Key.Key_Escape)
    assert display.screen.work.keys.learn.isHidden()
    assert display.screen.display.keys == {}


async def test_a_learnt_key_works_on_the_board_and_reset_forgets_it(
    display: KitchenDisplay,
) -> None:
    display.screen.set_display(Display(keys={"G": "bump 2"}))
    display.arrive(*simple_order(1, 1, age_s=90), *simple_order(2, 1))
    await display.press(Key.Key_G)
    assert display.shown == ("o1",)
    display.screen.work.keys.open()
    display.screen.work.keys.reset.click()
    await display.settle()
    assert display.screen.display.keys == {}


async def test_an_f_key_of_the_bump_bar_is_not_the_windows(
    display: KitchenDisplay, qapp: QApplication
) -> None:
    display.screen.set_display(Display(keys={"F1": "bump 1"}))
    for key, taken in ((Key.Key_F1, True), (Key.Key_F2, False)):
        event = QKeyEvent(QEvent.Type.ShortcutOverride, key, Qt.KeyboardModifier.NoModifier)
        event.ignore()
        qapp.sendEvent(display.board, event)
        assert event.isAccepted() is taken


# -- printing -----------------------------------------------------------------------------


async def test_a_ticket_is_printed_again_where_something_prints(display: KitchenDisplay) -> None:
    acts: Acts = display.screen.work.acts
    display.arrive(*simple_order(1, 1))
    await display.press(Key.Key_Down, Key.Key_M)
    assert "Print again" not in offered(display)
    await display.press(Key.Key_Escape)
    printed: list[str] = []
    acts.reprint = printed.append
    await display.press(Key.Key_P)
    assert printed == ["o1"]
