"""The terminals' own functions: commands in, changes out, and proof of completeness."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

import pytest

from kds.domain.rows import Role
from kds.sync.canonical import table_checksum
from tests.conformance.servers import Json, Person, Place
from tests.support.postgres import AT
from tests.support.restaurant import new_line, new_order


@dataclass
class Terminal:
    """A registered device in the hands of a person."""

    place: Place
    person: Person
    id: str
    letter: str
    seq: int = 0

    @property
    def floor(self) -> str:
        return f"floor:{self.place.branch_id}"

    async def call(self, function: str, /, **arguments: Any) -> Any:
        answer = await self.place.rpc(self.person, function, arguments)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def op(self, kind: str, lane: str, args: Json, **fields: Any) -> Json:
        self.seq += 1
        op = {"op_id": str(uuid.uuid4()), "seq": self.seq, "kind": kind, "v": 1, "lane": lane}
        return op | {"actor": "Mia", "at": AT, "args": args} | fields

    def order(self, order_id: str) -> Json:
        lines = [new_line(f"{order_id}-1"), new_line(f"{order_id}-2", "water", "", price=0)]
        return self.op("place_order", order_id, {"order": new_order(order_id), "lines": lines})

    async def send(self, *ops: Json) -> list[Json]:
        answer = await self.call("apply_ops", device_id=self.id, ops=list(ops))
        return list(answer["outcomes"])

    async def snapshot(self) -> Json:
        answer = await self.call("snapshot", streams=[self.floor])
        return dict(answer["streams"][self.floor])

    async def since(self, epoch: str, rev: int, **more: Any) -> Json:
        cursors = {self.floor: {"epoch": epoch, "rev": rev}}
        answer = await self.call("changes_since", cursors=cursors, **more)
        return dict(answer["streams"][self.floor])


async def terminal(place: Place, role: Role = "pos") -> Terminal:
    person, device_id = await place.person(role), str(uuid.uuid4())
    about = {"device_id": device_id, "branch_id": place.branch_id, "name": "One", "role": role}
    answer = await place.rpc(person, "register_device", about)
    assert answer.status_code == 200, answer.text
    return Terminal(place, person, device_id, answer.json()["letter"])


@pytest.fixture
async def till(place: Place) -> Terminal:
    return await terminal(place)


async def test_terminals_get_letters_in_turn_and_keep_them(place: Place) -> None:
    first, second = await terminal(place), await terminal(place, "kitchen")
    assert [first.letter, second.letter] == ["A", "B"]
    about = {"device_id": first.id, "branch_id": place.branch_id, "name": "Two", "role": "pos"}
    assert (await first.call("register_device", **about))["letter"] == "A"


async def test_an_op_is_answered_once_and_then_as_a_duplicate(till: Terminal) -> None:
    op = till.order("o1")
    [first], [second] = await till.send(op), await till.send(op)
    assert (first["result"], second["result"], second["first"]) == (
        "applied", "duplicate", "applied",
    )  # fmt: skip
    assert first["revs"] == second["revs"]
    assert first["revs"][till.floor] == (await till.snapshot())["rev"]


async def test_a_refused_op_blocks_its_lane_until_somebody_has_looked(till: Terminal) -> None:
    wrong = till.op("close_order", "o1", {"order_id": "o1"})
    behind, beside = till.order("o1"), till.order("o2")
    outcomes = await till.send(wrong, behind, beside)
    assert [outcome["result"] for outcome in outcomes] == ["rejected", "blocked", "applied"]
    assert outcomes[0]["reason"]
    assert outcomes[1]["blocked_by"] == wrong["op_id"]
    await till.call("resolve_dead_letter", device_id=till.id, op_id=wrong["op_id"])
    [outcome] = await till.send(behind)
    assert outcome["result"] == "applied"


async def test_changes_come_whole_dense_and_in_order(till: Terminal) -> None:
    start = await till.snapshot()
    for n in range(3):
        await till.send(till.order(f"o{n}"))
    part = await till.since(start["epoch"], start["rev"])
    assert (part["reset"], part["head"], part["through_rev"]) == (
        False,
        start["rev"] + 3,
        part["head"],
    )
    assert sorted({row["rev"] for row in part["rows"]}) == [start["rev"] + n for n in (1, 2, 3)]
    assert [(row["rev"], row["seq"]) for row in part["rows"]] == sorted(
        (row["rev"], row["seq"]) for row in part["rows"]
    )
    page = await till.since(start["epoch"], start["rev"], max_rows=1)
    assert page["through_rev"] == start["rev"] + 1
    assert {row["table"] for row in page["rows"]} >= {"orders", "order_lines"}


@pytest.mark.parametrize(("epoch", "ahead"), [("another", 0), ("", 0), (None, 1000)])
async def test_a_cursor_that_cannot_be_is_reset(
    till: Terminal, epoch: str | None, ahead: int
) -> None:
    now = await till.snapshot()
    part = await till.since(now["epoch"] if epoch is None else epoch, now["rev"] + ahead)
    assert (part["reset"], part["rows"]) == (True, [])


async def test_the_checksum_is_that_of_the_snapshot(till: Terminal) -> None:
    await till.send(till.order("o1"))
    snapshot = await till.snapshot()
    proof = await till.call("checksum", stream=till.floor)
    assert (proof["rev"], proof["epoch"]) == (snapshot["rev"], snapshot["epoch"])
    for table, rows in snapshot["tables"].items():
        ours = table_checksum(rows)
        assert proof["tables"][table] == {"rows": ours.rows, "sum": ours.sum}, table


async def test_a_role_may_do_its_own_work_only(place: Place) -> None:
    kitchen = await terminal(place, "kitchen")
    [outcome] = await kitchen.send(kitchen.order("o1"))
    assert (outcome["result"], outcome["reason"]) == (
        "rejected", "a kitchen device may not place order",
    )  # fmt: skip


async def test_the_office_is_closed_to_the_kitchen(place: Place) -> None:
    office = f"office:{place.branch_id}"
    answer = await place.rpc(await place.person("kitchen"), "snapshot", {"streams": [office]})
    assert (answer.status_code, answer.json()["code"]) == (403, "42501")
    assert answer.json()["message"] == f"This account may not read {office}."
    answer = await place.rpc(await place.person("pos"), "snapshot", {"streams": [office]})
    assert answer.status_code == 200


async def test_a_stranger_uses_no_terminal_of_this_branch(place: Place, till: Terminal) -> None:
    stranger = await place.person(branches=[])
    answer = await place.rpc(stranger, "apply_ops", {"device_id": till.id, "ops": []})
    assert (answer.status_code, answer.json()["code"]) == (403, "42501")


async def test_a_cloned_terminal_is_locked_out_for_good(place: Place, till: Terminal) -> None:
    op = till.order("o1")
    await till.send(op)
    for actor in "Leo", "Mia":
        body = {"device_id": till.id, "ops": [op | {"actor": actor}]}
        answer = await place.rpc(till.person, "apply_ops", body)
        assert (answer.status_code, answer.json()["code"]) == (409, "PT409"), answer.text
        assert "Two machines" in answer.json()["message"]


async def test_too_many_ops_at_once_are_told_to_be_fewer(place: Place, till: Terminal) -> None:
    body = {"device_id": till.id, "ops": [{}] * 501}
    answer = await place.rpc(till.person, "apply_ops", body)
    assert (answer.status_code, answer.json()["code"]) == (413, "PT413")


async def test_ops_that_are_no_list_are_refused(place: Place, till: Terminal) -> None:
    answer = await place.rpc(till.person, "apply_ops", {"device_id": till.id, "ops": {}})
    assert (answer.status_code, answer.json()["message"]) == (400, "ops must be a list")
