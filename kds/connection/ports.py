"""What the drivers and the adapter of the official client packages say to each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from kds.connection.membership import Failure

TableEvent = Literal["*", "INSERT", "UPDATE", "DELETE"]
Presences = Mapping[str, Sequence[Mapping[str, Any]]]
"""presence key -> what each of its connections has tracked."""


@dataclass(frozen=True, slots=True)
class Grant:
    """An accepted sign-in or refresh. `lifetime` in seconds."""

    access_token: str
    refresh_token: str
    lifetime: float


@dataclass(frozen=True, slots=True)
class Binding:
    """A table to watch; `filter` is `column=operator.value`."""

    table: str
    event: TableEvent = "*"
    filter: str | None = None


@dataclass(frozen=True, slots=True)
class JoinSpec:
    """How to join a channel; presence only with a `presence_key`."""

    topic: str
    private: bool
    presence_key: str | None = None
    bindings: tuple[Binding, ...] = ()


class Member(Protocol):
    """A join on one socket. Sending on a dead socket raises Unreachable."""

    async def join(self) -> None:
        """Send the join; returns at the answer. The sink is told what came of it."""
        ...

    async def send(self, event: str, payload: dict[str, Any]) -> None: ...

    async def leave(self) -> None: ...


class Sink(Protocol):
    """Who is told what happens on a channel. Nothing is said after `failed` or a leave."""

    def subscribed(self) -> None: ...

    def failed(self, failure: Failure, text: str) -> None: ...

    def broadcast_arrived(self, event: str, payload: dict[str, Any]) -> None: ...

    def presence_arrived(self, state: Presences) -> None: ...

    def change_arrived(self, data: dict[str, Any]) -> None: ...


class Socket(Protocol):
    """One life of a WebSocket."""

    async def beat(self, ref: int) -> None: ...

    def member(self, spec: JoinSpec, sink: Sink) -> Member: ...

    async def set_token(self, token: str) -> None: ...

    async def close(self, *, abort: bool) -> None: ...
