"""Figures for the connection panel: how well the link and the sync do, and what they cost."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kds.connection.channels import Channel
from kds.connection.membership import ChannelStatus
from kds.connection.metrics import LinkMetrics, Trend
from kds.connection.policy import Priority
from kds.sync.engine import Engine

__all__ = ["ChannelInfo", "LinkMetrics", "SessionMetrics", "Trend", "info_of", "measured"]

_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class SessionMetrics:
    """One reading. `link`: see `LinkMetrics`. `waiting`: ops accepted here and not yet answered
    by the server; `blocked`: ops that need a person. `memory_mb`: what this process has in
    memory, in MiB; None where the system does not say. `rows`: shared rows on this device.
    `complete_to`: the rev up to which the floor stream is complete, None before the first
    snapshot. `compared_at`: when the rows here were last compared with the server's, by its
    time; None when not yet. `server_offset_s`: how many seconds the server's clock is ahead of
    this device's.
    """

    link: LinkMetrics
    waiting: int = 0
    blocked: int = 0
    memory_mb: float | None = None
    rows: int = 0
    complete_to: int | None = None
    compared_at: datetime | None = None
    server_offset_s: float = 0.0


@dataclass(frozen=True, slots=True)
class ChannelInfo:
    """One channel. `problem`: the server's words about its last failure, "" for none.
    `holders`: how many parts of the program share it."""

    topic: str
    state: ChannelStatus
    priority: Priority
    problem: str
    holders: int


def measured(link: LinkMetrics, engine: Engine | None) -> SessionMetrics:
    """The figures as of now; cheap enough for once a second. `engine`: None while the device is
    not known."""
    if engine is None:
        return SessionMetrics(link, memory_mb=memory_mb())
    progress = engine.progress
    return SessionMetrics(
        link,
        waiting=progress.waiting,
        blocked=progress.blocked,
        memory_mb=memory_mb(),
        rows=sum(map(len, engine.tables.values())),
        complete_to=progress.complete_to,
        compared_at=progress.compared_at,
        server_offset_s=progress.server_offset_s,
    )


def info_of(channel: Channel) -> ChannelInfo:
    return ChannelInfo(
        channel.spec.topic, channel.state, channel.priority, channel.problem, channel.holders
    )


def memory_mb() -> float | None:
    """The memory of this process in MiB: now on Linux, the most it ever had on other Unixes."""
    if sys.platform == "linux":
        pages = int(Path("/proc/self/statm").read_text().split()[1])  # proc(5): resident pages
        return pages * os.sysconf("SC_PAGE_SIZE") / _MIB
    if sys.platform == "win32":
        return None
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / _MIB if sys.platform == "darwin" else most / 1024
