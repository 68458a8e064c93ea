"""How the device stands with the rest of the restaurant: the facts of the top bar."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from kds.connection.link import Link, LinkState, Quality
from kds.sync.attempts import POLL_FAST_S as POLL_EVERY_S
from kds.sync.progress import SyncProgress

__all__ = ["POLL_EVERY_S", "LinkState", "Person", "Quality", "Status", "status_of"]


@dataclass(frozen=True, slots=True)
class Status:
    """One moment's truth, replaced as a whole whenever a part of it changes.

    `complete_to`: the rev of the floor stream up to which this device has every change; None
    before the first snapshot. `head`: the newest rev the server has spoken of, None when
    unknown. `verified`: True after an equal checksum, False while one differs, None before the
    first audit. `waiting`: ops accepted here and not yet answered by the server. `blocked`: ops
    the server refused or holds behind a refused one; they need a person. `problem`: a sentence
    for the person in front of the screen ("The password was not accepted."), or None. `polling`:
    there is no live link, but the server is asked every `POLL_EVERY_S` seconds and answers.
    `bootstrapping`: 0.0 to 1.0 while everything is being loaded (anew), else None.
    """

    link: LinkState = "disconnected"
    reason: str = ""
    quality: Quality = "offline"
    rtt_ms: float | None = None
    complete_to: int | None = None
    head: int | None = None
    verified: bool | None = None
    waiting: int = 0
    blocked: int = 0
    problem: str | None = None
    retry_at: datetime | None = None
    polling: bool = False
    bootstrapping: float | None = None

    @property
    def complete(self) -> bool:
        """Nothing that this device has heard of is missing."""
        return self.complete_to is not None and self.complete_to >= (self.head or 0)


def status_of(link: Link, progress: SyncProgress | None, own: str | None) -> Status:
    """What link and sync say. `progress`: None while the device is not known. `own`: a problem of
    the terminal itself, which is told before any other."""
    known = Status(
        link=link.state,
        reason=link.reason,
        quality=link.quality,
        rtt_ms=link.rtt_ms,
        retry_at=link.retry_at,
        polling=link.polling,
        problem=own or link.problem,
    )
    if progress is None:
        return known
    return replace(
        known,
        complete_to=progress.complete_to,
        head=progress.head,
        verified=progress.verified,
        waiting=progress.waiting,
        blocked=progress.blocked,
        bootstrapping=progress.bootstrapping,
        problem=own or progress.problem or link.problem,
    )


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody (or some terminal) who is here now."""

    key: str  # device id
    name: str
    role: str
    where: str  # the screen they look at
    since: datetime
    me: bool = False
