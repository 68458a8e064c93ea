"""A typed in-process event: listeners are called in the order they connected."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Generic, TypeVar

T = TypeVar("T")
log = logging.getLogger(__name__)


class Event(Generic[T]):
    """Something that happens, with a value. A listener that raises is logged, never in the way."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[T], None]] = []

    def connect(self, listener: Callable[[T], None]) -> Callable[[], None]:
        """Call `listener` on every `emit` from now on; the return value disconnects it."""
        self._listeners.append(listener)

        def disconnect() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return disconnect

    def emit(self, value: T) -> None:
        for listener in tuple(self._listeners):
            try:
                listener(value)
            except Exception:
                log.exception("a listener failed on %.200r", value)  # it may be all rows


async def until(event: Event[Any], condition: Callable[[], bool]) -> None:
    """Wait, without polling, until `condition()` holds; it is asked now and after every emit."""
    reached = asyncio.Event()

    def check(_: object) -> None:
        if condition():
            reached.set()

    disconnect = event.connect(check)
    try:
        check(None)
        await reached.wait()
    finally:
        disconnect()
