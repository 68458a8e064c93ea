"""Plays sounds one after the other on a thread of its own, and tells when it cannot."""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
import wave
from array import array
from collections.abc import Iterable
from functools import lru_cache

from PySide6.QtCore import QObject, Qt, Signal

from kds.base.resources import resource_path
from kds.domain.ringing import MOST_VOLUME, Play
from kds.ui.sounds.output import RATE, Output, SoundError

LOOK_S, LOOK_AGAIN_S = 30.0, 10.0
_MOST_WAITING = 8
_LOOK = Play("", 0)  # see whether there is a device, and play nothing

log = logging.getLogger(__name__)


class Speaker(QObject):
    """`problem` says why nothing can be heard; "" while all is well. Nothing here raises.

    A device that comes or goes is noticed with the next sound and within `LOOK_S` seconds, while
    there is a problem within `LOOK_AGAIN_S`.
    """

    problem_changed = Signal(str)
    played = Signal(str)  # the name of a sound, heard to its end
    _found = Signal(str)  # from the thread: the problem as it is now

    def __init__(self, output: Output, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._output = output
        self._jobs: queue.Queue[Play | None] = queue.Queue(_MOST_WAITING)
        self._thread: threading.Thread | None = None
        self._devices: tuple[str, ...] | None = None  # as the thread last saw them
        self.problem = ""
        self._found.connect(self._take, Qt.ConnectionType.QueuedConnection)

    def start(self) -> None:
        """Begin, and find out whether there is a device."""
        self._thread = threading.Thread(target=self._run, name="sound", daemon=True)
        self._thread.start()
        self._put(_LOOK)

    def stop(self) -> None:
        """End with the sound that is playing."""
        if self._thread is None:
            return
        with contextlib.suppress(queue.Empty):
            while True:
                self._jobs.get_nowait()
        self._jobs.put(None)
        self._thread.join()
        self._thread = None

    def play(self, plays: Iterable[Play]) -> None:
        """Play these after what is playing; what is too much to wait for is left out."""
        for play in plays:
            self._put(play)

    def _put(self, job: Play) -> None:
        if self._thread is not None:
            with contextlib.suppress(queue.Full):
                self._jobs.put_nowait(job)

    def _take(self, problem: str) -> None:
        if problem != self.problem:
            log.log(logging.WARNING if problem else logging.INFO, "sound: %s", problem or "heard")
            self.problem = problem
            self.problem_changed.emit(problem)

    # -- on the thread --------------------------------------------------------------------

    def _run(self) -> None:
        broken = False
        while True:
            try:
                job = self._jobs.get(timeout=LOOK_AGAIN_S if broken else LOOK_S)
            except queue.Empty:
                job = _LOOK
            if job is None:
                return
            problem = self._do(job)
            broken = bool(problem)
            self._found.emit(problem or "")

    def _do(self, job: Play) -> str:
        """The problem there is after it."""
        try:
            if job is _LOOK:
                self._look()
            else:
                self._output.play(samples(job.sound, job.volume))
                self.played.emit(job.sound)
        except SoundError as error:
            self._devices = None
            return str(error)
        except Exception as error:  # a driver's own; the screen goes on without sound
            log.exception("sound")
            self._devices = None
            return f"the sound device failed ({error})"
        return ""

    def _look(self) -> None:
        """Open a device only when others are there than before: some click when opened."""
        devices = self._output.devices()
        if not devices or devices != self._devices:
            self._output.open()
            self._devices = devices


@lru_cache(maxsize=32)
def samples(sound: str, volume: int) -> bytes:
    """The samples of a sound at a volume of 0 to 100. Raises SoundError."""
    try:
        with wave.open(str(resource_path("sounds", f"{sound}.wav")), "rb") as file:
            if (file.getnchannels(), file.getsampwidth(), file.getframerate()) != (1, 2, RATE):
                raise SoundError(f"the sound {sound} is of another kind")
            frames = array("h", file.readframes(file.getnframes()))
    except (OSError, EOFError, wave.Error) as error:
        raise SoundError(f"the sound {sound} cannot be read ({error})") from None
    loudness = (volume / MOST_VOLUME) ** 2  # ears hear ratios
    return array("h", (int(one * loudness) for one in frames)).tobytes()
