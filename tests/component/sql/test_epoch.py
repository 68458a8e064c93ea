"""Ops handed in under an epoch: a database that came back as another one takes none."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from tests.support.postgres import Terminal
from tests.support.restaurant import new_line, new_order


def place(till: Terminal) -> dict[str, Any]:
    return till.op("place_order", "o1", {"order": new_order("o1"), "lines": [new_line("o1-1")]})


def results(till: Terminal, **arguments: Any) -> list[str]:
    answer = till.call("apply_ops", device_id=till.id, ops=[place(till)], **arguments)
    return [outcome["result"] for outcome in answer["outcomes"]]


def test_ops_of_the_epoch_that_the_database_has_are_taken(till: Terminal) -> None:
    assert results(till, epoch=till.head()["epoch"]) == ["applied"]


def test_ops_of_another_epoch_leave_no_trace(till: Terminal) -> None:
    before = till.head()
    with pytest.raises(psycopg.Error, match="restored from a backup") as refused:
        results(till, epoch="of before the backup")
    assert refused.value.sqlstate == "PT412"
    assert till.head() == before


def test_a_terminal_that_names_no_epoch_is_taken_at_its_word(till: Terminal) -> None:
    assert results(till) == ["applied"]
