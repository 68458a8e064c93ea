"""How long dishes took, as the server tells it: line by line, and by how busy a station was."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from kds.base.clock import to_iso
from tests.support.postgres import Connection, Json, Terminal, make_branch, signed_in
from tests.support.postgres import call as call_function
from tests.support.restaurant import new_line, new_order

START = datetime.now(UTC).replace(microsecond=0) - timedelta(days=2)
SPAN = {"since": to_iso(START), "until": to_iso(START + timedelta(days=1))}
ROUTE = [{"station_id": "grill", "stage": 1}, {"station_id": "cold", "stage": 2}]


def at(seconds: float) -> str:
    return to_iso(START + timedelta(seconds=seconds))


def place(till: Terminal, order_id: str, sent: float, *lines: Json, **fields: Any) -> None:
    rows = list(lines) or [new_line(f"{order_id}-1")]
    args = {"order": new_order(order_id, order_id.upper(), **fields), "lines": rows}
    assert till.do("place_order", order_id, args, at=at(sent))["result"] == "applied"


def act(who: Terminal, kind: str, order_id: str, when: float, *lines: int, **more: Any) -> None:
    ids = [f"{order_id}-{n}" for n in lines or (1,)]
    args = {"order_id": order_id, "line_ids": ids, **more}
    assert who.do(kind, order_id, args, at=at(when), actor="Kim")["result"] == "applied"


def lines_of(who: Terminal, **more: Any) -> list[Json]:
    return list(who.call("prep_lines", branch_id=who.branch_id, **{**SPAN, **more})["lines"])


def loads_of(who: Terminal, weeks: int = 4) -> list[Json]:
    return list(who.call("prep_load", branch_id=who.branch_id, weeks=weeks)["loads"])


def test_a_dish_is_told_with_who_made_it_where_and_when(till: Terminal, kitchen: Terminal) -> None:
    place(till, "a1", 0, new_line("a1-1", qty=2, course=2), type="takeaway")
    act(kitchen, "start", "a1", 60)
    act(kitchen, "bump", "a1", 300)
    assert lines_of(till) == [
        {
            "line_id": "a1-1",
            "item_id": "margherita",
            "name": "Margherita",
            "variant": "M",
            "qty": 2,
            "station_id": "grill",
            "order_type": "takeaway",
            "course": 2,
            "made_by": "Kim",
            "number": "A1",
            "due_at": at(0),
            "started_at": at(60),
            "ready_at": at(300),
            "placed_at": at(0),
            "order_ready_at": at(300),
            "handed_at": None,
        }
    ]


def test_every_stop_counts_from_when_its_turn_came(till: Terminal, kitchen: Terminal) -> None:
    place(till, "a1", 0, new_line("a1-1", route=ROUTE))
    act(kitchen, "bump", "a1", 200, stations=["grill"])
    assert lines_of(till) == []
    act(kitchen, "bump", "a1", 260, stations=["cold"])
    found = [(one["station_id"], one["due_at"], one["ready_at"]) for one in lines_of(till)]
    assert found == [("grill", at(0), at(200)), ("cold", at(200), at(260))]


def test_a_held_dish_counts_from_when_it_was_fired(till: Terminal, kitchen: Terminal) -> None:
    place(till, "a1", 0, new_line("a1-1"), new_line("a1-2", course=2), pacing="manual")
    act(kitchen, "bump", "a1", 100)
    args = {"order_id": "a1", "course": 2}
    assert till.do("fire", "a1", args, at=at(900))["result"] == "applied"
    act(kitchen, "bump", "a1", 1000, 2)
    assert [one["due_at"] for one in lines_of(till)] == [at(0), at(900)]


def test_voided_dishes_do_not_count_and_recalled_ones_by_their_last_bump(
    till: Terminal, kitchen: Terminal
) -> None:
    place(till, "a1", 0, new_line("a1-1"), new_line("a1-2"), new_line("a1-3"))
    act(kitchen, "bump", "a1", 100, 1, 2, 3)
    void = {"order_id": "a1", "line_id": "a1-2", "reason": "dropped", "force": True}
    assert till.do("void_line", "a1", void, at=at(120))["result"] == "applied"
    act(kitchen, "recall", "a1", 130, 1, 3)
    act(kitchen, "bump", "a1", 400)
    assert [(one["line_id"], one["ready_at"]) for one in lines_of(till)] == [("a1-1", at(400))]
    assert [(one["n"], one["median_s"]) for one in loads_of(till)] == [(1, 400)]


def test_pages_are_together_the_whole(till: Terminal, kitchen: Terminal) -> None:
    for number in range(5):
        lines = [new_line(f"a{number}-{n}", route=ROUTE) for n in (1, 2)]
        place(till, f"a{number}", 10 * (number // 2), *lines)
        act(kitchen, "bump", f"a{number}", 500, 1, 2)
    found: list[Json] = []
    after = None
    pages = 0
    while pages == 0 or after:
        more = {"after": psycopg.types.json.Jsonb(after)} if after else {}
        answer = till.call("prep_lines", branch_id=till.branch_id, **SPAN, max_rows=3, **more)
        found += answer["lines"]
        after, pages = answer["next"], pages + 1
    assert pages == 4
    assert found == lines_of(till)
    assert len(found) == 20


def test_what_was_archived_counts_too_and_other_days_do_not(
    till: Terminal, kitchen: Terminal, db: Connection
) -> None:
    for order_id, sent in (("a1", -1), ("a2", 0), ("a3", 86400)):
        place(till, order_id, sent)
        act(kitchen, "bump", order_id, sent + 60)
    db.execute("update public.orders set archived_at = now() where id = 'a2'")
    assert [one["line_id"] for one in lines_of(till)] == ["a2-1"]


def test_a_dish_is_measured_by_what_waited_before_it(till: Terminal, kitchen: Terminal) -> None:
    """Dishes are sent 10 s apart; the first five find fewer than five before them."""
    for number in range(12):
        place(till, f"a{number}", 10 * number)
    for number in range(12):
        act(kitchen, "bump", f"a{number}", 1000 + 20 * number)
    took = [1000 + 10 * number for number in range(12)]
    assert loads_of(till) == [
        {"station_id": "grill", "load": 0, "n": 5, "median_s": took[2], "p90_s": 1036},
        {"station_id": "grill", "load": 5, "n": 5, "median_s": took[7], "p90_s": 1086},
        {"station_id": "grill", "load": 10, "n": 2, "median_s": 1105, "p90_s": 1109},
    ]


def test_dishes_of_one_order_do_not_wait_for_each_other(till: Terminal, kitchen: Terminal) -> None:
    place(till, "a1", 0, *(new_line(f"a1-{n}") for n in range(1, 9)))
    act(kitchen, "bump", "a1", 100, *range(1, 9))
    place(till, "a2", 100)  # at the instant at which the others leave
    act(kitchen, "bump", "a2", 200)
    assert [(one["load"], one["n"]) for one in loads_of(till)] == [(0, 9)]


def test_what_was_voided_waited_until_then(till: Terminal, kitchen: Terminal) -> None:
    place(till, "a1", 0, *(new_line(f"a1-{n}") for n in range(1, 7)))
    for order_id, sent in (("a2", 50), ("a3", 500)):
        place(till, order_id, sent)
        act(kitchen, "bump", order_id, sent + 60)
    void = {"order_id": "a1", "reason": "guest left"}
    assert till.do("void_order", "a1", void, at=at(130))["result"] == "applied"
    assert [(one["load"], one["n"]) for one in loads_of(till)] == [(0, 1), (5, 1)]


def test_history_before_the_weeks_asked_for_is_left_out(till: Terminal, kitchen: Terminal) -> None:
    place(till, "a1", -8 * 86400)
    act(kitchen, "bump", "a1", -8 * 86400 + 60)
    assert (loads_of(till, weeks=1), len(loads_of(till, weeks=2))) == ([], 1)


@pytest.mark.parametrize(("function", "more"), [("prep_lines", SPAN), ("prep_load", {})])
def test_another_branch_s_kitchen_is_nobody_s_business(
    till: Terminal, db: Connection, function: str, more: Json
) -> None:
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        signed_in(db, [make_branch(db)], "manager") as stranger,
    ):
        call_function(stranger, function, branch_id=till.branch_id, **more)


@pytest.mark.parametrize("function", ["prep_lines", "prep_load"])
def test_nobody_asks_without_an_account(till: Terminal, db: Connection, function: str) -> None:
    more = SPAN if function == "prep_lines" else {}
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        signed_in(db, [], "", "anon") as anybody,
    ):
        call_function(anybody, function, branch_id=till.branch_id, **more)
