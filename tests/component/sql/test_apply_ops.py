"""What becomes of an op: outcomes, repeats, lanes, refusals."""

from __future__ import annotations

import uuid
from typing import Any

import psycopg
import pytest

from tests.support.postgres import (
    Connection,
    Terminal,
    call,
    make_branch,
    signed_in,
    terminal,
)
from tests.support.restaurant import new_line, new_order


def place(till: Terminal, order_id: str = "o1", **line: Any) -> dict[str, Any]:
    """A fresh op that places an order of one line, `<order_id>-1`."""
    args = {"order": new_order(order_id), "lines": [new_line(f"{order_id}-1", **line)]}
    return till.op("place_order", order_id, args)


def test_an_applied_op_tells_the_rev_at_which_it_is_complete(till: Terminal) -> None:
    op = place(till)
    (outcome,) = till.send(op)
    assert outcome == {
        "seq": 1,
        "op_id": op["op_id"],
        "result": "applied",
        "first": None,
        "reason": "",
        "blocked_by": None,
        "remote": None,
        "revs": {till.floor: till.head()["rev"]},
    }


def test_all_ops_of_a_call_share_one_rev(till: Terminal) -> None:
    before = till.head()
    outcomes = till.send(place(till, "o1"), place(till, "o2"))
    assert till.head()["rev"] == before["rev"] + 1
    assert {outcome["revs"][till.floor] for outcome in outcomes} == {before["rev"] + 1}


def test_a_repeated_op_is_a_duplicate_with_its_first_outcome_and_no_second_effect(
    till: Terminal,
) -> None:
    op = place(till)
    (first,) = till.send(op)
    head = till.head()
    (second,) = till.send(op)
    assert (second["result"], second["first"]) == ("duplicate", "applied")
    assert second["revs"] == first["revs"]
    assert till.head() == head


def test_a_repeated_rejected_op_is_told_its_reason_again(till: Terminal) -> None:
    op = till.op("close_order", "o1", {"order_id": "o1"})
    till.send(op)
    (again,) = till.send(op)
    assert (again["first"], again["reason"]) == ("rejected", "unknown order")


def test_numbers_may_arrive_in_any_order(till: Terminal, db: Connection) -> None:
    ops = [place(till, f"o{n}") for n in range(3)]
    for op in reversed(ops):
        assert till.send(op)[0]["result"] == "applied"
    last = db.execute("select last_seq from kds.devices_private where device_id = %s", (till.id,))
    assert last.fetchone() == (3,)


def test_last_seq_stops_at_the_first_gap(till: Terminal, db: Connection) -> None:
    ops = [place(till, f"o{n}") for n in range(4)]
    till.send(ops[0], ops[1], ops[3])
    last = db.execute("select last_seq from kds.devices_private where device_id = %s", (till.id,))
    assert last.fetchone() == (2,)


def test_another_op_under_an_old_number_locks_the_terminal(till: Terminal, db: Connection) -> None:
    op = place(till)
    till.send(op)
    with signed_in(db, [till.branch_id], "pos"):
        answer = call(db, "apply_ops", device_id=till.id, ops=[{**op, "actor": "Leo"}])
        status = db.execute("select current_setting('response.status')").fetchone()
    assert answer["code"] == "PT409"
    assert "Two machines" in answer["message"]
    assert status == ("409",)
    with pytest.raises(psycopg.Error, match="Two machines") as refused:
        till.send(place(till, "o2"))
    assert refused.value.sqlstate == "PT409"


def test_a_rejected_op_has_no_effect_and_holds_up_its_lane_only(till: Terminal) -> None:
    bad = place(till, "o1", qty=0)
    later = till.op("void_order", "o1", {"order_id": "o1", "reason": ""})
    elsewhere = place(till, "o2")
    first, second, third = till.send(bad, later, elsewhere)
    assert (first["result"], first["reason"]) == ("rejected", "qty must be at least 1")
    assert (second["result"], second["blocked_by"]) == ("blocked", bad["op_id"])
    assert third["result"] == "applied"
    assert [order["id"] for order in till.tables()["orders"]] == ["o2"]


