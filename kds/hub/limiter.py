"""How many wrong passwords somebody may try. Pure: the time is passed in."""

from __future__ import annotations

from collections.abc import Hashable

_REMEMBERED = 10_000


class FailureLimiter:
    """A bucket of `burst` failures for each key, refilled at `per_s` a second.

    Generous to fat fingers (30 at once, then one every ten seconds), hopeless for guessing.
    """

    def __init__(self, burst: float = 30, per_s: float = 0.1) -> None:
        self._burst = burst
        self._per_s = per_s
        self._levels: dict[Hashable, tuple[float, float]] = {}  # key -> failures, at

    def allows(self, key: Hashable, now: float) -> bool:
        """Whether `key` may try at `now` (monotonic seconds)."""
        return self._level(key, now) + 1 <= self._burst

    def failed(self, key: Hashable, now: float) -> None:
        level = self._level(key, now) + 1
        if len(self._levels) >= _REMEMBERED:
            self._levels = {k: v for k, v in self._levels.items() if self._level(k, now) > 0}
        self._levels[key] = (level, now)

    def _level(self, key: Hashable, now: float) -> float:
        level, at = self._levels.get(key, (0.0, now))
        return max(0.0, level - (now - at) * self._per_s)
