"""When the access token has to be renewed; pure, in monotonic seconds."""

from __future__ import annotations

from kds.connection.policy import Policy, step


class Renewal:
    """`at`: when to ask for a new token; None while that is under way, or there is none."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._failures = 0
        self.at: float | None = None

    def granted(self, lifetime: float, now: float) -> None:
        """A fresh token, good for `lifetime` seconds."""
        self._failures = 0
        self.at = now + self._policy.refresh_at * lifetime

    def failed(self, now: float, roll: float) -> None:
        """Not now: again after a while, longer each time."""
        self._failures += 1
        self.at = now + step(self._policy.backoff, self._failures) * roll

    def restart(self) -> None:
        """Earlier failures count no more."""
        self._failures = 0

    def stop(self) -> None:
        self.at = None

    def take(self, now: float) -> bool:
        """True once when it is due."""
        if self.at is None or now < self.at:
            return False
        self.at = None
        return True
