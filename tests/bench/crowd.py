"""Many light terminals in one process: sockets that listen to the branch and are present in it.

    python -m tests.bench.crowd      options as a line of JSON on stdin (see `crowd`)

They join as real terminals do and read every frame, but keep nothing. Prints {"event": "joined",
"ms": how long all of them took}, then {"event": "all", "at", "text"} for every frame that has
reached each of them, with the monotonic second at which the last one had it.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect

from kds.app.processes import say
from kds.base.events import Event, until
from kds.base.tasks import end
from kds.hub.keys import load_keys
from tests.support.commands import BRANCH, PASSWORD, HubProcess

AT_ONCE = 20
BEAT_S = 20.0


# -- in the process of the crowd ---------------------------------------------------------------


class Listener:
    """One socket; with a `token` it joins the branch as a terminal does."""

    def __init__(self, name: str, token: str) -> None:
        self._name = name
        self._token = token
        self._refs = 0

    async def join(self, socket: ClientConnection) -> None:
        if self._token:
            await self._join(socket, f"realtime:stream:floor:{BRANCH}", "")
            topic = f"realtime:branch:{BRANCH}"
            await self._join(socket, topic, self._name)
            track = {"type": "presence", "event": "track", "payload": {"name": self._name}}
            await self._send(socket, topic, "presence", track)

    async def _join(self, socket: ClientConnection, topic: str, presence_key: str) -> None:
        config = {
            "broadcast": {"ack": False, "self": False},
            "presence": {"key": presence_key, "enabled": bool(presence_key)},
            "postgres_changes": [],
            "private": True,
        }
        payload = {"config": config, "access_token": self._token}
        ref = await self._send(socket, topic, "phx_join", payload)
        while (frame := json.loads(await socket.recv())).get("ref") != ref:
            pass
        if frame["payload"]["status"] != "ok":
            raise ConnectionError(frame["payload"])

    async def beat(self, socket: ClientConnection) -> None:
        while self._token:
            await asyncio.sleep(BEAT_S)
            await self._send(socket, "phoenix", "heartbeat", {})

    async def _send(
        self, socket: ClientConnection, topic: str, event: str, payload: dict[str, Any]
    ) -> str:
        self._refs += 1
        ref = str(self._refs)
        frame = {"topic": topic, "event": event, "payload": payload, "ref": ref, "join_ref": "1"}
        await socket.send(json.dumps(frame))
        return ref


async def main(url: str, token: str, count: int) -> None:
    began = time.monotonic()
    turn = asyncio.Semaphore(AT_ONCE)
    heard: Counter[str | bytes] = Counter()
    joined = asyncio.Barrier(count + 1)

    async def listen(listener: Listener) -> None:
        async with turn:
            socket = await connect(url, compression=None)
            await listener.join(socket)
        beats = asyncio.create_task(listener.beat(socket))
        await joined.wait()
        try:
            async for text in socket:
                heard[text] += 1
                if heard[text] == count:
                    del heard[text]
                    say(event="all", at=time.monotonic(), text=str(text))
        finally:
            await end([beats])

    async with asyncio.TaskGroup() as tasks:
        for number in range(count):
            tasks.create_task(listen(Listener(f"Terminal {number}", token)))
        await joined.wait()
        say(event="joined", ms=(time.monotonic() - began) * 1000)


# -- in the process of the benchmark -----------------------------------------------------------


@dataclass
class Crowd:
    """`joined_ms`: how long it took until all of them had joined."""

    joined_ms: float = 0.0
    _texts: list[tuple[str, float]] = field(default_factory=list)
    _heard: Event[None] = field(default_factory=Event)

    def take(self, message: dict[str, Any]) -> None:
        if message["event"] == "joined":
            self.joined_ms = message["ms"]
        else:
            self._texts.append((message["text"], message["at"]))
        self._heard.emit(None)

    async def until_joined(self) -> None:
        await until(self._heard, lambda: self.joined_ms > 0)

    async def of(self, part: str) -> float:
        """The monotonic second at which everybody had the frame that contains `part`."""
        await until(self._heard, lambda: any(part in text for text, _ in self._texts))
        at = next(at for text, at in self._texts if part in text)
        self._texts.clear()
        return at


@asynccontextmanager
async def crowd(hub: HubProcess, count: int) -> AsyncIterator[Crowd]:
    """`count` terminals of the branch, all joined."""
    key = load_keys(hub.data).anon
    url = f"{hub.url.replace('http', 'ws', 1)}/realtime/v1/websocket?apikey={key}&vsn=1.0.0"
    async with listening(url, await _token(hub.url, key), count) as found:
        yield found


@asynccontextmanager
async def listening(url: str, token: str, count: int) -> AsyncIterator[Crowd]:
    """`count` sockets at `url`; without a `token` they only listen."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.crowd"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=1 << 24,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps({"url": url, "token": token, "count": count}).encode() + b"\n")
    found, lines = Crowd(), process.stdout

    async def read() -> None:
        async for line in lines:
            found.take(json.loads(line))

    reader = asyncio.create_task(read())
    try:
        await found.until_joined()
        yield found
    finally:
        process.terminate()
        await process.wait()
        await end([reader])


async def _token(url: str, key: str) -> str:
    async with httpx.AsyncClient() as client:
        answer = await client.post(
            f"{url}/auth/v1/token?grant_type=password",
            headers={"apikey": key},
            json={"email": "kitchen@test.local", "password": PASSWORD},
        )
    return str(answer.raise_for_status().json()["access_token"])


if __name__ == "__main__":
    asyncio.run(main(**json.loads(sys.stdin.readline())))
