"""One channel's membership as a pure state machine: joined, or on its way, or told no.

    idle       there is no socket
    queued     waiting for its turn (joins go out one by one, the important ones first)
    joining    the join is out; `Subscribed` is what counts, an accepted join alone is not enough
    joined     events arrive
    waiting    failed; again at a deadline
    paused     left for now, because nobody looks at what it brings
    closed     released

A refused join freezes the whole socket of a real server for 5 s, and a server that cuts its
receivers cuts them again when they rush back. So every failure waits; a refusal waits longer and
keeps its deadline when the socket is rebuilt; after `join_attempts` failures in a row the channel
is called degraded, and goes on trying at the slowest pace. A join that held for `stable_after`
seconds starts over at one; so does a fresh token after a refusal. A pause lifts no deadline.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kds.connection.policy import DEFAULT, Policy, Priority, step

ChannelStatus = Literal["joining", "joined", "degraded", "refused", "paused", "closed"]
Failure = Literal["refused", "busy", "expired", "lost"]
Phase = Literal["idle", "queued", "joining", "joined", "waiting", "paused", "closed"]
Signal = Literal[
    "up", "down", "turn", "subscribed", "token", "reshape", "pause", "resume", "release", "tick"
]
Act = Literal["queue", "join", "leave", "announce"]
"""queue: ask for a turn. join: send the join. leave: send the farewell, if a join ever went out.
announce: `status` changed, or the channel was really subscribed (again)."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The join was declined, or the server closed the channel."""

    failure: Failure


class Membership:
    """See the module's text. `status` is for people, `wake_at` the next deadline (seconds)."""

    def __init__(self, priority: Priority = "high", policy: Policy = DEFAULT) -> None:
        self.priority: Priority = priority
        self.policy = policy
        self.phase: Phase = "idle"
        self.status: ChannelStatus = "joining"
        self.wake_at: float | None = None
        self._failures = 0
        self._refused = False
        self._socket = False
        self._joined_at = 0.0
        self._resume_as: ChannelStatus = "joining"

    def on(self, event: Signal | Failed, now: float, roll: float) -> list[Act]:
        """Take one event in at monotonic second `now`; what has to be done, in order."""
        if self.phase == "closed":
            return []
        if self.phase == "paused":
            return self._while_paused(event, now)
        if isinstance(event, Failed):
            return self._failed(event.failure, now, roll) if self._on_air else []
        match event:
            case "up":
                return self._up(now)
            case "down":
                return self._down(now)
            case "turn" if self.phase == "queued":
                return self._enter("joining", ["join"], now + self.policy.join_timeout)
            case "subscribed" if self.phase == "joining":
                return self._subscribed(now)
            case "token" if self.phase == "waiting" and self._refused:
                self._failures, self._refused = 0, False
                return self._enter("queued", ["queue"])
            case "token" if self.phase == "waiting" and self._failures <= 1:
                return self._enter("queued", ["queue"])
            case "reshape" if self._on_air:
                return self._enter("queued", ["leave", "queue"])
            case "pause":
                return self._pause(now)
            case "release":
                return self._release()
            case "tick" if self.wake_at is not None and now >= self.wake_at:
                return self._overdue(now, roll)
        return []

    @property
    def _on_air(self) -> bool:
        return self.phase in ("joining", "joined")

    def _up(self, now: float) -> list[Act]:
        self._socket = True
        if self.phase == "waiting" and self.wake_at is not None and now < self.wake_at:
            return []
        return self._enter("queued", ["queue"])

    def _down(self, now: float) -> list[Act]:
        self._socket = False
        self._forgive(now)
        if self._refused and self.phase == "waiting":
            return []
        self._enter("idle", [])
        return self._say("joining")

    def _subscribed(self, now: float) -> list[Act]:
        self._joined_at, self._refused = now, False
        self._enter("joined", [])
        self.status = "joined"
        return ["announce"]

    def _failed(self, failure: Failure, now: float, roll: float) -> list[Act]:
        self._forgive(now)
        self._failures += 1
        self._refused = failure == "refused"
        self._enter("waiting", [], now + self._delay(failure, roll))
        if self._failures >= self.policy.join_attempts[self.priority]:
            return self._say("degraded")
        return self._say("refused" if self._refused else "joining")

    def _overdue(self, now: float, roll: float) -> list[Act]:
        if self.phase == "joining":  # accepted perhaps, but never subscribed
            return ["leave", *self._failed("lost", now, roll)]
        if not self._socket:
            return self._enter("idle", [])
        return self._enter("queued", ["queue"])

    def _pause(self, now: float) -> list[Act]:
        acts: list[Act] = ["leave"] if self._on_air else []
        self._forgive(now)
        waiting = self.phase == "waiting"
        self._resume_as = self.status if waiting else "joining"
        self._enter("paused", [], self.wake_at if waiting else None)
        return [*acts, *self._say("paused")]

    def _while_paused(self, event: Signal | Failed, now: float) -> list[Act]:
        match event:
            case "up" | "down":
                self._socket = event == "up"
            case "tick" if self.wake_at is not None and now >= self.wake_at:
                self.wake_at = None
            case "token" if self._refused:
                self._failures, self._refused = 0, False
                self._resume_as, self.wake_at = "joining", None
            case "resume":
                return self._resume()
            case "release":
                return self._release()
        return []

    def _resume(self) -> list[Act]:
        if self.wake_at is not None:
            acts = self._enter("waiting", [], self.wake_at)
        elif self._socket:
            acts = self._enter("queued", ["queue"])
        else:
            acts = self._enter("idle", [])
        return [*acts, *self._say(self._resume_as)]

    def _release(self) -> list[Act]:
        acts: list[Act] = ["leave"] if self._on_air else []
        self._enter("closed", [])
        self.status = "closed"
        return [*acts, "announce"]

    def _forgive(self, now: float) -> None:
        if self.phase == "joined" and now - self._joined_at >= self.policy.stable_after:
            self._failures = 0

    def _delay(self, failure: Failure, roll: float) -> float:
        if self._failures >= self.policy.join_attempts[self.priority]:
            return self.policy.refused_backoff[-1] * (1 + roll) / 2
        if failure in ("refused", "busy"):
            return step(self.policy.refused_backoff, self._failures) * (1 + roll) / 2
        return step(self.policy.backoff, self._failures) * roll

    def _enter(self, phase: Phase, acts: list[Act], wake_at: float | None = None) -> list[Act]:
        self.phase, self.wake_at = phase, wake_at
        return acts

    def _say(self, status: ChannelStatus) -> list[Act]:
        if status == self.status:
            return []
        self.status = status
        return ["announce"]
