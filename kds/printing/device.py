"""Where a printer is, and handing it the bytes of a job. This blocks: call it in a thread."""

from __future__ import annotations

import os
import re
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kds.base.errors import KdsError
from kds.printing.escpos import library

PORT: Final = 9100
ALLOWED: Final = "it must be tcp://<host>[:<port>], file:<path> or usb:<vendor>:<product>"


class PrintError(KdsError):
    """The printer did not take the job; the text is for the person who waits for the paper."""


@dataclass(frozen=True, slots=True)
class Tcp:
    """A printer on the network that listens for raw jobs."""

    host: str
    port: int = PORT

    def send(self, job: bytes, limit_s: float) -> None:
        """Connect and hand over, each within `limit_s`. Raises PrintError."""
        sent = False
        try:
            with socket.create_connection((self.host, self.port), timeout=limit_s) as line:
                sent = True  # from here on some of it may be on paper
                line.sendall(job)
                line.shutdown(socket.SHUT_WR)
        except OSError as error:
            where = f"the printer at {self.host}"
            if sent:
                raise PrintError(f"{where} stopped in the middle. Look at the paper.") from error
            raise PrintError(f"{where} does not answer. Is it on?") from error


@dataclass(frozen=True, slots=True)
class PrinterFile:
    """A device of the operating system (`/dev/usb/lp0`), or a plain file, which grows."""

    path: Path

    def send(self, job: bytes, limit_s: float) -> None:
        """Write it; a device without paper may block for as long as it likes."""
        try:
            with self.path.open("ab", buffering=0) as file:
                _write_all(file.fileno(), job)
        except OSError as error:
            reason = error.strerror or str(error)
            raise PrintError(f"{self.path} cannot be written: {reason}.") from error


@dataclass(frozen=True, slots=True)
class Usb:
    """A printer that this program drives itself, without the operating system's driver."""

    vendor: int
    product: int

    def send(self, job: bytes, limit_s: float) -> None:
        """Find it and hand over within `limit_s`. Raises PrintError."""
        name = f"the USB printer {self.vendor:04x}:{self.product:04x}"
        driver = library().Usb
        if not driver.is_usable():  # one that is made all the same fails when it is thrown away
            raise PrintError("this computer has no USB library. Install pyusb and libusb.")
        device = driver(self.vendor, self.product, timeout=int(limit_s * 1000))
        try:
            device.open()
            device._raw(job)
        except Exception as error:  # of escpos, pyusb or libusb, whichever is missing
            raise PrintError(f"{name} does not answer. Is it on?") from error
        finally:
            device.close()


Address = Tcp | PrinterFile | Usb


def address_of(text: str) -> Address:
    """The printer that a profile names. Raises ValueError, which says what is allowed."""
    if found := re.fullmatch(r"tcp://(\[[0-9a-fA-F:.]+\]|[^\s/:\[\]]+)(?::(\d{1,5}))?/?", text):
        port = int(found[2] or PORT)
        if 0 < port < 65536:
            return Tcp(found[1].strip("[]"), port)
    elif found := re.fullmatch(r"file:(.+)", text):
        return PrinterFile(Path(found[1]))
    elif found := re.fullmatch(r"usb:([0-9a-fA-F]{4}):([0-9a-fA-F]{4})", text):
        return Usb(int(found[1], 16), int(found[2], 16))
    raise ValueError(ALLOWED)


def _write_all(handle: int, job: bytes) -> None:
    rest = memoryview(job)
    while rest:
        rest = rest[os.write(handle, rest) :]
