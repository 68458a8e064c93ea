"""What a kitchen's screen shows is told to the branch, as long as it is true."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from kds.base.clock import ManualClock
from kds.connection.tasks import Tasks
from kds.domain.painted import Painted, read_closed, read_painted
from kds.domain.rows import Role
from kds.session.announcer import PACE_S
from kds.session.device import Device
from kds.session.showing import Showing
from kds.sync.wire import Cursor
from tests.support.air import Air
from tests.support.qt import BRANCH, NOON


class Kitchen:
    """A screen of the oven that has everything up to rev 57."""

    def __init__(self, role: Role = "kitchen") -> None:
        self.clock, self.tasks, self.air = ManualClock(NOON), Tasks(), Air()
        self.floor: Cursor | None = Cursor("e1", 57)
        self.showing = Showing(
            self.tasks,
            self.clock,
            device=lambda: Device("k1", "Oven screen", role, "K", BRANCH),
            stations=lambda: frozenset({"oven"}),
            floor=lambda: self.floor,
        )
        self.showing.attach(self.air)  # type: ignore[arg-type]

    async def said(self) -> list[list[str]]:
        """The orders of every announcement that has gone out since it was asked last."""
        while running := [one for one in asyncio.all_tasks() if "painted" in one.get_name()]:
            await asyncio.gather(*running)
        said, self.air.sent = self.air.sent, []
        return [payload["shown"] for payload in said]

    def quiet(self) -> None:
        """So long that the pace allows another announcement."""
        self.clock.advance(PACE_S)


@pytest.fixture
async def kitchen() -> AsyncIterator[Kitchen]:
    made = Kitchen()
    yield made
    made.showing.detach()
    await made.tasks.close(patience=0)


async def test_it_says_what_is_on_the_screen_and_how_far_it_is_true(kitchen: Kitchen) -> None:
    kitchen.showing.painted({"o1"})
    await asyncio.sleep(0)
    (payload,) = kitchen.air.sent
    expected = Painted("k1", "Oven screen", frozenset({"oven"}), "e1", 57, frozenset({"o1"}))
    assert read_painted(payload) == expected


@pytest.mark.parametrize("role", ["manager", "pos"])
async def test_only_a_kitchens_word_counts(role: Role) -> None:
    office = Kitchen(role)
    office.showing.painted({"o1"})
    assert await office.said() == []
    office.showing.detach()


async def test_before_the_first_snapshot_there_is_nothing_to_vouch_for(kitchen: Kitchen) -> None:
    kitchen.floor = None
    kitchen.showing.painted({"o1"})
    assert await kitchen.said() == []


async def test_who_has_just_come_is_told_again(kitchen: Kitchen) -> None:
    kitchen.showing.painted({"o1"})
    kitchen.quiet()
    kitchen.air.presence.emit({"till": []})
    kitchen.quiet()
    kitchen.air.presence.emit({"till": []})
    assert await kitchen.said() == [["o1"], ["o1"]]


async def test_back_on_the_air_everybody_is_told_again(kitchen: Kitchen) -> None:
    kitchen.showing.painted({"o1"})
    kitchen.quiet()
    kitchen.air.become("rejoining")
    kitchen.air.become("joined")
    assert await kitchen.said() == [["o1"], ["o1"]]


async def test_a_screen_that_cannot_be_seen_says_nothing(kitchen: Kitchen) -> None:
    kitchen.showing.painted({"o1"})
    kitchen.showing.covered()
    kitchen.quiet()
    kitchen.air.presence.emit({"till": []})
    assert await kitchen.said() == [["o1"]]


async def test_a_screen_that_is_switched_off_says_goodbye(kitchen: Kitchen) -> None:
    kitchen.showing.painted({"o1"})
    kitchen.showing.covered()
    kitchen.showing.detach()
    await kitchen.tasks.close(patience=2.0)
    assert [read_closed(payload) for payload in kitchen.air.closed] == ["k1"]


async def test_who_has_never_spoken_says_no_goodbye(kitchen: Kitchen) -> None:
    kitchen.showing.detach()
    await kitchen.tasks.close(patience=2.0)
    assert kitchen.air.closed == []
