"""What each verb asks for, and in which order."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from kds.base.errors import KdsError
from kds.domain.cart import Cart, CartLine
from kds.domain.changes import ChangeSet, RowChange
from kds.domain.commands import Command, Kind
from kds.session.actions import NOT_SET_UP, Actions
from kds.session.device import Device
from kds.session.store import Store
from tests.support.restaurant import BRANCH, TILL, rows

TILL_A = Device(TILL, "Till", "pos", "A", BRANCH)
CART = Cart(
    (CartLine("l1", "caesar", "Caesar Salad", "", "salad", 2, 950),),
    type="takeaway",
    customer="Ann",
    rush=True,
)


class Desk:
    """Writes down what is asked for; the first number takes long to come."""

    def __init__(self, device: Device | None = TILL_A) -> None:
        self.device = device
        self.asked: list[tuple[Kind, str, str, dict[str, Any]]] = []
        self.slow = asyncio.Event()
        self.slow.set()
        self._given = 0
        self._ids = 0
        store = Store()
        changes = (RowChange(table, row["id"], None, row) for table, row in rows())
        store.apply(ChangeSet(tuple(changes), "load"))
        self.actions = Actions(
            store,
            self._submit,
            device=lambda: self.device,
            next_number=self._number,
            actor="Mia",
            new_id=self._new_id,
        )

    async def _submit(self, kind: Kind, lane: str, actor: str, args: dict[str, Any]) -> Command:
        self.asked.append((kind, lane, actor, args))
        return Command("op", len(self.asked), kind, lane, actor, "", args)

    async def _number(self, device: Device) -> str:
        await self.slow.wait()
        self._given += 1
        return f"{device.letter}-{self._given:03d}"

    def _new_id(self) -> str:
        self._ids += 1
        return f"id{self._ids}"


async def test_an_order_carries_its_number_its_guest_and_its_lines() -> None:
    desk = Desk()
    assert await desk.actions.place_order(CART) == "id1"
    ((kind, lane, actor, args),) = desk.asked
    assert (kind, lane, actor) == ("place_order", "id1", "Mia")
    assert args["order"] == {
        "id": "id1",
        "number": "A-001",
        "type": "takeaway",
        "table_name": "",
        "customer": "Ann",
        "server": "Mia",
        "note": "",
        "rush": True,
    }
    assert [(line["id"], line["station_id"], line["price"]) for line in args["lines"]] == [
        ("l1", "cold", 950)
    ]


async def test_somebody_else_may_serve_the_order() -> None:
    desk = Desk()
    await desk.actions.place_order(CART, server="Ben")
    assert desk.asked[0][3]["order"]["server"] == "Ben"


async def test_verbs_on_an_order_wait_behind_that_order() -> None:
    desk = Desk()
    verbs = desk.actions
    await verbs.add_lines("o1", CART)
    await verbs.start("o1", ("l1",))
    await verbs.bump("o1", ["l1"])
    await verbs.recall("o1", ["l1"])
    await verbs.void_line("o1", "l1", "dropped")
    await verbs.void_order("o1", "guest left")
    await verbs.close_order("o1")
    await verbs.pay("o1", "card", 1900)
    assert {lane for _, lane, _, _ in desk.asked} == {"o1"}
    args = {kind: {**args, "lines": None} for kind, _, _, args in desk.asked}
    base = {"order_id": "o1", "lines": None}
    assert args == {
        "add_lines": base,
        "start": {**base, "line_ids": ["l1"]},
        "bump": {**base, "line_ids": ["l1"]},
        "recall": {**base, "line_ids": ["l1"]},
        "void_line": {**base, "line_id": "l1", "reason": "dropped"},
        "void_order": {**base, "reason": "guest left"},
        "close_order": base,
        "pay": {**base, "payment": {"id": "id1", "tender": "card", "amount": 1900}},
    }


async def test_items_and_stock_have_lanes_of_their_own() -> None:
    desk = Desk()
    await desk.actions.eighty_six("caesar", out=True)
    await desk.actions.adjust_stock("dough", -3, "count")
    assert [(lane, args) for _, lane, _, args in desk.asked] == [
        ("item:caesar", {"item_id": "caesar", "out": True}),
        ("stock:dough", {"stock_item_id": "dough", "delta": -3, "reason": "count"}),
    ]


async def test_what_is_set_up_has_a_lane_of_its_own() -> None:
    desk = Desk()
    await desk.actions.set_up("stations", "grill", {"stage": 2})
    (asked,) = desk.asked
    args = {"table": "stations", "id": "grill", "values": {"stage": 2}}
    assert asked == ("set_up", "set_up:stations:grill", "Mia", args)


async def test_taps_take_effect_in_the_order_they_were_made() -> None:
    desk = Desk()
    desk.slow.clear()
    taps = [
        asyncio.ensure_future(desk.actions.place_order(CART)),
        asyncio.ensure_future(desk.actions.bump("o1", ["l1"])),
        asyncio.ensure_future(desk.actions.place_order(CART)),
    ]
    await asyncio.sleep(0)
    assert desk.asked == []
    desk.slow.set()
    await asyncio.gather(*taps)
    assert [kind for kind, *_ in desk.asked] == ["place_order", "bump", "place_order"]
    assert [args["order"]["number"] for kind, _, _, args in desk.asked if kind != "bump"] == [
        "A-001",
        "A-002",
    ]


async def test_a_till_that_was_never_set_up_says_so() -> None:
    desk = Desk(device=None)
    with pytest.raises(KdsError, match="connect it to the hub once") as refused:
        await desk.actions.place_order(CART)
    assert str(refused.value) == NOT_SET_UP
    with pytest.raises(KdsError):
        await desk.actions.eighty_six("caesar", out=True)
    assert desk.asked == []
