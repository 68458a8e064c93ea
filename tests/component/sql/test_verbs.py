"""What each command does to the rows, and that the terminals' own rules say the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from kds.base.clock import from_iso, to_iso
from kds.domain.apply import Conflict, Rejected, apply
from kds.domain.commands import Command
from kds.domain.effect import TablesView
from tests.support.postgres import AT, Connection, Terminal, make_branch, terminal
from tests.support.restaurant import EVERY_ROW, KINDS, Floor, new_line, new_order


def order(till: Terminal, *lines: dict[str, Any]) -> None:
    """Place the order `o1` of the lines (of one margherita `l1` when there are none)."""
    args = {"order": new_order("o1"), "lines": list(lines) or [new_line("l1")]}
    assert till.do("place_order", "o1", args)["result"] == "applied"


def states(terminal: Terminal) -> dict[str, str]:
    return {line["id"]: line["state"] for line in terminal.tables()["order_lines"]}


def lines(*line_ids: str) -> dict[str, Any]:
    return {"order_id": "o1", "line_ids": list(line_ids)}


def test_an_order_is_placed_with_its_lines_and_its_total(till: Terminal) -> None:
    order(till, new_line("l1", qty=2), new_line("l2", "caesar", "", price=950, seat=3))
    placed = till.row("orders", "o1")
    assert placed | {"branch_id": None} == {
        **EVERY_ROW["orders"],
        **new_order("o1"),
        "branch_id": None,
        "device_id": till.id,
        "total": 3350,
        "placed_at": AT,
    }
    second = till.row("order_lines", "l2")
    assert (second["position"], second["state"], second["sent_at"]) == (2, "sent", AT)


def test_stock_falls_by_recipe_variant_and_quantity(till: Terminal) -> None:
    order(till, new_line("l1", variant="L", qty=2), new_line("l2", variant="M"))
    levels = {row["id"]: row["level"] for row in till.tables()["stock_items"]}
    # L takes one dough for every variant and one more of its own.
    assert levels == {"dough": 20 - 4 - 1, "mozzarella": 2500 - 360 - 120, "lettuce": 900}


def test_added_lines_continue_the_positions_and_unready_the_order(till: Terminal) -> None:
    order(till)
    till.do("bump", "o1", lines("l1"))
    till.do("add_lines", "o1", {"order_id": "o1", "lines": [new_line("l2", qty=3)]})
    assert till.row("order_lines", "l2")["position"] == 2
    assert (till.row("orders", "o1")["total"], till.row("orders", "o1")["ready_at"]) == (4800, None)


def test_lines_of_two_tills_for_one_order_both_stay(till: Terminal, db: Connection) -> None:
    order(till)
    for one, line_id in (till, "l2"), (terminal(db, till.branch_id), "l3"):
        one.do("add_lines", "o1", {"order_id": "o1", "lines": [new_line(line_id)]})
    assert set(states(till)) == {"l1", "l2", "l3"}


def test_the_order_is_ready_with_its_last_line(till: Terminal, kitchen: Terminal) -> None:
    order(till, new_line("l1"), new_line("l2"))
    kitchen.do("start", "o1", lines("l1"))
    kitchen.do("bump", "o1", lines("l1"))
    assert till.row("orders", "o1")["ready_at"] is None
    kitchen.do("bump", "o1", lines("l2"))
    assert till.row("orders", "o1")["ready_at"] == AT
    assert till.row("order_lines", "l1")["started_at"] == AT


def test_a_recalled_line_starts_again(till: Terminal, kitchen: Terminal) -> None:
    order(till)
    kitchen.do("bump", "o1", lines("l1"))
    kitchen.do("recall", "o1", lines("l1"))
    line = till.row("order_lines", "l1")
    assert (line["state"], line["started_at"], line["ready_at"]) == ("sent", None, None)
    assert till.row("orders", "o1")["ready_at"] is None


@pytest.mark.parametrize("kind", ["bump", "recall", "start"])
def test_doing_what_is_done_is_applied_and_changes_nothing(till: Terminal, kind: str) -> None:
    kitchen = terminal(till.connection, till.branch_id, "kitchen")
    order(till)
    for _ in range(2):
        head = till.head()
        assert kitchen.do(kind, "o1", lines("l1"))["result"] == "applied"
    assert till.head() == head


def test_a_voided_line_leaves_the_bill_and_keeps_the_stock(till: Terminal) -> None:
    order(till, new_line("l1"), new_line("l2", "caesar", "", price=950))
    before = till.tables()["stock_items"]
    till.do("bump", "o1", lines("l1"))
    till.do("void_line", "o1", {"order_id": "o1", "line_id": "l2", "reason": "dropped"})
    line = till.row("order_lines", "l2")
    assert (line["state"], line["voided_at"], line["void_reason"]) == ("void", AT, "dropped")
    placed = till.row("orders", "o1")
    assert (placed["total"], placed["ready_at"]) == (1200, AT)
    assert till.tables()["stock_items"] == before


def test_a_voided_order_is_worth_nothing(till: Terminal) -> None:
    order(till, new_line("l1"), new_line("l2"))
    till.do("void_order", "o1", {"order_id": "o1", "reason": "left"})
    placed = till.row("orders", "o1")
    assert (placed["state"], placed["total"], placed["closed_at"]) == ("void", 0, AT)
    assert set(states(till).values()) == {"void"}


def test_a_paid_order_is_not_voided(till: Terminal) -> None:
    order(till)
    payment = {"id": "p1", "tender": "cash", "amount": 500}
    paid = till.do("pay", "o1", {"order_id": "o1", "payment": payment})
    assert set(paid["revs"]) == {till.floor, f"office:{till.branch_id}"}
    assert till.row("orders", "o1")["paid"] == 500
    refused = till.do("void_order", "o1", {"order_id": "o1", "reason": ""})
    assert refused["reason"] == "refund first"


def test_an_order_closes_when_nothing_is_left_to_cook(till: Terminal) -> None:
    order(till, new_line("l1"), new_line("l2"))
    closing = {"order_id": "o1"}
    early = till.do("close_order", "o1", closing)
    assert early["reason"] == "order A-001 is still being made"
    till.call("resolve_dead_letter", device_id=till.id, op_id=early["op_id"])
    till.do("bump", "o1", lines("l1", "l2"))
    assert till.do("close_order", "o1", closing)["result"] == "applied"
    assert till.do("close_order", "o1", closing)["reason"] == "order A-001 is closed"


def test_an_item_runs_out_and_comes_back(kitchen: Terminal) -> None:
    for out, since in (True, AT), (False, None):
        kitchen.do("eighty_six", "item:caesar", {"item_id": "caesar", "out": out})
        assert kitchen.row("menu_items", "caesar")["out_since"] == since


def test_stock_is_counted_up_and_down(kitchen: Terminal) -> None:
    args = {"stock_item_id": "dough", "delta": -30, "reason": "burnt"}
    kitchen.do("adjust_stock", "stock:dough", args)
    assert kitchen.row("stock_items", "dough")["level"] == -10


@pytest.mark.parametrize(
    ("role", "kinds"),
    [
        (
            "kitchen",
            "place_order add_lines change_qty void_line void_order close_order pay answer set_up",
        ),
        ("pos", "start acknowledge ask adjust_stock assemble cover set_up"),
    ],
)
def test_a_role_may_not_do_what_is_not_its_job(db: Connection, role: str, kinds: str) -> None:
    device = terminal(db, make_branch(db), role)
    for kind in kinds.split():
        refused = device.do(kind, kind, {})
        assert refused["result"] == "rejected"
        assert refused["reason"] == f"a {role} device may not {kind.replace('_', ' ')}"


def evenings(count: int, length: int) -> Iterator[Command]:
    """Several evenings of an order or two each, always the same ones; some begin smoothly."""
    dice = Random(20260229)
    smooth = [
        (KINDS.index(kind), 0, 1, 3)
        for kind in (
            *("place_order", "change_qty", "ask", "answer"),
            *("bump", "recall", "bump", "close_order"),
        )
    ]
    for evening in range(count):
        floor = Floor(orders=1 + evening % 2, salt=f"{evening}")
        for draw in smooth if evening % 3 == 0 else ():
            yield floor.command(draw, AT)
        for _ in range(length):
            order_no, which, amount = (dice.randrange(13) for _ in range(3))
            draw = (dice.randrange(len(KINDS)), order_no, which, amount)
            yield floor.command(draw, some_time(dice))


def some_time(dice: Random) -> str:
    """Terminals' clocks differ, and what was done without a network comes late."""
    seconds, fraction = dice.randrange(600), dice.choice((0, 500_000, 120, 7))
    return to_iso(from_iso(AT) + timedelta(seconds=seconds, microseconds=fraction))


