"""Bugs to plant, so that the proof can be seen to fail: each a well-known way to lose an order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from kds.domain.verbs import kitchen, lines
from kds.sync import outbox
from kds.sync.engine import Engine
from kds.sync.flusher import Flusher
from kds.sync.ledger import Ledger
from kds.sync.puller import Puller
from tests.faults.server import Server


@contextmanager
def planted(name: str) -> Iterator[None]:
    """Run with the bug `name` of `BUGS` in the program (or in the server)."""
    owner, method, wrong = BUGS[name]
    right = getattr(owner, method)
    setattr(owner, method, wrong(right))
    try:
        yield
    finally:
        setattr(owner, method, right)


Wrong = Callable[[Callable[..., Any]], Callable[..., Any]]


def _forget_unanswered(right: Callable[..., Any]) -> Callable[..., Any]:
    """No answer is taken for a yes."""

    def failed(self: Flusher, failure: str, now: float, dice: float) -> Any:
        self.gone(self._under_way)
        return right(self, failure, now, dice)

    return failed


def _take_duplicates(_right: Callable[..., Any]) -> Callable[..., Any]:
    """The server does again what it has done already."""

    def take(self: Server, device: str, op: dict[str, Any], revs: dict[str, int]) -> Any:
        return self._try(device, op, revs)

    return take


def _ask_no_relatives(_right: Callable[..., Any]) -> Callable[..., Any]:
    """Two copies of a terminal are let in again, and what both hold is done for each."""

    def inherit(_server: Server, _device: str, _op: dict[str, Any]) -> None:
        return

    return inherit


def _send_newest_first(right: Callable[..., Any]) -> Callable[..., Any]:
    """A batch is sent the other way round."""

    def in_turn(self: Ledger, seqs: Any) -> Any:
        return right(self, seqs)[::-1]

    return in_turn


def _skip_gaps(_right: Callable[..., Any]) -> Callable[..., Any]:
    """A poke is believed whatever came before it."""

    def poked(self: Puller, poke: Any, now: float) -> Any:
        cursor = self.cursors.get(poke.stream)
        if cursor is None or poke.changes is None or poke.reaches.rev <= cursor.rev:
            return []
        self.head[poke.stream] = poke.reaches.rev
        return self._advance([_part(poke)])

    return poked


def _part(poke: Any) -> Any:
    from kds.sync.wire import StreamChanges

    return StreamChanges(poke.stream, poke.reaches, poke.changes)


def _drop_refused(right: Callable[..., Any]) -> Callable[..., Any]:
    """A refused op goes without a word."""

    def bury(*_anything: Any) -> None:
        return

    return bury


def _forget_after_restore(_right: Callable[..., Any]) -> Callable[..., Any]:
    """A restored server is not told again."""

    def reopen(_disk: Any) -> None:
        return

    return reopen


def _settle_early(right: Callable[..., Any]) -> Callable[..., Any]:
    """Rows of whoever are taken for the effect of the own op."""

    def mine(self: Ledger, changes: Any) -> set[str]:
        return set(self._seqs) if list(changes) else set()

    return mine


def _overlook_the_disk(_right: Callable[..., Any]) -> Callable[..., Any]:
    """What the disk did not take is taken for written."""

    def fall_back(_engine: Engine, _event: Any, _trouble: str) -> None:
        return

    return fall_back


def _bump_again(right: Callable[..., Any]) -> Callable[..., Any]:
    """What is ready becomes ready once more, later."""

    def at_stops(line: Any, only: Any, states: Any, **fields: Any) -> Any:
        again = ("ready",) if fields["state"] == "ready" else ()
        return right(line, only, (*states, *again), **fields)

    return at_stops


def _act_out_of_turn(_right: Callable[..., Any]) -> Callable[..., Any]:
    """A station is done with what has not come to it yet."""

    def meant(stop: Any, only: Any, _turn: int) -> bool:
        return not only or stop["station_id"] in only

    return meant


def _see_for_all(right: Callable[..., Any]) -> Callable[..., Any]:
    """What one station has seen counts as seen everywhere."""

    def acknowledged(line: Any, _only: Any) -> Any:
        return right(line, frozenset())

    return acknowledged


def _stay_held(_right: Callable[..., Any]) -> Callable[..., Any]:
    """A held line is made, and held on."""

    def fired(line: Any, _at: str) -> Any:
        return line

    return fired


BUGS: dict[str, tuple[Any, str, Wrong]] = {
    "an unanswered op is forgotten": (Flusher, "failed", _forget_unanswered),
    "the server applies duplicates": (Server, "_take", _take_duplicates),
    "relatives are not asked": (Server, "_inherit", _ask_no_relatives),
    "a batch is sent newest first": (Ledger, "in_turn", _send_newest_first),
    "a poke is applied over a gap": (Puller, "poked", _skip_gaps),
    "a refused op vanishes": (outbox, "_bury", _drop_refused),
    "a restored server is not told again": (outbox, "reopen", _forget_after_restore),
    "somebody else's rows settle an op": (Ledger, "mine", _settle_early),
    "a disk that refuses is overlooked": (Engine, "_fall_back", _overlook_the_disk),
    "a second bump counts again": (lines, "_at_stops", _bump_again),
    "a station acts out of turn": (lines, "_meant", _act_out_of_turn),
    "one station sees for all": (kitchen, "acknowledged", _see_for_all),
    "what is made stays held": (lines, "_fired", _stay_held),
}
