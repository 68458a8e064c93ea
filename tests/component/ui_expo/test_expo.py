"""At the pass by keys and taps: orders are handed over, assembled, taken back, fired."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from pytestqt.qtbot import QtBot

from kds.base.clock import to_iso
from kds.domain.coverage import Offer
from kds.ui.expo.dark_strip import DarkStrip
from kds.ui.expo.rows import COURSE
from kds.ui.expo.screen import ExpoScreen
from kds.ui.expo.words import share_text, summary
from kds.ui.kit.tasks import running
from kds.ui.models.expo import ExpoModel
from tests.support.qt import BRANCH, NOON, LocalSession, busy_kitchen, line_row, order_row

Key = Qt.Key


async def settle() -> None:
    while waiting := running():
        await asyncio.gather(*waiting)


async def press(expo: ExpoScreen, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(expo.window().focusWidget() or expo.board, key)
        await settle()
        expo.orders.flush()


def arrive(
    session: LocalSession, expo: ExpoScreen, key: str, *states: str, age: int = 60, **fields: Any
) -> None:
    placed = NOON - timedelta(seconds=age)
    ready = all(state == "ready" for state in states)
    ready_at = to_iso(NOON) if ready else None
    lines = [
        line_row(
            f"{key}-{n}", key, n, state=state, sent_at=to_iso(placed), station_id=station,
            started_at=None if state == "sent" else to_iso(placed),
            ready_at=to_iso(NOON) if state == "ready" else None,
        )
        for n, (state, station) in enumerate(zip(states, ("pizza", "fry", "bar"), strict=False), 1)
    ]  # fmt: skip
    order = order_row(key, f"A-{key}", placed, ready_at=ready_at, **fields)
    session.put(("orders", order), *(("order_lines", line) for line in lines))
    expo.orders.flush()


def order(session: LocalSession, key: str) -> Any:
    return session.store.row("orders", key)


async def test_a_ready_order_is_handed_over_with_its_number_and_undone(
    expo: ExpoScreen, session: LocalSession
) -> None:
    arrive(session, expo, "1", "ready", "ready")
    await press(expo, Key.Key_1)
    assert order(session, "1")["handed_at"] == to_iso(NOON)
    assert len(expo.orders) == 0
    assert expo.toast.text == "A-1 handed over"
    await press(expo, Key.Key_U)
    assert order(session, "1")["handed_at"] is None
    assert expo.orders.keys == ("1",)


async def test_an_order_that_is_still_made_stays_and_says_who_holds_it_up(
    expo: ExpoScreen, session: LocalSession
) -> None:
    arrive(session, expo, "1", "ready", "started")
    await press(expo, Key.Key_1)
    assert session.commands == []
    assert expo.toast.text == "A-1 still waits for Fryer"


async def test_with_two_stages_the_first_bump_assembles(
    expo: ExpoScreen, session: LocalSession
) -> None:
    branch = session.store.row("branches", BRANCH)
    assert branch is not None
    session.put(("branches", {**branch, "expo_stages": 2}))
    arrive(session, expo, "1", "ready")
    await press(expo, Key.Key_1)
    assert order(session, "1")["assembled_at"] == to_iso(NOON)
    assert expo.orders.keys == ("1",)
    await press(expo, Key.Key_Right, Key.Key_Return)
    assert order(session, "1")["handed_at"] == to_iso(NOON)
    assert [command.kind for command in session.commands] == ["assemble", "hand_over"]
    await press(expo, Key.Key_U, Key.Key_U)
    assert order(session, "1")["assembled_at"] is None


async def test_zero_brings_the_last_one_back_and_r_lists_them(
    expo: ExpoScreen, session: LocalSession
) -> None:
    await press(expo, Key.Key_0)
    assert expo.toast.text == "Nothing to recall"
    arrive(session, expo, "1", "ready", age=90)
    arrive(session, expo, "2", "ready", age=30)
    await press(expo, Key.Key_1)
    session.clock.advance(5)
    await press(expo, Key.Key_1)
    assert len(expo.orders) == 0
    await press(expo, Key.Key_0)
    assert expo.orders.keys == ("2",)
    await press(expo, Key.Key_R)
    assert [row.bumped.number for row in expo.work.recall.rows] == ["A-1"]
    await press(expo, Key.Key_Return)
    assert expo.orders.keys == ("1", "2")


async def test_a_tap_on_a_held_course_fires_it(
    expo: ExpoScreen, session: LocalSession, qtbot: QtBot
) -> None:
    arrive(session, expo, "1", "ready", "sent", pacing="manual")
    held = session.store.row("order_lines", "1-2")
    assert held is not None
    session.put(("order_lines", {**held, "held": True, "course": 2}))
    expo.orders.flush()
    await press(expo, Key.Key_1)
    assert expo.toast.text == "A-1: course 2 is on hold, fire it first"
    QTest.mouseClick(expo.board.viewport(), Qt.MouseButton.LeftButton, pos=_course(expo, "1", 2))
    await settle()
    fired = session.store.row("order_lines", "1-2")
    assert fired is not None
    assert fired["held"] is False
    assert [command.kind for command in session.commands] == ["fire"]


def _course(expo: ExpoScreen, key: str, number: int) -> QPoint:
    board = expo.board.board
    [segment] = board.page(0)
    sheet = board.sheet(key)
    for row, box in sheet.row_boxes(segment, board.box(segment)):
        if sheet.rows[row].line_id == f"{COURSE}{number}":
            return box.center().toPoint()
    raise AssertionError(f"course {number} cannot be tapped")


async def test_rush_is_marked_from_here(expo: ExpoScreen, session: LocalSession) -> None:
    arrive(session, expo, "1", "sent")
    await press(expo, Key.Key_Right, Key.Key_X)
    assert order(session, "1")["rush"] is True


async def test_a_dozen_orders_stand_on_one_page(expo: ExpoScreen, session: LocalSession) -> None:
    for number in range(12):
        arrive(session, expo, f"{number:02}", "ready", "started", "sent", age=600 - number)
    assert expo.board.pages == 1
    assert len(expo.board.board.tickets_on(0)) == 12


async def test_what_was_promised_first_comes_first_when_asked_for(
    expo: ExpoScreen, session: LocalSession
) -> None:
    arrive(session, expo, "1", "sent", age=300)
    arrive(session, expo, "2", "sent", age=30, promised_at=to_iso(NOON - timedelta(hours=1)))
    assert expo.orders.keys == ("1", "2")
    expo.orders.set_sort("promised")
    assert expo.orders.keys == ("2", "1")


async def test_the_expo_vouches_for_no_screen(expo: ExpoScreen, session: LocalSession) -> None:
    arrive(session, expo, "1", "sent")
    expo.grab()
    assert session.showing.said == []


def test_the_model_keeps_qts_rules_through_a_service(qtbot: QtBot) -> None:
    session = busy_kitchen(40)
    model = ExpoModel(session.store, session.now)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    resets: list[int] = []
    model.modelReset.connect(lambda: resets.append(1))
    for number in range(1, 41):
        row = session.store.row("orders", f"o{number}")
        assert row is not None
        session.put(("orders", {**row, "rush": number % 3 == 0}))
        if number % 4 == 0:
            session.put(("orders", {**row, "handed_at": to_iso(NOON)}))
        model.flush()
    model.set_sort("promised")
    assert len(model) == 30
    assert resets == []
    model.detach()


async def test_loads_tell_who_is_busy_dark_and_stood_in_for(
    expo: ExpoScreen, session: LocalSession
) -> None:
    arrive(session, expo, "1", "sent", "sent", age=500)
    fry = session.store.row("stations", "fry")
    assert fry is not None
    session.put(("stations", {**fry, "covered_by": "bar"}))
    session.coverage.say(Offer("dark", "pizza", ("fry",), NOON))
    expo.loads.refresh()
    assert [(word.name, word.text) for word in expo.loads.words] == [
        ("Pizza", "1 · 8:20 · screen dark"),
        ("Fryer", "→ Bar · 1 · 8:20"),
        ("Bar", "free"),
    ]
    assert [word.short for word in expo.loads.words] == ["1 · dark", "→ Bar", "free"]


async def test_one_tap_sends_a_dark_station_to_its_backup(
    session: LocalSession, qtbot: QtBot
) -> None:
    strip = DarkStrip(session)  # type: ignore[arg-type]
    qtbot.addWidget(strip)
    assert strip.text == ""
    session.coverage.say(Offer("dark", "pizza", ("fry", "bar"), NOON - timedelta(seconds=40)))
    assert strip.text == "Pizza's screen is dark since 06:59. Who makes its orders?"
    assert [button.text() for button in strip.choices] == ["Send to Fryer", "Send to Bar"]
    strip.choices[0].click()
    await settle()
    pizza = session.store.row("stations", "pizza")
    assert pizza is not None
    assert pizza["covered_by"] == "fry"


async def test_with_every_other_screen_off_nobody_is_named(
    session: LocalSession, qtbot: QtBot
) -> None:
    strip = DarkStrip(session)  # type: ignore[arg-type]
    qtbot.addWidget(strip)
    session.coverage.say(Offer("dark", "pizza", (), NOON))
    assert strip.text == (
        "Pizza's screen is dark since 07:00. No other screen is on: tell its cooks."
    )
    assert strip.choices == []


async def test_a_station_that_is_back_gets_its_orders_back(
    session: LocalSession, qtbot: QtBot
) -> None:
    pizza = session.store.row("stations", "pizza")
    assert pizza is not None
    session.put(("stations", {**pizza, "covered_by": "fry"}))
    strip = DarkStrip(session)  # type: ignore[arg-type]
    qtbot.addWidget(strip)
    session.coverage.say(Offer("back", "pizza", ("fry",), NOON))
    assert strip.text == "Pizza's screen is back since 07:00. Take its orders back?"
    strip.choices[0].click()
    await settle()
    pizza = session.store.row("stations", "pizza")
    assert pizza is not None
    assert pizza["covered_by"] == ""


async def test_not_now_is_asked_again_only_when_something_has_changed(
    session: LocalSession, qtbot: QtBot
) -> None:
    strip = DarkStrip(session)  # type: ignore[arg-type]
    qtbot.addWidget(strip)
    offer = Offer("dark", "pizza", ("fry",), NOON)
    session.coverage.say(offer)
    strip.later.click()
    session.coverage.say(replace(offer, by=("bar",)))
    assert strip.text == ""
    session.coverage.say()
    session.coverage.say(Offer("dark", "pizza", ("fry",), NOON + timedelta(minutes=5)))
    assert "Pizza" in strip.text


async def test_a_share_says_when_it_is_fired(expo: ExpoScreen, session: LocalSession) -> None:
    arrive(session, expo, "1", "ready", "sent")
    line = session.store.row("order_lines", "1-2")
    assert line is not None
    later = to_iso(NOON + timedelta(seconds=135))
    session.put(("order_lines", {**line, "fire_at": later}))
    expo.orders.flush()
    ticket = expo.orders.order("1")
    assert ticket is not None
    assert [share_text(share, NOON) for share in ticket.shares] == ["ready", "in 2:15"]
    assert summary(ticket, NOON) == "Begins in 2:15"


async def test_a_tap_on_what_an_order_says_of_itself_hands_it_over(
    expo: ExpoScreen, session: LocalSession
) -> None:
    arrive(session, expo, "1", "ready", "ready")
    board = expo.board.board
    (part,) = board.page(0)
    _, band = next(board.sheet("1").row_boxes(part, board.box(part)))
    QTest.mouseClick(expo.board.viewport(), Qt.MouseButton.LeftButton, pos=band.center().toPoint())
    await settle()
    assert order(session, "1")["handed_at"] == to_iso(NOON)
