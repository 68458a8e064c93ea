"""What every conversation shares: the rooms, the database, the limits and the time."""

from __future__ import annotations

import base64
import secrets
import uuid
from dataclasses import dataclass, field

from kds.base.clock import Clock
from kds.hub.realtime.authorize import Authorizer
from kds.hub.realtime.limits import AverageRate, Limits
from kds.hub.realtime.messages import MessageFeed
from kds.hub.realtime.postgres_changes import PostgresChanges
from kds.hub.realtime.rooms import Rooms
from kds.hub.realtime.socket import Socket


def new_presence_ref() -> str:
    """A `phx_ref`: short, unguessable, unique in practice."""
    return base64.urlsafe_b64encode(secrets.token_bytes(12)).decode()


def new_presence_key() -> str:
    """The key of a client that names none."""
    return str(uuid.uuid4())


@dataclass
class Meters:
    """How much goes on at the whole hub."""

    joins: AverageRate
    messages: AverageRate

    @classmethod
    def under(cls, limits: Limits) -> Meters:
        window = limits.rate_window_s
        return cls(
            AverageRate(limits.max_joins_per_s, window),
            AverageRate(limits.max_messages_per_s, window),
        )


@dataclass
class Context:
    """Made once by the service."""

    jwt_secret: str
    limits: Limits
    clock: Clock
    rooms: Rooms
    meters: Meters
    authorizer: Authorizer
    feed: MessageFeed
    changes: PostgresChanges
    sockets: set[Socket] = field(default_factory=set)

    def now(self) -> float:
        """Unix seconds."""
        return self.clock.now().timestamp()

    @property
    def full(self) -> bool:
        """Whether no further client may join its first channel."""
        limit = self.limits.max_users
        return limit is not None and sum(1 for s in self.sockets if s.members) >= limit

    @property
    def joins_exceeded(self) -> bool:
        return self.meters.joins.exceeded(self.clock.monotonic())

    @property
    def messages_exceeded(self) -> bool:
        return self.meters.messages.exceeded(self.clock.monotonic())
