"""Where a device keeps its refresh token between starts; the password is never kept."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Protocol


class Backend(Protocol):
    """One text, kept somewhere. Both kinds block: call them off the GUI thread."""

    def read(self) -> str | None: ...

    def write(self, text: str) -> None: ...

    def delete(self) -> None: ...


class FileBackend:
    """A file that only its owner can read, replaced as a whole."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> str | None:
        try:
            return self._path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return None

    def write(self, text: str) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=self._path.parent, prefix=".token-")  # mode 0600
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(self._path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise

    def delete(self) -> None:
        self._path.unlink(missing_ok=True)


class KeyringBackend:
    """The operating system's own key ring."""

    def __init__(self, service: str, account: str) -> None:
        self._service = service
        self._account = account

    @staticmethod
    def usable() -> bool:
        """Whether this machine has a key ring that really keeps what it is given."""
        import keyring

        # keyring's `fail` and `null` backends have a priority of 0 and below.
        return keyring.get_keyring().priority >= 1

    def read(self) -> str | None:
        import keyring

        return keyring.get_password(self._service, self._account)

    def write(self, text: str) -> None:
        import keyring

        keyring.set_password(self._service, self._account, text)

    def delete(self) -> None:
        import keyring
        from keyring.errors import PasswordDeleteError

        try:
            keyring.delete_password(self._service, self._account)
        except PasswordDeleteError:
            return  # was not there


class TokenStore:
    """The refresh token of one profile."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    @classmethod
    def file(cls, path: Path) -> TokenStore:
        """Kept in a file with mode 0600."""
        return cls(FileBackend(path))

    @classmethod
    def best(cls, account: str, path: Path) -> TokenStore:
        """Kept in the key ring under `account` where there is one, else in the file `path`."""
        if KeyringBackend.usable():
            return cls(KeyringBackend("kds", account))
        return cls.file(path)

    def load(self) -> str | None:
        """The token, or None when nobody is signed in."""
        return (self._backend.read() or "").strip() or None

    def save(self, token: str) -> None:
        """Keep `token` in place of the one before; it is durable when this returns."""
        self._backend.write(token)

    def clear(self) -> None:
        self._backend.delete()
