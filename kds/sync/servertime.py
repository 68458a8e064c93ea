"""The server's time, estimated from its answers; pure."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from typing import Final

_SAMPLES: Final = 8


class ServerTime:
    """Each answer says what time it was somewhere between the request and the answer.

    The middle is the best guess, and the shorter the round trip the better it is, so of the
    last few samples the quickest one counts. `now` never goes back: a correction backwards
    makes it stand still until the estimate has caught up.

    Runs on monotonic seconds, so somebody who sets the terminal's clock does not move it.
    """

    def __init__(self, wall: datetime, mono: float, offset_s: float = 0.0) -> None:
        """`wall` and `mono`: the same moment on both clocks. `offset_s`: known from before."""
        self._anchor = wall - timedelta(seconds=mono)
        self._given = wall + timedelta(seconds=offset_s)
        self._samples: deque[tuple[float, timedelta]] = deque(maxlen=_SAMPLES)
        self._offset = timedelta(seconds=offset_s)

    def sample(self, server: datetime, sent: float, received: float) -> None:
        """An answer that says `server`, asked for and received at monotonic seconds."""
        local = self._anchor + timedelta(seconds=(sent + received) / 2)
        self._samples.append((received - sent, server - local))
        self._offset = min(self._samples)[1]

    def forget(self) -> None:
        """The machine slept: the old samples count no more, the estimate stands until the next."""
        self._samples.clear()

    def now(self, mono: float) -> datetime:
        """The server's time at monotonic second `mono`; never earlier than it said before."""
        estimate = self._anchor + timedelta(seconds=mono) + self._offset
        self._given = max(self._given, estimate)
        return self._given

    def offset_s(self, wall: datetime, mono: float) -> float:
        """How far the server is ahead of the terminal's own clock."""
        server = self._anchor + timedelta(seconds=mono) + self._offset
        return (server - wall).total_seconds()
