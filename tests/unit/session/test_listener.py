"""Announcements are heard once for everybody."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kds.base.clock import ManualClock
from kds.domain.painted import Painted
from kds.session.listener import Listener
from tests.support.air import Air
from tests.support.qt import NOON

OVEN = Painted("k1", "Oven screen", frozenset({"oven"}), "e1", 57, frozenset({"o1"}))


class Room:
    """A listener on a channel, and how often it has told."""

    def __init__(self, state: str = "joined") -> None:
        self.air, self.told = Air(state), 0
        self.listener = Listener(ManualClock(NOON).now, silent=30)
        self.listener.heard.connect(lambda _: self._count())
        self.listener.attach(self.air)  # type: ignore[arg-type]

    def _count(self) -> None:
        self.told += 1


def test_what_a_screen_says_is_known_when_it_is_told() -> None:
    room = Room()
    room.air.say(OVEN)
    assert list(room.listener.screens.said) == [(OVEN, NOON)]
    assert room.told == 2


def test_it_listens_while_the_channel_is_on_the_air() -> None:
    room = Room("joining")
    assert not room.listener.screens.listening
    room.air.become("joined")
    assert room.listener.screens.listening
    room.air.become("rejoining")
    assert not room.listener.screens.listening
    assert room.told == 3


def test_a_goodbye_is_heard() -> None:
    room = Room()
    room.air.say(OVEN)
    room.air.close("k1")
    assert list(room.listener.screens.closed) == [(OVEN, NOON)]
    assert room.told == 3


def test_noise_on_the_channel_is_passed_over(caplog: pytest.LogCaptureFixture) -> None:
    room = Room()
    room.air.broadcasts.emit({"rev": "much"})
    room.air.goodbyes.emit({"device_id": 7})
    assert (list(room.listener.screens.said), room.told) == ([], 1)
    assert caplog.text.count("another shape") == 2


def test_after_the_end_nothing_is_heard() -> None:
    room = Room()
    room.listener.detach()
    room.air.say(replace(OVEN, rev=58))
    room.air.become("rejoining")
    assert (list(room.listener.screens.said), room.told) == ([], 1)
