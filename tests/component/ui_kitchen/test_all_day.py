"""The all-day counts beside the board follow every change, and are shown by a key."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from kds.base.clock import to_iso
from kds.domain.all_day import AllDay, Count
from kds.ui.kitchen.all_day import AllDayPanel, notes_text
from kds.ui.models.all_day import AllDayModel, spoken
from tests.support.kitchen_display import KitchenDisplay
from tests.support.qt import NOON, LocalSession, busy_kitchen, line_row, order_row


def said(panel: AllDayPanel) -> list[tuple[str, int, int]]:
    panel.dishes.flush()
    return [(count.name, count.now, count.later) for count in panel.dishes.items]


def test_counts_follow_the_orders(session: LocalSession, qtbot: QtBot) -> None:
    panel = AllDayPanel(session)  # type: ignore[arg-type]
    qtbot.addWidget(panel)
    assert panel.title.text() == "All day · nothing to make"
    session.put(
        ("orders", order_row("o1", "A-1", NOON)),
        ("order_lines", line_row("l1", "o1", 1, qty=2)),
        ("order_lines", line_row("l2", "o1", 2, item_id="wings", name="Wings", qty=3)),
    )
    assert said(panel) == [("Wings", 3, 0), ("Hawaiian", 2, 0)]
    assert panel.title.text() == "All day · 5 to make"
    session.put(("order_lines", line_row("l2", "o1", 2, item_id="wings", state="ready")))
    assert said(panel) == [("Hawaiian", 2, 0)]


def test_what_is_fired_by_time_moves_over(session: LocalSession, qtbot: QtBot) -> None:
    panel = AllDayPanel(session)  # type: ignore[arg-type]
    qtbot.addWidget(panel)
    soon = to_iso(NOON + timedelta(seconds=30))
    session.put(
        ("orders", order_row("o1", "A-1", NOON)),
        ("order_lines", line_row("l1", "o1", 1, fire_at=soon)),
    )
    assert said(panel) == [("Hawaiian", 0, 1)]
    session.clock.advance(30)
    panel.dishes.tick()
    assert said(panel) == [("Hawaiian", 1, 0)]


def test_a_station_counts_what_it_stands_in_for(qtbot: QtBot) -> None:
    session = busy_kitchen(20, stations=frozenset({"fry"}))
    model = AllDayModel(session.store, session.now, lambda: session.watched)
    assert {count.station_id for count in model.items} == {"fry"}
    pizza = session.store.row("stations", "pizza")
    assert pizza is not None
    session.put(("stations", {**pizza, "covered_by": "fry"}))
    model.flush()
    assert {count.station_id for count in model.items} == {"fry", "pizza"}
    model.detach()


def test_any_service_leaves_the_counts_of_a_fresh_start() -> None:
    session, rng = busy_kitchen(60), Random(3)
    model = AllDayModel(session.store, session.now, lambda: frozenset())
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    resets: list[int] = []
    model.modelReset.connect(lambda: resets.append(1))
    lines = list(session.store.rows("order_lines").values())
    for _ in range(300):
        line = rng.choice(lines)
        state = rng.choice(["sent", "started", "ready", "void"])
        session.put(("order_lines", {**line, "state": state, "ready_at": to_iso(NOON)}))
        model.flush()
    fresh = AllDay()
    for order_id, order in session.store.rows("orders").items():
        fresh.put(order, session.store.lines_of(order_id))
    wanted = {count.dish: count for count in fresh.counts(session.now())}
    assert {count.dish: count for count in model.items} == wanted
    assert resets == []
    model.detach()


def test_the_panel_stands_beside_the_board_when_it_is_wanted(display: KitchenDisplay) -> None:
    panel = AllDayPanel(display.session)  # type: ignore[arg-type]
    display.screen.put_all_day(panel)
    assert panel.isHidden()
    panel.show()
    assert panel.focusPolicy() == panel.list.focusPolicy()  # the keyboard stays with the board


def test_the_words_of_a_count() -> None:
    count = Count("pizza", "h", "Hawaiian", "L", 3, 2, NOON, (("no onion", 2),))
    assert notes_text(count, "Pizza") == "2 no onion · 2 later · Pizza"
    assert spoken(count) == "3 Hawaiian L, 2 no onion, 2 later"
