"""An order that was sent: quantities, courses, marks and its paper, from its detail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from kds.base.clock import to_iso
from kds.ui.pos.orders import OrdersScreen
from tests.component.ui_pos.test_till import settle, tap
from tests.support.pos import Desk

Two = tuple[str, list[str]]


@pytest.fixture
def dinner(orders: OrdersScreen, desk: Desk) -> Two:
    """An order of two courses, the second on hold; its id and those of its lines."""
    order_id = desk.order("A-017", [("hawaiian", "M", 2), ("water", "", 1)], pacing="manual")
    ids = [str(line["id"]) for line in desk.store.lines_of(order_id)]
    desk.edit("order_lines", ids[1], course=2, held=True)
    orders.choose(order_id)
    return order_id, ids


def line(desk: Desk, line_id: str) -> Any:
    row = desk.store.row("order_lines", line_id)
    assert row is not None
    return row


async def test_plus_asks_for_one_more_and_undo_takes_it_back(
    orders: OrdersScreen, desk: Desk, dinner: Two
) -> None:
    stepper = orders.detail.lines.lines[dinner[1][0]].stepper
    assert stepper is not None
    tap(stepper.more)
    await settle()
    assert line(desk, dinner[1][0])["qty"] == 3
    assert orders.toast.text == "Hawaiian: 3 instead of 2"
    assert orders.toast.act()
    await settle()
    assert line(desk, dinner[1][0])["qty"] == 2


async def test_a_change_is_marked_until_the_kitchen_has_seen_it(
    orders: OrdersScreen, desk: Desk, dinner: Two
) -> None:
    order_id, (first, _) = dinner
    desk.act("change_qty", order_id, {"order_id": order_id, "line_id": first, "qty": 3})
    assert orders.detail.lines.lines[first].change.text() == "Kitchen has not seen: was 2"
    desk.edit("order_lines", first, flag="", was_qty=None)
    assert orders.detail.lines.lines[first].change.text() == ""


async def test_minus_on_the_last_piece_asks_why_and_changes_nothing_yet(
    orders: OrdersScreen, desk: Desk, dinner: Two
) -> None:
    stepper = orders.detail.lines.lines[dinner[1][1]].stepper
    assert stepper is not None
    tap(stepper.less)
    await settle()
    assert orders.reason.isVisible()
    assert (stepper.qty, line(desk, dinner[1][1])["state"]) == (1, "sent")


def test_what_is_ready_is_not_stepped(orders: OrdersScreen, desk: Desk) -> None:
    order_id = desk.order("A-018")
    desk.ready(order_id)
    orders.choose(order_id)
    assert [row.stepper for row in orders.detail.lines.lines.values()] == [None]


def test_an_order_of_one_course_says_nothing_of_courses(orders: OrdersScreen, desk: Desk) -> None:
    orders.choose(desk.order("A-018"))
    assert orders.detail.lines.heads == {}


async def test_a_held_course_is_fired_and_undo_holds_it_again(
    orders: OrdersScreen, desk: Desk, dinner: Two
) -> None:
    head = orders.detail.lines.heads[2]
    assert (head.pill.text, head.act.text()) == ("On hold", "Fire")
    tap(head.act)
    await settle()
    assert line(desk, dinner[1][1])["held"] is False
    assert orders.detail.lines.heads[2].act.text() == "Hold"
    assert orders.toast.text == "A-017: course 2 fired"
    assert orders.toast.act()
    await settle()
    assert line(desk, dinner[1][1])["held"] is True


async def test_rush_and_vip_are_marked_with_a_tap_and_taken_back_with_another(
    orders: OrdersScreen, desk: Desk, dinner: Two
) -> None:
    tap(orders.detail.vip)
    tap(orders.detail.rush)
    await settle()
    row = desk.store.row("orders", dinner[0])
    assert row is not None
    assert (row["vip"], row["rush"]) == (True, True)
    tap(orders.detail.rush)
    await settle()
    assert not orders.detail.rush.isChecked()


def test_the_promised_time_is_told_on_the_branch_s_wall(orders: OrdersScreen, desk: Desk) -> None:
    orders.choose(desk.order("A-018", promised_at="2026-03-14T18:55:00+00:00"))
    assert "promised 18:55" in orders.detail.words


def test_paper_is_offered_only_where_there_is_a_printer(
    qtbot: QtBot, orders: OrdersScreen, desk: Desk
) -> None:
    order_id = desk.order("A-018")
    orders.choose(order_id)
    assert orders.detail.paper.isHidden()
    asked: list[str] = []
    reprint: Callable[[str], None] = asked.append
    screen = OrdersScreen(desk, reprint=reprint)  # type: ignore[arg-type]
    qtbot.addWidget(screen)
    screen.choose(order_id)
    tap(screen.detail.paper)
    assert asked == [order_id]
    assert screen.toast.text == "A-018: goes to the printer"


def test_a_course_that_begins_later_says_when(
    orders: OrdersScreen, desk: Desk, dinner: Two
) -> None:
    later = to_iso(desk.now().replace(minute=42))
    desk.edit("order_lines", dinner[1][1], held=False, fire_at=later)
    assert orders.detail.lines.heads[2].pill.text == "Starts 18:42"


async def test_buttons_stay_under_the_finger_while_others_change_the_order(
    orders: OrdersScreen, desk: Desk, dinner: Two
) -> None:
    before = orders.detail.lines.lines[dinner[1][0]]
    desk.edit("orders", dinner[0], vip=True)
    assert orders.detail.lines.lines[dinner[1][0]] is before
