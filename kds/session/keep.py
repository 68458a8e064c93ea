"""Where a profile's sign-in is kept: the key ring, or a file where there is none."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path

from kds.connection.tokens import Backend, FileBackend, KeyringBackend, TokenStore


class _ChosenLate:
    """Looks for a key ring at the first use: that takes long, and happens off this thread."""

    def __init__(self, account: str, path: Path) -> None:
        self._account = account
        self._path = path

    @cached_property
    def _backend(self) -> Backend:
        if os.environ.get("KDS_TOKENS") != "file" and KeyringBackend.usable():
            return KeyringBackend("kds", self._account)
        return FileBackend(self._path)

    def read(self) -> str | None:
        return self._backend.read()

    def write(self, text: str) -> None:
        self._backend.write(text)

    def delete(self) -> None:
        self._backend.delete()


def token_store(data_dir: Path) -> TokenStore:
    """The store of the profile with this folder; `KDS_TOKENS=file` keeps to the file."""
    account = str(data_dir.resolve())
    return TokenStore(_ChosenLate(account, data_dir / "session.token"))
