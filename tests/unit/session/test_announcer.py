"""When a kitchen screen speaks: at once out of silence, once a second in a rush, and again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from kds.base.clock import ManualClock
from kds.domain.painted import Painted
from kds.session.announcer import AGAIN_S, Announcer

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
OVEN = Painted("k1", "Oven", frozenset(), "e1", 1, frozenset())


class Handle:
    """A call that waits for its time."""

    def __init__(self, at: float, call: Callable[[], None]) -> None:
        self.at, self.call, self.cancelled = at, call, False

    def cancel(self) -> None:
        self.cancelled = True


class Scene:
    """An announcer on a clock that a test moves; `said` are the moments and the revs."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.clock = ManualClock(NOON)
        self.said: list[tuple[float, int]] = []
        self._handles: list[Handle] = []
        self.announcer = Announcer(self.clock, self._send)
        loop = asyncio.get_running_loop()
        monkeypatch.setattr(loop, "call_later", self._call_later)

    def _send(self, painted: Painted) -> None:
        self.said.append((round(self.clock.monotonic(), 3), painted.rev))

    def _call_later(self, delay: float, call: Callable[[], None]) -> Handle:
        handle = Handle(self.clock.monotonic() + delay, call)
        self._handles.append(handle)
        return handle

    @property
    def waiting(self) -> list[Handle]:
        return [handle for handle in self._handles if not handle.cancelled]

    def advance(self, seconds: float) -> None:
        end = self.clock.monotonic() + seconds
        while due := [handle for handle in self.waiting if handle.at <= end]:
            first = min(due, key=lambda handle: handle.at)
            self.clock.advance(max(0.0, first.at - self.clock.monotonic()))
            self._handles.remove(first)
            first.call()
        self.clock.advance(end - self.clock.monotonic())

    def show(self, rev: int) -> None:
        self.announcer.show(replace(OVEN, rev=rev))


@pytest.fixture
async def scene(monkeypatch: pytest.MonkeyPatch) -> Scene:
    return Scene(monkeypatch)


async def test_out_of_silence_it_speaks_at_once(scene: Scene) -> None:
    scene.show(1)
    assert scene.said == [(0.0, 1)]


async def test_a_rush_of_forty_commits_a_second_is_one_announcement_a_second(
    scene: Scene,
) -> None:
    for rev in range(400):
        scene.show(rev)
        scene.advance(0.025)
    assert 10 <= len(scene.said) <= 11
    assert scene.said[-1][1] >= 399 - 40


async def test_the_last_word_is_never_held_back_for_good(scene: Scene) -> None:
    scene.show(1)
    scene.show(2)
    scene.show(3)
    scene.advance(1)
    assert scene.said == [(0.0, 1), (1.0, 3)]


async def test_it_says_the_same_again_every_ten_seconds(scene: Scene) -> None:
    scene.show(1)
    scene.show(1)
    scene.advance(2 * AGAIN_S)
    assert scene.said == [(0.0, 1), (AGAIN_S, 1), (2 * AGAIN_S, 1)]


async def test_newcomers_hear_it_too(scene: Scene) -> None:
    scene.show(1)
    scene.advance(3)
    scene.announcer.repeat()
    scene.announcer.repeat()
    scene.advance(0.5)
    assert scene.said == [(0.0, 1), (3.0, 1)]


async def test_a_board_that_nobody_can_see_says_nothing(scene: Scene) -> None:
    scene.announcer.repeat()
    scene.show(1)
    scene.show(2)
    scene.announcer.hide()
    scene.advance(30)
    assert scene.said == [(0.0, 1)]
    assert scene.waiting == []
    scene.show(2)
    assert scene.said == [(0.0, 1), (30.0, 2)]
