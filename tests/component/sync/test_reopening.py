"""In which order ops wait again when the server has forgotten them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from kds.domain.commands import Command
from kds.sync.ops import DeadOp, Settlement
from kds.sync.outbox import sent_again_as
from kds.sync.replica import Replica

AT = "2026-11-21T08:00:00+00:00"


@pytest.fixture
async def disk(tmp_path: Path) -> AsyncIterator[Replica]:
    disk = Replica(tmp_path / "till.db")
    await disk.open()
    yield disk
    await disk.close()


def op(seq: int) -> Command:
    return Command(f"op{seq}", seq, "bump", "o1", "Mia", AT, {})


async def reopened(disk: Replica) -> list[int]:
    entries, _ = await disk.install([], Settlement(), reopen=True)
    return [entry.command.seq for entry in entries]


async def renew(disk: Replica, old: int, new: int, *behind: int) -> None:
    """A person sends a refused op again, and the blocked ones behind it."""
    dead = [op(old), *map(op, behind)]
    heir = replace(op(new), args={"again": True})
    results = {f"op{old}": sent_again_as(new)}
    await disk.outbox.revive(dead, [heir, *map(op, behind)], results)


async def test_an_answered_op_keeps_its_place_among_settled_ones(disk: Replica) -> None:
    await disk.outbox.append([op(1), op(2), op(3)])
    await disk.outbox.settle(Settlement(answered=((1, {"s": 9}),), gone=((2, "applied"),)))
    assert await reopened(disk) == [1, 2, 3]


async def test_an_op_that_was_sent_again_goes_in_the_place_of_the_one_it_renews(
    disk: Replica,
) -> None:
    await disk.outbox.append([op(1), op(2), op(3)])
    refused = DeadOp(op(1), "rejected", "no", None, AT)
    blocked = DeadOp(op(2), "blocked", "", "op1", AT)
    await disk.outbox.settle(Settlement(dead=(refused, blocked), gone=((3, "applied"),)))
    await renew(disk, 1, 4, 2)
    await disk.outbox.settle(Settlement(dead=(DeadOp(op(4), "rejected", "no", None, AT),)))
    await renew(disk, 4, 5)
    await disk.outbox.settle(Settlement(gone=((5, "applied"), (2, "applied"))))
    assert await reopened(disk) == [5, 2, 3]
