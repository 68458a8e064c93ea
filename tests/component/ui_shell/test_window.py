"""The window around the screens: what it always says, where it leads, signing in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from kds.base.errors import KdsError, Refused, Unauthorized, Unreachable
from kds.domain.notices import Notice
from kds.session.status import Person
from kds.ui.shell.window import MainWindow
from kds.ui.theme import look
from tests.component.ui_pos.test_till import settle, tap
from tests.support.pos import Desk

Key = Qt.Key


def notice(desk: Desk, number: int) -> Notice:
    return Notice(str(number), "new_order", f"Order A-{number:03d}", "Table 4", desk.now())


def place(widget: QWidget) -> tuple[int, int]:
    return widget.x(), widget.width()


# -- what it always says ------------------------------------------------------------------


def test_a_good_connection_is_connected_complete_and_silent_about_ops(window: MainWindow) -> None:
    bar = window.top_bar
    assert bar.link.words == "Connected · excellent · 3 ms"
    assert bar.complete.words == "Complete to #4,821"
    assert bar.waiting.words == ""


def test_a_lost_connection_is_told_and_counted_down(window: MainWindow, desk: Desk) -> None:
    desk.set_status(link="reconnecting", retry_at=desk.now() + timedelta(seconds=4), waiting=3)
    bar = window.top_bar
    assert bar.link.words == "Reconnecting in 4 s"
    assert bar.complete.words == "Last synced #4,821"
    assert bar.waiting.words == "3 waiting"


def test_ops_come_and_go_without_moving_their_neighbours(window: MainWindow, desk: Desk) -> None:
    def places() -> list[tuple[int, int]]:
        return [place(part) for part in (window.top_bar.complete, window.top_bar.link)]

    before = places()
    desk.set_status(waiting=3)
    QTest.qWait(0)
    assert window.top_bar.waiting.isVisible()
    assert places() == before
    desk.set_status(waiting=0)
    QTest.qWait(0)
    assert not window.top_bar.waiting.isVisible()
    assert places() == before


@pytest.mark.parametrize(("unread", "badge"), [(0, ""), (1, "1"), (9, "9"), (10, "9+")])
def test_the_bell_counts_to_nine(window: MainWindow, desk: Desk, unread: int, badge: str) -> None:
    desk.notices.say(*(notice(desk, number) for number in range(unread)))
    assert window.top_bar.bell.badge == badge


def test_the_people_are_counted_and_named(window: MainWindow, desk: Desk) -> None:
    desk.live.say(
        Person("1", "Front till", "pos", "till", desk.now(), me=True),
        Person("2", "Oven", "kitchen", "board", desk.now()),
    )
    assert window.top_bar.people.words == "2"
    assert window.top_bar.people.toolTip() == "2 here: Front till, Oven"


# -- where it leads -----------------------------------------------------------------------


def test_function_keys_switch_screens_and_the_others_are_told(
    window: MainWindow, desk: Desk
) -> None:
    QTest.keyClick(window, Key.Key_F2)
    QTest.keyClick(window, Key.Key_F4)
    assert window.current.title == "People"
    assert desk.live.where == ["today", "stock", "people"]


def test_a_tap_in_the_navigation_switches_screens(window: MainWindow) -> None:
    tap(window.rail.buttons[1])
    assert window.current.title == "Stock"


def test_the_bell_opens_the_notices_and_the_discs_open_the_people(window: MainWindow) -> None:
    tap(window.top_bar.bell)
    assert window.current.title == "Notices"
    tap(window.top_bar.people)
    assert window.current.title == "People"


def test_a_screen_is_made_once_and_only_when_it_is_looked_at(window: MainWindow) -> None:
    assert window.stack.count() == 1
    window.show_screen(1)
    window.show_screen(0)
    window.show_screen(1)
    assert window.stack.count() == 2


def test_the_theme_is_toggled_everywhere_at_once(window: MainWindow) -> None:
    tap(window.top_bar.theme)
    assert look().theme.name == "dark"
    tap(window.top_bar.theme)
    assert look().theme.name == "light"


# -- signing in ---------------------------------------------------------------------------


def ask(window: MainWindow, desk: Desk) -> None:
    desk.needs_sign_in = True
    desk.set_status(link="disconnected", reason="signed_out")
    tap(window.banner.button)


def test_a_problem_is_told_across_the_window(window: MainWindow, desk: Desk) -> None:
    desk.set_status(problem="This device belongs to another branch.")
    assert window.banner.text == "This device belongs to another branch."
    assert not window.banner.button.isVisible()
    desk.set_status(problem=None)
    assert window.banner.text == ""


def test_a_terminal_that_is_signed_out_offers_to_sign_in(window: MainWindow, desk: Desk) -> None:
    ask(window, desk)
    assert window.banner.text == "This terminal is signed out."
    assert window.sign_in.isVisible()


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (Unauthorized("400"), "The email or the password was not accepted."),
        (
            Unreachable("timed out"),
            "The server cannot be reached. Try again when the connection is back.",
        ),
        (Refused("This account has no branch."), "This account has no branch."),
    ],
)
async def test_a_refused_sign_in_says_why_and_stays(
    window: MainWindow, desk: Desk, error: KdsError, words: str
) -> None:
    ask(window, desk)
    desk.sign_in_error = error
    QTest.keyClicks(window.sign_in.email, "till@piazza.example")
    QTest.keyClicks(window.sign_in.password, "wrong")
    tap(window.sign_in.button)
    await settle()
    assert window.sign_in.refusal == words
    assert window.sign_in.isVisible()
    assert window.sign_in.button.isEnabled()


async def test_an_accepted_sign_in_closes_the_sheet_and_the_banner(
    window: MainWindow, desk: Desk
) -> None:
    ask(window, desk)
    QTest.keyClicks(window.sign_in.email, "till@piazza.example")
    QTest.keyClicks(window.sign_in.password, "right")
    QTest.keyClick(window.sign_in.password, Key.Key_Return)
    await settle()
    assert desk.signed_in == [("till@piazza.example", "right")]
    assert not window.sign_in.isVisible()
    assert window.sign_in.password.text() == ""
    assert window.banner.text == ""


def test_half_a_sign_in_is_not_sent(window: MainWindow, desk: Desk) -> None:
    ask(window, desk)
    QTest.keyClicks(window.sign_in.email, "till@piazza.example")
    tap(window.sign_in.button)
    assert window.sign_in.refusal == "Type the email and the password."
    assert desk.signed_in == []


def test_signing_in_can_be_put_off(window: MainWindow, desk: Desk) -> None:
    ask(window, desk)
    QTest.keyClick(window.sign_in, Key.Key_Escape)
    assert not window.sign_in.isVisible()
    assert window.banner.text == "This terminal is signed out."
