"""The list of orders: finding one, and doing something with it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kds.ui.models import KEY_ROLE
from kds.ui.pos.orders import OrdersScreen
from tests.component.ui_pos.test_till import settle, tap
from tests.support.pos import Desk


def shown(orders: OrdersScreen) -> list[str]:
    found = orders.found
    keys = (found.index(row, 0).data(KEY_ROLE) for row in range(found.rowCount()))
    return [order.number for key in keys if (order := orders.model.item(key)) is not None]


def test_open_orders_are_listed_newest_first(orders: OrdersScreen, desk: Desk) -> None:
    QAbstractItemModelTester(
        orders.found, QAbstractItemModelTester.FailureReportingMode.Fatal, orders
    )
    desk.order("A-001", minutes_ago=9)
    desk.order("A-002", minutes_ago=3)
    assert shown(orders) == ["A-002", "A-001"]


def test_filters_and_search_narrow_the_list(orders: OrdersScreen, desk: Desk) -> None:
    first = desk.order("A-001", minutes_ago=9)
    desk.order("A-002", table_name="", customer="Hoffmann")
    desk.ready(first)
    orders.filter.choose("ready")
    assert shown(orders) == ["A-001"]
    orders.filter.choose("all")
    QTest.keyClicks(orders.search, "hoff")
    assert shown(orders) == ["A-002"]


def test_an_order_handed_over_leaves_the_open_ones(orders: OrdersScreen, desk: Desk) -> None:
    order_id = desk.order("A-001")
    desk.ready(order_id)
    desk.act("close_order", order_id, {"order_id": order_id})
    assert shown(orders) == []
    orders.filter.choose("all")
    assert shown(orders) == ["A-001"]


def test_choosing_an_order_from_elsewhere_finds_it_behind_any_filter(
    orders: OrdersScreen, desk: Desk
) -> None:
    order_id = desk.order("A-001")
    orders.search.setText("nothing")
    orders.choose(order_id)
    assert orders.detail.order_id == order_id


async def test_an_order_is_paid_and_handed_over(orders: OrdersScreen, desk: Desk) -> None:
    order_id = desk.order("A-001")
    orders.choose(order_id)
    assert orders.detail.cash.text() == "Cash $13.25"
    assert orders.detail.owed == "$13.25 due · 1 still cooking"
    assert not orders.detail.give.isVisible()
    tap(orders.detail.cash)
    await settle()
    assert not orders.detail.cash.isVisible()
    desk.ready(order_id)
    assert orders.detail.give.text() == "Hand over"
    tap(orders.detail.give)
    await settle()
    order = desk.store.order(order_id)
    assert order is not None
    assert (order.progress, order.due) == ("closed", 0)


async def test_voiding_asks_why_and_a_reason_does_it(orders: OrdersScreen, desk: Desk) -> None:
    order_id = desk.order("A-001")
    orders.choose(order_id)
    tap(orders.detail.void)
    assert orders.reason.isVisible()
    tap(orders.reason.buttons[1])
    await settle()
    order = desk.store.order(order_id)
    assert order is not None
    assert order.progress == "void"
    assert desk.store.lines_of(order_id)[0]["void_reason"] == "Wrong order"


async def test_a_reason_of_ones_own_is_typed(orders: OrdersScreen, desk: Desk) -> None:
    order_id = desk.order("A-001", [("hawaiian", "M", 1), ("water", "", 1)])
    orders.choose(order_id)
    orders.detail.void_line.emit(order_id, desk.store.lines_of(order_id)[0]["id"])
    QTest.keyClicks(orders.reason.other, "fell down")
    QTest.keyClick(orders.reason.other, Qt.Key.Key_Return)
    await settle()
    states = [(line["state"], line["void_reason"]) for line in desk.store.lines_of(order_id)]
    assert states == [("void", "fell down"), ("sent", "")]


def test_putting_the_question_off_voids_nothing(orders: OrdersScreen, desk: Desk) -> None:
    order_id = desk.order("A-001")
    orders.choose(order_id)
    tap(orders.detail.void)
    QTest.keyClick(orders.reason, Qt.Key.Key_Escape)
    order = desk.store.order(order_id)
    assert order is not None
    assert order.progress == "sent"


async def test_a_paid_order_cannot_be_voided(orders: OrdersScreen, desk: Desk) -> None:
    orders.choose(desk.order("A-001"))
    tap(orders.detail.card)
    await settle()
    assert not orders.detail.void.isEnabled()
    assert orders.detail.void.toolTip() == "Paid already: refund first."


def test_adding_items_asks_for_the_till(qtbot: QtBot, orders: OrdersScreen, desk: Desk) -> None:
    order_id = desk.order("A-001")
    orders.choose(order_id)
    with qtbot.waitSignal(orders.add_more) as asked:
        tap(orders.detail.more)
    assert asked.args == [order_id]


def test_a_manager_without_a_till_is_not_offered_to_add_items(qtbot: QtBot) -> None:
    desk = Desk("manager")
    screen = OrdersScreen(desk)  # type: ignore[arg-type]
    qtbot.addWidget(screen)
    screen.choose(desk.order("A-001"))
    assert screen.detail.more.isHidden()
    assert not screen.detail.void.isHidden()


def test_a_button_without_its_neighbour_has_the_row_to_itself(
    orders: OrdersScreen, desk: Desk
) -> None:
    orders.choose(desk.order("A-001"))
    pair = orders.detail.void.width()
    orders.detail.more.hide()
    QApplication.processEvents()
    assert orders.detail.void.width() > 2 * pair
