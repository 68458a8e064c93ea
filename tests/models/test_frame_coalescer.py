"""Bursts reach the screen once a frame; a first change and a tap reach it at once."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from pytestqt.qtbot import QtBot

from kds.domain.changes import ChangeSet, Initiator
from kds.ui.models.frame import FRAME_S, FrameCoalescer


class Screen:
    def __init__(self) -> None:
        self.time = 100.0
        self.frames: list[int] = []
        self.coalescer = FrameCoalescer(self._flush, now=lambda: self.time)

    def _flush(self, change_sets: Sequence[ChangeSet]) -> None:
        self.frames.append(len(change_sets))

    def change(self, initiator: Initiator = "remote") -> None:
        self.coalescer.add(ChangeSet((), initiator))


@pytest.fixture
def screen(qapp: object) -> Screen:
    return Screen()


def test_a_change_out_of_silence_is_shown_at_once(screen: Screen) -> None:
    screen.change()
    assert screen.frames == [1]


def test_changes_within_a_frame_are_shown_together_at_its_end(screen: Screen, qtbot: QtBot) -> None:
    for _ in range(4):
        screen.change()
    assert screen.frames == [1]
    qtbot.waitUntil(lambda: screen.frames == [1, 3], timeout=1000)


def test_after_a_quiet_frame_the_next_change_is_a_first_one_again(screen: Screen) -> None:
    screen.change()
    screen.time += FRAME_S
    screen.change()
    assert screen.frames == [1, 1]


def test_a_tap_does_not_wait_and_takes_what_waits_along(screen: Screen) -> None:
    screen.change()
    screen.change()
    screen.change("local")
    assert screen.frames == [1, 2]


def test_flushing_nothing_shows_nothing(screen: Screen) -> None:
    screen.coalescer.flush()
    assert screen.frames == []
