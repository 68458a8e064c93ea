"""What the engine needs of a connection: `connection.manager.Connection`, or a simulated one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from kds.base.events import Event
from kds.connection.machine import Link


class Feed(Protocol):
    """A channel that is listened to."""

    joined: Event[None]

    def on_broadcast(
        self, event: str, listener: Callable[[dict[str, Any]], None]
    ) -> Callable[[], None]: ...

    def drop(self) -> None: ...


class Remote(Protocol):
    """The way to the server."""

    link_changed: Event[Link]

    @property
    def link(self) -> Link: ...

    async def rpc(self, name: str, params: dict[str, Any]) -> Any:
        """The answer, or an error of the `RemoteError` tree."""
        ...

    def channel(self, topic: str) -> Feed: ...
