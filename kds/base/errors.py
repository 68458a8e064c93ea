"""The one exception tree.

    KdsError
    ├── ConfigError          a profile or an option is wrong; says where and what is allowed
    ├── InputError           a file that a person gave cannot be read; nothing was imported
    ├── AlreadyRunning       another process holds this profile or this hub's data
    ├── StorageError         this device's own file cannot be read or written
    └── RemoteError          the back end did not do what was asked
        ├── Unreachable      no answer: it may or may not have happened; ask again
        ├── Unauthorized     the credentials or the token are not accepted (401)
        ├── Refused          understood and declined (4xx); asking again will not help
        └── TooLarge         the request is over the server's size limit (413)

An expected refusal of a single op is not here: it is a value (`domain.commands.Outcome`).
"""

from __future__ import annotations


class KdsError(Exception):
    """Root of everything this program raises on purpose. Its text is fit for a person."""


class ConfigError(KdsError):
    """A profile or an option is wrong; the text says where and what is allowed."""


class InputError(KdsError):
    """A file that a person gave cannot be used; the text says which line and why."""


class AlreadyRunning(KdsError):
    """Another process already holds this profile or this hub's data."""


class StorageError(KdsError):
    """This device's own file cannot be used: a full disk, no permission, a newer program's file."""


class RemoteError(KdsError):
    """The back end did not do what was asked."""


class Unreachable(RemoteError):
    """No usable answer came; the request may or may not have taken effect."""


class Unauthorized(RemoteError):
    """The password, key or token was not accepted."""


class Refused(RemoteError):
    """The server understood and declined; asking again unchanged will not help."""

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.code = code


class TooLarge(RemoteError):
    """The request is over the server's size limit; send less at once."""
