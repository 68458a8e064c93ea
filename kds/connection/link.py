"""How the link stands, in the words of a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from kds.connection.signals import Reason

LinkState = Literal["disconnected", "connecting", "connected", "reconnecting"]
Quality = Literal["excellent", "good", "fair", "poor", "offline"]


@dataclass(frozen=True, slots=True)
class Link:
    """The link as a person may see it.

    `rtt_ms` is the last measured round trip and `retry_at` the next attempt, both None when
    there is none. `problem` is a sentence for the screen, or None. `polling`: there is no live
    link, but the server answers requests, so pulls keep this terminal up to date meanwhile.
    """

    state: LinkState = "disconnected"
    reason: Reason = "stopped"
    quality: Quality = "offline"
    rtt_ms: float | None = None
    retry_at: datetime | None = None
    problem: str | None = None
    polling: bool = False


def quality_of(rtt_ms: float) -> Quality:
    """The word for a round trip in milliseconds."""
    if rtt_ms < 100:
        return "excellent"
    if rtt_ms < 300:
        return "good"
    return "fair" if rtt_ms < 1000 else "poor"
