"""A manager sets the kitchen up, at a desk in memory."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kds.domain.changes import ChangeSet, RowChange
from kds.ui.models import TicketModel
from kds.ui.models.setup import DISHES, HOUSE
from kds.ui.setup.screen import SetupScreen
from kds.ui.theme import LIGHT, apply_theme
from tests.component.ui_pos.test_till import settle, tap
from tests.support.pos import Desk
from tests.support.qt import BRANCH
from tests.support.restaurant import EVERY_ROW
from tests.support.screens import exposed

AGES = {"warn_after_s": 300, "late_after_s": 480}
STATION: dict[str, Any] = {**EVERY_ROW["stations"], **AGES, "branch_id": BRANCH}
OVEN = {**STATION, "id": "oven", "name": "Oven", "position": 1, "categories": ["classic"]}
COLD = {**STATION, "id": "cold", "name": "Cold", "position": 2, "categories": ["veggie", "drinks"]}


@pytest.fixture
def desk(qapp: QApplication) -> Desk:
    apply_theme(qapp, LIGHT)
    desk = Desk("manager")
    desk.put(("stations", OVEN), ("stations", COLD))
    return desk


@pytest.fixture
def screen(qtbot: QtBot, desk: Desk) -> SetupScreen:
    screen = exposed(qtbot, SetupScreen(desk))  # type: ignore[arg-type]
    fatal = QAbstractItemModelTester.FailureReportingMode.Fatal
    for model in (screen.model, screen.dishes.found):
        QAbstractItemModelTester(model, fatal, screen)
    screen.model.modelReset.connect(lambda: pytest.fail("a change is not a reset"))
    return screen


async def done(screen: SetupScreen) -> None:
    """What was tapped has been written, and is shown."""
    await settle()
    screen.model.flush()
    screen.dishes.model.flush()


async def undo(screen: SetupScreen) -> None:
    assert screen.toast.act()
    await done(screen)


def row(desk: Desk, table: str, pk: str) -> dict[str, Any]:
    found = desk.store.row(table, pk)
    assert found is not None
    return dict(found)


def said(screen: SetupScreen) -> list[str]:
    """What the fields of the station complain about."""
    return [field.problem for field in screen.station.fields.values() if field.problem]


# -- the list -------------------------------------------------------------------------------------


def test_the_stations_come_first_in_their_order(screen: SetupScreen) -> None:
    assert screen.model.keys == ("oven", "cold", HOUSE, DISHES)
    assert screen.chosen == "oven"
    assert [part.station.dishes for part in screen.model.items if part.station] == [14, 8]


def test_a_category_that_nobody_makes_is_told_until_somebody_does(
    screen: SetupScreen, desk: Desk
) -> None:
    assert screen.unmade.text == (
        "Nobody makes chicken and supreme. What is ordered comes to Oven."
    )
    desk.edit("stations", "cold", categories=["chicken", "supreme", "veggie", "drinks"])
    screen.model.flush()
    assert screen.unmade.text == ""


def test_arrows_walk_the_list(screen: SetupScreen) -> None:
    screen.setFocus()
    QTest.keyClick(screen.list, Qt.Key.Key_Down)
    assert screen.chosen == "cold"
    assert screen.station.name.text() == "Cold"


def test_a_station_that_is_taken_away_leaves_the_page(screen: SetupScreen, desk: Desk) -> None:
    screen.choose("cold")
    gone = RowChange("stations", "cold", row(desk, "stations", "cold"), None)
    desk.store.apply(ChangeSet((gone,), "remote"))
    screen.model.flush()
    assert screen.chosen == HOUSE
    assert screen.station.isHidden()


# -- a station ------------------------------------------------------------------------------------


async def test_a_category_is_added_at_once_and_taken_back(screen: SetupScreen, desk: Desk) -> None:
    tap(screen.station.makes.buttons["chicken"])
    await done(screen)
    assert row(desk, "stations", "oven")["categories"] == ["classic", "chicken"]
    assert screen.station.makes.chosen == ("classic", "chicken")
    assert screen.toast.text == "Oven: with chicken"
    await undo(screen)
    assert screen.station.makes.chosen == ("classic",)
    tap(screen.station.makes.buttons["classic"])
    await done(screen)
    assert row(desk, "stations", "oven")["categories"] == []


async def test_a_change_is_taken_back_by_key_also_under_a_sheet(
    screen: SetupScreen, desk: Desk
) -> None:
    screen.choose(DISHES)
    screen.dishes.list.clicked.emit(screen.dishes.found.index(0, 0))
    more = screen.dishes.sheet.form.prep.more
    more.setFocus()
    QTest.keyClick(more, Qt.Key.Key_Space)
    await done(screen)
    assert row(desk, "menu_items", "hawaiian")["prep_s"] == 30
    QTest.keyClick(more, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    await done(screen)
    assert row(desk, "menu_items", "hawaiian")["prep_s"] == 0


async def test_times_go_to_the_next_minute_and_steps_are_taken_back_together(
    screen: SetupScreen, desk: Desk
) -> None:
    desk.edit("stations", "oven", late_after_s=510)
    screen.model.flush()
    late = screen.station.ages.late
    assert late.text == "8 min 30 s"
    for shown in ("9 min", "10 min"):
        tap(late.more)
        await done(screen)
        assert late.text == shown
    assert screen.toast.text == "Oven: late after 10 min"
    await undo(screen)
    assert row(desk, "stations", "oven")["late_after_s"] == 510


async def test_late_before_due_is_told_beside_the_field_and_changes_nothing(
    screen: SetupScreen, desk: Desk
) -> None:
    desk.edit("stations", "oven", warn_after_s=420)
    screen.model.flush()
    tap(screen.station.ages.due.more)
    await done(screen)
    assert said(screen) == ["Late must come after due."]
    assert screen.station.ages.due.text == "7 min"
    assert desk.commands == []
    tap(screen.station.ages.late.more)
    await done(screen)
    assert said(screen) == []


async def test_a_station_gets_another_name_by_enter(screen: SetupScreen, desk: Desk) -> None:
    name = screen.station.name
    name.setFocus()
    name.selectAll()
    QTest.keyClicks(name, "Pizza oven")
    QTest.keyClick(name, Qt.Key.Key_Return)
    name.editingFinished.emit()  # as when it is left: that asks no second time
    await done(screen)
    assert [command.args["values"] for command in desk.commands] == [{"name": "Pizza oven"}]
    assert screen.model.at(0).name == "Pizza oven"


async def test_a_name_that_is_blank_is_not_taken(screen: SetupScreen, desk: Desk) -> None:
    name = screen.station.name
    name.setFocus()
    name.clear()
    QTest.keyClick(name, Qt.Key.Key_Return)
    assert said(screen) == ["Name is missing."]
    QTest.keyClick(name, Qt.Key.Key_Escape)
    assert name.text() == "Oven"
    assert desk.commands == []


async def test_what_is_being_typed_survives_the_change_of_another(
    screen: SetupScreen, desk: Desk
) -> None:
    name = screen.station.name
    name.setFocus()
    QTest.keyClicks(name, " 2")
    desk.edit("stations", "cold", stage=2)
    screen.model.flush()
    assert name.text() == "Oven 2"
    QTest.keyClick(name, Qt.Key.Key_Escape)


async def test_dishes_and_extras_are_found_by_typing(screen: SetupScreen, desk: Desk) -> None:
    items, modifiers = screen.station.items, screen.station.modifiers
    QTest.keyClicks(items.search, "feta")
    QTest.keyClick(items.search, Qt.Key.Key_Return)
    await done(screen)
    QTest.keyClicks(modifiers.search, "gluten")
    tap(modifiers.found.buttons["gluten-free-base"])
    await done(screen)
    oven = row(desk, "stations", "oven")
    assert oven["items"] == ["spinach-and-feta"]
    assert oven["modifiers"] == ["gluten-free-base"]
    tap(items.chosen.buttons["spinach-and-feta"])
    await done(screen)
    assert row(desk, "stations", "oven")["items"] == []


async def test_its_turn_its_stand_in_and_its_screen_are_set(
    screen: SetupScreen, desk: Desk
) -> None:
    screen.station.stage.choose("2")
    await done(screen)
    tap(screen.station.backup.buttons["cold"])
    await done(screen)
    screen.station.has_screen.choose("none")
    await done(screen)
    oven = row(desk, "stations", "oven")
    assert (oven["stage"], oven["backup_id"], oven["unattended"]) == (2, "cold", True)
    assert screen.toast.text == "Oven: has no screen"
    await undo(screen)
    assert screen.station.has_screen.value == ""


def test_a_station_of_an_older_server_has_no_screen_to_set(screen: SetupScreen, desk: Desk) -> None:
    old = {name: value for name, value in OVEN.items() if name != "unattended"}
    desk.put(("stations", old))
    screen.model.flush()
    assert screen.station.fields["unattended"].isHidden()


async def test_another_station_says_nothing_of_the_problems_of_the_last(
    screen: SetupScreen,
) -> None:
    screen.station.name.asked.emit(" ")
    screen.choose("cold")
    assert said(screen) == []


# -- the whole kitchen ----------------------------------------------------------------------------


async def test_an_order_type_has_times_of_its_own_until_it_has_none(
    screen: SetupScreen, desk: Desk
) -> None:
    screen.choose(HOUSE)
    delivery = screen.house.types["delivery"]
    delivery.whose.choose("own")
    await done(screen)
    tap(delivery.late.more)
    await done(screen)
    assert row(desk, "branches", BRANCH)["type_ages"] == {"delivery": [300, 540]}
    delivery.whose.choose("station")
    await done(screen)
    assert row(desk, "branches", BRANCH)["type_ages"] == {}
    assert screen.toast.text == "Piazza Nord: Delivery as the station says"


async def test_the_pass_has_two_steps(screen: SetupScreen, desk: Desk) -> None:
    screen.choose(HOUSE)
    screen.house.steps.choose("2")
    await done(screen)
    assert row(desk, "branches", BRANCH)["expo_stages"] == 2
    await undo(screen)
    assert screen.house.steps.value == "1"


# -- dishes ---------------------------------------------------------------------------------------


async def test_a_dish_takes_its_time_and_is_late_on_its_own(
    screen: SetupScreen, desk: Desk
) -> None:
    screen.choose(DISHES)
    QTest.keyClicks(screen.dishes.search, "four")
    screen.dishes.list.clicked.emit(screen.dishes.found.index(0, 0))
    form = screen.dishes.sheet.form
    assert form.prep.text == "Not known"
    for _ in range(2):
        tap(form.prep.more)
        await done(screen)
    form.ages.whose.choose("own")
    await done(screen)
    dish = row(desk, "menu_items", "four-cheese")
    assert (dish["prep_s"], dish["warn_after_s"], dish["late_after_s"]) == (60, 300, 480)
    await undo(screen)
    assert row(desk, "menu_items", "four-cheese")["late_after_s"] is None


def test_a_dish_that_is_not_found_is_said_so(screen: SetupScreen) -> None:
    screen.choose(DISHES)
    QTest.keyClicks(screen.dishes.search, "soap")
    assert screen.dishes.list.isHidden()


# -- what others see ------------------------------------------------------------------------------


async def test_a_ticket_on_a_board_is_late_by_the_new_time_at_once(
    screen: SetupScreen, desk: Desk
) -> None:
    order_id = desk.order("A-001", minutes_ago=6)
    board = TicketModel(desk.store, frozenset({"oven"}))
    tap(screen.station.ages.late.less)
    await done(screen)
    board.flush()
    ticket = board.item(order_id)
    assert ticket is not None
    assert ticket.late_after_s == 420


# -- room -----------------------------------------------------------------------------------------


def test_every_control_is_in_reach_on_half_a_small_screen(
    qtbot: QtBot, qapp: QApplication, desk: Desk
) -> None:
    apply_theme(qapp, LIGHT, 0.7)
    narrow = exposed(qtbot, SetupScreen(desk), 720, 860)  # type: ignore[arg-type]
    form = narrow.station
    for control in (form.ages.due.more, form.ages.late.more, form.stage, form.name):
        right = control.mapTo(form, control.rect().topRight()).x()
        assert right < form.width()


def test_choices_begin_where_reading_begins(screen: SetupScreen) -> None:
    chips = screen.station.makes
    first = next(iter(chips.buttons.values()))
    assert first.geometry().left() == 0
    screen.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    QApplication.processEvents()
    assert first.geometry().right() == chips.rect().right()
