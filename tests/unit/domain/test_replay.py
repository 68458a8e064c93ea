"""A past service from the log: its rows at any instant, its deeds in words, its jams."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kds.domain.replay.deeds import SERVER, deeds_of
from kds.domain.replay.jam import Jam, jam_of, step_for, worst
from kds.domain.replay.timeline import Timeline
from kds.domain.rows import Row
from tests.support.replay import START, Log, Tables, evening
from tests.support.restaurant import OFFICE, TILL

ALL: frozenset[str] = frozenset()


def at(seconds: float) -> Any:
    return START + timedelta(seconds=seconds)


def texts(log: Log) -> list[str]:
    return [deed.text for deed in deeds_of(log.timeline())]


# -- the rows at an instant -------------------------------------------------------------------


def states(timeline: Timeline, seconds: float) -> dict[str, str]:
    lines = timeline.tables_at(timeline.place_at(at(seconds))).get("order_lines", {})
    return {pk: row["state"] for pk, row in lines.items()}


def test_the_rows_are_those_of_the_instant() -> None:
    timeline = evening().timeline()
    assert states(timeline, 0) == {}
    assert states(timeline, 60) == {"o1-1": "sent", "o1-2": "sent"}
    assert states(timeline, 299)["o1-1"] == "sent"
    assert states(timeline, 300)["o1-1"] == "ready"
    assert states(timeline, 3600) == {
        "o1-1": "ready", "o1-2": "ready", "o2-1": "ready", "o3-1": "ready", "o3-2": "void",
    }  # fmt: skip


def test_the_end_is_what_the_rules_made_of_it() -> None:
    log = evening()
    timeline = log.timeline()
    ended = timeline.tables_at(timeline.last)
    assert {k: v for k, v in ended.items() if v} == {k: v for k, v in log.tables.items() if v}


def applied(tables: Tables, timeline: Timeline, before: int, after: int) -> Tables:
    for change in timeline.difference(before, after):
        rows = tables.setdefault(change.table, {})
        assert rows.get(change.pk) == change.before
        if change.after is None:
            del rows[change.pk]
        else:
            rows[change.pk] = change.after
    return {name: rows for name, rows in tables.items() if rows}


def busy() -> Log:
    log = evening()
    log.put(1000, "orders", "o1", None)
    log.put(1000, "order_lines", "o1-1", None)
    log.put(1001, "menu_items", "caesar", None)
    log.put(1002, "order_lines", "o1-1", {**log.before["menu_items"]["water"], "order_id": "o1"})
    return log


@given(st.lists(st.integers(0, 11), min_size=1, max_size=8))
def test_differences_lead_to_the_rows_of_any_place_in_any_order(places: list[int]) -> None:
    timeline = busy().timeline()
    tables, here = timeline.tables_at(0), 0
    for place in (min(place, timeline.last) for place in places):
        tables = applied(tables, timeline, here, place)
        assert tables == timeline.tables_at(place)
        here = place


def test_a_row_that_ends_as_it_began_is_no_difference() -> None:
    log = Log()
    log.do(1, "eighty_six", {"item_id": "water", "out": True})
    log.do(2, "eighty_six", {"item_id": "water", "out": False})
    timeline = log.timeline()
    assert len(timeline.difference(0, 1)) == 1
    assert timeline.difference(0, 2) == ()


def test_a_clock_that_is_set_back_does_not_turn_the_service_round() -> None:
    log = Log()
    log.order(100, 1)
    log.order(40, 2)
    timeline = log.timeline()
    assert [moment.at for moment in timeline.moments] == [at(100), at(100)]
    assert timeline.place_at(at(99)) == 0
    assert timeline.place_at(at(100)) == 2


def test_a_place_knows_its_instant() -> None:
    timeline = evening().timeline()
    assert timeline.instant_of(0) == START
    assert timeline.instant_of(1) == at(60)
    assert timeline.row("orders", "o1", 0) is None
    assert timeline.row("orders", "nobody", 3) is None


# -- who did what -----------------------------------------------------------------------------


def test_deeds_name_the_terminal_the_order_and_the_lines() -> None:
    assert texts(evening()) == [
        "pos A (Mia) sent A-001: 1 Margherita M, 1 Margherita M",
        "pos A (Mia) sent A-002: 1 Margherita M",
        "kitchen B (Mia) bumped A-001: 1 Margherita M, 1 Margherita M",
        "pos A (Mia) sent A-003: 1 Margherita M, 1 Caesar M",
        "pos A (Mia) voided a part of A-003: 1 Caesar M (dropped)",
        "kitchen B (Mia) bumped A-002: 1 Margherita M",
        "kitchen B (Mia) bumped A-003: 1 Margherita M",
    ]


def test_a_deed_knows_its_order_its_stations_and_its_place() -> None:
    third = deeds_of(evening().timeline())[2]
    assert (third.number, third.order_ids, third.kind) == ("A-001", ("o1",), "bump")
    assert (third.place, third.at, third.stations) == (3, at(300), {"grill"})


@pytest.mark.parametrize(
    ("kind", "args", "said"),
    [
        ("start", {"order_id": "o1", "line_ids": ["o1-1"]}, "started A-001: 1 Margherita M"),
        ("close_order", {"order_id": "o1"}, "closed A-001"),
        ("void_order", {"order_id": "o1", "reason": "left"}, "voided A-001 (left)"),
        ("eighty_six", {"item_id": "water", "out": True}, "86'd Wässerchen"),
        (
            "adjust_stock",
            {"stock_item_id": "dough", "delta": 5, "reason": "count"},
            "counted Dough: 25 pcs",
        ),
    ],
)
def test_every_act_has_its_words(kind: Any, args: dict[str, Any], said: str) -> None:
    log = Log()
    log.order(1, 1, "margherita", "margherita")
    if kind == "close_order":
        log.bump(2, 1, 1, 2)
    log.do(3, kind, args, by=OFFICE)
    assert texts(log)[-1] == f"manager C (Mia) {said}"


def test_a_recall_names_what_came_back() -> None:
    log = Log()
    log.order(1, 1, "margherita", "caesar")
    log.bump(2, 1, 1, 2)
    log.do(3, "recall", {"order_id": "o1", "line_ids": ["o1-2"]})
    assert texts(log)[-1] == "kitchen B (Mia) recalled A-001: 1 Caesar M"


def told(log: Log, kind: str, table: str, pk: str, **changes: Any) -> str:
    """The words of a verb that changes one row so."""
    log.ops += 1
    log.put(10, table, pk, {**log.tables[table][pk], **changes}, kind=kind, by=TILL)
    return texts(log)[-1].removeprefix("pos A (Mia) ")


ASKED: Row = {"id": "q", "text": "Which sauce?", "answer": "", "answered_at": None}
LINE: Row = {"held": True}


def test_acts_on_the_order_say_what_became_of_it() -> None:
    log = Log()
    log.order(1, 1)
    answered = {**ASKED, "answer": "Green", "answered_at": "2026-11-26T19:05:00+00:00"}
    moment = "2026-11-26T19:05:00+00:00"
    assert told(log, "mark", "orders", "o1", rush=True, vip=True) == "marked A-001: rush, VIP"
    assert told(log, "mark", "orders", "o1", rush=False) == "marked A-001: no rush"
    assert told(log, "ask", "orders", "o1", questions=[ASKED]) == (
        "asked about A-001: “Which sauce?”"
    )
    assert told(log, "answer", "orders", "o1", questions=[answered]) == (
        "answered about A-001: “Green”"
    )
    assert told(log, "assemble", "orders", "o1", assembled_at=moment) == (
        "put A-001 together on the pass"
    )
    assert told(log, "assemble", "orders", "o1", assembled_at=None) == "took A-001 apart again"
    assert told(log, "hand_over", "orders", "o1", handed_at=moment) == "handed over A-001"
    assert told(log, "hand_over", "orders", "o1", handed_at=None) == "took A-001 back to the pass"


def test_a_changed_quantity_comes_with_what_it_was() -> None:
    log = Log()
    log.order(1, 1)
    words = told(log, "change_qty", "order_lines", "o1-1", qty=3)
    assert words == "changed A-001: 3 Margherita M (was 1)"


def test_what_a_bump_fires_is_told_with_it() -> None:
    log = Log()
    log.order(1, 1, "margherita", "caesar")
    line = log.tables["order_lines"]
    log.put(2, "order_lines", "o1-2", {**line["o1-2"], "held": True})
    log.ops += 1
    done = {**line["o1-1"], "state": "ready", "ready_at": "2026-11-26T19:00:03+00:00"}
    log.put(3, "order_lines", "o1-1", done, kind="bump", by=TILL)
    log.put(3, "order_lines", "o1-2", {**line["o1-2"], "held": False}, kind="bump", by=TILL)
    assert texts(log)[-1] == "pos A (Mia) bumped A-001: 1 Margherita M; fired 1 Caesar M"


def test_a_station_that_stands_in_is_named() -> None:
    log = Log()
    assert told(log, "cover", "stations", "grill", covered_by="cold") == "sent Grill to Cold"
    assert told(log, "cover", "stations", "grill", covered_by="") == (
        "gave Grill its own lines back"
    )


def test_what_a_manager_sets_is_told_as_it_became() -> None:
    log = Log()
    words = told(log, "set_up", "stations", "grill", late_after_s=570, backup_id="cold")
    assert words == "set up Grill: Cold can stand in, late after 9 min 30 s"
    words = told(log, "set_up", "menu_items", "water", prep_s=60)
    assert words == "set up Wässerchen: takes 1 min"


def test_a_terminal_that_registers_is_let_in() -> None:
    log = Log()
    device = {"id": "0f", "name": "Office", "role": "manager", "letter": "F"}
    log.put(1, "devices", "0f", device)
    log.put(2, "devices", "0f", {**device, "name": "Upstairs"})
    log.put(3, "devices", "0f", {**device, "name": "Upstairs", "role": "pos"})
    log.put(4, "devices", "0f", None)
    assert [deed.what for deed in deeds_of(log.timeline())] == [
        "let the terminal Office in",
        "renamed the terminal Office to Upstairs",
        "changed the role of Upstairs",
        "took the terminal Upstairs away",
    ]


def test_a_long_order_is_cut_and_counted() -> None:
    log = Log()
    log.order(1, 1, *["margherita"] * 5)
    assert texts(log)[0].endswith("1 Margherita M, 1 Margherita M, 1 Margherita M and 2 more")


def test_what_no_terminal_did_is_the_server_s() -> None:
    log = Log()
    log.order(1, 1)
    log.put(2, "menu_items", "water", {**log.tables["menu_items"]["water"], "position": 9})
    log.put(3, "orders", "o1", {**log.tables["orders"]["o1"], "note": "x"})
    log.put(4, "orders", "o1", None)
    log.put(5, "stations", "grill", None)
    assert texts(log)[1:] == [
        f"{SERVER} changed Wässerchen",
        f"{SERVER} changed A-001",
        f"{SERVER} put away 1 finished order",
        f"{SERVER} changed Grill",
    ]


def test_an_act_of_a_later_version_is_told_by_what_it_changed() -> None:
    log = Log()
    log.order(1, 1)
    assert told(log, "garnish", "orders", "o1", note="x") == "changed A-001"


def test_a_tap_that_came_late_says_when_it_was() -> None:
    log = Log()
    log.order(1, 1)
    log.order(2, 2)
    log.bump(60, 1, late_s=120)
    log.bump(181, 2, late_s=2)
    late, prompt = deeds_of(log.timeline())[2:]
    assert (late.at, late.tapped_at) == (at(180), at(60))
    assert prompt.tapped_at is None


def test_a_device_and_a_person_of_one_name_are_named_once() -> None:
    log = Log()
    log.before["devices"][TILL] = {**log.before["devices"][TILL], "name": "Mia"}
    log.order(1, 1)
    assert texts(log)[0].startswith("Mia sent")


def test_a_terminal_that_nobody_knows_any_more_leaves_the_person() -> None:
    log = Log()
    del log.before["devices"][TILL]
    log.order(1, 1)
    assert texts(log)[0].startswith("Mia sent")


# -- where it jammed --------------------------------------------------------------------------


def load(jam: Jam, seconds: float, stations: frozenset[str] = ALL) -> tuple[int, int]:
    return jam.at(stations)[round(seconds / jam.step_s) - 1]


def test_the_load_counts_open_lines_and_the_late_ones_among_them() -> None:
    jam = jam_of(evening().timeline(), 60)
    assert [load(jam, minute * 60) for minute in (1, 2, 5, 9, 10, 11, 15, 16)] == [
        (2, 0), (3, 0), (1, 0), (1, 0), (3, 1), (2, 1), (1, 0), (0, 0),
    ]  # fmt: skip


def test_a_station_has_its_own_load() -> None:
    log = Log()
    log.order(10, 1, "margherita")
    log.tables["order_lines"]["o1-1"] = {**log.tables["order_lines"]["o1-1"]}
    line = {**log.tables["order_lines"]["o1-1"], "id": "x", "station_id": "cold"}
    log.put(70, "order_lines", "x", line)
    jam = jam_of(log.timeline(), 60)
    assert load(jam, 120, frozenset({"cold"})) == (1, 0)
    assert load(jam, 120, frozenset({"grill", "cold"})) == (2, 0)
    assert load(jam, 60, frozenset({"cold"})) == (0, 0)
    assert load(jam, 60, frozenset({"bar"})) == (0, 0)


def with_line(**fields: Any) -> Jam:
    """A service with one line, and nothing else, from its first second on."""
    log = Log()
    log.order(0, 1)
    log.put(0, "order_lines", "o1-1", {**log.tables["order_lines"]["o1-1"], **fields})
    return jam_of(log.timeline(), 60)


def stop(station: str, stage: int, state: str = "sent", ready_at: str | None = None) -> Row:
    return {
        "station_id": station, "stage": stage, "state": state, "started_at": None,
        "ready_at": ready_at,
    }  # fmt: skip


def test_a_line_counts_at_the_station_whose_turn_it_is() -> None:
    jam = with_line(route=[stop("grill", 1), stop("cold", 2)])
    assert (load(jam, 60, frozenset({"grill"})), load(jam, 60, frozenset({"cold"}))) == (
        (1, 0),
        (0, 0),
    )
    ready = "2026-11-26T19:05:00+00:00"
    jam = with_line(state="started", route=[stop("grill", 1, "ready", ready), stop("cold", 2)])
    assert load(jam, 360, frozenset({"cold"})) == (1, 0)
    assert load(jam, 300 + 480, frozenset({"cold"})) == (1, 1)
    assert load(jam, 360, frozenset({"grill"})) == (0, 0)


def test_what_is_held_or_to_be_fired_later_is_no_load_yet() -> None:
    assert load(with_line(held=True), 600) == (0, 0)
    jam = with_line(fire_at="2026-11-26T19:10:00+00:00")
    assert (load(jam, 540), load(jam, 600), load(jam, 600 + 480)) == ((0, 0), (1, 0), (1, 1))


def test_an_item_has_its_own_limit_and_an_order_type_a_stricter_one() -> None:
    log = Log()
    log.before["menu_items"]["margherita"] |= {"late_after_s": 900}
    log.order(0, 1)
    jam = jam_of(log.timeline(), 60)
    assert (load(jam, 840), load(jam, 900)) == ((1, 0), (1, 1))
    branch = next(iter(log.before["branches"].values()))
    branch |= {"type_ages": {"dine_in": [60, 120]}}
    jam = jam_of(log.timeline(), 60)
    assert (load(jam, 60), load(jam, 120)) == ((1, 0), (1, 1))


def test_the_worst_moment_is_the_one_with_the_most_late_lines() -> None:
    assert worst(jam_of(evening().timeline(), 60), ALL) == (at(600), 1, 3)
    assert worst(jam_of(Log().timeline(), 60), ALL) is None


def test_a_service_without_a_length_has_no_load() -> None:
    jam = jam_of(Log().timeline(0))
    assert jam.at(ALL) == ()
    assert worst(jam, ALL) is None


@pytest.mark.parametrize(
    ("length_s", "step_s"), [(60, 1), (1500, 1), (3600, 5), (14 * 3600, 60), (10**9, 3600)]
)
def test_a_short_service_is_drawn_finer_than_a_day(length_s: float, step_s: int) -> None:
    assert step_for(length_s) == step_s
