"""Every number that the connection runs on, in one value that a test can shrink. Seconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Priority = Literal["high", "medium", "low"]


@dataclass(frozen=True, slots=True)
class Policy:
    """How patient the connection is.

    `backoff` and `refused_backoff` name the longest wait before the n-th attempt; the last step
    repeats for ever. A refused join freezes the whole socket for 5 s on a real server, so its
    steps are longer and never shortened below half.
    """

    backoff: tuple[float, ...] = (1, 2, 4, 8, 16, 30)
    stable_after: float = 10.0  # a link (or a join) that held this long starts over at step one
    beat_every: float = 30.0
    silence: float = 45.0  # no answer for this long: the link is dead
    proof: float = 10.0  # the first answer, and the answer after a doubt, must come this soon
    open_timeout: float = 10.0
    close_timeout: float = 1.0
    http_connect_timeout: float = 5.0
    http_timeout: float = 15.0  # without a byte of the answer
    http_deadline: float = 60.0  # for the whole of it: a server that drips is none
    refresh_at: float = 0.8  # of the token's lifetime
    crowded_wait: float = 20.0  # a server with too many links says so for 20 to 30 s
    poll_after: int = 2  # signs in a row that only sockets are in trouble
    hidden_after: float = 30.0  # what a hidden window does not need is left then

    refused_backoff: tuple[float, ...] = (5, 10, 20, 40, 80, 160, 300)
    join_timeout: float = 15.0  # from the join to "really subscribed"
    join_stagger: float = 0.25  # the next join goes out at the answer, or after this
    join_attempts: Mapping[Priority, int] = field(
        default_factory=lambda: {"high": 10, "medium": 5, "low": 3}
    )
    presence_calls: int = 4  # the server closes a channel at more than 5 per 30 s
    presence_window: float = 30.0
    broadcast_backlog: int = 100


DEFAULT = Policy()


def step(steps: tuple[float, ...], failures: int) -> float:
    """The step after `failures` (>= 1) failures in a row; the last one repeats."""
    return steps[min(failures, len(steps)) - 1]
