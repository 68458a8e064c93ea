"""A Realtime server that says exactly what a test wants said, and our own client before it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.server import Server, ServerConnection, serve

from kds.base.errors import KdsError
from kds.connection.membership import Failure
from kds.connection.policy import Policy
from kds.connection.ports import JoinSpec, Member, Presences
from kds.connection.websocket import WebSocket

POLICY = Policy(open_timeout=5.0, close_timeout=0.5)


@dataclass
class Told:
    """A sink that remembers what it was told, in the words of the recordings."""

    log: list[list[Any]] = field(default_factory=list)

    def subscribed(self) -> None:
        self.log.append(["subscribed"])

    def failed(self, failure: Failure, text: str) -> None:
        self.log.append(["failed", failure, text])

    def broadcast_arrived(self, event: str, payload: dict[str, Any]) -> None:
        self.log.append(["broadcast", event, payload])

    def presence_arrived(self, state: Presences) -> None:
        self.log.append(["presence", {key: len(metas) for key, metas in state.items()}])

    def change_arrived(self, data: dict[str, Any]) -> None:
        self.log.append(["change", data["type"], data["table"], data["errors"]])


class Stage:
    """Answers heartbeats; joins with what `script` says for their topic, or with a plain yes."""

    def __init__(self, server: Server) -> None:
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        self.script: dict[str, list[dict[str, Any]]] = {}
        self.heard: list[dict[str, Any]] = []
        self.beats: dict[int, asyncio.Event] = {}
        self.lost = asyncio.Event()
        self._connection: ServerConnection | None = None

    async def play(self, connection: ServerConnection) -> None:
        self._connection = connection
        async for data in connection:
            frame = json.loads(data)
            self.heard.append(frame)
            if frame["event"] == "heartbeat":
                await self.say(_reply(frame, {}))
            elif frame["event"] == "phx_join":
                for answer in self.script.get(frame["topic"]) or [_accepted(frame)]:
                    await self.say({**answer, "ref": frame["ref"]})

    async def say(self, frame: dict[str, Any] | str | bytes) -> None:
        """Send one frame as it stands."""
        assert self._connection is not None
        await self._connection.send(json.dumps(frame) if isinstance(frame, dict) else frame)

    async def close(self, code: int) -> None:
        assert self._connection is not None
        await self._connection.close(code)

    @asynccontextmanager
    async def client(self) -> AsyncIterator[WebSocket]:
        def answered(ref: int) -> None:
            self.beats[ref].set()

        socket = await WebSocket.open(
            self.url, "key", "token", POLICY, on_answer=answered, on_lost=self.lost.set
        )
        try:
            yield socket
        finally:
            await socket.close(abort=False)

    async def fence(self, socket: WebSocket) -> None:
        """Return when the client has dealt with everything that was said before."""
        ref = len(self.beats) + 1
        self.beats[ref] = asyncio.Event()
        await socket.beat(ref)
        async with asyncio.timeout(5):
            await self.beats[ref].wait()

    async def joined(self, socket: WebSocket, spec: JoinSpec, sink: Told) -> Member:
        member = socket.member(spec, sink)
        async with asyncio.timeout(5):
            await member.join()
        return member

    def join_ref(self, topic: str) -> str:
        """The ref of the newest join of `topic`."""
        joins = [f for f in self.heard if f["event"] == "phx_join" and f["topic"] == topic]
        return str(joins[-1]["ref"])


@asynccontextmanager
async def staged() -> AsyncIterator[Stage]:
    stages: list[Stage] = []

    async def handler(connection: ServerConnection) -> None:
        await stages[0].play(connection)

    async with serve(handler, "127.0.0.1", 0, max_size=None) as server:
        stages.append(Stage(server))
        yield stages[0]


async def failure_at_open(url: str) -> KdsError:
    """What the client makes of a handshake that is declined."""
    nothing: Callable[..., None] = lambda *_: None  # noqa: E731
    try:
        socket = await WebSocket.open(
            url, "key", "token", POLICY, on_answer=nothing, on_lost=nothing
        )
    except KdsError as error:
        return error
    await socket.close(abort=True)
    raise AssertionError("the handshake was accepted")


def _reply(frame: dict[str, Any], response: Any) -> dict[str, Any]:
    payload = {"status": "ok", "response": response}
    return {
        "topic": frame["topic"], "event": "phx_reply", "ref": frame["ref"], "payload": payload,
    }  # fmt: skip


def _accepted(join: dict[str, Any]) -> dict[str, Any]:
    """The server's echo of the bindings, with ids."""
    asked = join["payload"]["config"]["postgres_changes"]
    return _reply(join, {"postgres_changes": [{"id": n, **b} for n, b in enumerate(asked, 1)]})
