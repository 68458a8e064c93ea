"""What a till shows of the way of its orders, and the alarm across it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kds.app.config import Profile
from kds.app.windows import Window
from kds.domain.absences import Screenless
from kds.domain.receipts import Receipt, Stage, StationReceipt
from kds.domain.sightings import Sight
from kds.ui.models import ITEM_ROLE
from kds.ui.pos.alarm import AlarmStrip
from kds.ui.pos.orders import OrdersScreen
from kds.ui.pos.till import Till
from tests.component.ui_pos.test_till import settle, tap
from tests.support.pos import START, Desk

NOWHERE = StationReceipt("grill", "Grill", None, "", at_work=False)
SEEN = StationReceipt("oven", "Oven", Sight("Oven screen", START), "", at_work=False)


def receipt(
    order_id: str,
    stage: Stage,
    *stations: StationReceipt,
    number: str = "A-017",
    alarm: bool = False,
) -> Receipt:
    return Receipt(order_id, number, stage, stations, START, alarm)


def pill(orders: OrdersScreen, row: int = 0) -> str:
    spec = orders.list.itemDelegate()._describe(orders.found.index(row, 0).data(ITEM_ROLE))
    assert spec.pill is not None
    return str(spec.pill[0])


def test_the_list_tells_how_far_an_order_has_come(orders: OrdersScreen, desk: Desk) -> None:
    order_id = desk.order("A-017")
    desk.receipts.say(receipt(order_id, "stored", NOWHERE))
    assert pill(orders) == "Stored here"
    desk.receipts.say(receipt(order_id, "painted", SEEN))
    assert pill(orders) == "On Oven"


def test_an_alarm_is_told_before_how_much_is_cooked(orders: OrdersScreen, desk: Desk) -> None:
    order_id = desk.order("A-017", [("hawaiian", "M", 1), ("margherita", "M", 1)])
    first = desk.store.lines_of(order_id)[0]["id"]
    desk.act("bump", order_id, {"order_id": order_id, "line_ids": [first]})
    desk.receipts.say(receipt(order_id, "server", NOWHERE, alarm=True))
    assert pill(orders) == "Not on Grill"
    desk.receipts.acknowledge(order_id)
    assert pill(orders) != "Not on Grill"


def test_the_chosen_order_shows_its_chain_as_it_goes_on(orders: OrdersScreen, desk: Desk) -> None:
    order_id = desk.order("A-017")
    orders.choose(order_id)
    assert orders.detail.chain.isHidden()
    desk.receipts.say(receipt(order_id, "server", SEEN, NOWHERE))
    assert not orders.detail.chain.isHidden()
    assert orders.detail.chain.stations == (
        "Oven: on Oven screen, 18:30",
        "Grill: on no screen yet",
    )
    desk.receipts.say(receipt(order_id, "painted", SEEN))
    assert [one.step for one in orders.detail.chain.steps][2:4] == ["done", "next"]


async def test_the_order_just_sent_says_when_the_kitchen_has_it(till: Till, desk: Desk) -> None:
    till._add("hawaiian", "M", 1)
    till.send()
    await settle()
    (order,) = desk.store.orders()
    assert till.cart.sent.state == "Sent to the kitchen"
    desk.receipts.say(receipt(order.id, "stored", SEEN))
    assert till.cart.sent.state == "Stored here"
    desk.receipts.say(receipt(order.id, "painted", SEEN))
    assert till.cart.sent.state == "On Oven"


class TestAlarm:
    @pytest.fixture
    def window(self, qapp: QApplication, desk: Desk, tmp_path: Path) -> Iterator[Window]:
        profile = Profile(url="http://127.0.0.1:1", key="k", role="pos", name="Till")
        made = Window(qapp, desk, profile, tmp_path, lambda: None)  # type: ignore[arg-type]
        made.widget.resize(1280, 720)
        made.widget.show()
        yield made
        made.close_for_good()

    @pytest.fixture
    def strip(self, window: Window) -> AlarmStrip:
        (found,) = window.widget.findChildren(AlarmStrip)
        return found

    def raise_alarm(self, desk: Desk, number: str = "A-017") -> str:
        order_id = desk.order(number)
        desk.receipts.say(receipt(order_id, "server", NOWHERE, number=number, alarm=True))
        return order_id

    def test_it_stands_over_every_screen_until_it_is_over(
        self, window: Window, strip: AlarmStrip, desk: Desk
    ) -> None:
        assert strip.isHidden()
        order_id = self.raise_alarm(desk)
        for index in range(len(window.widget.screens)):
            window.widget.show_screen(index)
            assert strip.isVisible()
        assert strip.text.startswith("A-017 is not on the screen of Grill after 10 s.")
        desk.receipts.say(receipt(order_id, "painted", SEEN))
        assert strip.isHidden()

    def test_show_opens_the_order(self, window: Window, strip: AlarmStrip, desk: Desk) -> None:
        order_id = self.raise_alarm(desk)
        tap(strip.show_it)
        assert window.widget.current.where == "orders"
        orders = window.widget.screen_widget(1)
        assert isinstance(orders, OrdersScreen)
        assert orders.detail.order_id == order_id

    def test_telling_the_kitchen_ends_it_and_the_next_one_comes(
        self, strip: AlarmStrip, desk: Desk
    ) -> None:
        first = self.raise_alarm(desk)
        self.raise_alarm(desk, "A-018")
        assert "1 more order" in strip.text
        tap(strip.told)
        assert desk.receipts.told == [first]
        assert strip.text.startswith("A-018")
        tap(strip.told)
        assert strip.isHidden()

    def test_a_station_without_a_screen_comes_after_the_orders(
        self, window: Window, strip: AlarmStrip, desk: Desk
    ) -> None:
        order_id, waiting = self.raise_alarm(desk), desk.order("A-020")
        desk.receipts.miss(Screenless("bar", "Bar", None, (waiting,)))
        assert strip.text.startswith("A-017")
        tap(strip.told)
        assert strip.text.startswith("No screen has ever shown Bar. 1 order waits there.")
        tap(strip.show_it)
        orders = window.widget.screen_widget(1)
        assert isinstance(orders, OrdersScreen)
        assert orders.detail.order_id == waiting
        tap(strip.told)
        assert strip.isHidden()
        assert desk.receipts.told == [order_id, "bar"]

    def test_its_keys_stand_on_its_buttons_and_act(
        self, window: Window, strip: AlarmStrip, desk: Desk, qtbot: QtBot
    ) -> None:
        order_id = self.raise_alarm(desk)
        window.widget.activateWindow()
        qtbot.waitUntil(window.widget.isActiveWindow)
        assert "F9" in strip.show_it.text()
        assert "F10" in strip.told.text()
        QTest.keyClick(window.widget, Qt.Key.Key_F9)
        assert window.widget.current.where == "orders"
        QTest.keyClick(window.widget, Qt.Key.Key_F10)
        assert desk.receipts.told == [order_id]

    def test_a_finger_and_a_tab_reach_both_buttons(self, strip: AlarmStrip, desk: Desk) -> None:
        self.raise_alarm(desk)
        for button in (strip.show_it, strip.told):
            assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
            assert button.height() >= 44
