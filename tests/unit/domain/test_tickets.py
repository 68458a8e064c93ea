"""The ticket of an order at some stations: whose lines, which of them together, since when."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kds.base.clock import to_iso
from kds.domain.rows import Row
from kds.domain.ticketing import build_ticket
from kds.domain.tickets import Ticket, TicketLine
from kds.domain.visits import next_fire
from tests.support.qt import NOON, line_row, order_row

STATIONS: dict[str, Row] = {
    "oven": {"id": "oven", "warn_after_s": 300, "late_after_s": 480},
    "fryer": {"id": "fryer", "warn_after_s": 120, "late_after_s": 600},
    "pass": {"id": "pass", "warn_after_s": 60, "late_after_s": 90},
}
MENU: dict[str, Row] = {
    "hawaiian": {"id": "hawaiian", "allergens": ["milk"]},
    "steak": {"id": "steak", "allergens": [], "warn_after_s": 30, "late_after_s": 40},
}


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def iso(minutes: float) -> str:
    return to_iso(at(minutes))


def order(**fields: Any) -> Row:
    return {**order_row("o1", "A-017", NOON), **fields}


def line(line_id: str, **fields: Any) -> Row:
    """A line of 12:00 for the oven, with `at` minutes for times."""
    times = ("sent_at", "started_at", "ready_at", "voided_at", "fire_at", "flag_at")
    fields = {
        name: iso(value) if name in times and value is not None else value
        for name, value in fields.items()
    }
    position = int("".join(filter(str.isdigit, line_id)) or 0)
    return line_row(line_id, "o1", position, **{"station_id": "oven", **fields})


def stop(station_id: str, stage: int, state: str = "sent", ready: float = 5) -> dict[str, Any]:
    done = iso(ready) if state == "ready" else None
    times = {"started_at": None, "ready_at": done}
    return {"station_id": station_id, "stage": stage, "state": state, **times}


def build(
    *lines: Row, only: str = "oven", now: float = 60, branch: Row | None = None, **fields: Any
) -> Ticket | None:
    stations = frozenset(only.split()) if only else frozenset()
    return build_ticket(
        order(**fields), lines, STATIONS, MENU, stations, now=at(now), branch=branch
    )


def ticket(*lines: Row, **more: Any) -> Ticket:
    found = build(*lines, **more)
    assert found is not None
    return found


def ids(found: Ticket) -> list[tuple[str, ...]]:
    return [one.ids for one in found.lines]


class TestRoute:
    ROUTE = ("route", [stop("oven", 1), stop("fryer", 1), stop("pass", 2)])

    def test_a_line_stands_at_every_station_whose_turn_it_is(self) -> None:
        made_by_all = line("l1", **dict([self.ROUTE]))
        assert build(made_by_all, only="oven")
        assert build(made_by_all, only="fryer")
        assert build(made_by_all, only="pass") is None

    def test_it_is_coming_until_the_earlier_stations_are_done(self) -> None:
        plain = line("l2", station_id="pass")
        assert ticket(line("l1", **dict([self.ROUTE])), plain, only="pass").coming == 1
        route = [stop("oven", 1, "ready", 3), stop("fryer", 1, "ready", 7), stop("pass", 2)]
        found = ticket(line("l1", state="started", route=route), plain, only="pass")
        assert (found.coming, ids(found)) == (0, [("l1",), ("l2",)])

    def test_it_has_the_state_of_the_stations_shown(self) -> None:
        route = [stop("oven", 1, "ready"), stop("fryer", 1)]
        shared = line("l1", state="started", route=route)
        assert build(shared, only="oven") is None
        assert ticket(shared, only="fryer").lines[0].state == "sent"
        assert ticket(shared, only="oven fryer").lines[0].state == "started"
        assert ticket(shared, only="").lines[0].state == "started"

    def test_at_a_later_station_it_waits_since_its_turn_came(self) -> None:
        route = [stop("oven", 1, "ready", 7), stop("pass", 2)]
        assert ticket(line("l1", state="started", route=route), only="pass").since == at(7)

    def test_a_voided_line_whose_turn_never_came_is_not_told(self) -> None:
        gone = line("l1", state="void", voided_at=2, flag="void", route=self.ROUTE[1])
        assert build(gone, only="pass") is None
        assert build(gone, only="fryer")


class TestMerge:
    def test_equal_lines_are_one(self) -> None:
        (one,) = ticket(line("l1", qty=2), line("l2"), line("l3", qty=3)).lines
        assert (one.id, one.qty, one.all_ids) == ("l1", 6, ("l1", "l2", "l3"))

    def test_it_stands_where_the_first_of_them_was(self) -> None:
        found = ticket(line("l1"), line("l2", variant="L"), line("l3"))
        assert ids(found) == [("l1", "l3"), ("l2",)]

    @pytest.mark.parametrize(
        "fields",
        [
            {"variant": "L"},
            {"item_id": "steak"},
            {"note": "no salt"},
            {"seat": 2},
            {"course": 2},
            {"state": "started"},
            {"held": True},
            {"fire_at": 5},
            {"sent_at": 5},
            {"flag": "added"},
            {"modifiers": [{"id": "r", "name": "Onion", "kind": "remove", "price": 0}]},
        ],
        ids=lambda fields: next(iter(fields)),
    )
    def test_lines_that_differ_for_a_cook_are_not(self, fields: dict[str, Any]) -> None:
        assert ids(ticket(line("l1"), line("l2", **fields))) == [("l1",), ("l2",)]

    def test_changed_quantities_add_up_too(self) -> None:
        (one,) = ticket(
            line("l1", qty=3, flag="qty", was_qty=1), line("l2", qty=2, flag="qty", was_qty=5)
        ).lines
        assert (one.qty, one.was_qty) == (5, 6)

    def test_what_came_later_is_of_a_later_batch(self) -> None:
        found = ticket(line("l1", station_id="fryer"), line("l2", sent_at=9), line("l3", sent_at=4))
        assert [(one.id, one.batch) for one in found.lines] == [("l2", 2), ("l3", 1)]
        assert found.lines[0].sent_at == at(9)


class TestFire:
    def test_a_ticket_of_held_lines_is_not_on_the_board(self) -> None:
        assert build(line("l1", held=True)) is None

    def test_nor_is_one_that_is_fired_later(self) -> None:
        later = line("l1", fire_at=10)
        assert build(later, now=9.9) is None
        assert ticket(later, now=10).since == at(10)

    def test_without_a_clock_every_time_has_come_but_no_hold_is_lifted(self) -> None:
        assert build_ticket(order(), [line("l1", fire_at=10)], STATIONS, MENU)
        assert build_ticket(order(), [line("l1", held=True)], STATIONS, MENU) is None

    def test_what_is_coming_up_stands_beside_what_is_to_be_made(self) -> None:
        found = ticket(line("l1"), line("l2", fire_at=10), line("l3", course=2, held=True), now=5)
        assert [(one.held, one.fire_at) for one in found.lines] == [
            (False, None),
            (False, at(10)),
            (True, None),
        ]
        assert found.open_line_ids == ("l1", "l2", "l3")
        assert found.bumpable_line_ids(at(5)) == ("l1",)
        assert found.bumpable_line_ids(at(10)) == ("l1", "l2")

    def test_the_next_moment_is_that_of_the_next_line_here(self) -> None:
        lines = [
            line("l1", fire_at=3),
            line("l2", fire_at=20),
            line("l3", fire_at=10),
            line("l4", fire_at=8, station_id="fryer"),
            line("l5", fire_at=8, held=True),
            line("l6", fire_at=8, state="void"),
        ]
        oven = frozenset({"oven"})
        assert next_fire(lines, oven, at(5)) == at(10)
        assert next_fire(lines, frozenset(), at(5)) == at(8)
        assert next_fire(lines, oven, at(20)) is None


class TestFlags:
    @pytest.mark.parametrize("state", ["open", "void", "closed"])
    def test_a_voided_line_keeps_the_ticket_until_it_is_acknowledged(self, state: str) -> None:
        gone = {"state": "void", "voided_at": 2, "flag": "void", "flag_at": 2}
        found = ticket(line("l1", **gone), state=state)
        assert (found.state, found.flagged_line_ids) == (state, ("l1",))
        assert found.bumpable_line_ids(at(60)) == ()
        assert build(line("l1", **gone, seen_by=["oven"]), state=state) is None

    def test_each_station_acknowledges_for_itself(self) -> None:
        shared = line(
            "l1", flag="added", seen_by=["oven"], route=[stop("oven", 1), stop("fryer", 1)]
        )
        assert ticket(shared, only="oven").flagged_line_ids == ()
        assert ticket(shared, only="fryer").flagged_line_ids == ("l1",)
        assert ticket(shared, only="oven fryer").flagged_line_ids == ("l1",)

    def test_a_station_whose_turn_is_to_come_has_nothing_to_acknowledge_yet(self) -> None:
        route = [stop("oven", 1), stop("pass", 2)]
        added = line("l1", flag="added", seen_by=["oven"], route=route)
        assert ticket(added, only="oven pass").flagged_line_ids == ()

    def test_a_seen_void_stands_there_as_long_as_there_is_work(self) -> None:
        gone = line("l1", state="void", voided_at=2, qty=2)
        assert [one.state for one in ticket(gone, line("l2")).lines] == ["void", "sent"]
        assert build(gone, line("l2", state="ready", ready_at=5)) is None

    def test_more_of_what_is_done_here_is_waited_for_since_then(self) -> None:
        route = [stop("oven", 1, "ready", 5), stop("fryer", 1)]
        more = line("l1", state="started", route=route, qty=2, flag="qty", was_qty=1, flag_at=30)
        found = ticket(more, only="oven")
        assert (found.since, found.lines[0].state, found.lines[0].was_qty) == (at(30), "ready", 1)

    def test_the_former_quantity_is_told_until_it_is_acknowledged(self) -> None:
        changed = {"flag": "qty", "was_qty": 1, "qty": 3}
        assert ticket(line("l1", **changed)).lines[0].was_qty == 1
        assert ticket(line("l1", **changed, seen_by=["oven"])).lines[0].was_qty is None


class TestSince:
    def test_a_ticket_does_not_jump_when_its_oldest_line_is_bumped(self) -> None:
        newer = line("l2", sent_at=5)
        assert ticket(line("l1"), newer).since == at(0)
        bumped = ticket(line("l1", state="ready", ready_at=8), newer)
        assert (bumped.since, bumped.done_before) == (at(0), 0)
        assert [one.state for one in bumped.lines] == ["ready", "sent"]

    def test_nor_when_it_is_voided_and_acknowledged(self) -> None:
        gone = line("l1", state="void", voided_at=8)
        assert ticket(gone, line("l2", sent_at=5)).since == at(0)

    def test_visits_hang_together_through_lines_that_are_done(self) -> None:
        found = ticket(
            line("l1", state="ready", ready_at=6),
            line("l2", sent_at=5, state="ready", ready_at=12),
            line("l3", sent_at=10),
        )
        assert (found.since, len(found.lines)) == (at(0), 3)

    def test_an_addition_to_a_finished_ticket_begins_anew(self) -> None:
        found = ticket(
            line("l1", state="ready", ready_at=8),
            line("l2", state="ready", ready_at=9, qty=4),
            line("l3", sent_at=30),
        )
        assert (found.since, ids(found), found.done_before) == (at(30), [("l3",)], 2)

    def test_the_course_that_a_bump_has_fired_begins_anew(self) -> None:
        found = ticket(line("l1", state="ready", ready_at=8), line("l2", course=2, fire_at=8))
        assert (found.since, found.done_before) == (at(8), 1)

    def test_voids_of_an_earlier_visit_are_not_shown(self) -> None:
        found = ticket(line("l1", state="void", voided_at=8), line("l2", sent_at=30))
        assert (ids(found), found.done_before) == ([("l2",)], 0)


class TestLimits:
    def test_the_strictest_station_of_what_is_to_be_made_counts(self) -> None:
        lines = [line("l1"), line("l2", station_id="fryer"), line("l3", station_id="pass")]
        found = ticket(*lines[:2], line("l3", station_id="pass", held=True), only="")
        assert (found.warn_after_s, found.late_after_s) == (120, 480)

    def test_an_item_may_have_its_own(self) -> None:
        found = ticket(line("l1", item_id="steak"))
        assert (found.warn_after_s, found.late_after_s) == (30, 40)

    @pytest.mark.parametrize(
        ("kind", "limits"), [("takeaway", (100, 480)), ("dine_in", (300, 480))]
    )
    def test_the_branch_may_be_stricter_for_a_type_of_order(
        self, kind: str, limits: tuple[int, int]
    ) -> None:
        branch = {"type_ages": {"takeaway": [100, 900]}}
        found = ticket(line("l1"), branch=branch, type=kind)
        assert (found.warn_after_s, found.late_after_s) == limits

    def test_a_promise_that_is_past_is_late(self) -> None:
        found = ticket(line("l1"), promised_at=iso(2))
        assert found.age_level(at(1.9)) == "calm"
        assert found.age_level(at(2)) == "late"


def test_the_order_says_who_is_to_be_treated_well_and_what_was_asked() -> None:
    question = {
        "id": "q1",
        "text": "Medium?",
        "options": ["Yes", "No"],
        "asked_by": "Ben",
        "asked_at": iso(1),
        "answer": "Yes",
        "answered_by": "Mia",
        "answered_at": iso(2),
    }
    found = ticket(line("l1"), vip=True, questions=[question])
    assert found.vip
    assert [(one.id, one.options, one.answer) for one in found.questions] == [
        ("q1", ("Yes", "No"), "Yes")
    ]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("age", ["rush", "old", "promised", "starter"]),
        ("promised", ["rush", "promised", "old", "starter"]),
        ("course", ["rush", "starter", "old", "promised"]),
    ],
)
def test_rushes_come_first_in_every_order(sort: Any, expected: list[str]) -> None:
    def shown(name: str, since: float, course: int, **fields: Any) -> Ticket:
        return ticket(line("l1", sent_at=since, course=course), number=name, **fields)

    tickets = [
        shown("old", 1, 2),
        shown("promised", 2, 2, promised_at=iso(0.5)),
        shown("starter", 3, 1),
        shown("rush", 9, 9, rush=True),
    ]
    ordered = sorted(tickets, key=lambda one: one.place(sort))
    assert [one.number for one in ordered] == expected


# -- whatever the floor does ------------------------------------------------------------------


@st.composite
def any_line(draw: st.DrawFn) -> dict[str, Any]:
    sent = draw(st.integers(0, 40))
    state = draw(st.sampled_from(["sent", "started", "ready", "void"]))
    ended = sent + draw(st.integers(1, 30))
    return {
        "sent_at": sent,
        "state": state,
        "ready_at": ended if state == "ready" else None,
        "voided_at": ended if state == "void" else None,
        "qty": draw(st.integers(1, 3)),
        "variant": draw(st.sampled_from("ML")),
        "station_id": draw(st.sampled_from(["oven", "fryer"])),
        "course": draw(st.integers(1, 2)),
        "held": draw(st.booleans()) and state == "sent",
        "fire_at": draw(st.none() | st.integers(sent, 90)) if state == "sent" else None,
        "flag": draw(st.sampled_from(["", "added", "void"] if state == "void" else ["", "added"])),
        "seen_by": draw(st.sampled_from([[], ["oven"], ["oven", "fryer"]])),
    }


any_lines = st.lists(any_line(), min_size=1, max_size=7).map(
    lambda found: [line(f"l{n}", **fields) for n, fields in enumerate(found)]
)
here = st.sampled_from(["oven", "fryer", "oven fryer", ""])


def pieces(lines: tuple[TicketLine, ...]) -> Counter[str]:
    found: Counter[str] = Counter()
    for one in lines:
        found[one.state] += one.qty
    return found


@given(any_lines, here)
def test_every_open_line_is_on_the_ticket_exactly_once(lines: list[Row], only: str) -> None:
    found = build(*lines, only=only)
    wanted = {
        row["id"]: row
        for row in lines
        if row["state"] in ("sent", "started") and (not only or row["station_id"] in only.split())
    }
    due = [
        row
        for row in wanted.values()
        if not row["held"] and (row["fire_at"] is None or row["fire_at"] <= iso(60))
    ]
    if found is None:
        assert not due
        return
    assert Counter(found.open_line_ids) == Counter(wanted.keys())
    assert set(found.bumpable_line_ids(at(60))) == {row["id"] for row in due}
    assert sum(one.qty for one in found.lines if one.open) == sum(
        row["qty"] for row in wanted.values()
    )


@given(any_lines, here)
def test_merging_loses_no_line_and_no_piece(lines: list[Row], only: str) -> None:
    found = build(*lines, only=only)
    if found is None:
        return
    told = [line_id for one in found.lines for line_id in one.all_ids]
    rows = {row["id"]: row for row in lines}
    assert len(told) == len(set(told))
    assert sum(pieces(found.lines).values()) == sum(rows[line_id]["qty"] for line_id in told)


@given(any_lines, st.data())
def test_the_ticket_keeps_its_age_through_every_bump(lines: list[Row], data: st.DataObject) -> None:
    before = build(*lines, now=60)
    if before is None or not (bumpable := before.bumpable_line_ids(at(60))):
        return
    done = data.draw(st.sets(st.sampled_from(bumpable), max_size=len(bumpable) - 1))
    rows = [
        {**row, "state": "ready", "ready_at": iso(60.5)} if row["id"] in done else row
        for row in lines
    ]
    after = ticket(*rows, now=60.6)
    assert after.since == before.since
    assert after.done_before == before.done_before


class TestStandingIn:
    COVERED = ("oven", {**STATIONS["oven"], "name": "Oven", "covered_by": "fryer"})

    def covers(self, *lines: Row, only: str = "oven fryer") -> list[tuple[str, ...]]:
        seen, stations = frozenset(only.split()), {**STATIONS, **dict([self.COVERED])}
        found = build_ticket(order(), lines, stations, MENU, seen, now=at(60))
        assert found is not None
        return [one.covers for one in found.lines]

    def test_a_line_says_whom_it_is_made_for(self) -> None:
        own = line("l2", station_id="fryer")
        assert self.covers(line("l1"), own) == [("Oven",), ()]
        assert self.covers(line("l1"), own, only="") == [(), ()]
        assert self.covers(line("l1"), only="oven") == [()]

    def test_what_the_other_station_has_done_is_not_made_for_it_any_more(self) -> None:
        theirs, ours = stop("oven", 1, "ready"), stop("fryer", 2)
        assert self.covers(line("l1", route=[theirs, ours])) == [()]
        assert self.covers(line("l1", route=[stop("fryer", 1), stop("oven", 2)])) == [()]
        both = [stop("oven", 1), stop("fryer", 1)]
        assert self.covers(line("l1", route=both)) == [("Oven",)]
        done = line("l1", state="ready", ready_at=5)
        assert self.covers(done, line("l2")) == [("Oven",), ("Oven",)]
