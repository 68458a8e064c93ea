"""How the replica stands with the server."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SyncProgress:
    """One moment's truth. The fields that `session.status.Status` has too mean the same there.

    `compared_at`: when a checksum was last compared, server time, None when not yet.
    `server_offset_s`: how far the server's clock is ahead of this terminal's. `bootstrapping`:
    0.0 to 1.0 while a whole stream is being fetched, else None.
    """

    complete_to: int | None = None
    head: int | None = None
    verified: bool | None = None
    compared_at: datetime | None = None
    waiting: int = 0
    blocked: int = 0
    server_offset_s: float = 0.0
    problem: str | None = None
    bootstrapping: float | None = None
