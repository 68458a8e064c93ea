"""All channels of a connection: who holds them, and whose turn it is to join."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from kds.base.clock import Clock
from kds.connection.channels import Channel
from kds.connection.membership import Signal
from kds.connection.metrics import Metrics
from kds.connection.policy import Policy, Priority
from kds.connection.ports import JoinSpec, Member, Socket
from kds.connection.tasks import Tasks

_RANKS: dict[Priority, int] = {"high": 0, "medium": 1, "low": 2}


def _rank(channel: Channel) -> int:
    return _RANKS[channel.priority]


class Desk:
    """The channels by topic. Joins go out one by one, the important ones first; the next one at
    the answer, or after `join_stagger`: a join that hangs holds nobody up for long."""

    def __init__(
        self,
        policy: Policy,
        clock: Clock,
        tasks: Tasks,
        *,
        roll: Callable[[], float],
        metrics: Metrics,
        heard: Callable[[], None],
        renew_token: Callable[[], None],
    ) -> None:
        self.policy = policy
        self.clock = clock
        self.tasks = tasks
        self.roll = roll
        self.heard = heard
        self.renew_token = renew_token
        self._metrics = metrics
        self._paused = False
        self._channels: dict[str, Channel] = {}
        self._socket: Socket | None = None
        self._queue: list[Channel] = []
        self._pump: asyncio.Task[None] | None = None

    @property
    def open(self) -> bool:
        """There is a socket."""
        return self._socket is not None

    @property
    def channels(self) -> tuple[Channel, ...]:
        return tuple(self._channels.values())

    def channel(self, spec: JoinSpec, priority: Priority, *, pausable: bool = False) -> Channel:
        """The one channel of the topic, with one holder more. ValueError: other terms before.

        `pausable`: its holder can do without it out of sight; one who cannot decides for all.
        """
        channel = self._channels.get(spec.topic)
        if channel is None:
            channel = self._channels[spec.topic] = Channel(spec, priority, self)
            channel.pausable = pausable
            if self._paused and pausable:
                channel.tell("pause")
            if self.open:
                channel.tell("up")
        elif channel.spec.private != spec.private:
            raise ValueError(f"{spec.topic} is already held as another kind of channel")
        elif spec.presence_key is not None and channel.spec.presence_key is None:
            channel.reshape(spec.presence_key)
        if not pausable:
            channel.pausable = False
            channel.tell("resume")
        channel.holders += 1
        return channel

    def forget(self, channel: Channel) -> None:
        self._channels.pop(channel.spec.topic, None)
        if channel in self._queue:
            self._queue.remove(channel)

    def up(self, socket: Socket) -> None:
        """Join everything on a new socket."""
        self._socket = socket
        self._tell_all("up")

    def down(self) -> None:
        """The socket is gone, or is about to be."""
        self._socket = None
        self._queue.clear()
        if self._pump is not None:
            self._pump.cancel()
            self._pump = None
        self._tell_all("down")

    def pause(self, paused: bool) -> None:
        """Leave every pausable channel, or take them all up again."""
        self._paused = paused
        for channel in sorted(self._channels.values(), key=_rank):
            if channel.pausable:
                channel.tell("pause" if paused else "resume")

    def received(self) -> None:
        """A message came in."""
        self._metrics.received(self.clock.monotonic())

    def sent(self) -> None:
        """A message went out."""
        self._metrics.sent(self.clock.monotonic())

    def token_changed(self) -> None:
        self._tell_all("token")

    def _tell_all(self, event: Signal) -> None:
        for channel in sorted(self._channels.values(), key=_rank):
            channel.tell(event)

    def member(self, channel: Channel) -> Member | None:
        return self._socket.member(channel.spec, channel) if self._socket else None

    def queue(self, channel: Channel) -> None:
        """Give the channel its turn, after the more important ones."""
        self._queue.append(channel)
        self._queue.sort(key=_rank)
        if self._socket is not None and (self._pump is None or self._pump.done()):
            self._pump = self.tasks.start(self._join_in_turn(), "join channels")

    async def _join_in_turn(self) -> None:
        while self._queue:
            channel = self._queue.pop(0)
            join = self.tasks.start(channel.join(), f"join {channel.spec.topic}")
            await asyncio.wait({join}, timeout=self.policy.join_stagger)
