"""A file for somebody else's program: whole, or as it was before."""

from __future__ import annotations

import contextlib
import errno
import os
from pathlib import Path
from typing import Final

from kds.base.errors import StorageError

_SAID: Final = {
    errno.ENOSPC: "The disk is full.",
    errno.EDQUOT: "There is no room left for this account on the disk.",
    errno.EACCES: "Nothing may be saved in that folder.",
    errno.EPERM: "Nothing may be saved in that folder.",
    errno.EROFS: "That disk can only be read.",
    errno.ENOENT: "That folder is not there any more.",
    errno.EISDIR: "That is a folder.",
}


def save_whole(path: Path, data: bytes) -> None:
    """Write a file. One of that name stays as it was unless all of `data` is on the disk.

    Raises StorageError, fit for a person.
    """
    draft = path.with_name(f".{path.name}.part")
    try:
        try:
            with draft.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                draft.unlink()
            raise
    except OSError as error:
        said = _SAID.get(error.errno or 0) or f"{error.strerror or error}."
        raise StorageError(f"Not saved. {said}") from error
