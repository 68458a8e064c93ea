"""The shape of an op on the wire, and the names of the streams."""

from __future__ import annotations

from kds.domain.commands import Command, Outcome
from kds.domain.rows import FLOOR_TABLES, OFFICE_TABLES, floor_stream, office_stream


def test_a_command_goes_out_with_every_field() -> None:
    command = Command("op1", 7, "close_order", "o1", "Mia", "now", {"order_id": "o1"})
    assert command.to_wire() == {
        "op_id": "op1",
        "seq": 7,
        "kind": "close_order",
        "v": 1,
        "lane": "o1",
        "actor": "Mia",
        "at": "now",
        "args": {"order_id": "o1"},
    }
    assert Command(**command.to_wire()) == command


def test_an_outcome_has_no_effect_unless_it_says_so() -> None:
    outcome = Outcome(1, "op1", "rejected")
    assert (outcome.revs, outcome.remote, outcome.blocked_by) == ({}, None, None)


def test_a_branch_has_two_streams_that_share_no_table() -> None:
    assert (floor_stream("b1"), office_stream("b1")) == ("floor:b1", "office:b1")
    assert not set(FLOOR_TABLES) & set(OFFICE_TABLES)
