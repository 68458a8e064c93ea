"""Stock, notices, people, the dashboard and the tray, fed by a desk in memory."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtGui import QCloseEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kds.domain.notices import Notice
from kds.session.status import Person
from kds.ui.dashboard.screen import DashboardScreen
from kds.ui.notices.screen import NoticesScreen
from kds.ui.shell.window import MainWindow
from kds.ui.staff.screen import PeopleScreen
from kds.ui.stock.screen import StockScreen
from kds.ui.tray.icon import TrayIcon
from tests.component.ui_pos.test_till import settle, tap
from tests.support.pos import Desk


def stock_of(window: MainWindow) -> StockScreen:
    window.show_screen(1)
    screen = window.screen_widget(1)
    assert isinstance(screen, StockScreen)
    return screen


def notices_of(window: MainWindow) -> NoticesScreen:
    window.show_screen(2)
    screen = window.screen_widget(2)
    assert isinstance(screen, NoticesScreen)
    return screen


def people_of(window: MainWindow) -> PeopleScreen:
    window.show_screen(3)
    screen = window.screen_widget(3)
    assert isinstance(screen, PeopleScreen)
    return screen


# -- stock --------------------------------------------------------------------------------


def test_what_runs_out_comes_first(window: MainWindow) -> None:
    names = [item.name for item in stock_of(window).model.items]
    assert names[:2] == ["Pineapple", "Pepperoni"]


def test_an_order_lowers_the_stock_of_its_recipe(window: MainWindow, desk: Desk) -> None:
    stock = stock_of(window)
    desk.order("A-001", [("pepperoni", "M", 2)])
    item = stock.model.item("pepperoni")
    assert item is not None
    assert item.level == 1230


def test_the_search_narrows_the_stock(window: MainWindow) -> None:
    stock = stock_of(window)
    QTest.keyClicks(stock.search, "mush")
    assert stock.found.rowCount() == 1


async def test_a_level_is_corrected_with_a_reason_and_taken_back(
    window: MainWindow, desk: Desk
) -> None:
    stock = stock_of(window)
    stock.list.clicked.emit(stock.found.index(0, 0))
    tap(stock.adjust.buttons[500])
    tap(stock.adjust.buttons[100])
    tap(stock.adjust.save)
    await settle()
    assert desk.commands[-1].args == {
        "stock_item_id": "pineapple",
        "delta": 600,
        "reason": "delivery",
    }
    assert stock.toast.text == "Pineapple +600 g"
    stock.toast.act()
    await settle()
    item = stock.model.item("pineapple")
    assert item is not None
    assert item.level == 0


def test_nothing_is_saved_without_a_difference(window: MainWindow) -> None:
    stock = stock_of(window)
    stock.list.clicked.emit(stock.found.index(0, 0))
    tap(stock.adjust.buttons[100])
    tap(stock.adjust.buttons[-100])
    assert not stock.adjust.save.isEnabled()


def test_a_till_may_look_at_the_stock_and_not_correct_it(qtbot: QtBot) -> None:
    screen = StockScreen(Desk("pos"))  # type: ignore[arg-type]
    qtbot.addWidget(screen)
    screen.list.clicked.emit(screen.found.index(0, 0))
    assert not screen.adjust.isVisible()
    assert screen.toast.text == "The kitchen and the manager correct the stock."


async def test_an_item_is_taken_out_and_brought_back(window: MainWindow, desk: Desk) -> None:
    stock = stock_of(window)
    assert stock.out.title == "All can be sold"
    tap(stock.out.rows["hawaiian"].button)
    await settle()
    row = desk.store.row("menu_items", "hawaiian")
    assert row is not None
    assert row["out_since"] is not None
    assert stock.out.title == "1 out of 22 cannot be sold"
    assert stock.out.rows["hawaiian"].button.text() == "Bring back"
    stock.toast.act()
    await settle()
    assert stock.out.title == "All can be sold"


# -- notices ------------------------------------------------------------------------------


async def test_a_tap_on_a_notice_reads_it_and_opens_its_order(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    order_id = desk.order("A-001")
    screen = notices_of(window)
    desk.notices.say(Notice("n1", "new_order", "Order A-001", "Table 4", desk.now(), order_id))
    assert screen.count == "1 new"
    with qtbot.waitSignal(screen.opened) as opened:
        screen.list.clicked.emit(screen.model.index(0, 0))
    await settle()
    assert opened.args == [order_id]
    assert screen.count == "Nothing new"
    assert window.top_bar.bell.badge == ""


async def test_all_notices_are_read_at_once(window: MainWindow, desk: Desk) -> None:
    screen = notices_of(window)
    for number in range(3):
        desk.notices.say(Notice(str(number), "low_stock", "Low", "", desk.now()))
    tap(screen.all_read)
    await settle()
    assert screen.count == "Nothing new"
    assert not screen.all_read.isEnabled()


# -- people -------------------------------------------------------------------------------


def test_offline_the_people_are_as_of_when_the_connection_was_lost(
    window: MainWindow, desk: Desk
) -> None:
    screen = people_of(window)
    desk.live.say(Person("1", "Oven", "kitchen", "board", desk.now()))
    assert (screen.title, screen.offline) == ("1 person here", "")
    desk.set_status(link="reconnecting")
    desk.clock.advance(600)
    desk.live.say()
    assert screen.offline == "You are offline: the list is from 18:30."
    desk.set_status(link="connected")
    assert screen.offline == ""


# -- dashboard ----------------------------------------------------------------------------


def test_the_dashboard_follows_the_day(window: MainWindow, desk: Desk) -> None:
    screen = window.screen_widget(0)
    assert isinstance(screen, DashboardScreen)
    desk.order("A-001", minutes_ago=20)
    ready = desk.order("A-002", minutes_ago=5)
    desk.ready(ready)
    screen.refresh()
    assert screen.orders.value == "2"
    assert screen.sales.value == "$26.50"
    assert (screen.open.value, screen.open.note) == ("1", "1 late")
    assert screen.ready.value == "1"
    assert screen.time.value == "5:00"
    assert screen.late.value == "50%"
    assert [entry[0] for entry in screen.late_list.entries] == ["A-001 · Table 4"]
    assert [entry[0] for entry in screen.low_list.entries] == [
        "Pineapple · 0 g",
        "Pepperoni · 1.35 kg",
    ]


def test_the_dashboard_looks_anew_when_something_changes(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    screen = window.screen_widget(0)
    assert isinstance(screen, DashboardScreen)
    desk.order("A-001")
    qtbot.waitUntil(lambda: screen.orders.value == "1")


def test_a_list_of_the_dashboard_leads_to_its_screen(
    qtbot: QtBot, window: MainWindow, desk: Desk
) -> None:
    screen = window.screen_widget(0)
    assert isinstance(screen, DashboardScreen)
    with qtbot.waitSignal(screen.opened) as opened:
        tap(screen.low_list)
    assert opened.args == ["stock"]


# -- tray ---------------------------------------------------------------------------------


def test_only_quit_in_the_trays_menu_ends_the_program(window: MainWindow, desk: Desk) -> None:
    ended: list[bool] = []
    tray = TrayIcon(desk, window, quit_app=lambda: ended.append(True))  # type: ignore[arg-type]
    words = {action.text(): action for action in tray.menu.actions()}
    words["Open"].trigger()
    assert ended == []
    words["Quit"].trigger()
    assert ended == [True]
    tray.hide()


def test_the_tray_says_what_is_new_and_how_the_connection_is(
    window: MainWindow, desk: Desk
) -> None:
    tray = TrayIcon(desk, window, quit_app=lambda: None)  # type: ignore[arg-type]
    desk.set_status(link="reconnecting", retry_at=desk.now() + timedelta(seconds=4))
    desk.notices.say(Notice("n", "low_stock", "Pepperoni runs low", "", desk.now()))
    assert tray.icon.toolTip() == "Piazza Nord\nReconnecting in 4 s\n1 new"
    tray.hide()


def test_closing_the_window_is_for_the_program_to_decide(qtbot: QtBot, window: MainWindow) -> None:
    def keep(event: QCloseEvent) -> None:
        event.ignore()

    window.closing.connect(keep)
    window.close()
    assert window.isVisible()
