"""A copied terminal is locked, let in again by a manager, and both copies go on as two others."""

from __future__ import annotations

import uuid
from typing import Any

import psycopg
import pytest

from tests.support.postgres import Connection, Terminal, terminal
from tests.support.restaurant import new_line, new_order

Json = dict[str, Any]


def place(till: Terminal, order: str, **line: Any) -> Json:
    lines = [{**new_line(f"{order}-1"), **line}]
    return till.op("place_order", order, {"order": new_order(order), "lines": lines})


def lock(till: Terminal) -> None:
    """Another machine has used the next number for something else."""
    op = place(till, "locked")
    till.send(op)
    answer = till.call("apply_ops", device_id=till.id, ops=[{**op, "actor": "Leo"}])
    assert answer["code"] == "PT409"


def let_in(till: Terminal, manager: Terminal) -> None:
    manager.call("release_device", device_id=till.id)


def copy_of(till: Terminal, first_seq: int) -> Terminal:
    """One of the machines, registered as what it becomes."""
    heir = Terminal(till.connection, till.branch_id, seq=first_seq - 1)
    named = {"branch_id": heir.branch_id, "name": till.name, "role": "pos"}
    heir.call("register_device", device_id=heir.id, was=till.id, first_seq=first_seq, **named)
    return heir


def results(terminal: Terminal, *ops: Json) -> list[tuple[str, str | None]]:
    return [(one["result"], one["first"]) for one in terminal.send(*ops)]


def letters(manager: Terminal, *terminals: Terminal) -> set[str]:
    return {manager.row("devices", one.id)["letter"] for one in terminals}


def test_everybody_of_the_branch_sees_that_a_terminal_is_locked(
    till: Terminal, kitchen: Terminal
) -> None:
    assert kitchen.row("devices", till.id)["locked_since"] is None
    before = kitchen.head()
    lock(till)
    assert kitchen.row("devices", till.id)["locked_since"] is not None
    (change,) = [c for c in kitchen.since(before)["rows"] if c["table"] == "devices"]
    assert change["op_id"] is None


def test_only_a_manager_of_the_branch_lets_it_in(
    till: Terminal, kitchen: Terminal, db: Connection
) -> None:
    lock(till)
    elsewhere = Terminal(db, str(uuid.uuid4()), "manager")
    for person in (till, kitchen, elsewhere):
        with pytest.raises(psycopg.Error, match="Only a manager of this branch"):
            let_in(till, person)
    with pytest.raises(psycopg.Error, match="Two machines"):
        till.send(place(till, "o1"))


def test_who_let_it_in_is_on_record_and_the_list_of_locked_ones_is_empty(
    till: Terminal, manager: Terminal, db: Connection
) -> None:
    lock(till)
    for _ in range(2):
        let_in(till, manager)
    assert manager.row("devices", till.id)["locked_since"] is None
    found = db.execute(
        "select released_at, released_by from kds.devices_private where device_id = %s", [till.id]
    ).fetchone()
    assert found is not None
    assert None not in found


def test_the_old_identity_is_told_to_become_another_and_takes_nothing(
    till: Terminal, manager: Terminal
) -> None:
    lock(till)
    let_in(till, manager)
    with pytest.raises(psycopg.Error, match="let in again") as told:
        till.send(place(till, "o1"))
    assert told.value.sqlstate == "PT410"


def test_a_terminal_that_was_never_locked_is_not_let_in(till: Terminal, manager: Terminal) -> None:
    let_in(till, manager)
    assert results(till, place(till, "o1")) == [("applied", None)]


def test_an_op_that_both_copies_hold_has_its_effect_once(till: Terminal, manager: Terminal) -> None:
    both = place(till, "o1")
    lock(till)
    let_in(till, manager)
    one, other = copy_of(till, both["seq"]), copy_of(till, both["seq"])
    assert len(letters(manager, till, one, other)) == 3
    assert results(one, both) == [("applied", None)]
    assert results(other, both) == [("duplicate", "applied")]
    assert results(other, both) == [("duplicate", "applied")]
    assert len(manager.tables()["order_lines"]) == 2  # and the one that locked it


def test_an_op_that_the_first_copy_sent_before_the_lock_is_a_duplicate(
    till: Terminal, manager: Terminal
) -> None:
    sent = place(till, "o1")
    till.send(sent)
    lock(till)
    let_in(till, manager)
    heir = copy_of(till, sent["seq"])
    heir.seq = till.seq
    assert results(heir, sent, place(heir, "o2")) == [("duplicate", "applied"), ("applied", None)]


def test_different_ops_of_one_number_both_have_their_effect(
    till: Terminal, manager: Terminal
) -> None:
    lock(till)
    let_in(till, manager)
    one, other = copy_of(till, 2), copy_of(till, 2)
    assert results(one, place(one, "o1")) == [("applied", None)]
    assert results(other, place(other, "o2")) == [("applied", None)]


