"""An alarm on a loop whose time is moved by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from kds.base.alarm import Alarm
from kds.base.clock import ManualClock


@dataclass
class Timer:
    at: float
    call: Callable[[], None]
    live: bool = True

    def cancel(self) -> None:
        self.live = False


@dataclass
class Loop:
    """Keeps cancelled timers until their time, as qasync does."""

    clock: ManualClock = field(
        default_factory=lambda: ManualClock(datetime(2026, 1, 1, tzinfo=UTC))
    )
    kept: list[Timer] = field(default_factory=list)

    def call_later(self, delay: float, call: Callable[[], None]) -> Timer:
        timer = Timer(self.clock.monotonic() + delay, call)
        self.kept.append(timer)
        return timer

    def wait(self, seconds: float) -> None:
        self.clock.advance(seconds)
        due = [timer for timer in self.kept if timer.at <= self.clock.monotonic()]
        self.kept = [timer for timer in self.kept if timer not in due]
        for timer in due:
            if timer.live:
                timer.call()


@pytest.fixture
def loop(monkeypatch: pytest.MonkeyPatch) -> Loop:
    made = Loop()
    monkeypatch.setattr(asyncio, "get_running_loop", lambda: made)
    return made


@pytest.fixture
def rung(loop: Loop) -> list[float]:
    """The seconds at which the alarm rang."""
    return []


@pytest.fixture
def alarm(loop: Loop, rung: list[float]) -> Alarm:
    return Alarm(loop.clock, lambda: rung.append(loop.clock.monotonic()))


def test_it_rings_once_at_its_time(loop: Loop, alarm: Alarm, rung: list[float]) -> None:
    alarm.set(5.0)
    loop.wait(4.0)
    assert rung == []
    loop.wait(1.0)
    loop.wait(100.0)
    assert rung == [5.0]
    assert loop.kept == []


def test_moved_to_earlier_it_rings_earlier(loop: Loop, alarm: Alarm, rung: list[float]) -> None:
    alarm.set(5.0)
    alarm.set(2.0)
    loop.wait(2.0)
    loop.wait(10.0)
    assert rung == [2.0]


def test_moved_to_later_it_rings_later(loop: Loop, alarm: Alarm, rung: list[float]) -> None:
    alarm.set(2.0)
    alarm.set(5.0)
    loop.wait(2.0)
    assert rung == []
    loop.wait(3.0)
    assert rung == [5.0]


def test_moved_again_and_again_it_keeps_one_timer(loop: Loop, alarm: Alarm) -> None:
    for second in range(30, 1030):
        alarm.set(float(second))
    assert len(loop.kept) == 1


def test_a_time_that_is_past_rings_as_soon_as_the_loop_runs(
    loop: Loop, alarm: Alarm, rung: list[float]
) -> None:
    loop.wait(10.0)
    alarm.set(5.0)
    loop.wait(0.0)
    assert rung == [10.0]


def test_set_to_never_it_keeps_still(loop: Loop, alarm: Alarm, rung: list[float]) -> None:
    alarm.set(5.0)
    alarm.set(None)
    loop.wait(10.0)
    assert rung == []


def test_it_can_be_set_again_when_it_rings(loop: Loop, rung: list[float]) -> None:
    def ring() -> None:
        rung.append(loop.clock.monotonic())
        if len(rung) < 3:
            alarm.set(rung[-1] + 1.0)

    alarm = Alarm(loop.clock, ring)
    alarm.set(1.0)
    for _ in range(5):
        loop.wait(1.0)
    assert rung == [1.0, 2.0, 3.0]


def test_stopped_it_leaves_no_live_timer(loop: Loop, alarm: Alarm, rung: list[float]) -> None:
    alarm.set(5.0)
    alarm.stop()
    assert not any(timer.live for timer in loop.kept)
    loop.wait(10.0)
    assert rung == []