def test_server_and_terminal_agree_on_every_effect(db: Connection, manager: Terminal) -> None:
    """The same rows and the same command give the same rows on both sides, refusals included."""
    seen: set[tuple[str, str]] = set()
    before = everything(manager)
    for seq, command in enumerate(evenings(12, 35), 1):
        expected = apply(TablesView(before), command, manager.branch_id, manager.id)
        lane = f"{command.lane}/{command.op_id}"  # so that a refusal holds up nothing
        outcome = manager.send({**command.to_wire(), "lane": lane, "seq": seq})[0]
        assert told(outcome) == told_by_terminal(expected), command
        seen.add((command.kind, outcome["result"]))
        for change in expected if isinstance(expected, tuple) else ():
            before[change.table][change.pk] = dict(change.after or {})
        after = everything(manager)
        assert after == before, command
    assert {kind for kind, result in seen if result == "applied"} == set(KINDS)
    assert "conflict" in {result for _, result in seen}


def everything(terminal: Terminal) -> dict[str, dict[str, Any]]:
    streams = [terminal.floor, f"office:{terminal.branch_id}"]
    answer = terminal.call("snapshot", streams=streams)["streams"]
    return {
        table: {row["id"]: row for row in rows}
        for stream in answer.values()
        for table, rows in stream["tables"].items()
    }


