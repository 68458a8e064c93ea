"""Ops on their way: in the outbox, dead, settled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from kds.domain.commands import Command, Result


@dataclass(frozen=True, slots=True)
class Entry:
    """An op in the outbox. `revs`: where its effect is complete; None while it is unanswered."""

    command: Command
    revs: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class DeadOp:
    """An op that needs a person. `at`: since when.

    The server refused it (`rejected`), holds it behind a refused one (`blocked`), or found the
    world changed (`conflict`, which holds up nothing; `remote` as in `Outcome`).
    `unreadable`: of its command only id, number, lane and time are known; it cannot be sent.
    """

    command: Command
    result: Result
    reason: str
    blocked_by: str | None
    at: str
    remote: Mapping[str, Any] | None = None
    unreadable: bool = False


SENT_AGAIN: Final = "sent again"
DONE_ANYWAY: Final = "done anyway"
KEPT_REMOTE: Final = "kept remote"
EDITED: Final = "edited"


def discarded(why: str) -> str:
    """The resolution of an op that a person has decided to do without."""
    return f"discarded: {why}"


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person (`actor`) has decided about a dead op.

    The server is told when it can be reached. `unsent` is the op itself when the server has never
    tried it and never will.
    """

    op_id: str
    resolution: str
    actor: str = ""
    unsent: Mapping[str, Any] | None = None

    @property
    def renews(self) -> bool:
        """The op goes again, under a new id and number."""
        return self.resolution in (SENT_AGAIN, DONE_ANYWAY)


@dataclass(frozen=True, slots=True)
class Settlement:
    """What the server's word does to the outbox.

    `answered`: (seq, revs) of ops whose rows are still to come. `gone`: (seq, result) of ops that
    are settled. `dead`: ops that need a person.
    """

    answered: Sequence[tuple[int, Mapping[str, int]]] = ()
    gone: Sequence[tuple[int, str]] = ()
    dead: Sequence[DeadOp] = ()

    def __bool__(self) -> bool:
        return bool(self.answered or self.gone or self.dead)


def join(one: Settlement, other: Settlement) -> Settlement:
    """Both; an op that leaves twice leaves once."""
    gone = dict((*one.gone, *other.gone))
    return Settlement(
        (*one.answered, *other.answered), tuple(gone.items()), (*one.dead, *other.dead)
    )
