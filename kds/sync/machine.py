"""The sync machine, pure; `now` in monotonic seconds. A step is one event, in two halves:

    on(event, now)   what of it the disk has to take
    next(now)        what to ask the server for, once the disk has it

When the disk does not take it, the machine hears `Rewound` before `next`. So cursors here and
rows on the disk move together, whatever is asked for is asked from there, and nothing is counted
as asked for that never was.

Puts together two parts, which hardly know of each other: `Puller` keeps up with the streams,
`Flusher` sends what was accepted here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kds.sync.attempts import Pace
from kds.sync.flusher import Flusher
from kds.sync.puller import Puller
from kds.sync.signals import (
    Ask,
    Audited,
    Decided,
    Event,
    Failed,
    Flushed,
    Gone,
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
    Snapped,
    Started,
    Submitted,
    Tick,
    WakeAt,
    Woke,
    Write,
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

    def next(self, now: float) -> list[Ask]:
        """The requests to make now, and when to wake up."""
        if not self._started:
            return []
        asks: list[Ask] = [*self.flusher.next(now), *self.puller.next(now)]
        wake = self._next_deadline(now)
        if wake != self._wake:
            self._wake = wake
            asks.append(WakeAt(wake))
        return asks

    def on(self, event: Event, now: float) -> list[Write]:
        """Take one event in; what the disk has to take, in order."""
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
            case Gone(seqs):
                flusher.gone(seqs)
            case Tick():
                self._wake = None
        return []

    def _snapped(self, snapshots: tuple[StreamSnapshot, ...], now: float) -> list[Write]:
        writes = self.puller.snapped(snapshots, now)
        if any(isinstance(write, Install) and write.reopen for write in writes):
            self.flusher.hold()
        return writes

    def _failed(self, event: Failed, now: float) -> list[Write]:
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
