"""Connections for tests: impatient, on a fresh profile, closed on the way out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from typing import TypeVar

from kds.base.clock import Clock, SystemClock
from kds.base.events import Event
from kds.connection.channels import Channel
from kds.connection.internet import Internet
from kds.connection.machine import Link
from kds.connection.manager import Connection
from kds.connection.policy import Policy
from kds.connection.tokens import TokenStore

T = TypeVar("T")

IMPATIENT = Policy(
    backoff=(0.05, 0.1, 0.2),
    beat_every=0.2,
    silence=0.5,
    proof=3.0,
    open_timeout=3.0,
    close_timeout=0.5,
    http_connect_timeout=1.0,
    http_timeout=5.0,
)


@asynccontextmanager
async def connection(
    url: str,
    key: str,
    folder: Path,
    *,
    policy: Policy = IMPATIENT,
    clock: Clock | None = None,
    tokens: TokenStore | None = None,
) -> AsyncIterator[Connection]:
    """A connection that is not started yet; the last one to end fails when a task or a timer is
    left."""
    made = Connection(
        Internet(url, key, policy),
        clock=clock or SystemClock(),
        tokens=tokens or TokenStore.file(folder / "token"),
        rng=Random(7),
        policy=policy,
    )
    _alive.add(made)
    try:
        yield made
    finally:
        _alive.discard(made)
        await made.disconnect()
    left = [] if _alive else [*_tasks_of_a_connection(), *_timers_of_a_connection()]
    assert not left, f"left behind: {left}"


def _tasks_of_a_connection() -> list[str]:
    """Running tasks of the connection and of the packages below it."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    names = [str(task.get_coro()) for task in others if not task.done()]
    return [name for name in names if not any(word in name for word in _OTHERS)]


def _timers_of_a_connection() -> list[str]:
    """Timers of the connection's own modules that are still to fire."""
    scheduled = asyncio.get_running_loop()._scheduled  # type: ignore[attr-defined]
    names = [str(handle) for handle in scheduled if not handle.cancelled()]
    return [name for name in names if "kds/connection" in name or "realtime/" in name]


_alive: set[Connection] = set()
_OTHERS = ("Proxy.", "async_finalizer", "async_setup", "test_", "next_of")


async def next_of(event: Event[T], accept: Callable[[T], bool] = lambda _value: True) -> T:
    """The next value of `event` that `accept` likes, waiting at most 20 s."""
    found: asyncio.Future[T] = asyncio.get_running_loop().create_future()

    def listen(value: T) -> None:
        if accept(value) and not found.done():
            found.set_result(value)

    disconnect = event.connect(listen)
    try:
        async with asyncio.timeout(20):
            return await found
    finally:
        disconnect()


async def until_link(made: Connection, accept: Callable[[Link], bool]) -> Link:
    """The link as soon as `accept` likes it."""
    return made.link if accept(made.link) else await next_of(made.link_changed, accept)


async def until_state(made: Connection, state: str) -> Link:
    return await until_link(made, lambda link: link.state == state)


async def until_joined(channel: Channel) -> None:
    if channel.state != "joined":
        await next_of(channel.joined)
