"""What the screens of the branch have said that they show, and which of them are gone. Pure.

The one memory of announcements: the receipts of a till and the watch over the stations read it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from kds.domain.painted import Painted

MOST_SCREENS: Final = 100


class Screens:
    """The last word of every screen, and when it was heard; the `MOST_SCREENS` heard last.

    A screen that has said nothing for `silent` seconds is gone (it speaks every 10), but silence
    means nothing while nobody can be heard. One that is switched off says goodbye.
    """

    def __init__(self, silent: float) -> None:
        self.silent = timedelta(seconds=silent)
        self._said: dict[str, tuple[Painted, datetime]] = {}  # by device id
        self._closed: dict[str, tuple[Painted, datetime]] = {}
        self._joined_at: datetime | None = None
        self.listening_since: datetime | None = None
        """When announcements could be heard for the first time."""

    @property
    def said(self) -> Collection[tuple[Painted, datetime]]:
        """Every screen's last word and when it was heard, in the order they spoke."""
        return self._said.values()

    @property
    def closed(self) -> Collection[tuple[Painted, datetime]]:
        """What the screens that are switched off had said, and when they went."""
        return self._closed.values()

    @property
    def listening(self) -> bool:
        """Whether announcements can be heard now."""
        return self._joined_at is not None

    def listen(self, now: datetime) -> None:
        """From now on announcements can be heard."""
        self._joined_at = self._joined_at or now
        self.listening_since = self.listening_since or now

    def deafen(self) -> None:
        """Nothing can be heard any more."""
        self._joined_at = None

    def hear(self, painted: Painted, now: datetime) -> None:
        """A screen says what it shows."""
        self._closed.pop(painted.device_id, None)
        _put(self._said, painted, now)

    def close(self, device_id: str, now: datetime) -> None:
        """A screen says goodbye: it shows nothing any more."""
        if (known := self._said.pop(device_id, None)) is not None:
            _put(self._closed, known[0], now)

    def shut(self, now: datetime) -> bool:
        """The kitchen is closed: a screen has said goodbye, and none is there any more."""
        here = any(self.gone_at(heard, now) > now for _, heard in self._said.values())
        return bool(self._closed) and not here

    def gone_at(self, heard: datetime, now: datetime) -> datetime:
        """When a screen heard last at `heard` counts as gone; later than `now` while nobody can
        be heard."""
        since = now if self._joined_at is None else max(heard, self._joined_at)
        return since + self.silent


def _put(words: dict[str, tuple[Painted, datetime]], painted: Painted, now: datetime) -> None:
    """The newest comes last; the oldest goes when there are too many."""
    words.pop(painted.device_id, None)
    words[painted.device_id] = (painted, now)
    if len(words) > MOST_SCREENS:
        del words[next(iter(words))]
