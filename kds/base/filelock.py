"""A lock that the operating system drops when its holder dies, however it dies."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from kds.base.errors import AlreadyRunning, KdsError

if sys.platform == "win32":
    import msvcrt

    def _lock(fd: int) -> None:
        msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(fd: int) -> None:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)


class FileLock:
    """One holder of `path` at a time, over all processes of this machine.

    The file stays behind on purpose: deleting a lock file lets two holders in.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._fd: int | None = None

    def acquire(self, refusal: str) -> None:
        """Take the lock or raise `AlreadyRunning(refusal)` at once. Taking it twice is fine.

        Raises KdsError when the file cannot even be opened.
        """
        if self._fd is not None:
            return
        try:
            fd = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise KdsError(f"{self._path} cannot be opened: {error.strerror}") from None
        try:
            _lock(fd)
        except OSError:
            os.close(fd)
            raise AlreadyRunning(refusal) from None
        self._fd = fd

    def release(self) -> None:
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None
