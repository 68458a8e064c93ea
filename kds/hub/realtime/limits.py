"""What one hub allows its clients. The defaults are Supabase's, except where said otherwise."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds, bytes and counts; None means no limit."""

    max_frame_bytes: int = 5_000_000
    max_payload_bytes: int = 3_000 * 1000
    max_record_bytes: int = 1024 * 1024
    idle_s: float = 60.0
    max_channels: int = 100
    """Channels on one socket."""
    max_users: int | None = 200
    """Sockets with at least one channel."""
    max_joins_per_s: float | None = 100
    presence_calls: int = 5
    presence_window_s: float = 30.0
    max_messages_per_s: float | None = None
    """Messages to and from clients. Supabase's free plan has 100; a hub serves one house."""
    rate_window_s: float = 60.0
    send_queue_frames: int = 4096
    """A client that lets this many frames pile up is cut off."""
    send_queue_bytes: int = 32 * 1024 * 1024
    poll_s: float = 0.1
    """How often database changes are looked for."""
    close_timeout_s: float = 2.0


class AverageRate:
    """Events per second, averaged over a sliding window; `now` is a monotonic clock's seconds.

    Counts are kept per whole second, so memory does not grow with the rate.
    """

    def __init__(self, limit: float | None, window_s: float) -> None:
        self._limit = limit
        self._window_s = window_s
        self._buckets: deque[tuple[int, int]] = deque()
        self._total = 0

    def add(self, now: float, count: int = 1) -> None:
        """Take note of `count` events."""
        if self._limit is None:
            return
        self._total += count
        second = int(now)
        if self._buckets and self._buckets[-1][0] == second:
            count += self._buckets.pop()[1]
        self._buckets.append((second, count))

    def exceeded(self, now: float) -> bool:
        """Whether the average over the window is at or above the limit."""
        if self._limit is None:
            return False
        while self._buckets and self._buckets[0][0] <= now - self._window_s:
            self._total -= self._buckets.popleft()[1]
        return self._total >= self._limit * self._window_s


class CallWindow:
    """At most `calls` calls in a window that opens with the first one."""

    def __init__(self, calls: int, window_s: float) -> None:
        self._calls = calls
        self._window_s = window_s
        self._used = 0
        self._ends = float("-inf")

    def allow(self, now: float) -> bool:
        """Count a call; False when it is one too many."""
        if now > self._ends:
            self._used, self._ends = 0, now + self._window_s
        self._used += 1
        return self._used <= self._calls
