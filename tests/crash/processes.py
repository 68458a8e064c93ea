"""The two processes that die, seen from the one that kills them."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import sys
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import psycopg

from kds.base.events import Event
from tests.crash import till
from tests.support.commands import HubProcess, Watched

# A till is born with its imports: its own, and those of the program that starts it, which
# multiprocessing runs again in every child.
_main = getattr(sys.modules["__main__"], "__spec__", None)
_nursery = multiprocessing.get_context("forkserver")
_nursery.set_forkserver_preload(["tests.crash.till", *([_main.name] if _main else [])])


class Till:
    """A till process. `said`: all its messages; `heard` fires with each, and at its end."""

    def __init__(self, job: till.Job) -> None:
        self.said: list[tuple[Any, ...]] = []
        self.heard: Event[None] = Event()
        self.ended = False
        self._wire, theirs = _nursery.Pipe()
        self._process = _nursery.Process(target=till.main, args=(job, theirs), daemon=True)
        self._process.start()
        theirs.close()
        asyncio.get_running_loop().add_reader(self._wire.fileno(), self._listen)

    def _listen(self) -> None:
        try:
            self.said.append(self._wire.recv())
        except (EOFError, ConnectionError):
            asyncio.get_running_loop().remove_reader(self._wire.fileno())
            self._wire.close()
            self.ended = True
        self.heard.emit(None)

    def of(self, word: str) -> list[tuple[Any, ...]]:
        return [message for message in self.said if message[0] == word]

    def enough(self) -> None:
        """Take no more orders."""
        if not self.ended:
            self._wire.send("enough")

    def kill(self) -> None:
        self._process.kill()

    async def gone(self) -> int:
        """Its exit code, when it has ended and all that it said was heard."""
        await asyncio.to_thread(self._process.join)
        code = self._process.exitcode
        assert code is not None
        self._process.close()
        return code


class Hub:
    """The real hub, which can be killed and started again at the same address."""

    def __init__(self, data: Path) -> None:
        self.process = HubProcess(data)
        self._life = AsyncExitStack()

    async def start(self) -> None:
        self._watched: Watched = await self._life.enter_async_context(self.process.running())
        ((text,),) = await self.sql("select pg_read_file('postmaster.pid')")
        self._postmaster = int(text.split()[0])

    async def kill(self, *, power: bool) -> None:
        """`kill -9`; with the `power`, its PostgreSQL dies at the same instant."""
        self._watched.child.kill()
        if power:
            os.kill(self._postmaster, signal.SIGKILL)
        await self.stop()

    async def stop(self) -> None:
        await self._life.aclose()

    async def sql(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Rows of a query, as the database's superuser."""
        async with await psycopg.AsyncConnection.connect(self.process.dsn) as connection:
            return await (await connection.execute(statement.encode(), values)).fetchall()
