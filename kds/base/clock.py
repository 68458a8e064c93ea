"""Time as data: an instant is an aware UTC datetime, a clock is passed in, never reached for."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Where a driver gets the time. Pure modules take the instant itself instead."""

    def now(self) -> datetime:
        """The current instant, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that never jump; only differences mean anything."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()


class ManualClock:
    """A clock that moves only when told to; for tests and simulations."""

    def __init__(self, start: datetime) -> None:
        self._now = start
        self._monotonic = 0.0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    def advance(self, seconds: float) -> None:
        """Move forward by `seconds` (>= 0)."""
        if seconds < 0:
            raise ValueError("time only moves forward")
        self._now += timedelta(seconds=seconds)
        self._monotonic += seconds


def to_iso(instant: datetime) -> str:
    """The text PostgreSQL gives for a timestamptz in jsonb under TimeZone UTC.

    `2026-11-21T08:00:00.12+00:00`: trailing zeros of the fraction are dropped, so a row that
    a terminal predicts and the row that the server stores are the same text.
    """
    text = instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")
    return text.rstrip("0").rstrip(".") + "+00:00"


def from_iso(text: str) -> datetime:
    """The instant that an ISO 8601 text with an offset names, in UTC.

    Raises ValueError for text without an offset: a time without a place is a bug in waiting.
    Raises TypeError for anything but text.
    """
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"{text!r} has no UTC offset")
    try:
        return instant.astimezone(UTC)
    except OverflowError:  # the first and the last hours of the calendar, elsewhere
        raise ValueError(f"{text!r} is no instant in UTC") from None
