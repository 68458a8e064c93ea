"""What the sync machine is told (events), what it has written, and what it asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from kds.domain.commands import Outcome
from kds.sync.wire import Cursor, Poke, StreamAnswer, StreamChanges, StreamSnapshot

Failure = Literal["unreachable", "unauthorized", "refused", "too_large", "restored"]
Request = Literal["pull", "flush", "audit"]
Verdict = Literal["equal", "differs", "moved"]


@dataclass(frozen=True, slots=True)
class Queued:
    """An op that waits; `size` is its length on the wire in bytes."""

    seq: int
    lane: str
    size: int


# -- events -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Started:
    """The network may be used from now on."""


@dataclass(frozen=True, slots=True)
class LinkUp:
    """The live connection stands: the server can be reached, and the token is good."""


@dataclass(frozen=True, slots=True)
class LinkDown:
    """There is no live connection any more; requests may still get through."""


@dataclass(frozen=True, slots=True)
class Joined:
    """A poke channel is subscribed (again); what happened before may be missing."""


@dataclass(frozen=True, slots=True)
class Woke:
    """The machine was asleep, or its clock was set."""


@dataclass(frozen=True, slots=True)
class Poked:
    poke: Poke


@dataclass(frozen=True, slots=True)
class Pulled:
    streams: Mapping[str, StreamAnswer]


@dataclass(frozen=True, slots=True)
class Snapped:
    snapshots: tuple[StreamSnapshot, ...]


@dataclass(frozen=True, slots=True)
class Audited:
    """`verdict` "moved": the two sides were not at the same rev, so nothing is known."""

    stream: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Failed:
    """A request was not answered as hoped. `text` is fit for a person; 0 <= `dice` < 1.

    `code`: the server's own, of a refusal.
    """

    request: Request
    failure: Failure
    text: str
    dice: float
    code: str = ""


@dataclass(frozen=True, slots=True)
class Rewound:
    """The disk did not take what was to be applied: these cursors are what it has."""

    cursors: Mapping[str, Cursor]


@dataclass(frozen=True, slots=True)
class Submitted:
    """Ops were accepted on this terminal, in this order."""

    ops: tuple[Queued, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """A person has decided something that the server is to be told."""


@dataclass(frozen=True, slots=True)
class Requeued:
    """Exactly these ops wait now, in this order (the driver fills them in at the last moment)."""

    ops: tuple[Queued, ...]


@dataclass(frozen=True, slots=True)
class Flushed:
    """The server's word on ops that were sent to it, as the database of `epoch`."""

    outcomes: tuple[Outcome, ...]
    epoch: str | None = None


@dataclass(frozen=True, slots=True)
class Gone:
    """These ops need no sending any more: their effect is here, or they were put aside."""

    seqs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Tick:
    """A deadline may have passed."""


Event = (
    Started
    | LinkUp
    | LinkDown
    | Joined
    | Woke
    | Poked
    | Pulled
    | Snapped
    | Audited
    | Failed
    | Rewound
    | Submitted
    | Decided
    | Requeued
    | Flushed
    | Gone
    | Tick
)

# -- what to ask the server for -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pull:
    cursors: Mapping[str, Cursor]


@dataclass(frozen=True, slots=True)
class TakeSnapshot:
    streams: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Audit:
    stream: str


@dataclass(frozen=True, slots=True)
class Flush:
    """Send what was decided, then these ops in this order. `more`: another batch follows."""

    seqs: tuple[int, ...]
    more: bool = False


@dataclass(frozen=True, slots=True)
class WakeAt:
    """Send a Tick at monotonic second `at`, instead of any Tick asked for before."""

    at: float | None


Ask = Pull | TakeSnapshot | Audit | Flush | WakeAt

# -- what the disk has to take ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Apply:
    """Show these changes, then write them and their cursors."""

    parts: tuple[StreamChanges, ...]


@dataclass(frozen=True, slots=True)
class Install:
    """Replace whole streams. `reopen`: the server is another one; send settled ops again."""

    snapshots: tuple[StreamSnapshot, ...]
    reopen: bool


@dataclass(frozen=True, slots=True)
class Bury:
    """The server will never take this op: put it aside for a person."""

    seq: int
    reason: str


Write = Apply | Install | Bury