def test_a_refusal_of_both_copies_closes_the_lane_of_each_until_it_is_decided(
    till: Terminal, manager: Terminal
) -> None:
    bad, behind = place(till, "o1", qty=0), place(till, "o1")
    lock(till)
    let_in(till, manager)
    one, other = copy_of(till, 1), copy_of(till, 1)
    assert results(one, bad, behind) == [("rejected", None), ("blocked", None)]
    assert results(other, bad, behind) == [("duplicate", "rejected"), ("blocked", None)]
    one.call("resolve_dead_letter", device_id=one.id, op_id=bad["op_id"], resolution="edited")
    assert results(other, behind) == [("applied", None)]
    assert results(one, behind) == [("duplicate", "applied")]


def test_what_was_decided_at_one_copy_does_not_come_up_at_the_other(
    till: Terminal, manager: Terminal
) -> None:
    bad = place(till, "o1", qty=0)
    lock(till)
    let_in(till, manager)
    one, other = copy_of(till, 1), copy_of(till, 1)
    one.send(bad)
    one.call("resolve_dead_letter", device_id=one.id, op_id=bad["op_id"], resolution="edited")
    assert results(other, bad) == [("duplicate", "applied")]


def test_numbers_before_the_first_unsent_one_are_spent(till: Terminal, manager: Terminal) -> None:
    lock(till)
    let_in(till, manager)
    heir = copy_of(till, 40)
    assert results(heir, {**place(heir, "o1"), "seq": 39}) == [("duplicate", "applied")]
    assert results(heir, {**place(heir, "o1"), "seq": 40}) == [("applied", None)]


def test_a_server_that_does_not_know_of_the_release_takes_nothing_as_spent(till: Terminal) -> None:
    heir = copy_of(till, 40)
    assert results(heir, {**place(heir, "o1"), "seq": 39}) == [("applied", None)]


def test_a_copy_of_a_copy_is_of_the_family(till: Terminal, manager: Terminal) -> None:
    sent = place(till, "o1")
    till.send(sent)
    lock(till)
    let_in(till, manager)
    heir = copy_of(till, 1)
    lock(heir)
    let_in(heir, manager)
    grandchild = copy_of(heir, 1)
    assert results(grandchild, sent) == [("duplicate", "applied")]


def test_a_server_that_forgot_the_lock_asks_the_copies_that_became_others(till: Terminal) -> None:
    both, later = place(till, "o1"), place(till, "o2")
    heir = copy_of(till, both["seq"])  # the server is back from a backup: the old id is as before
    assert results(heir, both) == [("applied", None)]
    assert results(till, both, later) == [("duplicate", "applied"), ("applied", None)]


def test_a_stranger_with_the_same_op_id_is_asked_for_itself(till: Terminal) -> None:
    sent = place(till, "o1")
    till.send(sent)
    stranger = terminal(till.connection, till.branch_id)
    other = {**place(stranger, "o2"), "op_id": sent["op_id"]}
    assert results(stranger, other) == [("applied", None)]


def both_refused(till: Terminal, manager: Terminal, *ops: Json) -> tuple[Terminal, Terminal]:
    """Two copies, each with these ops refused."""
    lock(till)
    let_in(till, manager)
    one, other = copy_of(till, 1), copy_of(till, 1)
    for copy in (one, other):
        copy.seq = till.seq
        assert {"rejected"} <= {result for pair in results(copy, *ops) for result in pair}
    return one, other


def sent_again(copy: Terminal, refused: Json) -> str:
    """What becomes of it when a person at this copy sends it again, as something new."""
    op_id = refused["op_id"]
    copy.call("resolve_dead_letter", device_id=copy.id, op_id=op_id, resolution="sent again")
    again = copy.op(refused["kind"], refused["lane"], refused["args"])
    return str(copy.send(again)[0]["reason"])


def test_a_payment_that_is_sent_again_at_both_copies_is_taken_once(
    till: Terminal, manager: Terminal, kitchen: Terminal, db: Connection
) -> None:
    payment = {"id": str(uuid.uuid4()), "tender": "cash", "amount": 1200}
    pay = till.op("pay", "o1", {"order_id": "o1", "payment": payment})
    one, other = both_refused(till, manager, pay)
    manager.send(place(manager, "o1"))
    assert sent_again(one, pay) == ""
    assert sent_again(other, pay) == "duplicate payment"
    assert manager.row("orders", "o1")["paid"] == 1200
    found = db.execute("select amount from public.payments where id = %s", [payment["id"]])
    assert found.fetchall() == [(1200,)]


def test_lines_that_are_sent_again_at_both_copies_are_added_once(
    till: Terminal, manager: Terminal
) -> None:
    more = till.op("add_lines", "o1", {"order_id": "o1", "lines": [new_line("late")]})
    one, other = both_refused(till, manager, more)
    manager.send(place(manager, "o1"))
    assert sent_again(one, more) == ""
    assert sent_again(other, more) == "duplicate line"
    lines = [line["id"] for line in manager.tables()["order_lines"] if line["order_id"] == "o1"]
    assert sorted(lines) == ["late", "o1-1"]


def test_an_order_that_is_sent_again_at_both_copies_is_placed_once(
    till: Terminal, manager: Terminal
) -> None:
    order = {**place(till, "o1"), "v": 99}  # of a newer program than the server
    one, other = both_refused(till, manager, order)
    assert sent_again(one, order) == ""
    assert sent_again(other, order) == "duplicate order"
    assert "o1" in {row["id"] for row in manager.tables()["orders"]}
