"""The kitchen board under a cook's hands: keys, taps, selection, pages, undo."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kds.ui.kitchen import KitchenScreen
from kds.ui.theme import LIGHT, apply_theme
from tests.support.kitchen_display import KitchenDisplay
from tests.support.qt import LocalSession, line_row, menu_rows, simple_order

Key = Qt.Key


class PaintWatch(QObject):
    """Adds up how many pixels a widget repaints."""

    area = 1

    def take(self) -> int:
        """The pixels since the last time."""
        area, self.area = self.area, 0
        return area

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.area += sum(rect.width() * rect.height() for rect in event.region())
        return False


def fill(display: KitchenDisplay, count: int, lines: int = 2) -> None:
    """Orders o1, o2, ... with o1 waiting longest."""
    for number in range(1, count + 1):
        age = 1000 - number
        display.arrive(*simple_order(number, lines, age_s=age))


# -- bumping ------------------------------------------------------------------------------


async def test_a_number_key_bumps_the_ticket_in_that_place(display: KitchenDisplay) -> None:
    fill(display, 3)
    await display.press(Key.Key_2)
    assert display.acts == [("bump", "o2", ["o2-1", "o2-2"])]
    assert display.shown == ("o1", "o3")


async def test_a_number_key_without_a_ticket_does_nothing(display: KitchenDisplay) -> None:
    fill(display, 2)
    await display.press(Key.Key_3)
    assert display.acts == []


async def test_number_keys_count_the_tickets_of_the_page_on_show(display: KitchenDisplay) -> None:
    fill(display, 40)
    await display.press(Key.Key_PageDown)
    first = display.shown[0]
    await display.press(Key.Key_1)
    assert display.acts[0][1] == first


async def test_a_tap_on_a_line_bumps_that_line(display: KitchenDisplay) -> None:
    fill(display, 2)
    await display.tap_line("o2", "o2-1")
    assert display.acts == [("bump", "o2", ["o2-1"])]
    assert display.states("o2") == ["ready", "sent"]


async def test_a_tap_on_a_header_bumps_what_is_left_of_the_ticket(display: KitchenDisplay) -> None:
    fill(display, 1, lines=3)
    await display.tap_line("o1", "o1-2")
    await display.tap_header("o1")
    assert display.acts[-1] == ("bump", "o1", ["o1-1", "o1-3"])
    assert display.shown == ()


async def test_a_tap_on_a_done_line_or_beside_a_ticket_does_nothing(
    display: KitchenDisplay,
) -> None:
    fill(display, 1)
    point = display.line_point("o1", "o1-1")
    await display.tap_line("o1", "o1-1")
    await display.tap(display.board.viewport(), point)
    await display.tap(display.board.viewport(), QPoint(1800, 900))
    assert len(display.acts) == 1


async def test_a_finger_that_slides_off_was_not_meant(display: KitchenDisplay) -> None:
    fill(display, 2)
    viewport = display.board.viewport()
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=display.line_point("o1", "o1-1"))
    QTest.mouseMove(viewport, display.line_point("o1", "o1-2"))
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=display.line_point("o1", "o1-2"))
    await display.settle()
    assert display.acts == []


async def test_two_quick_taps_are_two_taps(display: KitchenDisplay, qapp: QApplication) -> None:
    fill(display, 1, lines=2)
    viewport = display.board.viewport()
    await display.tap_line("o1", "o1-1")
    point = display.line_point("o1", "o1-2")
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    where = QPointF(point), viewport.mapToGlobal(QPointF(point))
    for kind in (QEvent.Type.MouseButtonDblClick, QEvent.Type.MouseButtonRelease):
        qapp.sendEvent(viewport, QMouseEvent(kind, *where, left, left, none))
    await display.settle()
    assert display.states("o1") == ["ready", "ready"]


async def test_a_key_that_is_held_bumps_once(display: KitchenDisplay, qapp: QApplication) -> None:
    fill(display, 3)
    for repeated in (False, True, True):
        event = QKeyEvent(
            QEvent.Type.KeyPress, Key.Key_1, Qt.KeyboardModifier.NoModifier, "1", repeated
        )
        qapp.sendEvent(display.board, event)
        await display.settle()
    assert len(display.acts) == 1


# -- undo and recall ----------------------------------------------------------------------


async def test_undo_takes_back_exactly_what_was_bumped(display: KitchenDisplay) -> None:
    fill(display, 1, lines=3)
    await display.tap_line("o1", "o1-1")
    await display.tap_header("o1")
    assert display.screen.toast.text == "A-001 done"
    await display.press(Key.Key_U)
    assert display.acts[-1] == ("recall", "o1", ["o1-2", "o1-3"])
    assert display.states("o1") == ["ready", "sent", "sent"]


async def test_undo_is_offered_once(display: KitchenDisplay) -> None:
    fill(display, 1)
    await display.press(Key.Key_1, Key.Key_U, Key.Key_U)
    assert [kind for kind, _, _ in display.acts] == ["bump", "recall"]


async def test_undo_is_on_the_screen_for_a_while(display: KitchenDisplay, qtbot: QtBot) -> None:
    fill(display, 1)
    await display.press(Key.Key_1)
    assert display.screen.toast.isVisible()
    display.screen.toast.say("later", lambda: None, ms=1)
    qtbot.waitUntil(lambda: not display.screen.toast.isVisible())
    assert not display.screen.toast.act()


async def test_zero_recalls_the_last_bump_to_the_place_it_had(display: KitchenDisplay) -> None:
    fill(display, 3)
    await display.press(Key.Key_1)
    display.session.clock.advance(5)
    await display.press(Key.Key_1)
    assert display.shown == ("o3",)
    await display.press(Key.Key_0)
    assert display.shown == ("o2", "o3")
    await display.press(Key.Key_0)
    assert display.shown == ("o1", "o2", "o3")


async def test_zero_with_nothing_bumped_says_so(display: KitchenDisplay) -> None:
    await display.press(Key.Key_0)
    assert display.screen.toast.text == "Nothing to recall"


async def test_the_recall_list_is_newest_first_and_worked_by_keys_alone(
    display: KitchenDisplay,
) -> None:
    fill(display, 3)
    for _ in range(2):
        await display.press(Key.Key_1)
        display.session.clock.advance(90)
    await display.press(Key.Key_R)
    sheet = display.screen.work.recall
    assert [row.bumped.number for row in sheet.rows] == ["A-002", "A-001"]
    await display.press(Key.Key_Down, Key.Key_Space)
    assert sheet.isHidden()
    assert display.shown == ("o1", "o3")
    assert display.board.hasFocus()


async def test_escape_closes_the_recall_list_and_gives_the_keys_back(
    display: KitchenDisplay,
) -> None:
    fill(display, 2)
    await display.press(Key.Key_R, Key.Key_Escape, Key.Key_1)
    assert display.shown == ("o2",)


async def test_a_closed_order_cannot_be_recalled(display: KitchenDisplay) -> None:
    fill(display, 1)
    await display.press(Key.Key_1)
    await display.session.actions.close_order("o1")
    await display.press(Key.Key_0)
    assert display.screen.toast.text == "Nothing to recall"


# -- selection ----------------------------------------------------------------------------


async def test_arrows_walk_tickets_and_lines_and_enter_bumps(display: KitchenDisplay) -> None:
    fill(display, 2)
    await display.press(Key.Key_Down)
    assert display.selected == ("o1", "")
    await display.press(Key.Key_Down, Key.Key_Down)
    assert display.selected == ("o1", "o1-2")
    await display.press(Key.Key_Return)
    assert display.acts == [("bump", "o1", ["o1-2"])]
    assert display.selected == ("o1", "o1-1")
    await display.press(Key.Key_Right, Key.Key_Return)
    assert display.acts[-1] == ("bump", "o2", ["o2-1", "o2-2"])
    assert display.selected == ("o1", "")


async def test_the_selection_stays_on_its_line_whatever_moves_around_it(
    display: KitchenDisplay,
) -> None:
    fill(display, 5)
    await display.press(Key.Key_Right, Key.Key_Right, Key.Key_Right, Key.Key_Down)
    assert display.selected == ("o3", "o3-1")
    session = display.session
    display.arrive(*simple_order(9, age_s=5000))
    display.arrive(("orders", {**session.store.rows("orders")["o5"], "rush": True}))
    display.leave("o1")
    assert display.selected == ("o3", "o3-1")
    assert display.shown == ("o5", "o9", "o2", "o3", "o4")
    index = display.board.currentIndex()
    assert index.data() == "A-003"


async def test_the_selected_ticket_may_itself_move(display: KitchenDisplay) -> None:
    fill(display, 3)
    await display.press(Key.Key_Right, Key.Key_Right)
    row = display.session.store.rows("orders")["o2"]
    display.arrive(("orders", {**row, "rush": True}))
    assert display.selected == ("o2", "")
    assert display.shown[0] == "o2"


async def test_arrows_turn_the_page_when_they_leave_it(display: KitchenDisplay) -> None:
    fill(display, 60)
    first_page = display.shown
    await display.press(*[Key.Key_Right] * (len(first_page) + 1))
    assert display.board.page == 1
    assert display.selected == (f"o{len(first_page) + 1}", "")
    await display.press(Key.Key_Left, Key.Key_Left)
    assert display.board.page == 0


async def test_escape_lets_the_selection_go(display: KitchenDisplay) -> None:
    fill(display, 1)
    await display.press(Key.Key_Down, Key.Key_Escape, Key.Key_Return)
    assert display.selected is None
    assert display.acts == []


# -- pages --------------------------------------------------------------------------------


async def test_the_page_stays_when_tickets_come_and_go(display: KitchenDisplay) -> None:
    fill(display, 80)
    await display.press(Key.Key_PageDown)
    display.arrive(*simple_order(90, age_s=9000))
    await display.press(Key.Key_1)
    assert display.board.page == 1


async def test_the_last_page_gives_way_when_it_is_empty(display: KitchenDisplay) -> None:
    fill(display, 40)
    await display.press(Key.Key_End)
    last = display.board.page
    assert last > 0
    for number in range(2, 41):
        display.leave(f"o{number}")
    assert display.board.pages == 1
    assert display.board.page == 0


async def test_the_bar_says_which_page_and_how_many_tickets(
    display: KitchenDisplay, qtbot: QtBot
) -> None:
    fill(display, 40)
    await display.press(Key.Key_PageDown)
    pages = display.board.pages
    assert display.screen.bar.where.text() == f"Page 2/{pages} · 40 tickets"
    display.leave("o40")
    assert "39 tickets" in display.screen.bar.where.text()


async def test_every_line_of_a_very_long_ticket_can_be_reached(display: KitchenDisplay) -> None:
    fill(display, 1, lines=70)
    reached = set()
    await display.press(Key.Key_Down)
    for _ in range(70):
        await display.press(Key.Key_Down)
        selected = display.selected
        assert selected is not None
        assert display.line_point(*selected)
        reached.add(selected[1])
    assert len(reached) == 70


# -- what is shown ------------------------------------------------------------------------


async def test_the_model_is_never_reset_by_taps(display: KitchenDisplay, qtbot: QtBot) -> None:
    fill(display, 12)
    model = display.screen.tickets
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    with qtbot.assertNotEmitted(model.modelReset):
        await display.press(Key.Key_3, Key.Key_1, Key.Key_0, Key.Key_Down, Key.Key_Return)


async def test_an_empty_board_says_why(display: KitchenDisplay) -> None:
    nothing, session = display.screen.nothing, display.session
    assert (nothing.title, nothing.isVisible()) == ("All clear", True)
    session.set_status(link="reconnecting")
    assert nothing.title == "All clear, but offline"
    session.set_status(complete_to=None, problem="The password was not accepted.")
    assert (nothing.title, nothing.hint) == (
        "Not connected yet",
        "The password was not accepted.",
    )
    session.set_status(link="connecting", problem=None)
    assert nothing.title == "Getting the orders"
    fill(display, 1)
    assert not nothing.isVisible()


async def test_the_bar_says_when_taps_wait_for_the_network(display: KitchenDisplay) -> None:
    link = display.screen.bar.link
    assert not link.isVisible()
    display.session.set_status(link="reconnecting", waiting=3)
    assert (link.text, link.isVisible()) == ("Offline, taps are kept · 3 taps waiting", True)
    display.session.set_status(link="connected", waiting=0, head=5000)
    assert link.text == "Catching up"
    display.session.set_status(head=4821)
    assert not link.isVisible()


async def test_ages_count_in_server_time_and_late_tickets_are_counted(
    display: KitchenDisplay, qtbot: QtBot
) -> None:
    display.arrive(*simple_order(1, age_s=290), *simple_order(2, age_s=10))
    display.session.clock.advance(30)
    qtbot.waitUntil(lambda: display.screen.bar.soon.isVisible(), timeout=3000)
    assert display.screen.bar.soon.text == "1 due"
    display.session.clock.advance(timedelta(minutes=5).total_seconds())
    qtbot.waitUntil(lambda: display.screen.bar.late.isVisible(), timeout=3000)
    assert display.screen.bar.late.text == "1 late"


async def test_an_idle_tick_repaints_ages_only(display: KitchenDisplay, qapp: QApplication) -> None:
    fill(display, 20)
    viewport = display.board.viewport()
    watch = PaintWatch()
    viewport.installEventFilter(watch)
    while watch.take():  # the tickets themselves
        qapp.processEvents()
    display.board.tick()
    qapp.processEvents()
    assert 0 < watch.take() < 0.1 * viewport.width() * viewport.height()


async def test_another_theme_keeps_every_ticket_where_it_was(
    display: KitchenDisplay, qapp: QApplication
) -> None:
    fill(display, 3)
    apply_theme(qapp, LIGHT)
    assert display.shown == ("o1", "o2", "o3")


async def test_every_size_of_screen_keeps_every_ticket(display: KitchenDisplay) -> None:
    fill(display, 30)
    for width, height in ((1280, 720), (1920, 1080), (3840, 2160), (600, 400)):
        display.screen.resize(width, height)
        board = display.board.board
        found = [key for page in range(board.pages) for key in board.tickets_on(page)]
        assert list(dict.fromkeys(found)) == [f"o{n}" for n in range(1, 31)]


async def test_a_screen_reader_finds_each_ticket_where_it_is(display: KitchenDisplay) -> None:
    fill(display, 3)
    board = display.board
    for order_id in display.shown:
        index = display.screen.tickets.index_of(order_id)
        assert board.indexAt(board.visualRect(index).center()) == index
    assert not board.indexAt(QPoint(1900, 900)).isValid()


async def test_added_lines_appear_on_their_ticket(display: KitchenDisplay) -> None:
    fill(display, 1, lines=1)
    display.arrive(("order_lines", line_row("o1-2", "o1", 2, name="Cola")))
    await display.tap_line("o1", "o1-2")
    assert display.states("o1") == ["sent", "ready"]


async def test_a_screen_of_some_stations_names_them(display: KitchenDisplay, qtbot: QtBot) -> None:
    stations = display.screen.bar.stations
    assert stations.text() == "All stations"
    grill = LocalSession(stations=frozenset({"fry", "pizza"}))
    grill.put(*menu_rows(), initiator="load")
    screen = KitchenScreen(grill)  # type: ignore[arg-type]
    qtbot.addWidget(screen)
    assert screen.bar.stations.text() == "Pizza + Fryer"
    grill.put(("stations", {**grill.store.rows("stations")["fry"], "name": "Fritteuse"}))
    assert screen.bar.stations.text() == "Pizza + Fritteuse"
