"""The connection panel under a person's hands: opens, follows, compares, reports, goes quiet."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from kds.base.errors import Unreachable
from kds.session.metrics import ChannelInfo, LinkMetrics
from kds.ui.shell import connection_panel
from kds.ui.shell.connection_panel import ConnectionPanel
from kds.ui.shell.window import MainWindow
from kds.ui.theme import look
from tests.component.ui_pos.test_till import settle, tap
from tests.support.pos import Desk

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
FLOOR = ChannelInfo("stream:floor:b", "joined", "high", "", 1)


@pytest.fixture
def panel(window: MainWindow) -> ConnectionPanel:
    tap(window.top_bar.link)
    return window.connection_panel


def timers(panel: ConnectionPanel) -> list[QTimer]:
    return [timer for timer in panel.findChildren(QTimer) if timer.isActive()]


def focused(window: MainWindow) -> QWidget:
    found = window.focusWidget()
    assert found is not None
    return found


# -- opening and closing ------------------------------------------------------------------


@pytest.mark.parametrize("pill", ["link", "complete"])
def test_a_tap_on_a_pill_opens_it_and_a_tap_beside_it_closes_it(
    window: MainWindow, pill: str
) -> None:
    tap(getattr(window.top_bar, pill))
    panel = window.connection_panel
    assert panel.isVisible()
    tap(panel, QPoint(20, 20))
    assert not panel.isVisible()


def test_its_key_opens_and_closes_it_and_escape_closes_it(window: MainWindow) -> None:
    before = window.focusWidget()
    QTest.keyClick(window, Key.Key_K, CTRL)
    assert window.connection_panel.isVisible()
    QTest.keyClick(focused(window), Key.Key_K, CTRL)
    assert not window.connection_panel.isVisible()
    QTest.keyClick(window, Key.Key_K, CTRL)
    QTest.keyClick(focused(window), Key.Key_Escape)
    assert not window.connection_panel.isVisible()
    assert window.focusWidget() is before


def test_its_key_is_heard_while_somebody_types(window: MainWindow) -> None:
    window.show_screen(1)
    search = window.screen_widget(1).search  # type: ignore[attr-defined]
    search.setFocus()
    QTest.keyClicks(search, "mush")
    QTest.keyClick(search, Key.Key_K, CTRL)
    assert window.connection_panel.isVisible()
    QTest.keyClick(focused(window), Key.Key_Escape)
    assert (search.text(), window.focusWidget()) == ("mush", search)


def test_a_pill_opens_it_by_the_keyboard_too(window: MainWindow) -> None:
    window.top_bar.complete.setFocus()
    QTest.keyClick(window.top_bar.complete, Key.Key_Space)
    assert window.connection_panel.isVisible()


def test_tab_goes_round_inside_it(window: MainWindow, panel: ConnectionPanel) -> None:
    seen = []
    for _ in range(5):
        QTest.keyClick(focused(window), Key.Key_Tab)
        seen.append(window.focusWidget())
    assert seen[1:4] == [panel.compare, panel.reconnect, panel.copy]
    assert seen[4] is seen[0]
    QTest.keyClick(focused(window), Key.Key_Backtab)
    assert window.focusWidget() is panel.copy


def test_every_button_and_pill_is_high_enough_for_a_finger(
    window: MainWindow, panel: ConnectionPanel
) -> None:
    bar = window.top_bar
    for part in (panel.compare, panel.reconnect, panel.copy, bar.link, bar.complete, bar.waiting):
        assert part.sizeHint().height() >= look().touch >= 56


# -- what it shows ------------------------------------------------------------------------


def test_it_looks_once_a_second_while_open_and_never_when_closed(
    qtbot: QtBot, window: MainWindow, panel: ConnectionPanel, desk: Desk
) -> None:
    assert [timer.interval() for timer in timers(panel)] == [1000]
    before = desk.measured
    qtbot.waitUntil(lambda: desk.measured > before)
    panel.close_sheet()
    assert timers(panel) == []
    panel.open()
    window.hide()
    assert timers(panel) == []


def test_nothing_is_measured_before_it_is_opened(window: MainWindow, desk: Desk) -> None:
    assert window.isVisible()
    assert desk.measured == 0


def test_it_follows_the_session(panel: ConnectionPanel, desk: Desk) -> None:
    assert panel.state.text == "Connected · excellent · 3 ms"
    desk.clock.advance(60)
    desk.set_status(link="reconnecting", problem="The server cannot be reached.")
    desk.clock.advance(5)
    desk.figures = replace(
        desk.figures,
        waiting=2,
        link=LinkMetrics(latency_p95_ms=41.0, trend="rising", latest_ms=(3.0, 41.0)),
    )
    desk.uplink.channels = (
        FLOOR,
        replace(FLOOR, topic="branch:b", state="degraded", problem="No room."),
    )
    panel.refresh()
    assert panel.state.text == "Reconnecting…"
    assert panel.since.text() == "Since 18:31 (5 s)"
    assert panel.advice.text().startswith("The server cannot be reached.\nCheck the network")
    assert panel.complete.text == "Last synced #4,821"
    assert panel.sync.said["Waiting to be sent"] == "2"
    assert panel.latency.said["95 % within"] == "41.0 ms"
    assert panel.trend.text() == "↗ slower"
    assert panel.line.values == (3.0, 41.0)
    assert panel.line.accessibleName() == "Delay of the last news: 3 to 41 ms"
    assert panel.channels.said == {
        "Orders, menu and stock": "Live",
        "Who is here\nNo room.": "Keeps failing",
    }
    desk.uplink.channels = (FLOOR,)
    panel.refresh()
    assert panel.channels.said == {"Orders, menu and stock": "Live"}


def test_the_figures_keep_their_places_when_they_change(panel: ConnectionPanel, desk: Desk) -> None:
    def places() -> list[tuple[int, int]]:
        labels = panel.link.findChildren(QWidget)
        return [(label.x(), label.y()) for label in labels if label.x() < 200]

    QTest.qWait(0)
    before = places()
    desk.figures = replace(
        desk.figures, link=LinkMetrics(rtt_ms=12345.0, messages_per_s=9999.9, reconnects=1)
    )
    panel.refresh()
    QTest.qWait(0)
    assert places() == before


def test_another_theme_dresses_it_anew(window: MainWindow, panel: ConnectionPanel) -> None:
    def ground() -> str:
        return panel.panel.grab().toImage().pixelColor(60, 200).name()

    before = ground()
    window.toggle_theme()
    after = ground()
    assert before == "#fffcf5"
    assert after == look().theme.surface.lower() != before


def test_the_arrow_keys_move_what_does_not_fit(window: MainWindow, desk: Desk) -> None:
    window.resize(1280, 600)
    desk.uplink.channels = (FLOOR,) * 12
    QTest.keyClick(window, Key.Key_K, CTRL)
    QTest.qWait(0)
    bar = window.connection_panel.page.verticalScrollBar()
    QTest.keyClick(focused(window), Key.Key_PageDown)
    assert bar.value() > 0
    QTest.keyClick(focused(window), Key.Key_PageUp)
    assert bar.value() == 0


# -- what can be done ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        (True, connection_panel.EQUAL),
        (False, connection_panel.DIFFERS),
        (
            Unreachable("The server cannot be reached."),
            "Not compared: The server cannot be reached.",
        ),
    ],
)
async def test_compare_now_shows_how_it_came_out(
    panel: ConnectionPanel, desk: Desk, verdict: bool | Unreachable, words: str
) -> None:
    desk.verdict = verdict
    tap(panel.compare)
    await settle()
    assert panel.outcome.text() == words
    assert panel.compare.isEnabled()
    panel.close_sheet()
    panel.open()
    assert panel.outcome.text() == ""


def test_reconnect_now_tries_at_once(panel: ConnectionPanel, desk: Desk) -> None:
    tap(panel.reconnect)
    assert desk.uplink.nudged == 1
    assert panel.outcome.text() == connection_panel.ASKED


def test_the_report_is_copied_as_plain_text(panel: ConnectionPanel, desk: Desk) -> None:
    desk.figures = replace(desk.figures, compared_at=desk.now() - timedelta(minutes=3))
    tap(panel.copy)
    text = QGuiApplication.clipboard().text()
    assert "Front till (manager, A)" in text
    assert "Complete to #4,821. Compared with the server at 18:27: equal." in text
    assert panel.outcome.text() == connection_panel.COPIED


def test_it_has_the_width_of_the_scale_when_the_window_changes(
    window: MainWindow, panel: ConnectionPanel
) -> None:
    for size in ((1280, 720), (3840, 2160), (1920, 1080)):
        window.resize(*size)
        assert panel.panel.width() == look().px(640)
