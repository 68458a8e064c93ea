"""What each frame of a client means, and what it is answered."""

from __future__ import annotations

import logging
from typing import Any

from kds.hub.phoenix import Frame, Message, Shared, SharedBroadcast, UserBroadcast, dumps
from kds.hub.realtime.channel import PREFIX
from kds.hub.realtime.context import Context
from kds.hub.realtime.joining import Joining
from kds.hub.realtime.member import Member
from kds.hub.realtime.socket import Socket

log = logging.getLogger(__name__)


class Conversation:
    """Handles frames of any socket; keeps nothing of its own."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self.joining = Joining(context)

    async def handle(self, socket: Socket, frame: Frame) -> None:
        """Answer one frame. A fault of ours costs the channel, not the connection."""
        try:
            await self._handle(socket, frame)
        except Exception:
            log.exception("a frame could not be handled: %s %s", frame.topic, frame.event)
            member = socket.members.get(frame.topic)
            if member is not None:
                self.joining.forget(member)
                member.say_crashed()

    def end_socket(self, socket: Socket) -> None:
        """The client is gone: so are its channels and its presence."""
        for member in tuple(socket.members.values()):
            self.joining.forget(member)

    async def _handle(self, socket: Socket, frame: Frame) -> None:
        if frame.topic == "phoenix" and frame.event == "heartbeat":
            return socket.reply(frame, "ok")
        if frame.event == "phx_join" and frame.topic.startswith(PREFIX):
            return await self.joining.join(socket, frame)
        member = socket.members.get(frame.topic)
        if member is None:
            return _unmatched(socket, frame)
        return await self._in_channel(socket, member, frame)

    async def _in_channel(self, socket: Socket, member: Member, frame: Frame) -> None:
        if frame.event == "phx_leave":
            self.joining.leave(socket, member, frame)
        elif frame.event == "broadcast":
            self._broadcast(member, frame)
        elif frame.event == "presence":
            self._presence(member, frame)
        elif frame.event == "access_token" and isinstance(frame.payload, dict):
            await self.joining.refresh(member, frame.payload.get("access_token"))
        # Anything else is ignored, as a real server does.

    def _broadcast(self, member: Member, frame: Frame) -> None:
        """Without the right to write there is no answer at all, not even with ack."""
        if not member.policies.write_broadcast:
            return
        message, size = _message(frame)
        if size > self._context.limits.max_payload_bytes:
            if member.config.ack:
                member.reply(frame.ref, "error", "payload_size_exceeded")
            return
        self.deliver(member.name, member.config.private, message, sender=member)
        if member.config.ack:
            member.reply(frame.ref, "ok")

    def deliver(
        self, name: str, private: bool, message: Message, sender: Member | None = None
    ) -> None:
        """Send to everybody in the room; to the sender only when it joined with `self`."""
        room = self._context.rooms.find(name, private)
        if room is None:
            return
        skip = sender if sender is not None and not sender.config.to_self else None
        sent = room.broadcast(message, but=skip)
        self.count(sent + 1)
        if self._context.messages_exceeded:
            for member in tuple(room.members):
                if member is not skip:
                    self.joining.shut(member, "Too many messages per second")

    def count(self, messages: int) -> None:
        """Count messages against the limit."""
        self._context.meters.messages.add(self._context.clock.monotonic(), messages)

    def _presence(self, member: Member, frame: Frame) -> None:
        payload = frame.payload if isinstance(frame.payload, dict) else {}
        event = payload.get("event")
        if not isinstance(event, str):
            return member.reply(frame.ref, "ok")
        if not member.presence_calls.allow(self._context.clock.monotonic()):
            return self.joining.shut(member, "Client presence rate limit exceeded")
        if event.lower() == "track":
            return self._track(member, frame, payload.get("payload", {}))
        if event.lower() == "untrack":
            return self._untrack(member, frame)
        return member.reply(frame.ref, "error")

    def _track(self, member: Member, frame: Frame, meta: Any) -> None:
        if not member.policies.write_presence:
            return member.reply(frame.ref, "error")
        if not isinstance(meta, dict):
            reason = {"reason": "Presence track payload must be a map"}
            return member.reply(frame.ref, "error", reason)
        if len(dumps(meta).encode()) > self._context.limits.max_payload_bytes:
            return self.joining.shut(member, "Track message size exceeded")
        member.presence_on = True
        member.reply(frame.ref, "ok")
        room = self._context.rooms.of(member)
        room.tell_presence(room.presence.track(member, member.presence_key, meta))
        return None

    def _untrack(self, member: Member, frame: Frame) -> None:
        member.reply(frame.ref, "ok")
        room = self._context.rooms.of(member)
        room.tell_presence(room.presence.untrack(member))


def _message(frame: Frame) -> tuple[Message, int]:
    """What the room gets, and its size in bytes."""
    if isinstance(frame.payload, UserBroadcast):
        return SharedBroadcast(frame.topic, frame.payload), len(frame.payload.body)
    payload = dumps(frame.payload)
    return Shared(frame.topic, "broadcast", payload), len(payload.encode())


def _unmatched(socket: Socket, frame: Frame) -> None:
    """A frame for a topic that is not joined; leaving it again is fine."""
    if frame.event == "phx_leave":
        socket.reply(frame, "ok")
    else:
        socket.reply(frame, "error", {"reason": "unmatched topic"})
