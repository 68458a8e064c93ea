"""What the drivers and the adapter of the official client packages say to each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from kds.connection.membership import Failure
from kds.connection.signals import Reason
from kds.connection.tables import TableEvent

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


class Backend(Protocol):
    """Requests over HTTP. Every failure is a RemoteError."""

    async def sign_in(self, email: str, password: str) -> Grant: ...

    async def refresh(self, refresh_token: str) -> Grant: ...

    async def sign_out(self, access_token: str) -> None: ...

    async def rpc(self, name: str, params: dict[str, Any], token: str) -> Any: ...

    async def select(
        self,
        table: str,
        columns: str,
        filters: Sequence[tuple[str, str, str]],
        limit: int | None,
        token: str,
    ) -> list[dict[str, Any]]: ...

    async def close(self) -> None: ...


class Network(Protocol):
    """The way to one back end: `internet.Internet`, or a simulated one."""

    async def backend(self, on_contact: Callable[[Reason], None]) -> Backend:
        """`on_contact` hears of every exchange: "" an answer, or what was in the way."""
        ...

    async def open(
        self, token: str, *, on_answer: Callable[[int], None], on_lost: Callable[[], None]
    ) -> Socket:
        """A new socket. `on_answer(ref)`: a heartbeat came back; `on_lost()`: it closed by itself.

        Raises Unreachable when nobody answers, Refused when the handshake is declined.
        """
        ...
