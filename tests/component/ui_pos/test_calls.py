"""What the kitchen wants of a till: its questions answered, and ready orders fetched."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kds.base.clock import to_iso
from kds.ui.pos.calls import Calls
from kds.ui.pos.order_words import place
from kds.ui.pos.orders import OrdersScreen
from kds.ui.pos.question_strip import QuestionStrip
from kds.ui.pos.till import Till
from tests.component.ui_pos.test_till import settle, tap
from tests.support.pos import Desk

ALT = Qt.KeyboardModifier.AltModifier


def ask(desk: Desk, order_id: str, key: str, text: str, *options: str) -> None:
    """The kitchen asks, and its question arrives from the server."""
    question: dict[str, Any] = {
        "id": key,
        "text": text,
        "options": list(options),
        "asked_by": "Grill",
        "asked_at": to_iso(desk.now()),
        "answer": "",
        "answered_by": "",
        "answered_at": None,
    }
    order = desk.store.row("orders", order_id)
    assert order is not None
    desk.edit("orders", order_id, questions=[*order.get("questions", ()), question])
    desk.clock.advance(1)


def answers(desk: Desk, order_id: str) -> list[str]:
    order = desk.store.row("orders", order_id)
    assert order is not None
    return [question["answer"] for question in order["questions"]]


@pytest.fixture
def calls(desk: Desk) -> Calls:
    return Calls(desk, place)  # type: ignore[arg-type]


@pytest.fixture
def strip(qtbot: QtBot, desk: Desk, calls: Calls) -> QuestionStrip:
    made = QuestionStrip(desk, calls)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    return made


# -- questions ----------------------------------------------------------------------------


async def test_a_question_stands_across_the_till_and_one_tap_answers_it(
    strip: QuestionStrip, desk: Desk
) -> None:
    order_id = desk.order("A-017", table_name="12")
    ask(desk, order_id, "q1", "Which temperature?", "Rare", "Well done")
    assert strip.text == "Which temperature?"
    assert strip.about == "The kitchen asks · A-017 · Table 12"
    tap(strip.answers.buttons[1])
    await settle()
    assert answers(desk, order_id) == ["Well done"]
    assert strip.text == ""


async def test_several_questions_queue_and_the_oldest_is_asked_first(
    strip: QuestionStrip, desk: Desk
) -> None:
    first, second = desk.order("A-017"), desk.order("A-018")
    ask(desk, second, "q1", "Can it wait?", "Yes", "No")
    ask(desk, first, "q2", "Allergy: which?")
    assert (strip.text, strip.about[-19:]) == ("Can it wait?", "· 1 more after this")
    tap(strip.answers.buttons[0])
    await settle()
    assert strip.text == "Allergy: which?"
    assert answers(desk, second) == ["Yes"]


async def test_a_question_is_answered_by_keys_alone(
    qtbot: QtBot, strip: QuestionStrip, desk: Desk
) -> None:
    order_id = desk.order("A-017")
    ask(desk, order_id, "q1", "Can it wait?", "Yes", "No")
    ask(desk, order_id, "q2", "Allergy: which?", "Nuts")
    strip.activateWindow()
    qtbot.waitUntil(strip.isActiveWindow)
    QTest.keyClick(strip, Qt.Key.Key_2, ALT)
    await settle()
    QTest.keyClick(strip, Qt.Key.Key_F8)
    assert strip.answers.other.hasFocus()
    QTest.keyClicks(strip.answers.other, "Peanut and milk")
    QTest.keyClick(strip.answers.other, Qt.Key.Key_Return)
    await settle()
    assert answers(desk, order_id) == ["No", "Peanut and milk"]


def test_what_is_half_typed_survives_another_question(strip: QuestionStrip, desk: Desk) -> None:
    order_id = desk.order("A-017")
    ask(desk, order_id, "q1", "Allergy: which?")
    strip.answers.other.setText("Pea")
    ask(desk, desk.order("A-018"), "q2", "Can it wait?")
    assert strip.answers.other.text() == "Pea"


def test_a_question_answered_elsewhere_goes_by_itself(strip: QuestionStrip, desk: Desk) -> None:
    order_id = desk.order("A-017")
    ask(desk, order_id, "q1", "Can it wait?", "Yes")
    row = desk.store.row("orders", order_id)
    assert row is not None
    desk.edit("orders", order_id, questions=[{**row["questions"][0], "answer": "Yes"}])
    assert strip.text == ""


def test_a_question_about_another_till_s_order_does_not_ask_here(
    strip: QuestionStrip, desk: Desk
) -> None:
    order_id = desk.order("B-001")
    desk.edit("orders", order_id, device_id="another till")
    ask(desk, order_id, "q1", "Can it wait?", "Yes")
    assert strip.text == ""


async def test_a_question_is_answered_in_the_order_s_detail_and_stays_there(
    orders: OrdersScreen, desk: Desk
) -> None:
    order_id = desk.order("A-017")
    ask(desk, order_id, "q1", "Can it wait?", "Yes", "No")
    orders.choose(order_id)
    assert orders.detail.asked.text == "Kitchen asks: Can it wait?"
    tap(orders.detail.asked.answers.buttons[1])
    await settle()
    assert orders.detail.asked.text == "Can it wait? Mia: No"


# -- ready orders ---------------------------------------------------------------------------


def test_an_order_that_becomes_ready_is_told_with_its_place(till: Till, desk: Desk) -> None:
    order_id = desk.order("A-017", table_name="4")
    assert till.ready.text == ""
    desk.ready(order_id)
    assert till.ready.text == "A-017 is ready · Table 4"


def test_where_orders_are_assembled_first_it_is_ready_only_then(till: Till, desk: Desk) -> None:
    desk.edit("branches", str(desk.store.branch and desk.store.branch["id"]), expo_stages=2)
    order_id = desk.order("A-017")
    desk.ready(order_id)
    assert till.ready.text == ""
    desk.edit("orders", order_id, assembled_at=to_iso(desk.now()))
    assert till.ready.text.startswith("A-017 is ready")


async def test_handing_over_an_order_that_is_not_paid_can_be_taken_back(
    till: Till, desk: Desk
) -> None:
    order_id = desk.order("A-017")
    desk.ready(order_id)
    tap(till.ready.give)
    await settle()
    order = desk.store.order(order_id)
    assert order is not None
    assert (order.progress, order.handed_at) == ("ready", desk.now())
    assert till.ready.text == ""
    assert till.toast.act()
    await settle()
    assert till.ready.text == "A-017 is ready · Table 4"


async def test_a_paid_order_that_is_handed_over_is_closed(till: Till, desk: Desk) -> None:
    order_id = desk.order("A-017")
    desk.ready(order_id)
    desk.edit("orders", order_id, paid=1325)
    QTest.keyClick(till, Qt.Key.Key_F7)
    await settle()
    order = desk.store.order(order_id)
    assert order is not None
    assert (order.progress, order.handed_at) == ("closed", desk.now())


async def test_the_guest_who_pays_after_the_meal_closes_the_order(
    orders: OrdersScreen, desk: Desk
) -> None:
    order_id = desk.order("A-017")
    desk.ready(order_id)
    orders.choose(order_id)
    assert orders.detail.give.text() == "Hand over · unpaid"
    tap(orders.detail.give)
    await settle()
    assert orders.detail.give.text() == "Close · unpaid"
    tap(orders.detail.cash)
    await settle()
    order = desk.store.order(order_id)
    assert order is not None
    assert (order.progress, order.due) == ("closed", 0)


def test_the_longest_ready_comes_first_and_the_others_are_named(till: Till, desk: Desk) -> None:
    for number in range(1, 6):
        desk.ready(desk.order(f"A-00{number}"))
        desk.clock.advance(5)
    assert till.ready.text.startswith("A-001 is ready")
    assert till.ready.more == "Also A-002, A-003, A-004 +1"


async def test_waving_it_away_shows_the_next_and_not_the_same_again(
    till: Till, desk: Desk, calls: Calls
) -> None:
    first, second = desk.order("A-001"), desk.order("A-002")
    desk.ready(first)
    desk.clock.advance(5)
    desk.ready(second)
    QTest.keyClick(till, Qt.Key.Key_F6)
    assert till.ready.text.startswith("A-002 is ready")
    desk.edit("orders", first, note="window seat")
    assert till.ready.text.startswith("A-002 is ready")


async def test_an_order_waved_away_rings_again_when_it_is_ready_again(
    calls: Calls, desk: Desk
) -> None:
    rung: list[str] = []
    calls.rang.connect(rung.append)
    order_id = desk.order("A-001")
    desk.ready(order_id)
    calls.wave_away(calls.ready[0])
    line_id = desk.store.lines_of(order_id)[0]["id"]
    desk.act("recall", order_id, {"order_id": order_id, "line_ids": [line_id]})
    desk.clock.advance(60)
    desk.ready(order_id)
    assert rung == ["order_ready", "order_ready"]
    assert [one.number for one in calls.ready] == ["A-001"]


async def test_what_was_waved_away_stays_away_after_a_restart(calls: Calls, desk: Desk) -> None:
    first, second = desk.order("A-001"), desk.order("A-002")
    desk.ready(first)
    desk.ready(second)
    calls.wave_away(calls.ready[0])
    await desk.tasks.close(patience=2.0)
    desk.restart()
    await desk.waved.load()
    later = Calls(desk, place)  # type: ignore[arg-type]
    assert [one.number for one in later.ready] == ["A-002"]


def test_nothing_rings_for_what_was_there_before(desk: Desk) -> None:
    order_id = desk.order("A-001")
    desk.ready(order_id)
    ask(desk, order_id, "q1", "Can it wait?")
    later = Calls(desk, place)  # type: ignore[arg-type]
    rung: list[str] = []
    later.rang.connect(rung.append)
    desk.put(("orders", desk.store.rows("orders")[order_id]), initiator="load")
    assert (len(later.ready), len(later.asked), rung) == (1, 1, [])


def test_what_is_handed_over_is_not_among_the_ready_ones(orders: OrdersScreen, desk: Desk) -> None:
    order_id = desk.order("A-001")
    desk.ready(order_id)
    orders.filter.choose("ready")
    assert orders.found.rowCount() == 1
    desk.edit("orders", order_id, handed_at=to_iso(desk.now()))
    orders.model.flush()
    assert orders.found.rowCount() == 0
