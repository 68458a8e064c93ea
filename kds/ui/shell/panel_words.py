"""What the connection panel says of a session: figures, channels, advice, a report. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from kds.session.metrics import ChannelInfo, SessionMetrics, Trend
from kds.session.status import Status
from kds.ui.kit.shapes import Shape
from kds.ui.shell.words import Word, complete_word, link_word
from kds.ui.theme.tokens import ToneName

NONE = "–"  # nothing was measured
CLOCK_OFF_S = 2.0


@dataclass(frozen=True, slots=True)
class Reading:
    """All that the panel shows, of one moment; `since`: when the link became what it is."""

    status: Status
    metrics: SessionMetrics
    channels: Sequence[ChannelInfo]
    now: datetime
    since: datetime
    zone: tzinfo


@dataclass(frozen=True, slots=True)
class Figure:
    """One line: `Round trip`, `3.2`, `ms`."""

    name: str
    value: str
    unit: str = ""


# -- the state ----------------------------------------------------------------------------


def state_word(reading: Reading) -> Word:
    """The connection as the top bar says it."""
    return link_word(reading.status, reading.now)


def since_text(reading: Reading) -> str:
    """`Since 12:03 (2 h 5 min)`."""
    at = _clock(reading.since, reading)
    return f"Since {at} ({span_text((reading.now - reading.since).total_seconds())})"


def complete_state(reading: Reading) -> Word:
    """`Complete to #4,821`, as the top bar says it."""
    return complete_word(reading.status)


def compared_text(reading: Reading) -> str:
    """How the last comparison with the server came out, and when it was."""
    at, verified = reading.metrics.compared_at, reading.status.verified
    if at is None:
        return "Not compared with the server yet."
    when = f"Compared with the server at {_clock(at, reading)}"
    if verified is None:
        return f"{when}; it goes on."
    return f"{when}: {'equal.' if verified else 'different. Everything is fetched again.'}"


def span_text(seconds: float) -> str:
    """`5 s`, `12 min`, `2 h 5 min`, `3 days`; never negative."""
    minutes, hours = int(max(0.0, seconds)) // 60, int(max(0.0, seconds)) // 3600
    if minutes < 1:
        return f"{max(0.0, seconds):.0f} s"
    if hours < 1:
        return f"{minutes} min"
    if hours < 48:
        return f"{hours} h {minutes % 60} min"
    return f"{hours // 24} days"


def _clock(at: datetime, reading: Reading) -> str:
    """The time of day at the branch, with the day when it is not today."""
    here, today = at.astimezone(reading.zone), reading.now.astimezone(reading.zone).date()
    return f"{here:%H:%M}" if here.date() == today else f"{here.day} {here:%b %H:%M}"


# -- the figures --------------------------------------------------------------------------


def link_figures(reading: Reading) -> tuple[Figure, ...]:
    """How well the connection does."""
    link = reading.metrics.link
    return (
        Figure("Quality", reading.status.quality),
        Figure("Round trip", ms_text(link.rtt_ms), "ms"),
        Figure("Messages", f"{link.messages_per_s:,.1f}", "a second"),
        Figure("Connected", _percent(link.uptime_pct), "% of the time"),
        Figure("Came back", f"{link.reconnects:,}", _times(link.reconnects)),
    )


def latency_figures(reading: Reading) -> tuple[Figure, ...]:
    """From a change at the server until it is here, over the last five minutes."""
    link = reading.metrics.link
    return (
        Figure("Average", ms_text(link.latency_avg_ms), "ms"),
        Figure("Half within", ms_text(link.latency_p50_ms), "ms"),
        Figure("95 % within", ms_text(link.latency_p95_ms), "ms"),
        Figure("99 % within", ms_text(link.latency_p99_ms), "ms"),
    )


def sync_figures(reading: Reading) -> tuple[Figure, ...]:
    """What is kept here, and what the server has not answered."""
    metrics = reading.metrics
    memory = NONE if metrics.memory_mb is None else f"{metrics.memory_mb:,.0f}"
    return (
        Figure("Waiting to be sent", f"{metrics.waiting:,}"),
        Figure("Refused", f"{metrics.blocked:,}"),
        Figure("Kept on this terminal", f"{metrics.rows:,}", "rows"),
        Figure("Memory", memory, "MB"),
    )


_TRENDS: dict[Trend, str] = {"rising": "↗ slower", "steady": "→ steady", "falling": "↘ faster"}


def trend_text(trend: Trend) -> str:
    """An arrow and a word."""
    return _TRENDS[trend]


def ms_text(milliseconds: float | None) -> str:
    """`3.2`, `211`; a dash when nothing was measured."""
    if milliseconds is None:
        return NONE
    return f"{milliseconds:.1f}" if milliseconds < 99.95 else f"{milliseconds:,.0f}"


def _percent(share: float | None) -> str:
    """100 only when it is all of it."""
    return NONE if share is None else f"{min(share, 99.99) if share < 100 else 100:.2f}"


def _times(count: int) -> str:
    return "time" if count == 1 else "times"


# -- the channels -------------------------------------------------------------------------

_CHANNELS = {
    "stream:floor": "Orders, menu and stock",
    "stream:office": "Money and staff",
    "branch": "Who is here",
}
_STATES: dict[str, tuple[str, ToneName, Shape]] = {
    "joined": ("Live", "ok", "dot"),
    "joining": ("Joining…", "info", "half"),
    "paused": ("Paused", "neutral", "ring"),
    "degraded": ("Keeps failing", "warn", "triangle"),
    "refused": ("Refused", "danger", "cross"),
    "closed": ("Closed", "neutral", "ring"),
}


def channel_name(topic: str) -> str:
    """What comes by a channel, in words; the topic itself when it is not one of ours."""
    return _CHANNELS.get(topic.rpartition(":")[0], topic)


def channel_word(channel: ChannelInfo, status: Status) -> Word:
    """How it stands, with the server's words about a failure."""
    if channel.state == "joining" and status.link != "connected":
        return Word("Waiting", "neutral", "ring")
    text, tone, shape = _STATES[channel.state]
    failed = channel.state in ("degraded", "refused", "joining")
    return Word(text, tone, shape, channel.problem if failed else "")


