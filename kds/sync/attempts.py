"""When to ask the server for something: one request at a time, and patience after a failure."""

from __future__ import annotations

from dataclasses import dataclass

POLL_FAST_S = 2.0


@dataclass(frozen=True, slots=True)
class Pace:
    """How often things happen; seconds."""

    poll: float = 20.0  # a pull, whatever else is heard
    poll_fast: float = POLL_FAST_S  # while no live link tells what there is to pull
    settle: float = 2.5  # a second pull after a join: changes do not flow at once
    audit_first: float = 3.0
    audit: float = 60.0
    audit_again: float = 2.0  # after an audit that met a moving stream
    retry: float = 1.0  # doubles with every failure in a row
    retry_most: float = 30.0
    pause: float = 30.0  # after a refusal that asking again will not cure at once
    snapshot_apart: float = 5.0  # between two snapshots of one stream


class Attempt:
    """One kind of request. `ready` when it is wanted, not under way, and not too early."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._wanted_at: float | None = None
        self._not_before = float("-inf")
        self.failures = 0
        self.busy = False

    @property
    def due(self) -> float | None:
        """When it may be made next; None while it is under way or not wanted."""
        if self.busy or self._wanted_at is None:
            return None
        return max(self._wanted_at, self._not_before)

    def ready(self, now: float) -> bool:
        return self.due is not None and self.due <= now

    def want(self, at: float) -> None:
        """Make it at `at` at the latest, or when a failure is far enough in the past."""
        self._wanted_at = at if self._wanted_at is None else min(at, self._wanted_at)

    def hurry(self, now: float) -> None:
        """Make it now: there is news that makes earlier failures meaningless."""
        self.failures = 0
        self._not_before = now
        self.want(now)

    def postpone(self, at: float) -> None:
        """Not before `at` after all."""
        self._not_before = at

    def begin(self) -> None:
        self.busy = True
        self._wanted_at = None

    def succeed(self) -> None:
        self.busy = False
        self.failures = 0

    def fail(self, now: float, dice: float) -> None:
        """Again after a while, longer each time; `dice` (0 <= dice < 1) keeps terminals apart."""
        self.busy = False
        step = min(self._pace.retry_most, self._pace.retry * 2**self.failures)
        self.failures += 1
        self._not_before = now + step * (0.5 + 0.5 * dice)
        self.want(now)

    def pause(self, now: float) -> None:
        """Again only after the long pause, or when something is known to have changed."""
        self.busy = False
        self._not_before = now + self._pace.pause
        self.want(now)
