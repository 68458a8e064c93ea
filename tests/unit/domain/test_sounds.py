"""Which change is heard at which screen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kds.base.clock import to_iso
from kds.domain.changes import ChangeSet, Initiator, RowChange
from kds.domain.rows import Row
from kds.domain.sounds import Hearer, Lateness, LinkEar, Listener, Ring, SoundEvent, hear
from kds.domain.tickets import Ticket, TicketLine

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
GRILL, COLD = frozenset({"grill"}), frozenset({"cold"})


def line(**fields: Any) -> dict[str, Any]:
    return {
        "id": "l1",
        "order_id": "o1",
        "position": 1,
        "qty": 1,
        "station_id": "grill",
        "state": "sent",
        "sent_at": to_iso(NOW),
        "started_at": None,
        "ready_at": None,
        **fields,
    }


def order(**fields: Any) -> dict[str, Any]:
    return {
        "id": "o1",
        "branch_id": "b",
        "device_id": "till",
        "state": "open",
        "rush": False,
        "ready_at": None,
        **fields,
    }


def question(answer: str = "") -> dict[str, Any]:
    return {"id": "q1", "text": "Which temperature?", "answer": answer}


def stop(station: str, stage: int, state: str = "sent") -> dict[str, Any]:
    ready = to_iso(NOW) if state == "ready" else None
    return {
        "station_id": station,
        "stage": stage,
        "state": state,
        "started_at": None,
        "ready_at": ready,
    }


class Rows:
    def __init__(self, *lines: Row, expo_stages: int = 1) -> None:
        self._lines, self._branch = lines, {"id": "b", "expo_stages": expo_stages}

    def row(self, table: str, pk: str) -> Row | None:
        return self._branch if table == "branches" else None

    def lines_of(self, order_id: str) -> Iterable[Row]:
        return self._lines


def heard(
    *changes: tuple[str, Any, Any],
    hearer: Hearer = "line",
    stations: frozenset[str] = GRILL,
    rows: Rows | None = None,
    initiator: Initiator = "remote",
) -> set[tuple[SoundEvent, str]]:
    found = tuple(RowChange(t, (a or b)["id"], b, a) for t, b, a in changes)
    listener = Listener(hearer, "till", stations)
    rings = hear(ChangeSet(found, initiator), listener, rows or Rows(line()), NOW)
    return {(ring.event, ring.station_id) for ring in rings}


class TestLines:
    def test_a_new_order_rings_where_it_is_made(self) -> None:
        placed = (("orders", None, order()), ("order_lines", None, line()))
        assert heard(*placed) == {("new_order", "grill")}
        assert heard(*placed, stations=COLD) == set()
        assert heard(*placed, stations=frozenset()) == {("new_order", "grill")}

    @pytest.mark.parametrize("initiator", ["load", "local"])
    def test_a_load_and_a_tap_on_this_screen_are_silent(self, initiator: Initiator) -> None:
        placed = (("orders", None, order()), ("order_lines", None, line()))
        assert heard(*placed, initiator=initiator) == set()

    def test_more_for_an_order_is_a_change(self) -> None:
        assert heard(("order_lines", None, line())) == {("changed", "grill")}

    def test_another_quantity_is_a_change(self) -> None:
        assert heard(("order_lines", line(), line(qty=3))) == {("changed", "grill")}

    def test_a_void_is_heard_while_there_is_something_to_stop(self) -> None:
        assert heard(("order_lines", line(), line(state="void"))) == {("voided", "grill")}
        ready = line(state="ready", ready_at=to_iso(NOW))
        assert heard(("order_lines", ready, {**ready, "state": "void"})) == set()

    def test_an_order_that_arrives_void_is_heard_as_voided(self) -> None:
        void = line(state="void", flag="void", seen_by=[])
        assert heard(("order_lines", None, void)) == {("voided", "grill")}

    def test_who_has_acknowledged_a_void_is_not_called_again(self) -> None:
        void = line(state="void", flag="void", seen_by=["grill"])
        assert heard(("order_lines", line(), void)) == set()

    def test_progress_is_silent(self) -> None:
        started = line(state="started", started_at=to_iso(NOW))
        assert heard(("order_lines", line(), started)) == set()
        assert heard(("order_lines", started, line(state="ready"))) == set()

    def test_a_recalled_line_is_a_change(self) -> None:
        ready = line(state="ready", ready_at=to_iso(NOW))
        assert heard(("order_lines", ready, line())) == {("changed", "grill")}

    def test_a_held_line_rings_when_it_is_fired(self) -> None:
        held = line(held=True)
        assert heard(("orders", None, order()), ("order_lines", None, held)) == set()
        fired = line(held=False, fire_at=to_iso(NOW))
        assert heard(("order_lines", held, fired)) == {("new_order", "grill")}
        later = line(held=False, fire_at=to_iso(NOW + timedelta(minutes=3)))
        assert heard(("order_lines", held, later)) == set()

    def test_a_line_rings_at_the_next_station_when_the_first_is_done(self) -> None:
        placed = line(route=[stop("grill", 1), stop("cold", 2)])
        both = (("orders", None, order()), ("order_lines", None, placed))
        assert heard(*both, stations=COLD) == set()
        bumped = line(state="started", route=[stop("grill", 1, "ready"), stop("cold", 2)])
        assert heard(("order_lines", placed, bumped), stations=COLD) == {("new_order", "cold")}
        assert heard(("order_lines", placed, bumped), stations=GRILL) == set()

    def test_an_archived_line_is_silent(self) -> None:
        assert heard(("order_lines", line(), None)) == set()


class TestOrders:
    READY = order(ready_at=to_iso(NOW))

    def test_an_order_that_is_ready_rings_at_its_till_and_at_the_expo(self) -> None:
        done = ("orders", order(), self.READY)
        assert heard(done, hearer="till") == {("order_ready", "")}
        assert heard(done, hearer="expo", stations=frozenset()) == {("order_ready", "")}
        assert heard(done, hearer="line") == set()
        other = ("orders", order(device_id="x"), {**self.READY, "device_id": "x"})
        assert heard(other, hearer="till") == set()

    def test_where_orders_are_put_together_the_till_hears_of_that(self) -> None:
        rows = Rows(line(), expo_stages=2)
        assert heard(("orders", order(), self.READY), hearer="till", rows=rows) == set()
        together = {**self.READY, "assembled_at": to_iso(NOW)}
        done = ("orders", self.READY, together)
        assert heard(done, hearer="till", rows=rows) == {("order_ready", "")}

    def test_the_guests_board_rings_by_itself(self) -> None:
        assert heard(("orders", order(), self.READY), hearer="ready") == set()

    def test_a_question_rings_at_the_till_and_its_answer_in_the_kitchen(self) -> None:
        asked = ("orders", order(), order(questions=[question()]))
        assert heard(asked, hearer="till") == {("question", "")}
        assert heard(asked, hearer="line") == set()
        answered = ("orders", asked[2], order(questions=[question("rare")]))
        assert heard(answered, hearer="till") == set()
        assert heard(answered, hearer="line") == {("question", "")}
        assert heard(answered, hearer="line", stations=COLD) == set()

    def test_a_rush_is_a_change(self) -> None:
        assert heard(("orders", order(), order(rush=True))) == {("changed", "")}

    def test_a_closed_order_is_silent(self) -> None:
        closed = order(state="closed", ready_at=to_iso(NOW))
        assert heard(("orders", order(), closed), hearer="till") == set()


def ticket(age_s: int = 0, fire_in: int | None = None) -> Ticket:
    fire_at = None if fire_in is None else NOW + timedelta(seconds=fire_in)
    only = TicketLine(
        *("l1", 1, "Hawaiian", "L", (), (), (), "", 1, None, "grill", "sent"), fire_at=fire_at
    )
    placed = NOW - timedelta(seconds=age_s)
    where = ("dine_in", "7", "", "Mia", "", False)
    return Ticket("o1", "A-017", *where, placed, (only,))  # type: ignore[arg-type]


class TestTime:
    def test_a_ticket_becomes_late_once(self) -> None:
        lateness = Lateness()
        assert lateness.look([ticket(470)], NOW) == frozenset()
        assert lateness.look([ticket(480)], NOW) == {Ring("late")}
        assert lateness.look([ticket(490)], NOW) == frozenset()

    def test_what_was_late_at_the_start_is_no_news(self) -> None:
        lateness = Lateness()
        assert lateness.look([ticket(900)], NOW) == frozenset()
        assert lateness.look([ticket(901)], NOW) == frozenset()

    def test_a_line_rings_when_its_time_has_come(self) -> None:
        lateness, second = Lateness(), timedelta(seconds=1)
        assert lateness.look([ticket(fire_in=2)], NOW) == frozenset()
        assert lateness.look([ticket(fire_in=2)], NOW + second) == frozenset()
        assert lateness.look([ticket(fire_in=2)], NOW + 2 * second) == {Ring("new_order", "grill")}
        assert lateness.look([ticket(fire_in=2)], NOW + 3 * second) == frozenset()

    def test_only_a_connection_that_stays_away_is_lost(self) -> None:
        link, second = LinkEar(), timedelta(seconds=1)
        assert link.look(False, NOW) == frozenset()
        assert link.look(True, NOW) == frozenset()
        assert link.look(False, NOW + second) == frozenset()
        assert link.look(True, NOW + 9 * second) == frozenset()
        assert link.look(False, NOW + 10 * second) == frozenset()
        assert link.look(False, NOW + 20 * second) == {Ring("lost")}
        assert link.look(False, NOW + 30 * second) == frozenset()
        assert link.look(True, NOW + 31 * second) == {Ring("back")}
        assert link.look(True, NOW + 32 * second) == frozenset()
