"""The way back from every act, for five seconds each, the newest first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from kds.ui.kit import Toast
from kds.ui.kit.overlay import TOAST_MS

_OFFERED_FOR = timedelta(milliseconds=TOAST_MS)


@dataclass(frozen=True, slots=True)
class _Offer:
    text: str
    back: Callable[[], None]
    until: datetime


class Undo:
    """Says on the `toast` what was done. When the newest is taken back, the one before it is
    offered for the rest of its time."""

    def __init__(self, toast: Toast, now: Callable[[], datetime]) -> None:
        self._toast, self._now = toast, now
        self._offers: list[_Offer] = []

    def say(self, text: str, back: Callable[[], None] | None = None) -> None:
        """`back` undoes it; None when there is no way back."""
        if back is None:
            self._toast.say(text)
            return
        self._offers.append(_Offer(text, back, self._now() + _OFFERED_FOR))
        self._toast.say(text, self._take)

    def take(self) -> bool:
        """Take back what the toast offers; False when it offers nothing."""
        return self._toast.act()

    def _take(self) -> None:
        self._offers.pop().back()
        now = self._now()
        self._offers = [offer for offer in self._offers if offer.until > now]
        if self._offers:
            last = self._offers[-1]
            left = (last.until - now) // timedelta(milliseconds=1)
            self._toast.say(last.text, self._take, ms=left)
