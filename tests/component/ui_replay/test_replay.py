"""A past service on the screen: chosen, waited for, watched, by mouse and by keys."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QWidget
from shiboken6 import delete

from kds.base.errors import Unreachable
from kds.ui.kit.tasks import running
from kds.ui.replay.player import Player
from kds.ui.replay.screen import ReplayScreen
from tests.component.ui_replay.conftest import ReplaySession
from tests.support.replay import START, Log, LogServer

Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton


async def settle() -> None:
    while waiting := running():
        await asyncio.gather(*waiting)


async def shown(screen: ReplayScreen) -> ReplayScreen:
    screen.show()
    await settle()
    return screen


async def opened(screen: ReplayScreen) -> Player:
    """The day is chosen, and its service is there."""
    await shown(screen)
    days = screen.chooser.model
    screen.chooser.list.clicked.emit(days.index(len(days) - 1, 0))
    await settle()
    assert screen.player is not None, screen.desk.problem
    # The day's span begins with its first change; these tests count from START.
    await screen.desk.load(START, START + timedelta(hours=1))
    assert screen.player is not None
    return screen.player


def press(player: Player, *keys: Key, shift: bool = False) -> None:
    held = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
    for key in keys:
        QTest.keyClick(player, key, held)


def tap(widget: QWidget, point: QPoint | None = None) -> None:
    QTest.mouseClick(widget, LEFT, pos=point or widget.rect().center())


def at(screen: ReplayScreen) -> float:
    return (screen.desk.now() - START).total_seconds()


def tickets(player: Player) -> list[str]:
    player.tickets.flush()
    return [ticket.number for ticket in player.tickets.items]


def listed(player: Player) -> list[int]:
    return [deed.place for deed in player.deeds.model.items]


class TestChoosing:
    async def test_the_days_are_listed_with_their_orders(self, screen: ReplayScreen) -> None:
        (choice,) = (await shown(screen)).chooser.model.items
        assert (choice.title, choice.value) == ("Yesterday", "3 orders")

    async def test_a_screen_that_is_closed_meanwhile_needs_no_list(
        self, dark: None, server: LogServer, caplog: pytest.LogCaptureFixture
    ) -> None:
        screen = ReplayScreen(ReplaySession(server))  # type: ignore[arg-type]
        screen.show()
        await asyncio.sleep(0)
        listing = running()
        screen.hide()
        delete(screen)
        await asyncio.wait(listing)
        assert caplog.text == ""

    async def test_a_failure_can_be_tried_again(
        self, screen: ReplayScreen, server: LogServer
    ) -> None:
        server.fails = Unreachable("The server does not answer.")
        chooser = (await shown(screen)).chooser
        assert chooser.nothing.hint == "The server does not answer."
        assert chooser.retry.isVisible()
        server.fails = None
        tap(chooser.retry)
        await settle()
        assert len(chooser.model) == 1
        assert not chooser.retry.isVisible()

    async def test_a_service_that_does_not_come_can_be_tried_again_or_left(
        self, screen: ReplayScreen, server: LogServer
    ) -> None:
        await shown(screen)
        server.fails = Unreachable("The server does not answer.")
        screen.chooser.list.clicked.emit(screen.chooser.model.index(0, 0))
        await settle()
        assert screen.getting.words.hint == "The server does not answer."
        server.fails = None
        tap(screen.getting.retry)
        await settle()
        assert screen.player is not None

    async def test_a_load_can_be_given_up(self, screen: ReplayScreen) -> None:
        await shown(screen)
        screen.chooser.list.clicked.emit(screen.chooser.model.index(0, 0))
        await asyncio.sleep(0)
        assert screen.getting.isVisible()
        tap(screen.getting.cancel)
        await settle()
        assert screen.chooser.isVisible()
        assert screen.player is None

    async def test_escape_leads_back_to_the_list(self, screen: ReplayScreen) -> None:
        press(await opened(screen), Key.Key_Escape)
        assert screen.chooser.isVisible()
        assert screen.player is None
        assert screen.desk.phase == "idle"


class TestWatching:
    async def test_the_band_says_that_it_is_the_past(self, screen: ReplayScreen) -> None:
        player = await opened(screen)
        screen.desk.seek(START + timedelta(minutes=5))
        assert player.band.words == "REPLAY Thu 26 Nov 20:05:00"
        assert "Do not cook" in player.band.accessibleName()

    async def test_the_board_shows_the_instant(self, screen: ReplayScreen) -> None:
        player = await opened(screen)
        QAbstractItemModelTester(
            player.tickets, QAbstractItemModelTester.FailureReportingMode.Fatal
        )
        assert tickets(player) == []
        assert player.nothing.isVisible()
        screen.desk.seek(START + timedelta(seconds=200))
        assert tickets(player) == ["A-001", "A-002"]
        assert not player.nothing.isVisible()
        screen.desk.seek(START + timedelta(seconds=400))
        assert tickets(player) == ["A-002"]
        screen.desk.seek(START)
        assert tickets(player) == []

    async def test_what_is_to_be_fired_later_is_not_shown_before_on_the_way_back_either(
        self, screen: ReplayScreen, server: LogServer
    ) -> None:
        log = server.log = Log()
        log.order(60, 1)
        log.order(120, 2)
        later = {**log.tables["order_lines"]["o2-1"], "fire_at": "2026-11-26T19:05:00+00:00"}
        log.put(125, "order_lines", "o2-1", later)
        player = await opened(screen)
        for seconds, found in ((299, ["A-001"]), (301, ["A-001", "A-002"]), (299, ["A-001"])):
            screen.desk.seek(START + timedelta(seconds=seconds))
            assert tickets(player) == found

    async def test_a_seek_keeps_the_tickets_that_stay(self, screen: ReplayScreen) -> None:
        player = await opened(screen)
        screen.desk.seek(START + timedelta(seconds=200))
        player.tickets.flush()
        resets: list[None] = []
        player.tickets.modelReset.connect(lambda: resets.append(None))
        for seconds in (700, 200, 3600, 150):
            screen.desk.seek(START + timedelta(seconds=seconds))
            player.tickets.flush()
        assert resets == []

    async def test_a_tap_on_a_ticket_does_nothing_to_it_and_lists_its_past(
        self, screen: ReplayScreen
    ) -> None:
        player = await opened(screen)
        screen.desk.seek(START + timedelta(seconds=200))
        player.tickets.flush()
        box = next(iter(player.board.board.boxes_of("o1", 0)))
        tap(player.board.viewport(), box.topLeft().toPoint() + QPoint(40, 20))
        assert player.deeds.search.text() == "A-001"
        assert listed(player) == [1, 3]
        assert tickets(player) == ["A-001", "A-002"]

    async def test_a_digit_lists_the_past_of_its_ticket(self, screen: ReplayScreen) -> None:
        player = await opened(screen)
        screen.desk.seek(START + timedelta(seconds=200))
        player.tickets.flush()
        press(player, Key.Key_2)
        assert player.deeds.search.text() == "A-002"
        press(player, Key.Key_9)
        assert player.deeds.search.text() == "A-002"
        press(player, Key.Key_Escape)
        assert player.deeds.search.text() == ""
        assert len(listed(player)) == 7


class TestMoving:
    async def test_arrows_go_from_event_to_event(self, screen: ReplayScreen) -> None:
        player = await opened(screen)
        press(player, Key.Key_Left)
        assert screen.desk.place == 0
        found = []
        for _ in range(8):
            press(player, Key.Key_Right)
            found.append(at(screen))
        assert found == [60, 120, 300, 600, 660, 900, 960, 960]
        press(player, Key.Key_Left)
        assert at(screen) == 900
        screen.desk.seek(START + timedelta(seconds=500))
        press(player, Key.Key_Left)
        assert at(screen) == 120

    async def test_arrows_stay_among_the_events_of_the_order_that_is_looked_for(
        self, screen: ReplayScreen
    ) -> None:
        player = await opened(screen)
        press(player, Key.Key_F)
        QTest.keyClicks(player.deeds.search, "a2")
        assert listed(player) == [2, 6]
        QTest.keyClick(player.deeds.search, Key.Key_Return)
        assert at(screen) == 120
        press(player, Key.Key_Right)
        assert at(screen) == 900
        press(player, Key.Key_Left)
        assert at(screen) == 120
        screen.desk.seek(START + timedelta(seconds=500))
        press(player, Key.Key_Left)
        assert at(screen) == 120
        press(player, Key.Key_Left)
        assert at(screen) == 120

    async def test_words_find_deeds_and_their_absence_is_said(self, screen: ReplayScreen) -> None:
        player = await opened(screen)
        player.deeds.search.setText("voided")
        assert listed(player) == [5]
        player.deeds.search.setText("sushi")
        assert listed(player) == []
        assert player.deeds.nothing.isVisible()
        QTest.keyClick(player.deeds.search, Key.Key_Return)
        assert at(screen) == 0

    async def test_shift_and_arrows_go_by_minutes_and_home_and_end_to_the_ends(
        self, screen: ReplayScreen
    ) -> None:
        player = await opened(screen)
        press(player, Key.Key_Right, Key.Key_Right, shift=True)
        assert at(screen) == 120
        press(player, Key.Key_Left, shift=True)
        assert at(screen) == 60
        press(player, Key.Key_End)
        assert at(screen) == 3600
        press(player, Key.Key_Home)
        assert at(screen) == 0

    async def test_space_plays_and_pauses_at_the_chosen_speed(self, screen: ReplayScreen) -> None:
        player = await opened(screen)
        player._seconds = iter((100.0, 102.0, 103.0)).__next__
        press(player, Key.Key_Plus, Key.Key_Plus)
        assert player.controls.speed.text() == "5×"
        press(player, Key.Key_Space)
        assert player.controls.play.text() == "Pause"
        player.tick()
        assert at(screen) == 10
        press(player, Key.Key_Space)
        assert player.controls.play.text() == "Play"
        player._seconds = lambda: 999.0
        player.tick()
        assert at(screen) == 10
        press(player, Key.Key_0)
        assert screen.desk.speed == 1.0
        press(player, Key.Key_Minus)
        assert (screen.desk.speed, player.controls.slower.isEnabled()) == (0.5, False)

    async def test_a_hidden_screen_pauses(self, screen: ReplayScreen) -> None:
        player = await opened(screen)
        press(player, Key.Key_Space)
        assert screen.desk.playing
        screen.hide()
        assert not screen.desk.playing

    async def test_a_touch_on_the_scrubber_goes_there(self, screen: ReplayScreen) -> None:
        player = await opened(screen)
        x = round(player.scrubber.x_of(START + timedelta(minutes=30)))
        tap(player.scrubber, QPoint(x, player.scrubber.height() // 2))
        assert at(screen) == pytest.approx(1800, abs=3)
        tap(player.scrubber, QPoint(0, 5))
        assert at(screen) == 0

    async def test_a_tap_on_a_deed_goes_to_its_moment(self, screen: ReplayScreen) -> None:
        player = await opened(screen)
        player.deeds.list.clicked.emit(player.deeds.model.index(3, 0))
        assert at(screen) == 600
        assert player.deeds.list.currentIndex().row() == 3

    async def test_the_worst_moment_is_one_tap_away(self, screen: ReplayScreen) -> None:
        player = await opened(screen)
        assert player.controls.worst.text() == "Worst at 20:10: 1 late"
        tap(player.controls.worst)
        assert 600 <= at(screen) < 660
        assert player.scrubber.load_now[1] == 1

    async def test_a_station_has_its_own_board_list_and_load(self, screen: ReplayScreen) -> None:
        player = await opened(screen)
        screen.desk.seek(START + timedelta(seconds=200))
        stations = player.controls.stations
        for row, (found, worst) in enumerate(
            [(["A-001", "A-002"], "Worst at 20:10: 1 late"),
             (["A-001", "A-002"], "Worst at 20:10: 1 late"),
             ([], "Nothing was late")]
        ):  # fmt: skip
            stations.activated.emit(row)
            assert tickets(player) == found, stations.itemText(row)
            assert player.controls.worst.text() == worst
        assert listed(player) == []
        assert not player.controls.worst.isEnabled()
