"""The models of tickets, orders, stock, notices and people follow their sources exactly."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from kds.base.clock import to_iso
from kds.base.events import Event
from kds.domain.changes import ChangeSet
from kds.domain.notices import Notice
from kds.domain.rows import Row
from kds.domain.tickets import Ticket
from kds.session.status import Person
from kds.ui.models import NoticeModel, OrderModel, PeopleModel, StockModel, TicketModel
from kds.ui.models.keyed import KeyedListModel
from tests.support.qt import BRANCH, NOON, LocalSession, line_row, menu_rows, simple_order

pytestmark = pytest.mark.usefixtures("qapp")
SPOKEN = int(Qt.ItemDataRole.AccessibleTextRole)


@pytest.fixture
def session() -> LocalSession:
    found = LocalSession()
    found.put(*menu_rows(), *simple_order(1, age_s=300), *simple_order(2), initiator="load")
    return found


def line_of(session: LocalSession, line_id: str, **fields: object) -> tuple[str, Row]:
    """The line as it is, with other `fields`."""
    return "order_lines", {**session.store.rows("order_lines")[line_id], **fields}


def strict(model: KeyedListModel) -> None:
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    model.modelReset.connect(lambda: pytest.fail("a change is not a reset"))


async def test_a_bumped_ticket_leaves_and_a_recalled_one_returns_to_its_place(
    session: LocalSession,
) -> None:
    model = TicketModel(session.store)
    strict(model)
    await session.actions.bump("o1", ["o1-1", "o1-2"])
    assert list(model.keys) == ["o2"]
    await session.actions.recall("o1", ["o1-1", "o1-2"])
    assert list(model.keys) == ["o1", "o2"]


async def test_a_bumped_line_changes_its_ticket_only(session: LocalSession) -> None:
    model = TicketModel(session.store)
    strict(model)
    rows: list[int] = []
    model.dataChanged.connect(lambda first, last, _: rows.extend((first.row(), last.row())))
    await session.actions.bump("o2", ["o2-1"])
    assert rows == [1, 1]
    assert [line.state for line in model.at(1).lines] == ["ready", "sent"]


def test_a_rush_moves_a_ticket_to_the_front(session: LocalSession) -> None:
    model = TicketModel(session.store)
    strict(model)
    session.put(("orders", {**session.store.rows("orders")["o2"], "rush": True}))
    assert list(model.keys) == ["o2", "o1"]


def test_a_ticket_model_of_a_station_leaves_out_what_others_cook(session: LocalSession) -> None:
    model = TicketModel(session.store, frozenset({"fry"}))
    strict(model)
    assert len(model) == 0
    session.put(("order_lines", line_row("o1-9", "o1", 9, station_id="fry", name="Fries")))
    assert [line.name for line in model.at(0).lines] == ["Fries"]


def test_new_thresholds_of_a_station_reach_every_ticket(session: LocalSession) -> None:
    model = TicketModel(session.store)
    strict(model)
    session.put(("stations", {**session.store.rows("stations")["pizza"], "late_after_s": 60}))
    assert {ticket.late_after_s for ticket in model.items} == {60}


def test_what_is_new_about_a_dish_reaches_the_tickets_that_have_it_and_no_other(
    session: LocalSession,
) -> None:
    read: list[str] = []

    class Watched(TicketModel):
        def _read(self, key: str) -> Ticket | None:
            read.append(key)
            return super()._read(key)

    model = Watched(session.store)
    (line,) = simple_order(7, 1)[1:]
    session.put(*simple_order(7, 0), (line[0], {**line[1], "item_id": "fries"}))
    dish = session.store.rows("menu_items")["fries"]
    model.flush()
    read.clear()
    session.put(("menu_items", {**dish, "allergens": ["celery"]}))
    model.flush()
    ticket = model.item("o7")
    assert ticket is not None
    assert [line.allergens for line in ticket.lines] == [("celery",)]
    assert read == ["o7"]


def test_a_fresh_snapshot_is_told_as_a_difference(session: LocalSession) -> None:
    model = TicketModel(session.store)
    strict(model)
    session.put(*simple_order(3), initiator="load")
    assert list(model.keys) == ["o1", "o2", "o3"]


def test_an_order_that_is_archived_leaves_every_list(session: LocalSession) -> None:
    tickets, orders = TicketModel(session.store), OrderModel(session.store)
    session.drop("o1")
    assert list(tickets.keys) == list(orders.keys) == ["o2"]


def test_a_screen_reader_hears_the_whole_ticket(session: LocalSession) -> None:
    onion = {"id": "r", "name": "Onion", "kind": "remove", "price": 0}
    session.put(("order_lines", line_row("o1-1", "o1", 1, modifiers=[onion], qty=2)))
    model = TicketModel(session.store)
    assert model.index(0, 0).data(SPOKEN) == (
        "Order A-001, Dine in, 4. 2 Hawaiian M, no Onion, allergens gluten milk."
        " 1 Pizza 2 M, allergens gluten milk"
    )


def test_a_screen_reader_hears_what_is_special(session: LocalSession) -> None:
    asked = {"id": "q", "text": "Medium?", "options": [], "asked_by": "", "answered_by": ""}
    question = {**asked, "asked_at": to_iso(NOON), "answer": "", "answered_at": None}
    fields = {"rush": True, "vip": True, "questions": [question]}
    session.put(
        ("orders", {**session.store.rows("orders")["o1"], **fields}),
        line_of(session, "o1-1", flag="qty", was_qty=1, qty=3, state="started"),
        line_of(session, "o1-2", flag="added", held=True, item_id="fries"),
    )
    model = TicketModel(session.store, now=session.now)
    assert model.index(0, 0).data(SPOKEN) == (
        "Rush, VIP, Order A-001, Dine in, 4."
        " changed: 3 Hawaiian M, was 1, allergens gluten milk, started."
        " added: 1 Pizza 2 M, hold. Medium? not answered yet"
    )


def test_a_screen_reader_hears_that_an_order_is_void(session: LocalSession) -> None:
    gone = {"state": "void", "voided_at": to_iso(NOON), "flag": "void", "item_id": "fries"}
    session.put(
        ("orders", {**session.store.rows("orders")["o1"], "state": "void"}),
        line_of(session, "o1-1", **gone),
        line_of(session, "o1-2", **gone, seen_by=["pizza"]),
    )
    model = TicketModel(session.store)
    assert model.index(0, 0).data(SPOKEN) == (
        "Voided, Order A-001, Dine in, 4. changed: 1 Hawaiian M, voided"
    )


class TestCover:
    def test_the_lines_of_a_station_come_and_go_with_the_cover(self, session: LocalSession) -> None:
        session.put(line_of(session, "o1-2", station_id="fry"))
        model = TicketModel(session.store, frozenset({"fry"}))
        strict(model)
        assert [len(ticket.lines) for ticket in model.items] == [1]
        pizza = session.store.rows("stations")["pizza"]
        session.put(("stations", {**pizza, "covered_by": "fry"}))
        assert [(ticket.order_id, len(ticket.lines)) for ticket in model.items] == [
            ("o1", 2),
            ("o2", 2),
        ]
        session.put(("stations", {**pizza, "covered_by": ""}))
        model.flush()
        assert list(model.keys) == ["o1"]


class TestTime:
    def test_a_ticket_comes_when_its_first_line_is_fired(
        self, session: LocalSession, qtbot: QtBot
    ) -> None:
        for key in ("o1-1", "o1-2"):
            fire_at = to_iso(NOON + timedelta(seconds=60))
            session.put(line_of(session, key, fire_at=fire_at))
        model = TicketModel(session.store, now=session.now)
        strict(model)
        assert list(model.keys) == ["o2"]
        assert model.next_fire == NOON + timedelta(seconds=60)
        session.clock.advance(60)
        with qtbot.waitSignal(model.caught_up):
            model.pass_time()
        assert list(model.keys) == ["o2", "o1"]
        assert model.next_fire is None

    def test_the_board_wakes_up_by_itself(self, session: LocalSession, qtbot: QtBot) -> None:
        for key in ("o1-1", "o1-2"):
            fire_at = to_iso(NOON + timedelta(milliseconds=100))
            session.put(line_of(session, key, fire_at=fire_at))
        model = TicketModel(session.store, now=session.now)
        session.clock.advance(1)
        qtbot.waitUntil(lambda: list(model.keys) == ["o2", "o1"])

    def test_a_line_that_is_fired_on_a_ticket_is_told_as_a_change(
        self, session: LocalSession
    ) -> None:
        session.put(line_of(session, "o1-2", fire_at=to_iso(NOON + timedelta(seconds=60))))
        model = TicketModel(session.store, now=session.now)
        strict(model)
        rows: list[int] = []
        model.dataChanged.connect(lambda first, last, _: rows.extend((first.row(), last.row())))
        model.pass_time()
        assert rows == []
        session.clock.advance(60)
        model.pass_time()
        assert rows == [0, 0]
        model.pass_time()
        assert rows == [0, 0]

    def test_an_order_that_goes_away_before_its_time_is_forgotten(
        self, session: LocalSession
    ) -> None:
        session.put(line_of(session, "o1-2", fire_at=to_iso(NOON + timedelta(seconds=60))))
        model = TicketModel(session.store, now=session.now)
        session.drop("o1")
        assert model.next_fire is None


def test_tickets_can_be_sorted_in_other_ways(session: LocalSession) -> None:
    promised = to_iso(NOON - timedelta(seconds=400))
    session.put(("orders", {**session.store.rows("orders")["o2"], "promised_at": promised}))
    model = TicketModel(session.store)
    strict(model)
    model.set_sort("promised")
    assert list(model.keys) == ["o2", "o1"]
    session.put(*simple_order(3, age_s=500))
    model.flush()
    assert list(model.keys) == ["o3", "o2", "o1"]
    model.set_sort("age")
    assert list(model.keys) == ["o3", "o1", "o2"]


async def test_orders_stand_newest_first_and_tell_their_progress(session: LocalSession) -> None:
    model = OrderModel(session.store)
    strict(model)
    assert list(model.keys) == ["o2", "o1"]
    await session.actions.bump("o2", ["o2-1", "o2-2"])
    assert model.at(0).progress == "ready"


async def test_open_orders_leave_when_they_are_closed(session: LocalSession) -> None:
    model = OrderModel(session.store, open_only=True)
    strict(model)
    await session.actions.bump("o2", ["o2-1", "o2-2"])
    await session.actions.close_order("o2")
    assert list(model.keys) == ["o1"]


def test_stock_that_runs_low_moves_up(session: LocalSession) -> None:
    def row(key: str, level: int) -> tuple[str, dict[str, object]]:
        limits = {"low_level": 10, "par_level": 100}
        named = {"id": key, "branch_id": BRANCH, "name": key, "unit": "g"}
        return "stock_items", {**named, "level": level, **limits}

    session.put(row("flour", 50), row("salt", 50))
    model = StockModel(session.store)
    strict(model)
    session.put(row("salt", 5))
    assert [item.name for item in model.items] == ["salt", "flour"]
    assert model.index(0, 0).data(SPOKEN) == "salt, 5 g, low"


def test_a_model_that_is_gone_does_not_listen_any_more(session: LocalSession) -> None:
    heard: list[object] = []

    class Listening(TicketModel):
        def _touched(self, change_set: ChangeSet) -> Iterable[str] | None:
            heard.append(change_set)
            return ()

    shiboken6.delete(Listening(session.store))
    session.put(*simple_order(3))
    assert heard == []


class Box:
    """What a notice box and a presence list offer a model."""

    def __init__(self) -> None:
        self.items: tuple[Notice, ...] = ()
        self.changed: Event[Notice | None] = Event()
        self.people: tuple[Person, ...] = ()
        self.people_changed: Event[None] = Event()


def test_notices_stand_newest_first_and_keep_their_row_when_read() -> None:
    box = Box()
    model = NoticeModel(box)
    old = Notice("n1", "new_order", "Order A-001", "Table 4", NOON)
    new = Notice("n2", "low_stock", "Mozzarella is low", "", NOON + timedelta(seconds=5))
    box.items = (old,)
    box.changed.emit(old)
    strict(model)
    box.items = (new, old)
    box.changed.emit(new)
    assert list(model.keys) == ["n2", "n1"]
    assert model.index(0, 0).data(SPOKEN) == "Mozzarella is low, new"


def test_people_come_and_go_with_oneself_on_top() -> None:
    box = Box()
    model = PeopleModel(box)
    me = Person("k", "Kitchen", "kitchen", "Board", NOON, me=True)
    box.people = (Person("a", "Bar", "pos", "Till", NOON), me)
    box.people_changed.emit(None)
    assert [person.name for person in model.items] == ["Kitchen", "Bar"]
    strict(model)
    box.people = (me,)
    box.people_changed.emit(None)
    assert model.items == (me,)