def test_a_lane_stays_blocked_in_later_calls_until_a_person_resolves_it(till: Terminal) -> None:
    bad = place(till, "o1", qty=0)
    till.send(bad)
    good = place(till, "o1")
    assert till.send(good)[0]["result"] == "blocked"
    till.call("resolve_dead_letter", device_id=till.id, op_id=bad["op_id"])
    assert till.send(good)[0]["result"] == "applied"


def test_a_lane_is_blocked_for_the_terminal_that_was_refused_and_for_nobody_else(
    till: Terminal, db: Connection
) -> None:
    till.send(place(till, "o1", qty=0))
    other = terminal(db, till.branch_id)
    assert other.send(place(other, "o1"))[0]["result"] == "applied"


def test_a_refused_op_is_kept_whole(till: Terminal, db: Connection) -> None:
    bad = place(till, "o1", qty=0)
    till.send(bad)
    kept = db.execute(
        "select op, reason, lane from kds.dead_letters where device_id = %s", (till.id,)
    ).fetchone()
    assert kept == (bad, "qty must be at least 1", "o1")


def test_a_conflict_shows_the_row_as_it_is_and_blocks_nothing(till: Terminal) -> None:
    till.send(place(till))
    till.do("bump", "o1", {"order_id": "o1", "line_ids": ["o1-1"]}, actor="Anna")
    head = till.head()
    args = {"order_id": "o1", "line_id": "o1-1", "reason": "changed their mind"}
    outcome = till.do("void_line", "o1", args)
    assert outcome["result"] == "conflict"
    assert outcome["remote"].pop("at") > "2026"
    assert outcome["remote"] == {
        "row": till.row("order_lines", "o1-1"),
        "kind": "bump",
        "actor": "Anna",
        "device": till.name,
    }
    assert outcome["revs"] == {till.floor: head["rev"]}
    assert till.head() == head
    assert till.do("close_order", "o1", {"order_id": "o1"})["result"] == "applied"


def test_nobody_is_named_for_what_was_changed_at_a_dashboard(
    till: Terminal, db: Connection
) -> None:
    till.send(place(till))
    db.execute(
        "update public.order_lines set state = 'ready' where branch_id = %s", (till.branch_id,)
    )
    args = {"order_id": "o1", "line_id": "o1-1", "reason": ""}
    remote = till.do("void_line", "o1", args)["remote"]
    assert (remote["kind"], remote["actor"], remote["device"]) == (None, None, None)
    assert remote["row"]["state"] == "ready"


def test_a_repeated_conflict_is_told_the_other_side_again(till: Terminal) -> None:
    till.send(place(till))
    till.do("bump", "o1", {"order_id": "o1", "line_ids": ["o1-1"]})
    op = till.op("void_line", "o1", {"order_id": "o1", "line_id": "o1-1", "reason": ""})
    (first,) = till.send(op)
    (again,) = till.send(op)
    assert (again["first"], again["remote"]) == ("conflict", first["remote"])


def test_an_op_of_a_later_version_waits_for_a_person(till: Terminal) -> None:
    outcome = till.send({**place(till), "v": 2})[0]
    assert outcome["reason"] == "this needs a newer version of kds"


def resolution(db: Connection, till: Terminal, op_id: str) -> Any:
    return db.execute(
        "select result, resolution, resolved_actor, resolved_at is not null from kds.dead_letters"
        " where device_id = %s and op_id = %s",
        (till.id, op_id),
    ).fetchone()


def test_what_a_person_decided_is_kept_and_the_first_word_counts(
    till: Terminal, db: Connection
) -> None:
    bad = place(till, "o1", qty=0)
    till.send(bad)
    for decided in ("discarded: a mistake", "sent again"):
        till.call(
            "resolve_dead_letter",
            device_id=till.id,
            op_id=bad["op_id"],
            resolution=decided,
            actor="Leo",
        )
    assert resolution(db, till, bad["op_id"]) == ("rejected", "discarded: a mistake", "Leo", True)


def test_a_conflict_is_kept_with_what_was_decided(till: Terminal, db: Connection) -> None:
    till.send(place(till))
    till.do("bump", "o1", {"order_id": "o1", "line_ids": ["o1-1"]})
    op = till.op("void_line", "o1", {"order_id": "o1", "line_id": "o1-1", "reason": ""})
    till.send(op)
    assert resolution(db, till, op["op_id"]) == ("conflict", "", "", False)
    till.call("resolve_dead_letter", device_id=till.id, op_id=op["op_id"], resolution="kept remote")
    assert resolution(db, till, op["op_id"]) == ("conflict", "kept remote", "", True)


