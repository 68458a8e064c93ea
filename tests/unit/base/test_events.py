"""An event tells everybody who listens, in order, and survives a bad listener."""

from __future__ import annotations

import asyncio
import logging

import pytest

from kds.base.events import Event, until


def test_listeners_are_told_in_the_order_they_connected() -> None:
    event: Event[int] = Event()
    heard: list[tuple[str, int]] = []
    event.connect(lambda value: heard.append(("first", value)))
    event.connect(lambda value: heard.append(("second", value)))
    event.emit(7)
    assert heard == [("first", 7), ("second", 7)]


def test_a_disconnected_listener_hears_nothing_and_may_go_twice() -> None:
    event: Event[int] = Event()
    heard: list[int] = []
    disconnect = event.connect(heard.append)
    disconnect()
    disconnect()
    event.emit(1)
    assert heard == []


def test_a_listener_that_leaves_while_it_is_told_does_not_silence_the_next() -> None:
    event: Event[int] = Event()
    heard: list[int] = []
    disconnect = event.connect(lambda _: disconnect())
    event.connect(heard.append)
    event.emit(1)
    assert heard == [1]


def test_a_failing_listener_is_logged_and_not_in_the_way(
    caplog: pytest.LogCaptureFixture,
) -> None:
    event: Event[str] = Event()
    heard: list[str] = []

    def fail(_: str) -> None:
        raise RuntimeError("broken screen")

    event.connect(fail)
    event.connect(heard.append)
    with caplog.at_level(logging.ERROR):
        event.emit("news")
    assert heard == ["news"]
    assert "broken screen" in caplog.text


def test_a_large_value_that_a_listener_failed_on_is_told_in_brief(
    caplog: pytest.LogCaptureFixture,
) -> None:
    event: Event[list[int]] = Event()
    event.connect(lambda rows: rows.index(-1))
    with caplog.at_level(logging.ERROR):
        event.emit(list(range(10_000)))
    assert len(caplog.records[0].getMessage()) < 300


async def test_until_returns_at_once_when_it_is_so_already() -> None:
    await asyncio.wait_for(until(Event(), lambda: True), 1)


async def test_until_waits_for_the_emit_that_makes_it_so() -> None:
    event: Event[int] = Event()
    heard: list[int] = []
    event.connect(heard.append)
    waiting = asyncio.ensure_future(until(event, lambda: len(heard) == 2))
    await asyncio.sleep(0)
    event.emit(1)
    await asyncio.sleep(0)
    assert not waiting.done()
    event.emit(2)
    await asyncio.wait_for(waiting, 1)
