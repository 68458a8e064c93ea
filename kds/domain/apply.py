"""What each command does, and when it is refused.

The server's `apply_ops` does the same in SQL, and a test holds the two together: same rows in,
same command, same rows out. A terminal uses this to show the result of a tap at once; the
server has the last word.
"""

from __future__ import annotations

from collections.abc import Callable

from kds.domain.args import Args
from kds.domain.changes import RowChange
from kds.domain.commands import VERSION, Command
from kds.domain.effect import Draft, Effect, View
from kds.domain.refusals import Conflict, Refusal, Reject, Rejected
from kds.domain.verbs import kitchen, office, orders

__all__ = ["Conflict", "Effect", "Refusal", "Rejected", "apply", "effect_of"]

Verb = Callable[[Draft, Args], Conflict | None]

_VERBS: dict[str, Verb] = {
    "place_order": orders.place_order,
    "add_lines": orders.add_lines,
    "void_line": orders.void_line,
    "void_order": orders.void_order,
    "close_order": orders.close_order,
    "start": kitchen.start,
    "bump": kitchen.bump,
    "recall": kitchen.recall,
    "pay": office.pay,
    "eighty_six": office.eighty_six,
    "adjust_stock": office.adjust_stock,
}

_MAY: dict[str, frozenset[str]] = {
    "kitchen": frozenset({"start", "bump", "recall", "eighty_six", "adjust_stock"}),
    "pos": frozenset(_VERBS) - {"start", "adjust_stock"},
    "manager": frozenset(_VERBS),
}


def may(role: str, kind: str) -> bool:
    """Whether a device of this role may ask for this."""
    return kind in _MAY.get(role, frozenset())


def apply(
    view: View, command: Command, branch_id: str, device_id: str
) -> tuple[RowChange, ...] | Refusal:
    """The row changes of `command`, asked for by a device, on the rows that `view` shows.

    No changes at all is an answer too: what was asked for is so already.
    """
    effect = effect_of(view, command, branch_id, device_id)
    return effect.changes(view) if isinstance(effect, Effect) else effect


def effect_of(view: View, command: Command, branch_id: str, device_id: str) -> Effect | Refusal:
    """As `apply`, with stock as increments; for those who keep many pending commands."""
    if command.v > VERSION:
        return Rejected("this needs a newer version of kds")
    verb = _VERBS.get(command.kind)
    if verb is None:
        return Rejected(f"this version does not know how to {_words(command.kind)}")
    # A device that has never reached the hub is not in the table yet; the server will judge.
    device = view.row("devices", device_id)
    if device is not None and not may(device["role"], command.kind):
        return Rejected(f"a {device['role']} device may not {_words(command.kind)}")
    draft = Draft(view, branch_id, device_id, command.at)
    try:
        return verb(draft, command.args) or draft.effect()
    except Reject as refused:
        return Rejected(str(refused))


def _words(kind: str) -> str:
    return kind.replace("_", " ")
