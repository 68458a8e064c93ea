"""What the link machine is told (events) and what it asks for (effects)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Reason = Literal["", "signed_out", "offline", "server_error", "stopped"]


@dataclass(frozen=True, slots=True)
class Moment:
    """One instant on both clocks: deadlines run on `mono` (seconds), people read `utc`."""

    mono: float
    utc: datetime


# -- events -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Start:
    """Be connected from now on."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Be disconnected from now on."""


@dataclass(frozen=True, slots=True)
class SignedOut:
    """There is no token that the server would renew; `problem` says so to a person."""

    problem: str


@dataclass(frozen=True, slots=True)
class Granted:
    """A fresh access token, good for `lifetime` seconds."""

    lifetime: float


@dataclass(frozen=True, slots=True)
class RefreshFailed:
    """The token could not be renewed now; it is still the right one to ask with again."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The socket that was asked for is open."""


@dataclass(frozen=True, slots=True)
class OpenFailed:
    """The socket that was asked for did not open. `crowded`: the server has too many already."""

    reason: Reason
    problem: str
    crowded: bool = False


@dataclass(frozen=True, slots=True)
class Answered:
    """Heartbeat `ref` came back."""

    ref: int


@dataclass(frozen=True, slots=True)
class Heard:
    """The server said something else that proves it alive (the answer to a join)."""


@dataclass(frozen=True, slots=True)
class Lost:
    """The socket closed, cleanly or not."""

    problem: str


@dataclass(frozen=True, slots=True)
class Contact:
    """What a request over HTTP met: "" an answer, "server_error" trouble, "offline" nobody."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class NetworkUp:
    """The operating system says that the network is (again) there."""


@dataclass(frozen=True, slots=True)
class NetworkDown:
    """The operating system says that the network is gone; it may be wrong."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A deadline may have passed."""


Event = (
    Start
    | Stop
    | SignedOut
    | Granted
    | RefreshFailed
    | Opened
    | OpenFailed
    | Answered
    | Heard
    | Lost
    | Contact
    | NetworkUp
    | NetworkDown
    | Tick
)


# -- effects ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Open:
    """Get a token and a new socket; report Opened, OpenFailed or SignedOut."""


@dataclass(frozen=True, slots=True)
class Close:
    """Give the socket (or the attempt) up; `abort` a dead one without a farewell."""

    abort: bool


@dataclass(frozen=True, slots=True)
class Join:
    """Channels may be joined on the new socket."""


@dataclass(frozen=True, slots=True)
class Part:
    """All channels are off the air."""


@dataclass(frozen=True, slots=True)
class Beat:
    """Send heartbeat `ref`."""

    ref: int


@dataclass(frozen=True, slots=True)
class Refresh:
    """Renew the token; report Granted, RefreshFailed or SignedOut."""


@dataclass(frozen=True, slots=True)
class Wake:
    """Send a Tick at monotonic second `at`, instead of any Tick asked for before."""

    at: float | None


Effect = Open | Close | Join | Part | Beat | Refresh | Wake