def payment(till: Terminal, order_id: str = "nobody") -> dict[str, Any]:
    paid = {"id": str(uuid.uuid4()), "tender": "cash", "amount": 500}
    return till.op("pay", order_id, {"order_id": order_id, "payment": paid})


@pytest.mark.parametrize("decided", ["discarded", "discarded:", "discarded:  "])
def test_a_payment_is_not_discarded_without_a_reason(till: Terminal, decided: str) -> None:
    op = payment(till)
    till.send(op)
    with pytest.raises(psycopg.Error, match="without a reason"):
        till.call("resolve_dead_letter", device_id=till.id, op_id=op["op_id"], resolution=decided)
    assert till.send(payment(till))[0]["result"] == "blocked"


def test_an_op_that_is_given_up_unsent_is_kept_and_its_number_spent(
    till: Terminal, db: Connection
) -> None:
    bad, behind = payment(till), payment(till)
    till.send(bad, behind)
    for _ in range(2):
        till.call(
            "resolve_dead_letter",
            device_id=till.id,
            op_id=behind["op_id"],
            resolution="discarded: paid twice",
            actor="Leo",
            op=behind,
        )
    found = resolution(db, till, behind["op_id"])
    assert found == ("blocked", "discarded: paid twice", "Leo", True)
    assert till.send(behind)[0]["first"] == "rejected"
    last = db.execute("select last_seq from kds.devices_private where device_id = %s", (till.id,))
    assert last.fetchone() == (2,)


def dough_logged(till: Terminal, cursor: dict[str, Any]) -> list[tuple[int, str]]:
    """What the log says of the dough: the level, and the op that is named for it."""
    rows = till.since(cursor)["rows"]
    return [(row["row"]["level"], row["op_id"]) for row in rows if row["pk"] == "dough"]


def test_a_call_uses_stock_once_and_names_the_last_op_that_needed_it(till: Terminal) -> None:
    cursor = till.head()
    first, last = place(till, "o1", qty=2), place(till, "o2")
    out = till.op("eighty_six", "item:water", {"item_id": "water", "out": True})
    till.send(first, last, out)
    assert dough_logged(till, cursor) == [(20 - 3, last["op_id"])]


def test_an_op_that_is_refused_uses_no_stock(till: Terminal) -> None:
    cursor = till.head()
    good, twice = place(till, "o1"), place(till, "o2")
    twice["args"]["lines"] *= 2
    till.send(good, twice)
    assert dough_logged(till, cursor) == [(20 - 1, good["op_id"])]


def test_what_came_before_a_copied_disk_was_noticed_has_used_its_stock(till: Terminal) -> None:
    cursor = till.head()
    op, good = place(till, "o1"), place(till, "o2")
    till.send(op)
    with signed_in(till.connection, [till.branch_id], "pos") as connection:
        call(connection, "apply_ops", device_id=till.id, ops=[good, {**op, "actor": "Leo"}])
    assert dough_logged(till, cursor)[-1] == (20 - 2, good["op_id"])


def test_no_appetite_is_large_enough_to_fail_a_call(till: Terminal, db: Connection) -> None:
    db.execute(
        "update public.stock_items set level = -9223372036854775807"
        " where branch_id = %s and id = 'dough'",
        (till.branch_id,),
    )
    glutton, modest = place(till, "o1", qty=2**31 - 1), place(till, "o2", item="caesar", variant="")
    assert [outcome["result"] for outcome in till.send(glutton, modest)] == ["applied", "applied"]


def test_a_backlog_pokes_once_a_second_and_at_its_end(till: Terminal, db: Connection) -> None:
    def revs_poked() -> list[int]:
        found = db.execute(
            "select (payload ->> 'rev')::bigint from realtime.messages where topic = %s"
            " order by (payload ->> 'rev')::bigint",
            (f"stream:{till.floor}",),
        )
        return [row[0] for row in found]

    before, start = revs_poked(), till.head()["rev"]
    for number in range(4):
        till.call("apply_ops", device_id=till.id, ops=[place(till, f"o{number}")], more=True)
    till.send(place(till, "last"))
    assert revs_poked()[len(before) :] == [start + 1, start + 5]


