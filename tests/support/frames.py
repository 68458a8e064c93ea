"""Faults of WebSocket frames, for `tests.support.fault_proxy`: an edit turns a frame into frames.

`having` is a part of the frame's text; "" is in all of them. An edit holds until the proxy heals,
or for `times` frames that it is meant for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from math import inf
from typing import Literal

Way = Literal["up", "down"]
"""To the server, to the client."""


@dataclass(frozen=True)
class Frame:
    """One text or binary frame."""

    way: Way
    data: str | bytes

    def has(self, part: str) -> bool:
        data = self.data
        return part in (data if isinstance(data, str) else data.decode(errors="replace"))


Edit = Callable[[Frame], Iterable[Frame]]


def drop(way: Way, having: str = "", times: float = inf) -> Edit:
    return _edit(way, having, times, lambda _: ())


def double(way: Way, having: str = "", times: float = inf) -> Edit:
    return _edit(way, having, times, lambda frame: (frame, frame))


def truncate(way: Way, having: str = "", times: float = inf) -> Edit:
    """The first half of it."""
    return _edit(
        way, having, times, lambda frame: (replace(frame, data=frame.data[: len(frame.data) // 2]),)
    )


def swap(way: Way, having: str = "", times: float = inf) -> Edit:
    """Hold one back until the next of its kind has passed."""
    held: list[Frame] = []

    def change(frame: Frame) -> tuple[Frame, ...]:
        if held:
            return frame, held.pop()
        held.append(frame)
        return ()

    return _edit(way, having, times, change)


def _edit(way: Way, having: str, times: float, change: Callable[[Frame], Iterable[Frame]]) -> Edit:
    left = times

    def edit(frame: Frame) -> Iterable[Frame]:
        nonlocal left
        if frame.way != way or not left or not frame.has(having):
            return (frame,)
        left -= 1
        return change(frame)

    return edit