def test_a_ready_line_is_voided_by_force_and_the_order_stays_ready_since_then(
    till: Terminal, kitchen: Terminal
) -> None:
    order(till, new_line("l1"), new_line("l2", qty=2))
    kitchen.do("bump", "o1", lines("l1", "l2"))
    args = {"order_id": "o1", "line_id": "l1", "reason": "dropped", "force": True}
    assert till.do("void_line", "o1", args, at="2020-02-29T12:05:00+00:00")["result"] == "applied"
    assert states(till) == {"l1": "void", "l2": "ready"}
    placed = till.row("orders", "o1")
    assert (placed["total"], placed["ready_at"]) == (2400, AT)


def told(outcome: dict[str, Any]) -> tuple[str, Any]:
    result = outcome["result"]
    return result, outcome["remote"]["row"] if result == "conflict" else outcome["reason"]


def told_by_terminal(expected: Any) -> tuple[str, Any]:
    match expected:
        case Rejected(reason):
            return "rejected", reason
        case Conflict(remote):
            return "conflict", remote
    return "applied", ""


def test_a_command_goes_over_the_wire_as_it_is(till: Terminal) -> None:
    args = {"order": new_order("o1"), "lines": [new_line("l1")]}
    command = Command("op", 1, "place_order", "o1", "Mia", AT, args)
    assert till.send(command.to_wire())[0]["result"] == "applied"


def test_a_change_of_a_later_column_alone_reaches_the_terminals(till: Terminal) -> None:
    order(till)
    before = till.head()
    till.do("mark", "o1", {"order_id": "o1", "vip": True})
    (change,) = till.since(before)["rows"]
    assert (change["table"], change["row"]["vip"]) == ("orders", True)


def test_the_names_of_who_acts_are_kept(till: Terminal, kitchen: Terminal) -> None:
    order(till)
    question = {"id": "q1", "text": "No nuts?", "options": ["Yes", "No"]}
    kitchen.do("ask", "o1", {"order_id": "o1", "question": question}, actor="Anna")
    answer = {"order_id": "o1", "question_id": "q1", "answer": "Yes"}
    till.do("answer", "o1", answer, actor="Emma")
    kitchen.do("bump", "o1", lines("l1"), actor="Ben")
    (asked,) = till.row("orders", "o1")["questions"]
    assert (asked["asked_by"], asked["answered_by"], asked["answered_at"]) == ("Anna", "Emma", AT)
    assert till.row("order_lines", "l1")["made_by"] == "Ben"


def test_a_terminal_of_an_earlier_version_orders_as_before(till: Terminal) -> None:
    """It knows no routes, courses that wait, or stations of an act."""
    order(till, new_line("l1", course=1), new_line("l2", course=2))
    till.do("bump", "o1", lines("l1", "l2"))
    assert states(till) == {"l1": "ready", "l2": "ready"}
    assert not any(line["held"] for line in till.tables()["order_lines"])
