"""One run: a scenario in, what went wrong out. The same scenario gives the same trace."""

from __future__ import annotations

import asyncio
import gc
import hashlib
import logging
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from kds.base.errors import RemoteError, StorageError
from kds.domain.commands import Command
from tests.faults import checks
from tests.faults.calamity import Calamity
from tests.faults.house import OWN_STATIONS
from tests.faults.loop import Scheduler
from tests.faults.network import Air
from tests.faults.people import act
from tests.faults.scenario import ACTIVE_S, Scenario, Tap, scenario
from tests.faults.server import Server
from tests.faults.terminal import SimClock, Terminal, Witness

STRAGGLERS_S = 10.0  # the latest message of the bad times has arrived by then
BOUND_S = 290.0  # everything is in order this long after the last straggler
AUDIT_S = 60.0  # and then the server answers a question within this
ASK_AGAIN_S = 1.0


@dataclass
class Result:
    """`problems`: what went wrong, the first being the reason for the rest, perhaps."""

    seed: int
    problems: list[str] = field(default_factory=list)
    digest: str = ""
    steps: int = 0
    ops: int = 0
    seconds: float = 0.0  # of virtual time
    settled_s: float = 0.0  # from the last fault to order
    faults: dict[str, int] = field(default_factory=dict)
    trace: list[str] = field(default_factory=list)


class Simulation:
    def __init__(self, scenario: Scenario, folder: Path, *, keep_trace: bool = False) -> None:
        self.scenario = scenario
        self.result = Result(scenario.seed)
        self._folder = folder
        self._keep_trace = keep_trace
        self._hash = hashlib.sha256()
        self.scheduler = Scheduler()
        self.server = Server(SimClock(self.scheduler))
        self.witness = Witness(on_accept=self._on_accept)
        rng = Random(f"air/{scenario.seed}")
        self.air = Air(self.scheduler, self.server, rng, self.trace)
        self.terminals: list[Terminal] = []
        for number, role in enumerate(scenario.roles):
            self.add_terminal(f"{role}-{number}")
        self.calamity = Calamity(self)

    def add_terminal(self, name: str) -> Terminal:
        number = int(name.split("-")[1])
        role, stations = self.scenario.roles[number], OWN_STATIONS.get(number, frozenset())
        rng = Random(f"{name}/{self.scenario.seed}")
        terminal = Terminal(
            name,
            role,
            self.air,
            self.witness,
            rng,
            self._folder,
            stations,
            self.result.problems.append,
        )
        self.server.accounts.roles.setdefault(terminal.email, role)
        self.terminals.append(terminal)
        return terminal

    def trace(self, line: str) -> None:
        line = f"{self.scheduler.time:9.4f} {line}"
        self._hash.update(line.encode())
        if self._keep_trace:
            self.result.trace.append(line)

    def _on_accept(self, terminal: str, command: Command) -> None:
        self.result.ops += 1
        self.trace(f"{terminal} accepts {command.kind} #{command.seq} {command.op_id}")

    # -- the run --------------------------------------------------------------------------

    def run(self) -> Result:
        with _errors_into(self.result.problems, _expected(self.scenario)):
            self._act()
            self._settle()
        self._bury()
        result, scheduler = self.result, self.scheduler
        result.digest = self._hash.hexdigest()
        result.steps, result.seconds = scheduler.steps, scheduler.time
        result.faults = dict(self.calamity.happened)
        return result

    def _act(self) -> None:
        self.calamity.plan()
        for number, terminal in enumerate(tuple(self.terminals)):
            self.scheduler.at(0.1 * number, terminal.boot)
        for tap in self.scenario.taps:
            self.scheduler.at(tap.at, self._tap, tap)
        self.scheduler.run_until(ACTIVE_S)

    def _tap(self, tap: Tap) -> None:
        owner = self.terminals[tap.who]
        same = [one for one in self.terminals if one.origin is owner]
        terminal = same[tap.amount % len(same)]
        session, process = terminal.session, terminal.process
        if session is not None and process is not None:
            process.loop.call_soon(lambda: process.loop.create_task(act(session, tap)))

    def _settle(self) -> None:
        """Everything is repaired: now all has to come into order, and stay there."""
        self.calamity.repair()
        began = self.scheduler.time
        self.scheduler.run_until(began + STRAGGLERS_S)
        self._wait_for_order()
        self.result.settled_s = self.scheduler.time - began
        if not self.result.problems:
            self._audit()
            self._wait_for_order()  # whom an audit told of a restore has registered meanwhile
        if not self.result.problems:
            self.result.problems += checks.all_of(self.server, self.terminals, self.witness)

    def _wait_for_order(self) -> None:
        self.scheduler.run_until(self.scheduler.time + BOUND_S, done=self._in_order)
        self.result.problems += self._unsettled()

    def _in_order(self) -> bool:
        return next(self._unsettled(), None) is None

    def _unsettled(self) -> Iterator[str]:
        return checks.unsettled(self.server, self.terminals, attended=self.calamity.attended)

    def _audit(self) -> None:
        """The program's own comparison with the server says equal, everywhere."""
        audits = {
            one.name: one.process.loop.create_task(_verdict(one))
            for one in self.terminals
            if one.process is not None and not checks.locked_out(self.server, one)
        }
        deadline = self.scheduler.time + AUDIT_S
        self.scheduler.run_until(deadline, done=lambda: all(t.done() for t in audits.values()))
        for name, audit in audits.items():
            if not audit.done():
                self.result.problems.append(f"audit: {name} got no answer")
            elif not audit.result():
                self.result.problems.append(f"audit: {name} is not equal to the server")

    def _bury(self) -> None:
        for terminal in self.terminals:
            terminal.bury()


