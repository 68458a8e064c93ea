"""The way to a loudspeaker, and what it is called when there is none.

The library is loaded at the first sound and costs 13 MB. QtMultimedia would bring 600 MB of
PySide6-Addons, and cannot even be imported on a Linux without PulseAudio's library.
"""

from __future__ import annotations

import contextlib
import ctypes
import sys
import threading
from collections.abc import Generator
from typing import Any, Protocol

RATE = 22_050
_WIDTH = 2  # bytes of a sample: 16 bit, mono
_BUFFER_MS = 60
_TAIL = bytes(RATE * _WIDTH * 2 * _BUFFER_MS // 1000)  # what is in the buffers is heard, too
_PATIENCE_S = 3.0
_NO_ONE_HEARS = ("Discard all samples", "Dummy Output", "Null Output", "NULL Playback Device")


class SoundError(Exception):
    """It cannot be heard; the text says why, fit for a person."""


class Output(Protocol):
    """Where samples (16 bit, mono, `RATE`) become audible. Every call may take a while."""

    def devices(self) -> tuple[str, ...]:
        """The names of what could be heard now. Raises SoundError."""
        ...

    def open(self) -> None:
        """See whether it can be heard. Raises SoundError."""
        ...

    def play(self, samples: bytes) -> None:
        """Play to the end. Raises SoundError."""
        ...


class SystemOutput:
    """The operating system's default device, opened for each sound: it may have changed."""

    def devices(self) -> tuple[str, ...]:
        audio = _library()
        try:
            names = (str(found["name"]) for found in audio.Devices().get_playbacks())
            return tuple(name for name in names if not name.startswith(_NO_ONE_HEARS))
        except audio.MiniaudioError:
            return ()

    def open(self) -> None:
        self._device().close()

    def play(self, samples: bytes) -> None:
        device, heard = self._device(), threading.Event()
        try:
            source = _source(samples + _TAIL, heard)
            next(source)
            device.start(source)
            if not heard.wait(len(samples) / (RATE * _WIDTH) + _PATIENCE_S):
                raise SoundError("the sound device does not play")
        except _library().MiniaudioError as error:
            raise SoundError(f"the sound device does not play ({error.args[0]})") from None
        finally:
            device.close()

    def _device(self) -> Any:
        if not self.devices():
            raise SoundError("no loudspeaker was found")
        audio = _library()
        try:
            device = audio.PlaybackDevice(
                audio.SampleFormat.SIGNED16, 1, RATE, _BUFFER_MS, app_name="kds"
            )
        except audio.MiniaudioError:
            raise SoundError("the sound device cannot be opened") from None
        if device.backend == "Null":  # what the library falls back to
            device.close()
            raise SoundError("no loudspeaker was found")
        return device


def _source(samples: bytes, heard: threading.Event) -> Generator[bytes, int, None]:
    """Hands out as many frames as it is sent for, and says when all are gone."""
    wanted, at = (yield b"") * _WIDTH, 0
    while at < len(samples):
        part = samples[at : at + wanted]
        at += wanted
        wanted = (yield part) * _WIDTH
    heard.set()


def _library() -> Any:
    try:
        import miniaudio  # type: ignore[import-untyped]
    except (ImportError, OSError) as error:
        raise SoundError(f"sound is not installed ({error})") from None
    _hush_alsa()
    return miniaudio


_quiet: list[Any] = []  # C calls it as long as the process lives


def _hush_alsa() -> None:
    """ALSA prints a page on stderr whenever it is asked for a device that is not there."""
    if _quiet or not sys.platform.startswith("linux"):
        return
    with contextlib.suppress(OSError, AttributeError):
        alsa = ctypes.CDLL("libasound.so.2")
        take = ctypes.CFUNCTYPE(
            None, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p
        )
        _quiet.extend((take(lambda *_: None), alsa))
        alsa.snd_lib_error_set_handler(_quiet[0])
