"""How well the link has done lately; pure, every time is passed in, memory is bounded.

Samples are of the last five minutes and at most a thousand; messages are counted per second over
the last ten seconds. Monotonic seconds throughout.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from statistics import fmean
from typing import Final, Literal

from kds.connection.link import Link
from kds.connection.signals import Moment

Trend = Literal["rising", "steady", "falling"]

WINDOW_S: Final = 300.0
MOST_SAMPLES: Final = 1000
LATEST: Final = 60
RATE_S: Final = 10
_FEWEST_FOR_TREND: Final = 10
_TREND_RATIO: Final = 1.25
_TREND_MS: Final = 2.0  # less than this is noise, whatever the ratio


@dataclass(frozen=True, slots=True)
class LinkMetrics:
    """One reading. What nothing was measured of is None.

    `latency_*_ms`: from the commit on the server until an event was here, in milliseconds, over
    the window; the two clocks are compared by estimate, so a few milliseconds are uncertain.
    `trend`: of that latency, the newer half of the samples against the older. `rtt_ms`: the last
    heartbeat's round trip. `messages_per_s`: in and out together; `messages_in` and
    `messages_out` since the program started. `subscriptions`: channels that are joined.
    `uptime_pct`: share of the time since the connection was first wanted that it was there, 0 to
    100; time when it was not wanted does not count. `reconnects`: how often it came back.
    `connected_since`: UTC, None while it is not. `latest_ms`: the newest of those latencies, at
    most `LATEST` of them, oldest first.
    """

    latency_avg_ms: float | None = None
    latency_p50_ms: float | None = None
    latency_p95_ms: float | None = None
    latency_p99_ms: float | None = None
    trend: Trend = "steady"
    rtt_ms: float | None = None
    messages_per_s: float = 0.0
    messages_in: int = 0
    messages_out: int = 0
    subscriptions: int = 0
    uptime_pct: float | None = None
    reconnects: int = 0
    connected_since: datetime | None = None
    latest_ms: tuple[float, ...] = ()


class Metrics:
    """Collects; `snapshot` reads."""

    def __init__(self) -> None:
        self._events: deque[tuple[float, float]] = deque(maxlen=MOST_SAMPLES)
        self._rate = Rate()
        self._uptime = Uptime()
        self._rtt_ms: float | None = None
        self._in = self._out = 0

    def event(self, latency_ms: float, now: float) -> None:
        """Something that happened `latency_ms` ago by the server's clock was heard.

        A negative latency is an error of the clocks' comparison and counts as none.
        """
        self._events.append((now, max(0.0, latency_ms)))

    def received(self, now: float) -> None:
        self._in += 1
        self._rate.count(now)

    def sent(self, now: float) -> None:
        self._out += 1
        self._rate.count(now)

    def link(self, link: Link, now: Moment) -> None:
        """The link changed."""
        self._rtt_ms = link.rtt_ms
        self._uptime.link(link, now)

    def snapshot(self, now: float, subscriptions: int) -> LinkMetrics:
        """Everything as of `now`."""
        recent = [ms for at, ms in self._events if now - at <= WINDOW_S]
        ordered = sorted(recent)
        return LinkMetrics(
            latency_avg_ms=fmean(ordered) if ordered else None,
            latency_p50_ms=percentile(ordered, 50),
            latency_p95_ms=percentile(ordered, 95),
            latency_p99_ms=percentile(ordered, 99),
            trend=trend_of(recent),
            rtt_ms=self._rtt_ms,
            messages_per_s=self._rate.per_second(now),
            messages_in=self._in,
            messages_out=self._out,
            subscriptions=subscriptions,
            uptime_pct=self._uptime.percent(now),
            reconnects=self._uptime.reconnects,
            connected_since=self._uptime.since,
            latest_ms=tuple(recent[-LATEST:]),
        )


class Uptime:
    """How long the link was wanted, and how long it was there."""

    def __init__(self) -> None:
        self.reconnects = 0
        self.since: datetime | None = None
        self._met = False  # it was there once
        self._wanted = self._up = False
        self._counted_to = 0.0
        self._wanted_s = self._up_s = 0.0

    def link(self, link: Link, now: Moment) -> None:
        self._count(now.mono)
        up = link.state == "connected"
        if up and not self._up:
            self.reconnects += self._met
            self._met, self.since = True, now.utc
        elif not up:
            self.since = None
        self._up, self._wanted = up, link.reason != "stopped"

    def percent(self, now: float) -> float | None:
        """None as long as the link was never wanted."""
        self._count(now)
        return 100 * self._up_s / self._wanted_s if self._wanted_s > 0 else None

    def _count(self, now: float) -> None:
        passed, self._counted_to = now - self._counted_to, now
        self._wanted_s += passed if self._wanted else 0.0
        self._up_s += passed if self._up else 0.0


class Rate:
    """Messages per second over the last whole seconds."""

    def __init__(self) -> None:
        self._seconds: deque[list[int]] = deque(maxlen=RATE_S + 1)  # [second, count]

    def count(self, now: float) -> None:
        second = int(now)
        if self._seconds and self._seconds[-1][0] == second:
            self._seconds[-1][1] += 1
        else:
            self._seconds.append([second, 1])

    def per_second(self, now: float) -> float:
        """The second under way is not over, so it does not count."""
        this = int(now)
        found = (count for second, count in self._seconds if this - RATE_S <= second < this)
        return sum(found) / RATE_S


def percentile(ordered: Sequence[float], percent: float) -> float | None:
    """The nearest rank: the smallest value that `percent` of all values do not exceed."""
    if not ordered:
        return None
    return ordered[max(0, ceil(len(ordered) * percent / 100) - 1)]


def trend_of(samples: Sequence[float]) -> Trend:
    """Where the median of the newer half lies against that of the older; oldest first."""
    if len(samples) < _FEWEST_FOR_TREND:
        return "steady"
    half = len(samples) // 2
    older = percentile(sorted(samples[:half]), 50) or 0.0
    newer = percentile(sorted(samples[half:]), 50) or 0.0
    if abs(newer - older) < _TREND_MS:
        return "steady"
    if newer > older * _TREND_RATIO:
        return "rising"
    return "falling" if older > newer * _TREND_RATIO else "steady"
