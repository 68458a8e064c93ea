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
from kds.domain.verbs import corrections, courses, desk, expo, kitchen, office, orders, setup

__all__ = ["Conflict", "Effect", "Refusal", "Rejected", "apply", "effect_of"]

Verb = Callable[[Draft, Args], Conflict | None]

_VERBS: dict[str, Verb] = {
    "place_order": orders.place_order,
    "add_lines": orders.add_lines,
    "change_qty": corrections.change_qty,
    "void_line": corrections.void_line,
    "void_order": orders.void_order,
    "close_order": orders.close_order,
    "pay": office.pay,
    "answer": desk.answer,
    "fire": courses.fire,
    "hold": courses.hold,
    "mark": desk.mark,
    "eighty_six": office.eighty_six,
    "start": kitchen.start,
    "bump": kitchen.bump,
    "recall": kitchen.recall,
    "acknowledge": kitchen.acknowledge,
    "ask": desk.ask,
    "adjust_stock": office.adjust_stock,
    "assemble": expo.assemble,
    "hand_over": expo.hand_over,
    "cover": expo.cover,
    "set_up": setup.set_up,
}

_FRONT = frozenset(
    {"place_order", "add_lines", "change_qty", "void_line", "void_order", "close_order", "pay"}
)
_BACK = frozenset({"start", "acknowledge", "ask", "adjust_stock", "assemble", "cover"})
_OFFICE = frozenset({"set_up"})
_MAY: dict[str, frozenset[str]] = {
    "kitchen": frozenset(_VERBS) - _FRONT - {"answer"} - _OFFICE,
    "pos": frozenset(_VERBS) - _BACK - _OFFICE,
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
    draft = Draft(view, branch_id, device_id, command.at, command.actor)
    try:
        return verb(draft, command.args) or draft.effect()
    except Reject as refused:
        return Rejected(str(refused))


def _words(kind: str) -> str:
    return kind.replace("_", " ")
