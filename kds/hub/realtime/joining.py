"""A channel's beginning, its change of token and its end."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from aiohttp import WSCloseCode

from kds.base.errors import Unreachable
from kds.hub.phoenix import Frame
from kds.hub.realtime.authorize import PUBLIC, Policies
from kds.hub.realtime.bindings import Binding, BindingError, binding_id, parse_binding
from kds.hub.realtime.channel import PREFIX, JoinConfig, parse_join
from kds.hub.realtime.claims import BadToken, Identity, check_token
from kds.hub.realtime.context import Context, new_presence_key
from kds.hub.realtime.limits import CallWindow
from kds.hub.realtime.member import Member
from kds.hub.realtime.socket import Socket
from kds.hub.realtime.tables import SubscriptionError

log = logging.getLogger(__name__)
_RECHECK_S = 3600.0
_RETRY_S = 5.0
_DATABASE_AWAY = "Realtime was unable to connect to the project database"
_TOO_MANY_JOINS = "Too many joins per second"


class Refusal(Exception):
    """The join is not granted; the message is the reply's reason. `hang_up` closes the socket."""

    def __init__(self, reason: str, *, hang_up: bool = False) -> None:
        super().__init__(reason)
        self.hang_up = hang_up


class Joining:
    """Admits members to channels, keeps their tokens honest, and sees them out."""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def join(self, socket: Socket, frame: Frame) -> None:
        """Answer a `phx_join`. A live channel of the topic ends, whether the new one is granted
        or not; its `phx_close` comes after the reply and carries the old join's ref."""
        before = socket.members.get(frame.topic)
        config = parse_join(frame.payload)
        try:
            member = await self._admit(socket, frame, config)
            replayed = await self._replayed(member)
        except Refusal as refusal:
            response = {"reason": str(refusal)}
            socket.reply(frame, "error", response)
            if before is not None:
                self._end_replaced(before)
            if refusal.hang_up:
                socket.end(WSCloseCode.GOING_AWAY)
            return
        bindings = [{"id": binding_id(b), **b} for b in config.bindings]
        member.reply(frame.ref, "ok", {"postgres_changes": bindings})
        if before is not None:
            self._end_replaced(before)
        self._enter(socket, member, replayed)

    def leave(self, socket: Socket, member: Member, frame: Frame) -> None:
        """Answer a `phx_leave`; one that means an earlier join is not answered."""
        if frame.join_ref is not None and frame.join_ref != member.join_ref:
            return
        self.forget(member)
        member.reply(frame.ref, "ok")
        member.say_closed()

    async def refresh(self, member: Member, token: Any) -> None:
        """Take a new access token: claims, policies and subscriptions follow it.

        What is no token (null, an API key, the one in use) is ignored; a bad one, or one that may
        not read the topic any more, ends the channel.
        """
        if not isinstance(token, str) or token.startswith("sb_") or token == member.identity.token:
            return None
        identity = check_token(token, self._context.jwt_secret, self._context.now())
        if isinstance(identity, BadToken):
            return self.shut(member, identity.in_channel)
        try:
            policies = await self._policies(member.name, member.config, identity)
        except Unreachable:
            return self.shut(member, _DATABASE_AWAY)
        if not policies.readable:
            return self.shut(member, _may_not_read(member.name))
        member.identity, member.policies = identity, policies
        self._watch_expiry(member)
        if member.config.bindings:
            self._subscribe(member)
        return None

    def shut(self, member: Member, message: str) -> None:
        """End a channel for a reason: a `system` error, then `phx_close`."""
        self.forget(member)
        member.system("error", message)
        member.say_closed()

    def forget(self, member: Member) -> None:
        """Take a channel out of everything; its client is told nothing."""
        members = member.link.members
        if members.get(member.topic) is member:
            del members[member.topic]
        self._detach(member)

    # -- admission ------------------------------------------------------------------------

    async def _admit(self, socket: Socket, frame: Frame, config: JoinConfig) -> Member:
        name = frame.topic.removeprefix(PREFIX)
        if not name:
            raise Refusal("TopicNameRequired: You must provide a topic name")
        self._check_limits(socket, frame.topic)
        identity = self._identify(socket, config)
        try:
            policies = await self._policies(name, config, identity)
        except Unreachable:
            raise Refusal(f"UnableToConnectToProject: {_DATABASE_AWAY}") from None
        if not policies.readable:
            raise Refusal(f"Unauthorized: {_may_not_read(name)}")
        limits = self._context.limits
        return Member(
            link=socket,
            topic=frame.topic,
            join_ref=frame.join_ref,
            config=config,
            identity=identity,
            policies=policies,
            presence_key=config.presence_key or new_presence_key(),
            presence_calls=CallWindow(limits.presence_calls, limits.presence_window_s),
            presence_on=config.presence_enabled,
        )

    def _check_limits(self, socket: Socket, topic: str) -> None:
        context = self._context
        if not socket.members and context.full:
            raise Refusal("ConnectionRateLimitReached: Too many connected users")
        if context.joins_exceeded:
            raise Refusal(f"ClientJoinRateLimitReached: {_TOO_MANY_JOINS}", hang_up=True)
        context.meters.joins.add(context.clock.monotonic())
        if topic not in socket.members and len(socket.members) >= context.limits.max_channels:
            raise Refusal("ChannelRateLimitReached: Too many channels")

    def _identify(self, socket: Socket, config: JoinConfig) -> Identity:
        token = config.access_token or socket.identity.token
        identity = check_token(token, self._context.jwt_secret, self._context.now())
        if isinstance(identity, BadToken):
            raise Refusal(identity.at_join)
        return identity

    async def _policies(self, name: str, config: JoinConfig, identity: Identity) -> Policies:
        if not config.private:
            return PUBLIC
        return await self._context.authorizer.policies(name, identity)

    async def _replayed(self, member: Member) -> list[dict[str, Any]]:
        config = member.config
        if not config.wants_replay:
            return []
        if not config.private:
            raise Refusal("UnableToReplayMessages: Replay is not allowed for public channels")
        if not member.policies.read_broadcast:
            raise Refusal(f"Unauthorized: {_may_not_read(member.name)}")
        if config.replay is None:
            raise Refusal("UnableToReplayMessages: Replay params are not valid")
        try:
            return await self._context.feed.replay(member.name, config.replay)
        except Unreachable:
            raise Refusal(
                "UnableToReplayMessages: Realtime was unable to replay messages"
            ) from None

    # -- life -----------------------------------------------------------------------------

    def _enter(self, socket: Socket, member: Member, replayed: list[dict[str, Any]]) -> None:
        socket.members[member.topic] = member
        room = self._context.rooms.enter(member)
        for payload in replayed:
            member.push("broadcast", payload)
        if member.presence_on and member.sees_presence:
            member.push("presence_state", room.presence.state())
        if member.config.replication_ready:
            member.system("ok", "Replication connection established")
        self._watch_expiry(member)
        if member.config.bindings:
            self._subscribe(member)

    def _end_replaced(self, member: Member) -> None:
        self.forget(member)
        member.say_closed()

    def _detach(self, member: Member) -> None:
        self._context.rooms.leave(member)
        self._context.changes.unsubscribe(member)
        if member.expiry is not None:
            member.expiry.cancel()
        if member.subscribing is not None:
            member.subscribing.cancel()

    def _watch_expiry(self, member: Member) -> None:
        if member.expiry is not None:
            member.expiry.cancel()
        left = member.identity.expires - self._context.now()
        loop = asyncio.get_running_loop()
        member.expiry = loop.call_later(min(max(left, 0), _RECHECK_S), self._recheck, member)

    def _recheck(self, member: Member) -> None:
        context = self._context
        identity = check_token(member.identity.token, context.jwt_secret, context.now())
        if isinstance(identity, BadToken):
            self.shut(member, identity.in_channel)
        else:
            self._watch_expiry(member)

    def _subscribe(self, member: Member) -> None:
        """In the background: the first subscription of a hub waits for a replication slot."""
        if member.subscribing is not None:
            member.subscribing.cancel()
        member.subscribing = asyncio.create_task(
            self._subscribed(member), name="realtime-subscribe"
        )

    async def _subscribed(self, member: Member) -> None:
        """Until it works or cannot work; while the database is away it is tried again."""
        changes = self._context.changes
        while True:
            try:
                bindings: list[Binding] = [parse_binding(b) for b in member.config.bindings]
                await changes.subscribe(member, member.identity, bindings)
            except (BindingError, SubscriptionError) as error:
                changes.unsubscribe(member)
                return member.system("error", str(error), "postgres_changes")
            except Unreachable:
                member.system("error", _DATABASE_AWAY, "postgres_changes")
                await asyncio.sleep(_RETRY_S)
            except Exception:
                log.exception("a subscription failed: %s", member.config.bindings)
                changes.unsubscribe(member)
                return member.system("error", _DATABASE_AWAY, "postgres_changes")
            else:
                return member.system("ok", "Subscribed to PostgreSQL", "postgres_changes")


def _may_not_read(name: str) -> str:
    return f"You do not have permissions to read from this Channel topic: {name}"
