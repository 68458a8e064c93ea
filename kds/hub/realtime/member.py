"""One joined channel of one socket: what it may do, and how it is spoken to."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any, Protocol

from kds.hub.phoenix import Vsn, dumps, encode
from kds.hub.realtime.authorize import Policies
from kds.hub.realtime.channel import PREFIX, JoinConfig
from kds.hub.realtime.claims import Identity
from kds.hub.realtime.limits import CallWindow


class Link(Protocol):
    """The way to a client. `send` never waits and never fails; None is nothing to say."""

    vsn: Vsn
    members: dict[str, Member]

    def send(self, frame: str | bytes | None) -> None: ...


@dataclass(eq=False, slots=True)
class Member:
    """A live channel. Replaced as a whole when its topic is joined again."""

    link: Link
    topic: str
    join_ref: Any
    config: JoinConfig
    identity: Identity
    policies: Policies
    presence_key: str
    presence_calls: CallWindow
    presence_on: bool
    expiry: asyncio.TimerHandle | None = None
    subscribing: asyncio.Task[None] | None = None

    @property
    def name(self) -> str:
        """The topic as policies and people know it, without `realtime:`."""
        return self.topic.removeprefix(PREFIX)

    @property
    def sees_presence(self) -> bool:
        if not self.config.private:
            return True
        return self.presence_on and self.policies.read_presence

    def push(self, event: str, payload: Any, ref: Any = None) -> None:
        """A message to this client alone."""
        link = self.link
        link.send(encode(link.vsn, self.join_ref, ref, self.topic, event, dumps(payload)))

    def reply(self, ref: Any, status: str, response: Any = None) -> None:
        """The answer to the client's frame `ref`."""
        payload = {"status": status, "response": {} if response is None else response}
        self.push("phx_reply", payload, ref)

    def system(self, status: str, message: str, extension: str = "system") -> None:
        """Word about the channel itself; an error of extension `system` goes before a close."""
        self.push(
            "system",
            {"message": message, "status": status, "extension": extension, "channel": self.name},
        )

    def say_closed(self) -> None:
        """The last frame of an orderly end; its ref is the join's, so a newer join ignores it."""
        self.push("phx_close", {}, self.join_ref)

    def say_crashed(self) -> None:
        """The last frame of a disorderly end; clients join again."""
        self.push("phx_error", {"reason": "channel_crash"}, self.join_ref)
