"""Channels as the rest of the program holds them: shared, counted, joined again by themselves."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from kds.base.alarm import Alarm
from kds.base.errors import RemoteError
from kds.base.events import Event
from kds.connection.membership import Act, ChannelStatus, Failed, Failure, Membership, Signal
from kds.connection.pacing import Backlog, Pacer
from kds.connection.policy import Priority
from kds.connection.ports import JoinSpec, Member, Presences
from kds.connection.tables import TableChange, read_change

if TYPE_CHECKING:
    from kds.connection.desk import Desk

log = logging.getLogger(__name__)


class Channel:
    """A topic on the socket, whichever socket that is.

    `joined` fires after every (re)join that is really subscribed: what happened before it may
    be missing. `presence` fires with the whole state at each change; while the channel is off
    the air nobody knows who is there, and the last state is not repeated. Broadcasts sent off
    the air are kept (the newest 100) and go out after the next join. Made by `Connection.channel`.
    `pausable`: it is left while the window is hidden, and joined again when it is shown.
    """

    def __init__(self, spec: JoinSpec, priority: Priority, desk: Desk) -> None:
        self.spec = spec
        self.joined: Event[None] = Event()
        self.status: Event[ChannelStatus] = Event()
        self.presence: Event[Presences] = Event()
        self.changed: Event[TableChange] = Event()  # rows of the spec's bindings
        self.problem = ""  # the server's words about the last failure
        self.holders = 0
        self.pausable = False  # left while the window is hidden
        self._desk = desk
        self._membership = Membership(priority, desk.policy)
        self._member: Member | None = None
        self._broadcasts: dict[str, Event[dict[str, Any]]] = defaultdict(Event)
        self._backlog = Backlog(desk.policy.broadcast_backlog)
        self._pacer: Pacer[dict[str, Any]] = Pacer(
            desk.policy.presence_calls, desk.policy.presence_window
        )
        self._tracked: dict[str, Any] | None = None
        self._alarm = Alarm(desk.clock, self._on_alarm)

    @property
    def state(self) -> ChannelStatus:
        """The last `status`."""
        return self._membership.status

    @property
    def priority(self) -> Priority:
        return self._membership.priority

    # -- for the rest of the program ------------------------------------------------------

    def on_broadcast(
        self, event: str, listener: Callable[[dict[str, Any]], None]
    ) -> Callable[[], None]:
        """Call `listener` with the payload of every broadcast `event`; returns the way out."""
        return self._broadcasts[event].connect(listener)

    async def track(self, payload: dict[str, Any]) -> None:
        """Be present with `payload`, now and after every rejoin.

        At most 4 calls reach the server in 30 s; a newer payload overtakes a waiting one.
        Raises ValueError on a channel without a presence key.
        """
        if self.spec.presence_key is None:
            raise ValueError(f"channel {self.spec.topic} has no presence key")
        self._tracked = payload
        self._pacer.offer(payload)
        await self._send_presence()

    async def broadcast(
        self, event: str, payload: dict[str, Any], *, key: str | None = None
    ) -> None:
        """Send to the others, at most once. Off the air, the newest of a `key` is kept."""
        if self._member is None or self.state != "joined":
            self._backlog.put(event, payload, key)
            return
        try:
            await self._send_broadcast(self._member, event, payload)
        except RemoteError:
            self._backlog.put(event, payload, key)

    async def release(self) -> None:
        """Let go; the last holder's release leaves the topic."""
        self.drop()

    def drop(self) -> None:
        """`release` for callers that cannot wait."""
        self.holders -= 1
        if self.holders == 0:
            self._desk.forget(self)
            self.tell("release")

    # -- for the connection ---------------------------------------------------------------

    def reshape(self, presence_key: str) -> None:
        """Join again with presence."""
        spec = self.spec
        self.spec = JoinSpec(spec.topic, spec.private, presence_key, spec.bindings)
        self.tell("reshape")

    def tell(self, event: Signal | Failed) -> list[Act]:
        """Pass an event to the membership and do what it asks for."""
        desk = self._desk
        if event == "down":
            self._member = None
        acts = self._membership.on(event, desk.clock.monotonic(), desk.roll())
        for act in acts:
            if act == "queue":
                desk.queue(self)
            elif act == "join":
                self._member = desk.member(self)
            elif act == "leave":
                self._leave()
            else:
                self._announce()
        self._set_alarm()
        return acts

    async def join(self) -> None:
        """Take the turn: send the join and wait for the server's answer."""
        if "join" in self.tell("turn") and self._member is not None:
            self._desk.sent()
            await self._member.join()

    # -- the sink: what the socket says ---------------------------------------------------

    def subscribed(self) -> None:
        self._desk.received()
        self._desk.heard()
        self.problem = ""
        self.tell("subscribed")

    def failed(self, failure: Failure, text: str) -> None:
        if text:
            self._desk.heard()
        self._member = None
        self.problem = text
        log.warning("channel %s is off the air (%s): %s", self.spec.topic, failure, text)
        self.tell(Failed(failure))
        if failure == "expired":
            self._desk.renew_token()

    def broadcast_arrived(self, event: str, payload: dict[str, Any]) -> None:
        self._desk.received()
        self._broadcasts[event].emit(payload)

    def presence_arrived(self, state: Presences) -> None:
        self._desk.received()
        self.presence.emit(state)

    def change_arrived(self, data: dict[str, Any]) -> None:
        self._desk.received()
        self.changed.emit(read_change(data))

    # -- steps ----------------------------------------------------------------------------

    def _announce(self) -> None:
        self.status.emit(self.state)
        if self.state == "joined":
            if self._tracked is not None:
                self._pacer.offer(self._tracked)
            self._desk.tasks.start(self._catch_up(), f"catch up {self.spec.topic}")
            self.joined.emit(None)

    def _leave(self) -> None:
        member, self._member = self._member, None
        if member is not None:
            self._desk.tasks.start(_quietly(member), f"leave {self.spec.topic}")

    async def _catch_up(self) -> None:
        await self._send_presence()
        for event, payload in self._backlog.drain():
            await self.broadcast(event, payload)

    async def _send_presence(self) -> None:
        if self._member is None or self.state != "joined":
            return
        payload = self._pacer.take(self._desk.clock.monotonic())
        if payload is not None:
            try:
                await self._member.send("presence", {"event": "track", "payload": payload})
                self._desk.sent()
            except RemoteError:
                self._pacer.offer(payload)
        self._set_alarm()

    async def _send_broadcast(self, member: Member, event: str, payload: dict[str, Any]) -> None:
        await member.send("broadcast", {"type": "broadcast", "event": event, "payload": payload})
        self._desk.sent()

    def _set_alarm(self) -> None:
        presence_at = self._pacer.wake_at if self.state == "joined" else None
        deadlines = [at for at in (self._membership.wake_at, presence_at) if at is not None]
        if deadlines and self._desk.open:
            self._alarm.set(min(deadlines))
        else:
            self._alarm.stop()

    def _on_alarm(self) -> None:
        self.tell("tick")
        if self._pacer.wake_at is not None:
            self._desk.tasks.start(self._send_presence(), f"track {self.spec.topic}")


async def _quietly(member: Member) -> None:
    """Leave; a socket that is gone has left already."""
    try:
        await member.leave()
    except RemoteError:
        return
