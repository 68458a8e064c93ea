"""Keeps a window alive: a small parent process starts it again when it dies, for ever.

    parent:  kds kitchen --kiosk              imports no Qt; ends when the window was closed
    child:   kds kitchen --kiosk --guarded    the window; `--again` when one before it died
    spare:   ... --guarded --again --standby  has loaded its code, and waits for a byte on stdin

Half of a start is loading code, and a cook waits for none of it: the spare is there when a window
dies. It costs about 50 MB.

The child's stdin is the leash on every platform: it ends in order when that is closed, by the
parent that was told to stop and by the system when the parent was killed.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

log = logging.getLogger(__name__)

PAUSES_S = (0.0, 0.0, 1.0, 2.0, 5.0, 10.0, 30.0)
STEADY_S = 10.0
SPARE_AFTER_S = 5.0
PATIENCE_S = 20.0
GO = b"g"


@dataclass(frozen=True, slots=True)
class Life:
    """How a window lives: alone, or kept alive (`kiosk`) by a parent that starts it `guarded`;
    then perhaps `again`, after one that died, and first in `standby`."""

    kiosk: bool = False
    guarded: bool = False
    again: bool = False
    standby: bool = False

    @property
    def parent(self) -> bool:
        """No window, but what keeps one alive."""
        return self.kiosk and not self.guarded


ALONE = Life()


class Restarts:
    """How long to wait before the next start: not at all after a window that has run for a while,
    longer and longer for one that dies again and again. Pure."""

    def __init__(self) -> None:
        self._in_a_row = 0

    def pause(self, lived_s: float) -> float:
        """Seconds until the next start, after a window that lived for `lived_s` seconds."""
        self._in_a_row = 0 if lived_s >= STEADY_S else self._in_a_row
        pause = PAUSES_S[min(self._in_a_row, len(PAUSES_S) - 1)]
        self._in_a_row += 1
        return pause


class Process(Protocol):
    """A window in a process of its own."""

    def lives(self, seconds: float) -> bool:
        """Whether it does so for this long from now; False as soon as it has ended."""
        ...

    def wait(self) -> int:
        """Its exit code, when it has ended."""
        ...

    def go(self) -> bool:
        """Open the window of a process that stands by; False when it has died meanwhile."""
        ...

    def let_go(self) -> None:
        """Ask it to end, and make it when it does not. May be called twice."""
        ...


class Start(Protocol):
    """Starts a window, or a process that stands by to open one."""

    def __call__(self, *, again: bool, standby: bool) -> Process: ...


class Kiosk:
    """Keeps one window open, and beside it a process that is ready to open the next."""

    def __init__(
        self,
        start: Start,
        *,
        now: Callable[[], float] = time.monotonic,
        spare_after_s: float = SPARE_AFTER_S,
    ) -> None:
        self._start, self._now = start, now
        self._spare_after_s = spare_after_s
        self._restarts = Restarts()
        self._stopped = threading.Event()
        self._window: Process | None = None
        self._spare: Process | None = None

    def run(self) -> int:
        """Until a window was closed, or after `stop`; the exit code of the last one."""
        try:
            return self._run()
        finally:
            self._let_go(self._spare)

    def stop(self) -> None:
        """End the window, and open no other. For a signal handler."""
        self._stopped.set()
        self._let_go(self._window)

    def _run(self) -> int:
        self._window = self._start(again=False, standby=False)
        while True:
            began = self._now()
            if self._stopped.is_set():  # told so while it was being started
                self._window.let_go()
            code = self._watch(self._window)
            if code == 0 or self._stopped.is_set():
                return code
            pause = self._restarts.pause(self._now() - began)
            log.error("the window ended with %s; the next one comes in %.0f s", _why(code), pause)
            if self._stopped.wait(pause):
                return code
            self._window = self._next()

    def _watch(self, window: Process) -> int:
        """Its exit code. The spare comes when it has nothing to do any more with starting."""
        if window.lives(self._spare_after_s) and not self._stopped.is_set():
            self._spare = self._spare or self._start(again=True, standby=True)
        return window.wait()

    def _next(self) -> Process:
        spare, self._spare = self._spare, None
        if spare is not None and spare.go():
            return spare
        return self._start(again=True, standby=False)

    @staticmethod
    def _let_go(process: Process | None) -> None:
        if process is not None:
            process.let_go()


class Window:
    """A command line of ours with `--guarded`, on a leash."""

    def __init__(self, arguments: Sequence[str], *, again: bool, standby: bool) -> None:
        flags = [*(["--again"] if again else []), *(["--standby"] if standby else [])]
        self._process = subprocess.Popen(  # noqa: S603 (ourselves)
            [sys.executable, "-m", "kds", *arguments, "--guarded", *flags],
            stdin=subprocess.PIPE,
            bufsize=0,
        )

    def lives(self, seconds: float) -> bool:
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return True
        return False

    def wait(self) -> int:
        return self._process.wait()

    def go(self) -> bool:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(GO)
        except OSError:
            return False
        return self._process.poll() is None

    def let_go(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        timer = threading.Timer(PATIENCE_S, self._process.kill)
        timer.daemon = True
        timer.start()


def stand_by() -> bool:
    """In the child: wait for the word to open the window; False when it is not to come."""
    return os.read(sys.stdin.fileno(), len(GO)) == GO


def guard(arguments: Sequence[str]) -> int:
    """Keep the window of this command line open until somebody closes it, or this process is told
    to end; the exit code."""
    kiosk = Kiosk(partial(Window, arguments))
    for number in (signal.SIGINT, signal.SIGTERM, *_hang_ups()):
        signal.signal(number, lambda *_: kiosk.stop())
    return kiosk.run()


def _hang_ups() -> list[int]:
    """What else tells a process to end, here."""
    names = ("SIGHUP", "SIGBREAK")
    return [int(getattr(signal, name)) for name in names if hasattr(signal, name)]


def _why(code: int) -> str:
    """`signal SIGKILL`, `code 1`."""
    try:
        return f"signal {signal.Signals(-code).name}" if code < 0 else f"code {code}"
    except ValueError:
        return f"code {code}"
