"""What the bell rings for: changes of the rows, and ops that the server has refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kds.base.clock import ManualClock, to_iso
from kds.domain.changes import ChangeSet, RowChange
from kds.domain.commands import Command, Result
from kds.domain.notices import Notice, refused_op
from kds.session.device import Device
from kds.session.reporter import Reporter
from kds.session.store import Store
from kds.sync.ops import DeadOp
from tests.support.qt import BRANCH, NOON, order_row

TILL = Device("0f", "Till", "pos", "A", BRANCH)
OFFICE = replace(TILL, role="manager")


class Bell:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.told: list[Notice] = []

    def add(self, notices: Any) -> None:
        self.told += notices


def reporter(bell: Bell) -> Reporter:
    """Of a device that has order A-017."""
    store = Store()
    order = order_row("o1", "A-017", NOON)
    store.apply(ChangeSet((RowChange("orders", "o1", None, order),), "load"))
    return Reporter(store, bell, ManualClock(NOON).now)  # type: ignore[arg-type]


def dead(op_id: str, result: Result = "rejected") -> DeadOp:
    args = {"order_id": "o1", "line_ids": ["l1"]}
    command = Command(op_id, 1, "bump", "o1", "Mia", to_iso(NOON), args)
    return DeadOp(command, result, "the order is closed", None, to_iso(NOON))


def test_a_refused_op_is_told_once_with_the_number_of_its_order() -> None:
    bell = Bell()
    told = reporter(bell)
    told.refused([dead("1")])
    told.refused([dead("1"), dead("2")])
    assert [notice.id for notice in bell.told] == ["refused:1", "refused:2"]
    assert bell.told[0].title.endswith("A-017")
    assert bell.told[0].body == "the order is closed"


def test_what_waits_behind_a_refused_op_is_told_when_it_is_refused_itself() -> None:
    bell = Bell()
    told = reporter(bell)
    told.refused([dead("1", "blocked")])
    assert bell.told == []
    told.refused([dead("1", "conflict")])
    assert [notice.id for notice in bell.told] == ["refused:1"]


def test_an_entry_that_cannot_be_read_is_told_as_what_it_is() -> None:
    bell = Bell()
    command = Command("1", 1, "place_order", "o1", "", to_iso(NOON), {})
    unknown = replace(command, op_id="2", lane="unreadable:2")
    told = reporter(bell)
    told.refused(
        DeadOp(one, "rejected", "It is kept.", None, to_iso(NOON), unreadable=True)
        for one in (command, unknown)
    )
    assert [notice.title for notice in bell.told] == [
        "Cannot be read: an entry of A-017",
        "Cannot be read: an entry",
    ]
    assert list(map(refused_op, bell.told)) == ["1", "2"]


def test_what_the_disk_has_lost_is_told() -> None:
    bell = Bell()
    told = reporter(bell)
    told.lost_notices(0)
    assert bell.told == []
    told.lost_notices(1)
    told.lost_notices(3)
    told.lost_setting("display")
    assert [notice.title for notice in bell.told] == [
        "1 notice could not be read",
        "3 notices could not be read",
        "A setting could not be read",
    ]


def test_a_change_is_told_to_who_looks_at_it() -> None:
    bell = Bell()
    item = {"id": "water", "name": "Water", "out_since": None}
    out = {**item, "out_since": to_iso(NOON)}
    change = ChangeSet((RowChange("menu_items", "water", item, out),), "remote")
    told = reporter(bell)
    told.follow(change, OFFICE)
    assert bell.told == []
    told.follow(change, TILL)
    assert ["Water" in notice.title for notice in bell.told] == [True]
