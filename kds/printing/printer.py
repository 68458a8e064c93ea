"""The one who waits for the printer, so that nobody else has to.

Jobs go to the device one after the other, each in a thread that may take as long as it likes. A
job is in exactly one place: waiting, in the works, failed, or printed. A failed one is kept until
a person tries it again or lets it go, so nothing is lost; one in the works is never started a
second time, so nothing is doubled.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from kds.base.alarm import Alarm
from kds.base.clock import Clock
from kds.base.events import Event
from kds.printing.device import PrintError
from kds.printing.escpos import to_bytes
from kds.printing.ticket import Printed

LIMIT_S = 6.0
"""How long a printer may take for one step before a person is told."""

log = logging.getLogger(__name__)


class Device(Protocol):
    """Takes the bytes of a whole job, blocking; raises PrintError."""

    def send(self, job: bytes, limit_s: float) -> None: ...


@dataclass(frozen=True, slots=True)
class Job:
    """`name`: what a person calls it, `A-017`."""

    id: str
    name: str
    lines: tuple[Printed, ...]


@dataclass(frozen=True, slots=True)
class Trouble:
    """A job that is not on paper, and why. `hangs`: the device has it and does not finish."""

    job: Job
    reason: str
    hangs: bool = False


class Printer:
    """Lives on the event loop. `changed` fires when `troubles` does, `printed` with each job."""

    def __init__(self, device: Device, clock: Clock, limit_s: float = LIMIT_S) -> None:
        self._device = device
        self._clock = clock
        self._limit_s = limit_s
        self._waiting: deque[Job] = deque()
        self._failed: dict[str, Trouble] = {}
        self._now: Job | None = None
        self._hangs = False
        self._late = Alarm(clock, self._on_late)
        self.changed: Event[None] = Event()
        self.printed: Event[Job] = Event()

    @property
    def troubles(self) -> tuple[Trouble, ...]:
        """What needs a person, the oldest first."""
        hanging: tuple[Trouble, ...] = ()
        if self._now is not None and self._hangs:
            reason = "the printer does not take it. Look at the paper and the cover."
            hanging = (Trouble(self._now, reason, hangs=True),)
        return (*hanging, *self._failed.values())

    def print(self, job: Job) -> None:
        """Print it when its turn comes; returns at once.

        One of the same id that is not on paper yet is the same paper: a second tap adds none.
        """
        on_its_way = {one.id for one in (*self._waiting, self._now) if one is not None}
        if job.id in on_its_way:
            return
        if self._failed.pop(job.id, None):
            self.changed.emit(None)
        self._waiting.append(job)
        self._next()

    def retry(self, job_id: str) -> None:
        """Print a failed job again; nothing when it is not one any more."""
        if trouble := self._failed.get(job_id):
            self.print(trouble.job)

    def forget(self, job_id: str) -> None:
        """A person does without this paper."""
        if self._failed.pop(job_id, None):
            self.changed.emit(None)

    def stop(self) -> None:
        """No timer is left; what is in the works is left to the device."""
        self._late.stop()

    # -- one after the other ----------------------------------------------------------------

    def _next(self) -> None:
        if self._now is not None or not self._waiting:
            return
        self._now = job = self._waiting.popleft()
        self._late.set(self._clock.monotonic() + 2 * self._limit_s)  # to connect, and to send
        loop = asyncio.get_running_loop()

        def work() -> None:
            reason = self._reason(job)
            _call(loop, lambda: self._on_done(job, reason))

        # Not of a pool: a printer that hangs must not keep the program from ending.
        threading.Thread(target=work, name=f"print {job.name}", daemon=True).start()

    def _reason(self, job: Job) -> str:
        """Why it is not on paper; "" when it is. Runs in the thread."""
        try:
            self._device.send(to_bytes(job.lines), self._limit_s)
        except PrintError as error:
            log.warning("%s was not printed: %s (%s)", job.name, error, error.__cause__)
            return str(error)
        except Exception:
            log.exception("%s was not printed", job.name)
            return "this program could not print it. The log says why."
        return ""

    def _on_done(self, job: Job, reason: str) -> None:
        told, self._hangs = self._hangs, False
        self._now = None
        self._late.set(None)
        if reason:
            self._failed[job.id] = Trouble(job, reason)
        if reason or told:
            self.changed.emit(None)
        if not reason:
            self.printed.emit(job)
        self._next()

    def _on_late(self) -> None:
        self._hangs = True
        self.changed.emit(None)


def _call(loop: asyncio.AbstractEventLoop, work: Callable[[], None]) -> None:
    """Do `work` on the loop, unless the program has ended meanwhile."""
    try:
        loop.call_soon_threadsafe(work)
    except RuntimeError:
        log.info("a ticket was still being printed at the end")
