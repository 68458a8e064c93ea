"""Ops on their way: in the outbox, dead, settled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kds.domain.commands import Command, Result


@dataclass(frozen=True, slots=True)
class Entry:
    """An op in the outbox. `revs`: where its effect is complete; None while it is unanswered."""

    command: Command
    revs: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class DeadOp:
    """An op that the server refused (`rejected`) or holds behind a refused one (`blocked`)."""

    command: Command
    result: Result
    reason: str
    blocked_by: str | None
    at: str


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