async def _verdict(terminal: Terminal) -> bool:
    """The program's word, asked for until the server has been asked.

    A request that got lost in the bad times is waited for until its timeout, some seconds into the
    good ones. When it was for a new token, everybody waits with it, and then hears `Unreachable`:
    that is no word on the rows.
    """
    assert terminal.session is not None
    while True:
        try:
            return await terminal.session.audit()
        except RemoteError:
            await asyncio.sleep(ASK_AGAIN_S)


# -- errors in the log are failures -----------------------------------------------------------


def _expected(scenario: Scenario) -> tuple[str, ...]:
    """What the log may say loudly in this scenario."""
    return ("gave an answer of another shape",) if "truncate" in scenario.kinds else ()


class _Errors(logging.Handler):
    def __init__(self, problems: list[str], expected: tuple[str, ...]) -> None:
        super().__init__(logging.ERROR)
        self._problems = problems
        self._expected = expected

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        args = record.args if isinstance(record.args, tuple) else ()
        if isinstance(error, StorageError) or any(isinstance(a, StorageError) for a in args):
            return
        text = record.getMessage()
        if not any(expected in text for expected in self._expected):
            self._problems.append(f"log: {record.name}: {text}: {error!r}")


@contextmanager
def _errors_into(problems: list[str], expected: tuple[str, ...]) -> Iterator[None]:
    logger = logging.getLogger("kds")
    handler, level, propagate = _Errors(problems, expected), logger.level, logger.propagate
    logger.addHandler(handler)
    logger.setLevel(logging.ERROR)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
        logger.propagate = propagate


def run(planned: Scenario, *, keep_trace: bool = False) -> Result:
    """Play a scenario in a folder of its own, in memory where there is such a place."""
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="kds-faults-", dir=memory if memory.is_dir() else None))
    collecting = gc.isenabled()
    gc.disable()  # what a collector finds, and when, is no part of a run
    gc.freeze()  # and it need not look at the program again after each
    try:
        return Simulation(planned, folder, keep_trace=keep_trace).run()
    finally:
        shutil.rmtree(folder)
        gc.collect()
        gc.unfreeze()
        if collecting:
            gc.enable()


def play(seed: int) -> Result:
    """The run of a seed."""
    return run(scenario(seed))