# -- what to do ---------------------------------------------------------------------------


def advice(reading: Reading) -> tuple[str, ...]:
    """A sentence for each thing that a person should know or do, the most important first."""
    return tuple(_advice(reading))


def _advice(reading: Reading) -> Iterator[str]:
    status, offset = reading.status, reading.metrics.server_offset_s
    if status.problem:
        yield status.problem
    if status.link == "reconnecting" and not status.polling:
        yield "Check the network and that the hub is on. What you do here is kept."
    if status.blocked:
        yield "Tap the refused ones in the top bar: the server did not take them."
    if status.link == "connected":
        yield from _channel_advice(reading.channels)
    if abs(offset) > CLOCK_OFF_S:
        side = "behind" if offset > 0 else "ahead of"
        yield (
            f"This terminal's clock is {span_text(abs(offset))} {side} the restaurant's: "
            "ages are right, its own clock is not. Set it by the network."
        )


def _channel_advice(channels: Sequence[ChannelInfo]) -> Iterator[str]:
    for channel in channels:
        if channel.state in ("degraded", "refused"):
            yield (
                f"“{channel_name(channel.topic)}” is not live: news of it comes later. "
                "If it stays so, copy the report for support."
            )


# -- the report ---------------------------------------------------------------------------


def report(reading: Reading, *, terminal: str, version: str) -> str:
    """The panel as plain text for support; nothing in it is secret."""
    state = state_word(reading)
    head = [
        f"kds {version}, {terminal}",
        f"{reading.now.isoformat(timespec='seconds')} (server's time)",
        f"Connection: {state.text}. {since_text(reading)}",
        f"{complete_state(reading).text}. {compared_text(reading)}",
        f"Clock: the server is {reading.metrics.server_offset_s:+.1f} s from this terminal",
    ]
    groups = (
        ("Connection", link_figures(reading)),
        ("Delay of news", latency_figures(reading)),
        ("This terminal", sync_figures(reading)),
    )
    lines = [f"{name}: {_in_a_line(figures)}" for name, figures in groups]
    lines.append(f"Trend: {reading.metrics.link.trend}")
    lines += [_channel_line(channel) for channel in reading.channels]
    return "\n".join((*head, *lines, *(f"! {said}" for said in advice(reading)), ""))


def _in_a_line(figures: Sequence[Figure]) -> str:
    return ", ".join(f"{one.name.lower()} {one.value} {one.unit}".rstrip() for one in figures)


def _channel_line(channel: ChannelInfo) -> str:
    words = f" ({channel.problem})" if channel.problem else ""
    return f"Channel {channel.topic}: {channel.state}, {channel.priority}{words}"
