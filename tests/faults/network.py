"""A network of which everything can be expected: the port `Network`, in the simulated world.

What is carried may get lost, doubled, delayed (and so overtake) or cut, each way by itself.
Requests of a process that has died go on travelling, and reach the server later.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from kds.base.errors import Refused, RemoteError, Unauthorized, Unreachable
from kds.connection.policy import DEFAULT
from kds.connection.ports import Grant, JoinSpec, Sink
from kds.connection.signals import Reason
from tests.faults.loop import ProcessLoop, Scheduler
from tests.faults.server import Server
from tests.support.fake_connection import Json

Trace = Callable[[str], None]


@dataclass
class Weather:
    """How likely each mishap is now, for everybody. `late_s`: up to so much, when late."""

    drop: float = 0.0
    double: float = 0.0
    delay: float = 0.0
    truncate: float = 0.0
    late_s: float = 8.0


@dataclass
class Line:
    """The way between one terminal and the server. Counters, since faults may overlap."""

    name: str
    out_cut: int = 0
    in_cut: int = 0
    refuse_joins: int = 0
    sockets: list[SimSocket] = field(default_factory=list)


class Air:
    """Everything between the terminals and the server."""

    def __init__(self, scheduler: Scheduler, server: Server, rng: Random, trace: Trace) -> None:
        self.scheduler = scheduler
        self.server = server
        self.weather = Weather()
        self.trace = trace
        self._rng = rng
        self._members: dict[str, dict[SimMember, None]] = {}
        server.poked.connect(self._poke)

    def chance(self, likely: float) -> bool:
        return likely > 0 and self._rng.random() < likely

    def carry(self, cut: Callable[[], bool], deliver: Callable[[], None]) -> None:
        """Bring a message: `deliver` is called once, or never, or twice."""
        if cut() or self.chance(self.weather.drop):
            return
        self._bring(cut, deliver)
        if self.chance(self.weather.double):
            self._bring(cut, deliver)

    def _bring(self, cut: Callable[[], bool], deliver: Callable[[], None]) -> None:
        delay = 0.001 + self._rng.random() * 0.02
        if self.chance(self.weather.delay):
            delay += self._rng.random() * self.weather.late_s
        self.scheduler.later(delay, lambda: None if cut() else deliver())

    def mangle(self, answer: Any) -> Any:
        """A part of the answer, or something else."""
        which = self._rng.randrange(6)
        if which == 0 or not isinstance(answer, dict):
            raise Unreachable("The server's answer could not be understood.")
        if which == 1:
            return {}
        if which == 2:
            return None
        keys = list(answer)
        lost = keys[self._rng.randrange(len(keys))]
        if which == 3 and isinstance(answer[lost], dict) and answer[lost]:
            return {**answer, lost: dict.fromkeys(answer[lost])}
        if which == 4:
            return {**answer, lost: "?"}
        return {key: value for key, value in answer.items() if key != lost}

    # -- topics ---------------------------------------------------------------------------

    def subscribe(self, member: SimMember) -> None:
        self._members.setdefault(member.spec.topic, {})[member] = None

    def unsubscribe(self, member: SimMember) -> None:
        self._members.get(member.spec.topic, {}).pop(member, None)

    def _poke(self, poke: Json) -> None:
        self.tell(f"stream:{poke['stream']}", "poke", poke, None)

    def tell(self, topic: str, event: str, payload: Json, author: SimMember | None) -> None:
        for member in tuple(self._members.get(topic, ())):
            if member is not author:
                member.send_down(lambda to=member: to.sink.broadcast_arrived(event, payload))

    def hang_up_all(self) -> None:
        """The server goes: its sockets close, where that can still be told."""
        for members in self._members.values():
            for member in tuple(members):
                member.socket.hang_up()


class SimNetwork:
    """The port for one process."""

    def __init__(self, air: Air, line: Line, loop: ProcessLoop) -> None:
        self._air = air
        self._line = line
        self._loop = loop

    async def backend(self, on_contact: Callable[[Reason], None]) -> SimBackend:
        return SimBackend(self._air, self._line, self._loop, on_contact)

    async def open(
        self, token: str, *, on_answer: Callable[[int], None], on_lost: Callable[[], None]
    ) -> SimSocket:
        opened: asyncio.Future[None] = self._loop.create_future()
        socket = SimSocket(self._air, self._line, self._loop, token, on_answer, on_lost)
        socket.go_up(lambda: socket.go_down(lambda: opened.done() or opened.set_result(None)))
        try:
            async with asyncio.timeout(DEFAULT.open_timeout):
                await opened
        except TimeoutError:
            raise Unreachable("The server cannot be reached.") from None
        self._line.sockets.append(socket)
        return socket


class SimBackend:
    """Requests over HTTP."""

    def __init__(
        self, air: Air, line: Line, loop: ProcessLoop, on_contact: Callable[[Reason], None]
    ) -> None:
        self._air = air
        self._line = line
        self._loop = loop
        self._on_contact = on_contact

    async def sign_in(self, email: str, password: str) -> Grant:
        return self._grant(
            await self._ask("sign_in", lambda s: s.accounts.sign_in(email, password))
        )

    async def refresh(self, refresh_token: str) -> Grant:
        return self._grant(await self._ask("refresh", lambda s: s.accounts.refresh(refresh_token)))

    async def sign_out(self, access_token: str) -> None:
        """Nobody in the simulation does."""

    async def rpc(self, name: str, params: Json, token: str) -> Any:
        text = json.dumps(params)
        return await self._ask(name, lambda s: s.request(name, json.loads(text), token), text)

    async def select(
        self,
        table: str,
        columns: str,
        filters: Sequence[tuple[str, str, str]],
        limit: int | None,
        token: str,
    ) -> list[dict[str, Any]]:
        raise Refused("Nobody in the simulation asks for tables.")

    async def close(self) -> None:
        """There is nothing to close."""

    def _grant(self, answer: Any) -> Grant:
        if not isinstance(answer, Grant):
            raise Unreachable("The server's answer could not be understood.")
        return answer

    async def _ask(self, name: str, call: Callable[[Server], Any], text: str = "") -> Any:
        air, line, server = self._air, self._line, self._air.server
        answered: asyncio.Future[Any] = self._loop.create_future()

        def back(answer: Any) -> None:
            air.carry(
                lambda: line.in_cut > 0, lambda: answered.done() or answered.set_result(answer)
            )

        def arrive() -> None:
            if server.down:
                back(Unreachable("The server cannot be reached."))
                return
            answer = _answer(server, call)
            air.trace(f"server {line.name} {name} {text} -> {_brief(answer)}")
            back(answer)

        air.carry(lambda: line.out_cut > 0, arrive)
        try:
            async with asyncio.timeout(DEFAULT.http_timeout):
                answer = await answered
            if not isinstance(answer, Exception) and air.chance(air.weather.truncate):
                answer = air.mangle(answer)
        except TimeoutError:
            answer = Unreachable("The server did not answer in time.")
        except Unreachable as error:
            self._on_contact("server_error")
            raise error
        if isinstance(answer, Unreachable):
            self._on_contact("offline")
            raise answer
        self._on_contact("")
        if isinstance(answer, Exception):
            raise answer
        return answer


def _answer(server: Server, call: Callable[[Server], Any]) -> Any:
    """An error travels too."""
    try:
        return call(server)
    except RemoteError as error:
        return error


def _brief(answer: Any) -> str:
    if isinstance(answer, dict) and "outcomes" in answer:
        return str([(one["seq"], one["result"]) for one in answer["outcomes"]])
    if isinstance(answer, dict) and "streams" in answer:
        streams = answer["streams"].items()
        return str({n: (s["epoch"], s.get("through_rev", s.get("rev"))) for n, s in streams})
    return repr(answer) if isinstance(answer, Exception) else ""


class SimSocket:
    """A WebSocket. `dumb`: half-open, nothing goes through it any more."""

    def __init__(
        self,
        air: Air,
        line: Line,
        loop: ProcessLoop,
        token: str,
        on_answer: Callable[[int], None],
        on_lost: Callable[[], None],
    ) -> None:
        self.air = air
        self.line = line
        self.loop = loop
        self.token = token
        self.closed = False
        self.dumb = False
        self.members: dict[SimMember, None] = {}
        self._on_answer = on_answer
        self._on_lost = on_lost

    def go_up(self, deliver: Callable[[], None]) -> None:
        """A frame to the server."""
        self.air.carry(self._no_way_up, lambda: None if self.air.server.down else deliver())

    def go_down(self, deliver: Callable[[], object]) -> None:
        """A frame from the server; `deliver` is called in the process."""
        self.air.carry(self._no_way_down, lambda: self.loop.call_soon(self._hear, deliver))

    def _hear(self, deliver: Callable[[], object]) -> None:
        if not self.closed:
            deliver()

    def _no_way_up(self) -> bool:
        return self.dumb or self.line.out_cut > 0

    def _no_way_down(self) -> bool:
        return self.dumb or self.line.in_cut > 0

    def hang_up(self) -> None:
        """The server closes it."""
        self.forget()
        self.go_down(self._lost)

    def _lost(self) -> None:
        self.closed = True
        self._on_lost()

    def forget(self) -> None:
        """Nothing is sent to it any more."""
        for member in tuple(self.members):
            self.air.unsubscribe(member)
        self.members.clear()
        if self in self.line.sockets:
            self.line.sockets.remove(self)

    # -- the port -------------------------------------------------------------------------

    async def beat(self, ref: int) -> None:
        self._alive()
        self.go_up(lambda: self.go_down(lambda: self._on_answer(ref)))

    def member(self, spec: JoinSpec, sink: Sink) -> SimMember:
        return SimMember(self, spec, sink)

    async def set_token(self, token: str) -> None:
        self._alive()
        self.go_up(lambda: setattr(self, "token", token))

    async def close(self, *, abort: bool) -> None:
        self.closed = True
        self.forget()

    def _alive(self) -> None:
        if self.closed:
            raise Unreachable("The connection was lost.")


class SimMember:
    """A join on one socket."""

    def __init__(self, socket: SimSocket, spec: JoinSpec, sink: Sink) -> None:
        self.socket = socket
        self.spec = spec
        self.sink = sink
        self._over = False

    async def join(self) -> None:
        self.socket._alive()
        self.socket.go_up(self._on_join)

    def _on_join(self) -> None:
        line, server = self.socket.line, self.socket.air.server
        if self._over or self.socket.closed:
            return
        if line.refuse_joins > 0:
            line.refuse_joins -= 1
            self._refuse("refused", "Unauthorized: you do not have permissions")
            return
        try:
            allowed = server.may_join(self.spec.topic, self.socket.token)
        except Unauthorized as error:
            self._refuse("expired", str(error))
            return
        if not allowed:
            self._refuse("refused", "Unauthorized")
            return
        self.socket.members[self] = None
        self.socket.air.subscribe(self)
        self.send_down(self.sink.subscribed)
        self._watch_token()

    def _watch_token(self) -> None:
        """The server closes a channel whose token has expired."""
        air = self.socket.air
        left = air.server.accounts.good_for(self.socket.token)
        if left <= 0:
            air.unsubscribe(self)
            self._refuse("expired", "Token has expired")
        else:
            air.scheduler.later(left + 0.5, self._look_again)

    def _look_again(self) -> None:
        if self in self.socket.members:
            self._watch_token()

    def _refuse(self, failure: Any, text: str) -> None:
        self.socket.members.pop(self, None)

        def say() -> None:
            if not self._over:
                self._over = True
                self.sink.failed(failure, text)

        self.socket.go_down(say)

    def send_down(self, deliver: Callable[[], None]) -> None:
        self.socket.go_down(lambda: None if self._over else deliver())

    async def send(self, event: str, payload: Json) -> None:
        self.socket._alive()
        if event == "broadcast":
            said = json.loads(json.dumps(payload))
            self.socket.go_up(
                lambda: self.socket.air.tell(self.spec.topic, said["event"], said["payload"], self)
            )

    async def leave(self) -> None:
        self._over = True
        self.socket.members.pop(self, None)
        self.socket._alive()
        self.socket.go_up(lambda: self.socket.air.unsubscribe(self))
