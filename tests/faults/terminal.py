"""A terminal of the simulated restaurant: a disk that stays, and processes that come and go.

The process is the program's own `Session` with its real file. When it is killed its disk is
copied as it lies there, and the next process starts over the copy: a power cut leaves no more.
"""

from __future__ import annotations

import resource
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from kds.base.errors import KdsError
from kds.connection.tokens import TokenStore
from kds.domain.commands import Command, Kind
from kds.domain.rows import Role
from kds.session.session import Session, SessionOptions
from kds.session.world import World
from tests.faults.loop import ProcessLoop, Scheduler
from tests.faults.network import Air, Line, SimNetwork
from tests.support.restaurant import BRANCH

START = datetime(2026, 11, 21, 11, 0, tzinfo=UTC)
BOOT_AGAIN_S = 5.0


class SimClock:
    """Virtual time, on a wall clock that may be wrong by `ahead_s`."""

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler
        self.ahead_s = 0.0

    def now(self) -> datetime:
        return START + timedelta(seconds=self._scheduler.time + self.ahead_s)

    def monotonic(self) -> float:
        return self._scheduler.time


@dataclass
class KeptToken:
    """The file of the refresh token, on a disk that always works."""

    text: str | None = None

    def read(self) -> str | None:
        return self.text

    def write(self, text: str) -> None:
        self.text = text

    def delete(self) -> None:
        self.text = None


@dataclass
class Witness:
    """What people have been promised: the ops whose taps came back, by op id."""

    accepted: dict[str, tuple[str, Command]] = field(default_factory=dict)  # terminal, op
    on_accept: Callable[[str, Command], None] = lambda _terminal, _command: None

    def accept(self, terminal: str, command: Command) -> None:
        self.accepted[command.op_id] = (terminal, command)
        self.on_accept(terminal, command)


class WitnessedSession(Session):
    """A session whose accepted ops are written down by somebody else too."""

    witness: Witness
    terminal: str

    async def _submit(self, kind: Kind, lane: str, actor: str, args: dict[str, Any]) -> Command:
        command = await super()._submit(kind, lane, actor, args)
        self.witness.accept(self.terminal, command)
        return command


@dataclass
class Process:
    """One life of the program. `session` is None until it has started."""

    loop: ProcessLoop
    opened: WitnessedSession | None = None
    session: WitnessedSession | None = None


class Terminal:
    """`disk_fails`: how likely the disk refuses a transaction now."""

    def __init__(
        self,
        name: str,
        role: Role,
        air: Air,
        witness: Witness,
        rng: Random,
        folder: Path,
        stations: frozenset[str],
        report: Callable[[str], None],
    ) -> None:
        self.name = name
        self.role = role
        self.line = Line(name)
        self.clock = SimClock(air.scheduler)
        self.tokens = KeptToken()
        self.disk_fails = 0.0
        self.process: Process | None = None
        self.buried: list[Process] = []
        self.cloned_from: Terminal | None = None
        self._air = air
        self._witness = witness
        self._rng = rng
        self._folder = folder
        self._stations = stations
        self._disks = 0
        self._report = report

    @property
    def email(self) -> str:
        return f"{self.origin.name}@example.com"

    @property
    def origin(self) -> Terminal:
        """The terminal whose disk this one began with."""
        return self.cloned_from or self

    @property
    def disk(self) -> Path:
        return self._folder / f"{self.name}-{self._disks}"

    @property
    def file(self) -> Path:
        return self.disk / "replica.db"

    @property
    def session(self) -> WitnessedSession | None:
        return self.process.session if self.process else None

    # -- life -----------------------------------------------------------------------------

    def boot(self) -> None:
        """Start the program, if it does not run."""
        if self.process is not None:
            return
        loop = ProcessLoop(self._air.scheduler, self._rng, self.name)
        loop.on_disk = self._work
        loop.on_crash = self._on_crash
        self.process = Process(loop)
        self._air.trace(f"{self.name} boots")
        loop.call_soon(lambda: loop.create_task(self._live(self.process)))

    async def _live(self, process: Process) -> None:
        options = SessionOptions(
            url="",
            key="",
            branch_id=BRANCH,
            role=self.role,
            name=self.name,
            stations=self._stations,
            data_dir=self.disk,
            email=self.email,
            password="right",
        )
        world = World(
            SimNetwork(self._air, self.line, process.loop),
            TokenStore(self.tokens),
            clock=self.clock,
            rng=self._rng,
            randbits=self._rng.getrandbits,
        )
        session = process.opened = WitnessedSession.open(options, world)
        session.witness, session.terminal = self._witness, self.name
        try:
            await session.start()
        except KdsError as error:  # the disk: somebody starts the program again
            where = f"{self._folder}/"
            self._air.trace(f"{self.name} cannot start: {str(error).replace(where, '')}")
            self._air.scheduler.later(0.0, self.kill)
            self._air.scheduler.later(BOOT_AGAIN_S, self.boot)
            return
        process.session = session

    def kill(self) -> None:
        """The process is gone at once; what it had committed is on the disk."""
        process, self.process = self.process, None
        if process is None:
            return
        self._air.trace(f"{self.name} dies")
        process.loop.dead = True
        self.buried.append(process)
        for socket in tuple(self.line.sockets):
            socket.closed = True
            socket.forget()
        self.take_disk(self)

    def take_disk(self, other: Terminal) -> None:
        """Go on with a copy of another terminal's disk, or of the own one."""
        source = other.disk
        self._disks += 1
        self.disk.mkdir(parents=True)
        for ending in ("", "-wal"):
            file = source / f"replica.db{ending}"
            if file.exists():
                shutil.copyfile(file, self.disk / file.name)
        self.tokens.text = other.tokens.text

    def bury(self) -> None:
        """The kernel closes what killed processes had open; nothing of them runs."""
        self.kill()
        for process in self.buried:
            for task in process.loop.tasks:
                _end(task)
            if process.opened is not None:
                process.opened._replica._lock.release()
                connection = process.opened._replica._database._connection
                if connection is not None:
                    connection.close()
        self.buried.clear()

    # -- what may go wrong ----------------------------------------------------------------

    def _work(self, work: Callable[[], Any]) -> Any:
        if self.disk_fails and self._rng.random() < self.disk_fails:
            self._air.trace(f"{self.name} cannot write")
            return _without_room(work)
        return work()

    def _on_crash(self, context: Mapping[str, Any]) -> None:
        self._report(f"crash: {self.name}: {context.get('message')}: {context.get('exception')!r}")


def _without_room(work: Callable[[], Any]) -> Any:
    """Do it while no file of this process may grow: SQLite meets a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        return work()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def _end(task: Any) -> None:
    """Throw a task of a dead process away; its `finally` blocks reach nothing any more."""
    try:
        task.get_coro().close()
    except BaseException:  # it is dead, and may say so as it likes
        return
