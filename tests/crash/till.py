"""The till's process: the real session, and a place in it where it dies.

Takes orders until told that it is enough, then waits until everything is settled. Says, in
this order of truth: `accepted` after a tap has returned, never before.

A till that is to die kills itself exactly at the point. One that is to see its hub die stops
there, says so, and goes on when told.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from kds.base.events import Event, until
from kds.connection.http import Http
from kds.connection.tokens import FileBackend
from kds.session.session import Session, SessionOptions
from kds.sync import outbox, replica
from kds.sync.outbox import Outbox
from kds.sync.replica import Replica
from tests.crash.plan import Point
from tests.support.scene import world
from tests.support.sessions import cart, set_up, started

MOST_ORDERS = 100
MOST_WAITING = 6
"""Ops on their way to the server, above which the next guest has to wait."""

PIECES = 2
STOCK_ITEM = "sauce"


@dataclass(frozen=True)
class Job:
    """What a till process has to do. `orders` at most; without a `point` it dies of nothing."""

    folder: Path
    url: str
    key: str
    branch_id: str
    email: str
    password: str
    orders: int = MOST_ORDERS
    point: Point | None = None
    nth: int = 1
    suicide: bool = True

    @property
    def options(self) -> SessionOptions:
        return SessionOptions(
            self.url,
            self.key,
            self.branch_id,
            "manager",  # may do all that a till may, and count stock, which shows a doubled op
            "Till",
            frozenset(),
            self.folder,
            self.email,
            self.password,
        )


class Trap:
    """Watches for the point; `enough` is set when there is no more to do than to settle."""

    def __init__(self, job: Job, wire: Connection) -> None:
        self._job = job
        self._wire = wire
        self._hits = 0
        self.enough = threading.Event()
        self.freed: Event[None] = Event()

    def hit(self, point: Point) -> None:
        """On SQLite's thread."""
        if self._springs(point):
            self.enough.wait()

    async def hit_soon(self, point: Point) -> None:
        """On the loop's thread."""
        if self._springs(point):
            await asyncio.to_thread(self.enough.wait)

    def _springs(self, point: Point) -> bool:
        if point != self._job.point:
            return False
        self._hits += 1
        if self._hits != self._job.nth:
            return False
        if self._job.suicide:
            os.kill(os.getpid(), signal.SIGKILL)
        self._wire.send(("reached",))
        return True

    def told(self) -> None:
        """Something came down the wire: that it is enough, or that nobody listens any more."""
        try:
            self._wire.recv()
        except EOFError:
            os._exit(1)
        self.enough.set()
        self.freed.emit(None)


def set_trap(trap: Trap) -> None:
    """Put the points into the program of this process."""
    _in_transaction(outbox, "append", trap, "before the tap is on the disk")
    _in_transaction(outbox, "settle", trap, "before the answer is on the disk")
    _in_transaction(replica, "_write_cursor", trap, "before the cursor is on the disk")
    _around(Outbox, "append", trap, None, "after the tap is on the disk")
    _around(Replica, "commit", trap, None, "after the cursor is on the disk")
    _around(Http, "rpc", trap, "before the send", "after the answer", "apply_ops")
    write = FileBackend.write

    def save(self: FileBackend, text: str) -> None:
        trap.hit("before the token is on the disk")
        write(self, text)

    FileBackend.write = save  # type: ignore[method-assign]


def _in_transaction(module: Any, name: str, trap: Trap, point: Point) -> None:
    real: Callable[..., None] = getattr(module, name)

    def trapped(*args: Any) -> None:
        real(*args)
        if args[1]:  # there was something to write
            trap.hit(point)

    setattr(module, name, trapped)


def _around(
    owner: Any, name: str, trap: Trap, before: Point | None, after: Point, first: str | None = None
) -> None:
    """`first`: only calls with this as their first argument."""
    real = getattr(owner, name)

    async def trapped(self: Any, *args: Any, **options: Any) -> Any:
        meant = first is None or args[0] == first
        if before and meant:
            await trap.hit_soon(before)
        answer = await real(self, *args, **options)
        if meant:
            await trap.hit_soon(after)
        return answer

    setattr(owner, name, trapped)


def main(job: Job, wire: Connection) -> None:
    trap = Trap(job, wire)
    set_trap(trap)
    asyncio.run(_work(job, wire, trap))


async def _work(job: Job, wire: Connection, trap: Trap) -> None:
    asyncio.get_running_loop().add_reader(wire.fileno(), trap.told)
    async with started(job.options, world(job.options)) as till:
        await set_up(till)
        await _serve_guests(till, job, wire, trap)
        await until(till.status_changed, lambda: till.status.waiting == 0)
        wire.send(("settled", await till.audit(), till.status.blocked))


async def _serve_guests(till: Session, job: Job, wire: Connection, trap: Trap) -> None:
    news: Event[Any] = Event()
    till.status_changed.connect(news.emit)
    trap.freed.connect(news.emit)
    enough = trap.enough.is_set
    for _ in itertools.islice(iter(enough, True), job.orders):
        await _serve(till, wire)
        await until(news, lambda: till.status.waiting < MOST_WAITING or enough())


async def _serve(till: Session, wire: Connection) -> None:
    """One guest: an order, its payment, and a pot of sauce counted in."""
    order_id = await till.actions.place_order(cart(till.new_id(), PIECES))
    wire.send(("accepted", "order", order_id))
    await till.actions.pay(order_id, "cash", 1200)
    wire.send(("accepted", "payment", order_id))
    await till.actions.adjust_stock(STOCK_ITEM, 1, "counted")
    wire.send(("accepted", "stock", order_id))
