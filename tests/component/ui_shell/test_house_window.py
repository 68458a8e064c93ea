"""The window of several branches: the switch, the overview, the bell and the tray."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kds.app.config import Profile
from kds.app.windows import Place, Window
from kds.domain.notices import Notice
from kds.ui.dashboard.today import TodayScreen
from kds.ui.notices.screen import NoticesScreen
from kds.ui.pos.orders import OrdersScreen
from kds.ui.shell.branch_switch import BranchSwitch
from kds.ui.shell.house_window import HouseWindow
from kds.ui.shell.window import MainWindow
from kds.ui.theme import LIGHT, apply_theme, look
from kds.ui.tray.icon import TrayIcon
from tests.component.ui_pos.test_till import settle, tap
from tests.support.house import LocalHouse

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def house() -> LocalHouse:
    return LocalHouse("North", "South")


@pytest.fixture
def window(
    qapp: QApplication, qtbot: QtBot, house: LocalHouse, tmp_path: Path
) -> Iterator[HouseWindow]:
    apply_theme(qapp, LIGHT)
    profile = Profile(url="http://127.0.0.1:1", key="k", role="manager", name="Office")
    made = Window(
        qapp,
        house.home,  # type: ignore[arg-type]
        profile,
        tmp_path,
        lambda: None,
        house,  # type: ignore[arg-type]
    )
    assert isinstance(made.widget, HouseWindow)
    with qtbot.waitExposed(made.widget):
        made.open(Place())
    yield made.widget
    made.close_for_good()
    apply_theme(qapp, LIGHT)


def switch_of(window: HouseWindow) -> BranchSwitch:
    found = window.page.findChild(BranchSwitch)
    assert isinstance(found, BranchSwitch)
    return found


def today_of(window: HouseWindow) -> TodayScreen:
    today = window.page.screen_widget(0)
    assert isinstance(today, TodayScreen)
    return today


def low(house: LocalHouse, **fields: str) -> Notice:
    return Notice("n", "low_stock", "Low: Flour", "Low at 5 kg", house.home.now(), **fields)


# -- the switch ---------------------------------------------------------------------------


def test_the_keys_switch_branches_and_every_page_stays_as_it_was(window: HouseWindow) -> None:
    north = window.page
    window.show_where("stock")
    QTest.keyClick(window, Key.Key_2, CTRL)
    assert window.page is not north
    assert switch_of(window).text() == "South"
    assert window.page.current.where == "today"
    QTest.keyClick(window, Key.Key_1, CTRL)
    assert window.page is north
    assert window.page.current.where == "stock"


def test_a_key_without_a_branch_does_nothing(window: HouseWindow) -> None:
    north = window.page
    QTest.keyClick(window, Key.Key_9, CTRL)
    assert window.page is north


def test_the_menu_names_the_branches_their_keys_and_their_news(
    window: HouseWindow, house: LocalHouse
) -> None:
    house.desks["South"].notices.say(low(house))
    switch = switch_of(window)
    switch.fill()
    actions = [action for action in switch.list.actions() if action.text()]
    assert [action.text() for action in actions] == [
        "All branches\tCtrl+0",
        "North\tCtrl+1",
        "South · 1 new\tCtrl+2",
    ]
    assert [action.isChecked() for action in actions] == [False, True, False]
    actions[2].trigger()
    assert switch_of(window).text() == "South"


def test_with_one_branch_there_is_nothing_to_switch(window: HouseWindow, house: LocalHouse) -> None:
    house.have("North")
    assert switch_of(window).isHidden()
    house.have("North", "South")
    assert switch_of(window).isVisible()


def test_a_branch_that_is_taken_away_gives_way_to_another(
    qtbot: QtBot, window: HouseWindow, house: LocalHouse
) -> None:
    window.show_branch(1)
    gone: list[bool] = []
    window.page.destroyed.connect(lambda: gone.append(True))
    house.have("North")
    qtbot.waitUntil(lambda: gone == [True])
    assert len(window.findChildren(MainWindow)) == 1
    house.have("North", "South")
    window.show_branch(1)
    assert switch_of(window).text() == "South"


def test_only_the_branch_in_front_is_told_where_one_looks(
    window: HouseWindow, house: LocalHouse
) -> None:
    north, south = house.desks.values()
    window.show_branch(1)
    assert (north.live.where[-1], south.live.where[-1]) == ("", "today")


def test_a_branch_takes_its_name_when_its_rows_arrive(
    window: HouseWindow, house: LocalHouse
) -> None:
    branch = house.home.store.branch
    assert branch is not None
    house.home.edit("branches", branch["id"], name="Piazza")
    assert switch_of(window).text() == "Piazza"


def test_the_theme_is_the_same_in_every_branch(window: HouseWindow) -> None:
    tap(window.page.top_bar.theme)
    window.show_branch(1)
    assert look().theme.name == "dark"
    tap(window.page.top_bar.theme)
    assert look().theme.name == "light"


def test_switching_branches_never_hides_the_window_for_good(
    window: HouseWindow, house: LocalHouse
) -> None:
    window.show_branch(1)
    assert house.uplink.visible
    window.hide()
    assert not house.uplink.visible
    window.come_to_front()
    assert house.uplink.visible


# -- the overview -------------------------------------------------------------------------


def test_the_overview_has_a_row_for_each_branch_and_their_sums(
    window: HouseWindow, house: LocalHouse
) -> None:
    north, south = house.desks.values()
    north.order("A-001", minutes_ago=20)
    south.ready(south.order("B-001", minutes_ago=5))
    south.set_status(waiting=3)
    QTest.keyClick(window, Key.Key_0, CTRL)
    overview = today_of(window).branches
    assert overview.isVisible()
    said = [
        (row.name.text(), row.open.value, row.late.value, row.ready.value, row.sales.value)
        for row in overview.rows
    ]
    assert said == [
        ("North", "1", "1", "0", "$13.25"),
        ("South", "0", "0", "1", "$13.25"),
    ]
    assert [row.complete.text for row in overview.rows] == ["Complete to #4,821"] * 2
    assert overview.rows[1].waiting.text == "3 waiting"
    assert (overview.late.value, overview.orders.value, overview.sales.value) == (
        "1",
        "2",
        "$26.50",
    )


def test_the_overview_follows_every_branch(
    qtbot: QtBot, window: HouseWindow, house: LocalHouse
) -> None:
    window.all_wanted.emit()
    overview = today_of(window).branches
    house.desks["South"].order("B-001")
    qtbot.waitUntil(lambda: overview.rows[1].open.value == "1")
    assert overview.open.value == "1"


def test_sales_in_two_currencies_are_not_added_up(window: HouseWindow, house: LocalHouse) -> None:
    north, south = house.desks.values()
    branch = south.store.branch
    assert branch is not None
    south.edit("branches", branch["id"], currency="EUR")
    north.order("A-001")
    south.order("B-001")
    window.all_wanted.emit()
    assert today_of(window).branches.sales.value == "$13.25 + €13.25"


@pytest.mark.parametrize("key", [Key.Key_Return, Key.Key_Space])
def test_a_row_opens_its_branch(window: HouseWindow, key: Qt.Key) -> None:
    window.all_wanted.emit()
    QTest.keyClick(today_of(window).branches.rows[1], key)
    assert switch_of(window).text() == "South"
    assert today_of(window).dashboard.isVisible()
    window.all_wanted.emit()
    tap(today_of(window).branches.rows[0])
    assert switch_of(window).text() == "North"
    assert today_of(window).dashboard.isVisible()


def test_one_branch_has_no_overview(window: HouseWindow, house: LocalHouse) -> None:
    window.all_wanted.emit()
    house.have("North")
    today = today_of(window)
    assert today.dashboard.isVisible()
    assert not today.choice.isVisible()
    window.all_wanted.emit()
    assert today.dashboard.isVisible()


# -- news ---------------------------------------------------------------------------------


def test_the_bell_of_every_page_counts_all_branches(window: HouseWindow, house: LocalHouse) -> None:
    house.desks["South"].notices.say(low(house))
    assert window.page.top_bar.bell.badge == "1"
    window.show_branch(1)
    assert window.page.top_bar.bell.badge == "1"


async def test_a_notice_of_another_branch_leads_there(
    window: HouseWindow, house: LocalHouse
) -> None:
    south = house.desks["South"]
    order_id = south.order("B-001")
    south.notices.say(Notice("n", "new_order", "Order B-001", "4", south.now(), order_id))
    window.show_where("notices")
    screen = window.page.stack.currentWidget()
    assert isinstance(screen, NoticesScreen)
    screen.list.activated.emit(screen.model.index(0, 0))
    await settle()
    assert switch_of(window).text() == "South"
    orders = window.page.stack.currentWidget()
    assert isinstance(orders, OrdersScreen)


def test_the_tray_counts_all_branches_and_names_them(
    window: HouseWindow, house: LocalHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[str, str]] = []
    tray = TrayIcon(
        house.home,  # type: ignore[arg-type]
        window,
        quit_app=lambda: None,
        bell=house.notices,
    )
    monkeypatch.setattr(
        tray.icon, "showMessage", lambda title, body, _kind: told.append((title, body))
    )
    house.desks["South"].notices.say(low(house))
    assert told == [("South · Low: Flour", "Low at 5 kg")]
    assert tray.icon.toolTip().endswith("1 new")
    tray.hide()
