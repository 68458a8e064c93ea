"""Who is in a room. Pure: every call returns the diff that the room's members are told.

A key (a device, a person) has one meta per connection under it, so the same key twice is two
metas. An update is a join and a leave in one diff; the new meta names the old one's reference.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

Meta = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Entry:
    key: str
    payload: dict[str, Any]
    meta: Meta


class Presence:
    """The tracked connections of one room, in the order in which they came."""

    def __init__(self, new_ref: Callable[[], str]) -> None:
        self._new_ref = new_ref
        self._entries: dict[Hashable, _Entry] = {}

    def state(self) -> dict[str, Any]:
        """The payload of `presence_state`: `{key: {"metas": [...]}}`."""
        state: dict[str, Any] = {}
        for entry in self._entries.values():
            state.setdefault(entry.key, {"metas": []})["metas"].append(entry.meta)
        return state

    def track(self, member: Hashable, key: str, payload: dict[str, Any]) -> dict[str, Any] | None:
        """The payload of `presence_diff`; None when `member` said exactly this before."""
        old = self._entries.get(member)
        if old is not None and old.payload == payload:
            return None
        meta: Meta = {"phx_ref": self._new_ref()}
        if old is not None:
            meta["phx_ref_prev"] = old.meta["phx_ref"]
        meta |= payload
        self._entries[member] = _Entry(key, payload, meta)
        return _diff(joins=(key, meta), leaves=(old.key, old.meta) if old else None)

    def untrack(self, member: Hashable) -> dict[str, Any] | None:
        """The payload of `presence_diff`; None when `member` was not tracked."""
        old = self._entries.pop(member, None)
        return None if old is None else _diff(joins=None, leaves=(old.key, old.meta))


def _diff(joins: tuple[str, Meta] | None, leaves: tuple[str, Meta] | None) -> dict[str, Any]:
    return {"joins": _side(joins), "leaves": _side(leaves)}


def _side(change: tuple[str, Meta] | None) -> dict[str, Any]:
    return {} if change is None else {change[0]: {"metas": [change[1]]}}
