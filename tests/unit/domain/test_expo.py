"""An order at the pass: what every station has done of it, who holds it up, what comes next."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kds.base.clock import to_iso
from kds.domain.expo import PassTicket, build_pass_ticket
from kds.domain.rows import Row
from tests.support.qt import NOON, line_row, order_row

STATIONS: dict[str, Row] = {
    key: {"id": key, "name": key.title(), "position": n, "warn_after_s": 300, "late_after_s": 480}
    for n, key in enumerate(("grill", "oven", "cut"), 1)
}


def ago(seconds: float) -> str:
    return to_iso(NOON - timedelta(seconds=seconds))


def line(key: str, station: str = "grill", state: str = "sent", **fields: Any) -> Row:
    ready_at = ago(60) if state == "ready" else None
    started_at = ago(90) if state != "sent" else None
    times = {"sent_at": ago(300), "started_at": started_at, "ready_at": ready_at}
    return line_row(key, "o1", int(key[1:]), station_id=station, state=state, **{**times, **fields})


def at_pass(*lines: Row, branch: Row | None = None, **order: Any) -> PassTicket | None:
    row = order_row("o1", "A-017", NOON - timedelta(seconds=300), **order)
    return build_pass_ticket(row, lines, STATIONS, {}, branch)


def seen(*lines: Row, **options: Any) -> PassTicket:
    ticket = at_pass(*lines, **options)
    assert ticket is not None
    return ticket


def test_every_station_has_its_share_in_the_order_of_the_kitchen() -> None:
    ticket = seen(line("l1", "oven"), line("l2", "grill", "ready"), line("l3", "oven", "started"))
    assert [
        (share.station, share.stand(NOON), share.done, share.pieces) for share in ticket.shares
    ] == [
        ("Grill", "ready", 1, 1),
        ("Oven", "started", 0, 2),
    ]


def test_the_station_with_the_oldest_open_line_holds_it_up() -> None:
    ticket = seen(
        line("l1", "grill", sent_at=ago(100)),
        line("l2", "oven", sent_at=ago(250)),
        line("l3", "cut", "ready", sent_at=ago(300)),
    )
    slowest = ticket.holding_up(NOON)
    assert slowest is not None
    assert (slowest.station, slowest.since) == ("Oven", NOON - timedelta(seconds=250))


def test_what_is_held_or_fired_later_holds_nobody_up() -> None:
    later = to_iso(NOON + timedelta(seconds=90))
    ticket = seen(line("l1", held=True), line("l2", "oven", fire_at=later))
    assert ticket.holding_up(NOON) is None
    assert [share.stand(NOON) for share in ticket.shares] == ["held", "held"]
    assert ticket.next_fire(NOON) == NOON + timedelta(seconds=90)
    slowest = ticket.holding_up(NOON + timedelta(seconds=91))
    assert slowest is not None
    assert slowest.station == "Oven"


def test_the_next_station_of_a_route_is_not_to_blame_before_its_turn() -> None:
    route = [
        {"station_id": "oven", "stage": 1, "state": "sent", "started_at": None, "ready_at": None},
        {"station_id": "cut", "stage": 2, "state": "sent", "started_at": None, "ready_at": None},
    ]
    ticket = seen(line("l1", "oven", route=route))
    assert [share.stand(NOON) for share in ticket.shares] == ["sent", "coming"]
    route[0] |= {"state": "ready", "started_at": ago(80), "ready_at": ago(40)}
    slowest = seen(line("l1", "oven", "started", route=route)).holding_up(NOON)
    assert slowest is not None
    assert (slowest.station, slowest.since) == ("Cut", NOON - timedelta(seconds=40))


def test_with_one_stage_a_ready_order_is_handed_over() -> None:
    assert seen(line("l1")).step == "cook"
    assert seen(line("l1", state="ready"), ready_at=ago(60)).step == "hand_over"


def test_with_two_stages_it_is_assembled_first() -> None:
    two = {"id": "b", "expo_stages": 2}
    done = line("l1", state="ready")
    assert seen(done, branch=two, ready_at=ago(60)).step == "assemble"
    assembled = seen(done, branch=two, ready_at=ago(60), assembled_at=ago(10))
    assert assembled.step == "hand_over"


def test_an_order_with_a_held_course_is_still_cooked() -> None:
    ticket = seen(line("l1", state="ready"), line("l2", course=2, held=True))
    assert (ticket.step, ticket.held_courses) == ("cook", (2,))
    assert [(course.number, course.held, course.begun) for course in ticket.courses] == [
        (1, False, True),
        (2, True, False),
    ]


def test_what_is_handed_over_closed_or_void_has_left_the_pass() -> None:
    done = line("l1", state="ready")
    assert at_pass(done, handed_at=ago(5)) is None
    assert at_pass(done, state="closed") is None
    assert at_pass(line("l1", state="void")) is None


def test_a_void_line_stands_there_until_its_station_has_seen_it() -> None:
    void = {"state": "void", "flag": "void", "flag_at": ago(5)}
    ticket = seen(line("l1"), line("l2", **void, seen_by=[]))
    assert [one.flag for share in ticket.shares for one in share.lines] == ["", "void"]
    ticket = seen(line("l1"), line("l2", **void, seen_by=["grill"]))
    assert [one.id for share in ticket.shares for one in share.lines] == ["l1"]


def test_equal_lines_of_a_station_are_one() -> None:
    [share] = seen(line("l1"), line("l2", qty=2), line("l3", note="no salt")).shares
    assert [(one.qty, one.ids) for one in share.lines] == [(3, ("l1", "l2")), (1, ("l3",))]


def test_rush_comes_first_then_age_or_promise() -> None:
    old, new = seen(line("l1")), seen(line("l1"), promised_at=ago(400))
    rush = seen(line("l1"), rush=True)
    assert sorted([new, old, rush], key=lambda t: t.sort_by("age"))[0] is rush
    assert sorted([old, new], key=lambda t: t.sort_by("promised"))[0] is new


def test_the_ages_of_an_order_type_go_before_the_stations() -> None:
    branch = {"id": "b", "type_ages": {"dine_in": [60, 120]}}
    assert (seen(line("l1"), branch=branch).warn_after_s, seen(line("l1")).warn_after_s) == (
        60,
        300,
    )


LINES = st.lists(
    st.tuples(
        st.sampled_from(sorted(STATIONS)),
        st.sampled_from(["sent", "started", "ready", "void"]),
        st.integers(1, 4),
        st.integers(1, 2),
    ),
    max_size=8,
)


@given(LINES)
def test_no_piece_is_lost_or_doubled(drawn: list[tuple[str, str, int, int]]) -> None:
    lines = [
        line(f"l{n}", station, state, qty=qty, course=course)
        for n, (station, state, qty, course) in enumerate(drawn, 1)
    ]
    ticket = at_pass(*lines)
    live = [one for one in lines if one["state"] != "void"]
    assert (ticket is None) == (not live)
    if ticket is not None:
        assert sum(share.pieces for share in ticket.shares) == sum(one["qty"] for one in live)
        assert (ticket.step == "cook") == any(one["state"] != "ready" for one in live)
