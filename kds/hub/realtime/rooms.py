"""Who listens where: a room is a topic, public or private; two rooms of one name never meet."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from kds.hub.phoenix import Message, Shared, dumps
from kds.hub.realtime.presence import Presence

if TYPE_CHECKING:
    from kds.hub.realtime.member import Member

RoomKey = tuple[str, bool]
"""The topic without `realtime:`, and whether it is private."""


class Room:
    """The members of one topic and their presence."""

    def __init__(self, topic: str, new_ref: Callable[[], str]) -> None:
        self.topic = topic
        self.members: dict[Member, None] = {}
        self.presence = Presence(new_ref)

    def broadcast(self, message: Message, *, but: Member | None = None) -> int:
        """Send to all who may read broadcasts; how many that were."""
        receivers = [m for m in self.members if m is not but and m.policies.read_broadcast]
        for member in receivers:
            member.link.send(message.frame(member.link.vsn))
        return len(receivers)

    def tell_presence(self, diff: dict[str, Any] | None) -> None:
        """Send a `presence_diff` to all who may see who is here; None is nothing to tell."""
        if diff is None:
            return
        message = Shared(self.topic, "presence_diff", dumps(diff))
        for member in tuple(self.members):
            if member.sees_presence:
                member.link.send(message.frame(member.link.vsn))


class Rooms:
    """The rooms that have somebody in them."""

    def __init__(self, new_ref: Callable[[], str]) -> None:
        self._new_ref = new_ref
        self._rooms: dict[RoomKey, Room] = {}

    def find(self, topic: str, private: bool) -> Room | None:
        """The room when anybody is in it."""
        return self._rooms.get((topic, private))

    def of(self, member: Member) -> Room:
        """The room that `member` has entered."""
        return self._rooms[member.name, member.config.private]

    def enter(self, member: Member) -> Room:
        """Put `member` into its room, making it when it is the first."""
        key = (member.name, member.config.private)
        room = self._rooms.get(key)
        if room is None:
            room = self._rooms[key] = Room(member.topic, self._new_ref)
        room.members[member] = None
        return room

    def leave(self, member: Member) -> None:
        """Take `member` out; the others are told when it was present."""
        key = (member.name, member.config.private)
        room = self._rooms.get(key)
        if room is None or member not in room.members:
            return
        del room.members[member]
        room.tell_presence(room.presence.untrack(member))
        if not room.members:
            del self._rooms[key]
