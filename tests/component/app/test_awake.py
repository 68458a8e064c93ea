"""The screen stays on, in the first way that works here."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from kds.app.awake import FAILED, Awake, Desktop, XServer


class Said:
    """A way to keep a screen on that does as it is told."""

    def __init__(self, reason: str | Exception) -> None:
        self._reason = reason
        self.held = 0

    def hold(self) -> str:
        if isinstance(self._reason, Exception):
            raise self._reason
        self.held += not self._reason
        return self._reason

    def release(self) -> None:
        self.held -= 1


async def test_the_first_way_that_works_is_taken_and_given_back() -> None:
    ways = Said("no desktop"), Said(""), Said("")
    awake = Awake(ways)
    await awake.hold()
    assert [way.held for way in ways] == [0, 1, 0]
    assert awake.problem == ""
    await awake.release()
    assert [way.held for way in ways] == [0, 0, 0]


async def test_where_nothing_works_it_is_said() -> None:
    awake = Awake((Said("no desktop"), Said(OSError("driver"))))
    await awake.hold()
    assert awake.problem == FAILED
    await awake.release()


async def test_a_desktop_that_answers_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAKEPY_FAKE_SUCCESS", "yes")
    awake = Awake((Desktop(),))
    await awake.hold()
    assert awake.problem == ""
    await awake.release()


def test_a_bare_x_server_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[Sequence[str]] = []

    def run(command: Sequence[str]) -> bool:
        said.append(command)
        return True

    monkeypatch.setenv("DISPLAY", ":9")
    server = XServer(run)
    assert server.hold() == ""
    server.release()
    assert said == [("xset", "s", "off", "-dpms"), ("xset", "s", "default", "+dpms")]
    monkeypatch.delenv("DISPLAY")
    assert server.hold() == "no X server"
