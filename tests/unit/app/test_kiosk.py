"""A window is kept alive, for ever, and ends when somebody wants it to."""

from __future__ import annotations

import logging

import pytest

from kds.app.kiosk import PAUSES_S, STEADY_S, Kiosk, Process, Restarts


class Script:
    """Windows that end as told: seconds lived and exit code of each, in turn."""

    def __init__(self, *lives: tuple[float, int]) -> None:
        self.lives = list(lives)
        self.started: list[tuple[bool, bool]] = []  # again, standby
        self.windows: list[Scripted] = []
        self.spares_die = False
        self.now = 0.0
        self.kiosk = Kiosk(self.start, now=lambda: self.now, spare_after_s=5.0)

    def start(self, *, again: bool, standby: bool) -> Process:
        self.started.append((again, standby))
        window = Scripted(self)
        if not standby:
            self.windows.append(window)
        return window


class Scripted:
    def __init__(self, script: Script) -> None:
        self._script = script
        self.let_gone = 0

    def lives(self, seconds: float) -> bool:
        return self._script.lives[0][0] > seconds

    def wait(self) -> int:
        lived, code = self._script.lives.pop(0)
        self._script.now += lived
        return code

    def go(self) -> bool:
        if not self._script.spares_die:
            self._script.windows.append(self)
        return not self._script.spares_die

    def let_go(self) -> None:
        self.let_gone += 1


def test_a_window_that_was_closed_ends_it() -> None:
    script = Script((100.0, 0))
    assert script.kiosk.run() == 0
    assert len(script.windows) == 1


def test_a_window_that_died_is_followed_by_the_spare() -> None:
    script = Script((100.0, -9), (100.0, 1), (100.0, 0))
    assert script.kiosk.run() == 0
    assert script.started == [(False, False), (True, True), (True, True), (True, True)]
    assert len(script.windows) == 3


def test_one_that_died_before_there_was_a_spare_is_started_anew() -> None:
    script = Script((0.5, -11), (100.0, 0))
    script.kiosk.run()
    assert script.started[:2] == [(False, False), (True, False)]


def test_a_spare_that_has_died_is_not_missed() -> None:
    script = Script((100.0, -9), (1.0, 0))
    script.spares_die = True
    assert script.kiosk.run() == 0
    assert script.started == [(False, False), (True, True), (True, False)]


def test_told_to_stop_it_starts_no_other() -> None:
    script = Script((100.0, -15))
    script.kiosk.stop()
    assert script.kiosk.run() == -15
    assert script.windows[0].let_gone
    assert script.started == [(False, False)]


def test_the_log_says_why_and_when(caplog: pytest.LogCaptureFixture) -> None:
    script = Script((1.0, -9), (1.0, 3), (1.0, 0))
    with caplog.at_level(logging.ERROR):
        script.kiosk.run()
    assert [record.getMessage() for record in caplog.records] == [
        "the window ended with signal SIGKILL; the next one comes in 0 s",
        "the window ended with code 3; the next one comes in 0 s",
    ]


def test_one_that_dies_again_and_again_is_started_less_and_less_often() -> None:
    restarts = Restarts()
    assert tuple(restarts.pause(1.0) for _ in PAUSES_S) == PAUSES_S
    assert restarts.pause(1.0) == PAUSES_S[-1]
    assert restarts.pause(STEADY_S) == 0.0