@pytest.mark.parametrize(
    "rubbish",
    [5, None, "op", [], {}, {"seq": "one"}, {"seq": 1.5, "op_id": "x", "lane": "x"},
     {"seq": -1, "op_id": "x", "lane": "x"}, {"seq": 1, "op_id": "x"}],
)  # fmt: skip
def test_what_is_no_op_is_rejected_alone(till: Terminal, rubbish: object) -> None:
    outcomes = till.send(rubbish, place(till))
    assert [outcome["result"] for outcome in outcomes] == ["rejected", "applied"]


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ({"kind": "dance_a_jig"}, "this version does not know how to dance a jig"),
        ({"kind": None}, "kind is missing"),
        ({"args": None}, "args is missing"),
        ({"at": "yesterday noon"}, "the server cannot do this"),
        ({"args": {"order": new_order("o1"), "lines": []}}, "lines must name at least 1"),
        ({"args": {"order": new_order("o1", number=" "), "lines": []}}, "number is missing"),
        (
            {"args": {"order": new_order("o1"), "lines": [new_line("a"), new_line("a")]}},
            "duplicate line",
        ),
        (
            {"args": {"order": new_order("o1"), "lines": [new_line("a", qty=10**12)]}},
            "the server cannot do this",
        ),
    ],
)
def test_an_op_that_cannot_be_done_is_rejected_with_a_reason(
    till: Terminal, broken: dict[str, object], reason: str
) -> None:
    outcome = till.send({**place(till), **broken})[0]
    assert outcome["result"] == "rejected"
    assert outcome["reason"].startswith(reason)
    assert till.tables()["orders"] == []


def test_an_instant_of_the_future_becomes_now(till: Terminal) -> None:
    till.send({**place(till), "at": "2999-01-01T00:00:00+00:00"})
    assert till.row("orders", "o1")["placed_at"] < "2999"


def test_an_unknown_terminal_is_refused_in_words(db: Connection) -> None:
    stranger = Terminal(db, make_branch(db))
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="not registered"):
        stranger.send(place(stranger))


def test_an_account_of_another_branch_is_refused(till: Terminal, db: Connection) -> None:
    op = place(till)
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege, match="does not belong"),
        signed_in(db, [make_branch(db)], "pos"),
    ):
        call(db, "apply_ops", device_id=till.id, ops=[op])


def test_a_kitchen_account_cannot_act_through_a_till(till: Terminal, db: Connection) -> None:
    op = place(till)
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege, match="for kitchen terminals"),
        signed_in(db, [till.branch_id], "kitchen"),
    ):
        call(db, "apply_ops", device_id=till.id, ops=[op])


def test_too_many_ops_at_once_are_too_large(till: Terminal) -> None:
    with pytest.raises(psycopg.Error) as refused:
        till.send(*([place(till)] * 501))
    assert refused.value.sqlstate == "PT413"


def test_a_letter_is_given_once_and_kept(db: Connection) -> None:
    branch_id = make_branch(db)
    first, second = terminal(db, branch_id), terminal(db, branch_id)
    assert first.register() | {"server_time": None} == {
        "id": first.id,
        "branch_id": branch_id,
        "name": "Till",
        "role": "pos",
        "letter": "A",
        "locked_since": None,
        "server_time": None,
    }
    assert second.register()["letter"] == "B"


def test_letters_go_on_after_z(db: Connection) -> None:
    letters = db.execute("select kds.letter(n) from unnest('{0,25,26,51,52,702}'::int[]) n")
    assert [row[0] for row in letters] == ["A", "Z", "AA", "AZ", "BA", "AAA"]


def test_a_terminal_cannot_move_to_another_branch(till: Terminal, db: Connection) -> None:
    moved = Terminal(db, make_branch(db), id=till.id)
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="registered at another branch"):
        moved.register()


def test_an_account_registers_terminals_of_its_own_branch_and_role_only(db: Connection) -> None:
    branch_id = make_branch(db)
    arguments = {"device_id": str(uuid.uuid4()), "branch_id": branch_id, "name": "x"}
    for branches, role in ([make_branch(db)], "pos"), ([branch_id], "kitchen"):
        with (
            pytest.raises(psycopg.errors.InsufficientPrivilege),
            signed_in(db, branches, role),
        ):
            call(db, "register_device", **arguments, role="pos")
