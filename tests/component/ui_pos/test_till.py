"""The till under a cashier's hands: taps, keys, sending, and what goes wrong."""

from __future__ import annotations

import asyncio

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from kds.ui.kit.tasks import running
from kds.ui.pos.till import Till
from tests.support.pos import Desk
from tests.support.screens import reveal

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


def tap(widget: QWidget, at: QPoint | None = None) -> None:
    reveal(widget)
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=at or widget.rect().center())


def press(
    till: Till, key: Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    QTest.keyClick(till.window().focusWidget() or till, key, modifier)


def type_words(till: Till, words: str) -> None:
    QTest.keyClicks(till.menu.search, words)


async def settle() -> None:
    """Until everything that taps have started is done."""
    while tasks := running():
        await asyncio.gather(*tasks, return_exceptions=True)


def lines(till: Till) -> list[tuple[int, str, str]]:
    return [(line.qty, line.name, line.variant) for line in till.entry.cart.lines]


# -- taps ---------------------------------------------------------------------------------


def test_one_tap_on_a_size_puts_it_into_the_order(till: Till) -> None:
    tap(till.menu.tiles["hawaiian"].buttons[2])
    assert lines(till) == [(1, "Hawaiian", "L")]
    assert till.cart.total == "$16.50"
    assert till.menu.tiles["hawaiian"].mark == "× 1"


def test_the_same_size_again_makes_one_line_of_two(till: Till) -> None:
    for _ in range(2):
        tap(till.menu.tiles["hawaiian"].buttons[0])
    assert lines(till) == [(2, "Hawaiian", "S")]
    assert len(till.cart.lines) == 1


def test_a_tap_anywhere_adds_an_item_of_one_size(till: Till) -> None:
    tap(till.menu.tiles["water"], QPoint(20, 20))
    assert lines(till) == [(1, "Water", "")]


def test_a_tap_on_the_name_asks_for_wishes(till: Till) -> None:
    tap(till.menu.tiles["hawaiian"], QPoint(20, 20))
    options = till.options
    assert options.isVisible()
    options.sizes.choose("L")
    tap(options.modifiers["onion"])
    tap(options.modifiers["extra-cheese"])
    tap(options.stepper.more)
    assert options.save.text() == "Add · $36.00"
    tap(options.save)
    line = till.entry.cart.lines[0]
    assert (line.qty, line.variant, line.total) == (2, "L", 3600)
    assert [modifier["name"] for modifier in line.modifiers] == ["Onion", "Extra cheese"]


def test_a_tap_on_a_line_changes_it(till: Till) -> None:
    tap(till.menu.tiles["hawaiian"].buttons[0])
    line_id = till.entry.cart.lines[0].id
    tap(till.cart.lines[line_id], QPoint(300, 30))
    till.options.sizes.choose("M")
    till.options.note.setText("well done")
    QTest.keyClick(till.options.note, Key.Key_Return)
    assert [(line.id, line.variant, line.note) for line in till.entry.cart.lines] == [
        (line_id, "M", "well done")
    ]


def test_a_line_taken_to_zero_in_its_sheet_goes(till: Till) -> None:
    tap(till.menu.tiles["hawaiian"].buttons[0])
    tap(till.cart.lines[till.entry.cart.lines[0].id], QPoint(300, 30))
    tap(till.options.stepper.less)
    assert till.options.save.text() == "Take out"
    tap(till.options.save)
    assert lines(till) == []


def test_minus_on_the_last_piece_takes_the_line_out(till: Till) -> None:
    tap(till.menu.tiles["water"].buttons[0])
    tap(till.cart.lines[till.entry.cart.lines[0].id].stepper.less)
    assert lines(till) == []


def test_an_item_that_is_out_is_not_sold(till: Till, desk: Desk) -> None:
    desk.edit("menu_items", "hawaiian", out_since="2026-03-14T18:05:00+00:00")
    tile = till.menu.tiles["hawaiian"]
    assert tile.mark == "Out"
    tap(tile.buttons[0])
    tap(tile, QPoint(20, 20))
    assert lines(till) == []
    assert till.toast.text == "Hawaiian is out. The kitchen can bring it back."


def test_an_item_that_comes_back_can_be_sold_again(till: Till, desk: Desk) -> None:
    desk.edit("menu_items", "water", out_since="2026-03-14T18:05:00+00:00")
    desk.edit("menu_items", "water", out_since=None)
    tap(till.menu.tiles["water"].buttons[0])
    assert lines(till) == [(1, "Water", "")]


def test_a_price_that_changes_is_the_price_of_the_next_tap(till: Till, desk: Desk) -> None:
    desk.edit("menu_items", "water", variants=[{"name": "", "price": 300}])
    tap(till.menu.tiles["water"].buttons[0])
    assert till.cart.total == "$3.00"


def test_a_till_that_never_connected_says_where_its_menu_comes_from(till: Till) -> None:
    empty = Till(Desk(with_menu=False))  # type: ignore[arg-type]
    assert empty.menu.shown == ()
    assert not empty.cart.send_button.isEnabled()
    empty.deleteLater()


# -- keys ---------------------------------------------------------------------------------


def test_typing_an_order_and_enter_adds_it(till: Till) -> None:
    type_words(till, "2 haw l")
    assert till.menu.hint == "Enter adds 2 × Hawaiian L · $33.00"
    press(till, Key.Key_Return)
    assert lines(till) == [(2, "Hawaiian", "L")]
    assert till.menu.search.text() == ""


def test_typing_an_item_that_is_out_adds_nothing(till: Till, desk: Desk) -> None:
    desk.edit("menu_items", "hawaiian", out_since="2026-03-14T18:05:00+00:00")
    type_words(till, "haw")
    assert till.menu.hint == "Hawaiian is out"
    press(till, Key.Key_Return)
    assert lines(till) == []


def test_typing_narrows_the_menu_and_escape_widens_it(till: Till) -> None:
    type_words(till, "cheese")
    assert till.menu.shown == ("four-cheese", "five-cheese")
    press(till, Key.Key_Escape)
    assert len(till.menu.shown) == 22


def test_a_word_that_names_nothing_says_so(till: Till) -> None:
    type_words(till, "sushi")
    assert till.menu.hint == "Nothing is called “sushi”"
    assert till.menu.shown == ()


def test_control_and_a_digit_chooses_a_category(till: Till) -> None:
    press(till, Key.Key_6, CTRL)
    assert till.menu.shown == ("water", "lemonade", "espresso")
    press(till, Key.Key_1, CTRL)
    assert len(till.menu.shown) == 22


def test_keys_choose_the_kind_of_order(till: Till) -> None:
    for key, kind in (
        (Key.Key_T, "takeaway"),
        (Key.Key_L, "delivery"),
        (Key.Key_D, "dine_in"),
    ):
        press(till, key, CTRL)
        assert till.entry.cart.type == kind
        assert till.cart.type.value == kind


def test_keys_change_the_last_line_and_take_it_back(till: Till) -> None:
    tap(till.menu.tiles["water"].buttons[0])
    press(till, Key.Key_Plus, CTRL)
    press(till, Key.Key_Plus, CTRL)
    press(till, Key.Key_Minus, CTRL)
    assert lines(till) == [(2, "Water", "")]
    press(till, Key.Key_Backspace, CTRL)
    assert lines(till) == []
    press(till, Key.Key_Z, CTRL)
    assert lines(till) == [(2, "Water", "")]


def test_the_guest_field_has_a_key_and_takes_a_table(till: Till) -> None:
    press(till, Key.Key_G, CTRL)
    QTest.keyClicks(till.cart.guest, "12")
    assert till.entry.cart.table_name == "12"
    assert lines(till) == []


def test_keys_for_the_order_are_silent_while_the_wishes_are_open(till: Till) -> None:
    tap(till.menu.tiles["water"].buttons[0])
    tap(till.menu.tiles["hawaiian"], QPoint(20, 20))
    press(till, Key.Key_Backspace, CTRL)
    assert lines(till) == [(1, "Water", "")]
    press(till, Key.Key_Escape)
    assert not till.options.isVisible()


# -- sending ------------------------------------------------------------------------------


def test_an_empty_order_cannot_be_sent_and_the_button_says_why(till: Till) -> None:
    assert not till.cart.send_button.isEnabled()
    assert till.cart.send_button.text() == "Tap an item to begin"


@pytest.mark.parametrize(
    ("key", "modifier"),
    [(Key.Key_F12, Qt.KeyboardModifier.NoModifier), (Key.Key_Return, CTRL)],
)
async def test_a_key_sends_the_order(
    till: Till, desk: Desk, key: Key, modifier: Qt.KeyboardModifier
) -> None:
    tap(till.menu.tiles["hawaiian"].buttons[1])
    press(till, key, modifier)
    await settle()
    assert [order.number for order in desk.store.orders()] == ["A-017"]
    assert lines(till) == []


async def test_the_order_stays_in_the_cart_until_it_is_durable(till: Till, desk: Desk) -> None:
    desk.hold()
    tap(till.menu.tiles["hawaiian"].buttons[1])
    tap(till.cart.send_button)
    await asyncio.sleep(0)
    assert till.cart.send_button.text() == "Sending…"
    assert lines(till) == [(1, "Hawaiian", "M")]
    desk.go()
    await settle()
    assert lines(till) == []


async def test_the_number_of_the_order_that_was_sent_stands_large(till: Till, desk: Desk) -> None:
    till.entry.set_guest("12")
    tap(till.menu.tiles["hawaiian"].buttons[1])
    tap(till.cart.send_button)
    await settle()
    assert till.cart.sent.isVisible()
    assert till.cart.sent.number == "A-017"
    tap(till.menu.tiles["water"].buttons[0])
    assert not till.cart.sent.isVisible()


async def test_the_order_that_was_sent_can_be_paid_at_once(till: Till, desk: Desk) -> None:
    tap(till.menu.tiles["hawaiian"].buttons[1])
    tap(till.cart.send_button)
    await settle()
    tap(till.cart.sent.card)
    await settle()
    assert [(order.paid, order.due) for order in desk.store.orders()] == [(1325, 0)]
    assert till.cart.sent.state == "Sent and paid"
    assert not till.cart.sent.card.isVisible()


async def test_an_order_that_cannot_be_kept_stays_and_says_why(till: Till, desk: Desk) -> None:
    desk.fails = "The disk is full."
    tap(till.menu.tiles["hawaiian"].buttons[1])
    tap(till.cart.send_button)
    await settle()
    assert lines(till) == [(1, "Hawaiian", "M")]
    assert till.cart.problem == "Not sent: The disk is full. The order is still here."
    assert till.cart.send_button.isEnabled()


async def test_lines_are_added_to_an_open_order(till: Till, desk: Desk) -> None:
    order_id = desk.order("A-009")
    till.add_to(order_id)
    tap(till.menu.tiles["water"].buttons[0])
    assert till.cart.send_button.text().startswith("Add to A-009")
    press(till, Key.Key_F12)
    await settle()
    assert len(desk.store.lines_of(order_id)) == 2
    assert till.entry.target is None
