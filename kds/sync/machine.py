"""The sync machine, pure: `on(event, now) -> effects`; `now` in monotonic seconds.

Puts together the two halves, which hardly know of each other: `Puller` keeps up with the
streams, `Flusher` sends what was accepted here. The driver performs the effects in order and
finishes one before it feeds the next event, so cursors here and rows on the disk move together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kds.sync.attempts import Pace
from kds.sync.flusher import Flusher
from kds.sync.puller import Puller
from kds.sync.signals import (
    Audited,
    Decided,
    Effect,
    Event,
    Failed,
    Flushed,
    Install,
    Joined,
    LinkDown,
    LinkUp,
    Poked,
    Pulled,
    Queued,
    Request,
    Requeued,
    Rewound,
    Seen,
    Snapped,
    Started,
    Submitted,
    Tick,
    WakeAt,
    Woke,
)
from kds.sync.wire import Cursor, StreamSnapshot


class Machine:
    """`problem`: a sentence for the person in front of the screen, or None."""

    def __init__(
        self,
        cursors: Mapping[str, Cursor | None],
        waiting: Iterable[Queued],
        pace: Pace,
        *,
        decided: bool = False,
    ) -> None:
        self.puller = Puller(cursors, pace)
        self.flusher = Flusher(waiting, pace, decided=decided)
        self._pace = pace
        self._problems: dict[Request, str] = {}
        self._started = False
        self._wake: float | None = None

    @property
    def problem(self) -> str | None:
        return self._problems.get("flush") or self._problems.get("pull")

    @property
    def verified(self) -> bool | None:
        """True when every stream's checksum was equal, False while one differs."""
        verdicts = self.puller.verified.values()
        if False in verdicts:
            return False
        return None if None in verdicts else True

    def on(self, event: Event, now: float) -> list[Effect]:
        """Take one event in; what has to be done about it, in order."""
        effects = self._react(event, now)
        if not self._started:
            return effects
        effects += self.flusher.next(now)
        effects += self.puller.next(now)
        wake = self._next_deadline(now)
        if wake != self._wake:
            self._wake = wake
            effects.append(WakeAt(wake))
        return effects

    def _react(self, event: Event, now: float) -> list[Effect]:
        puller, flusher = self.puller, self.flusher
        match event:
            case Started():
                self._started = True
                puller.start(now)
                flusher.start(now)
            case LinkUp():
                puller.link_up(now)
                flusher.link_up(now)
            case LinkDown():
                puller.link_down(now)
            case Woke():
                puller.hurry(now)
                flusher.link_up(now)
            case Joined():
                puller.joined(now)
            case Poked(poke):
                return puller.poked(poke, now)
            case Pulled(streams):
                self._problems.pop("pull", None)
                return puller.pulled(streams, now)
            case Snapped(snapshots):
                self._problems.pop("pull", None)
                return self._snapped(snapshots, now)
            case Audited(stream, verdict):
                puller.audited(stream, verdict, now)
            case Failed():
                return self._failed(event, now)
            case Rewound(cursors):
                puller.rewound(cursors.items(), now)
                flusher.release()
            case Submitted(ops):
                flusher.submitted(ops, now)
            case Decided():
                flusher.decided(now)
            case Requeued(ops):
                flusher.requeued(ops, now)
            case Flushed(outcomes, _):
                self._problems.pop("flush", None)
                flusher.flushed([outcome.seq for outcome in outcomes], now)
            case Seen(seqs):
                flusher.gone(seqs)
            case Tick():
                self._wake = None
        return []

    def _snapped(self, snapshots: tuple[StreamSnapshot, ...], now: float) -> list[Effect]:
        effects = self.puller.snapped(snapshots, now)
        if any(isinstance(effect, Install) and effect.reopen for effect in effects):
            self.flusher.hold()
        return effects

    def _failed(self, event: Failed, now: float) -> list[Effect]:
        hopeless = event.failure in ("unauthorized", "refused")
        if hopeless and event.request != "audit":
            self._problems[event.request] = event.text
        if event.failure == "restored":
            self.puller.hurry(now)  # it tells what the database lacks, and then that is sent first
        if event.request == "flush":
            return self.flusher.failed(event.failure, now, event.dice)
        attempt = self.puller.pull if event.request == "pull" else self.puller.audit
        if hopeless:
            attempt.pause(now)
        else:
            attempt.fail(now, event.dice)
        return []

    def _next_deadline(self, now: float) -> float | None:
        dues = (
            self.flusher.due,
            self.puller.pull.due,
            self.puller.audit.due,
        )
        return min((due for due in dues if due is not None and due > now), default=None)
