"""The faults of a scenario, done to the simulated world, and undone at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.faults.scenario import ACTIVE_S, Fault
from tests.faults.server import Backup
from tests.faults.terminal import Terminal

if TYPE_CHECKING:
    from tests.faults.simulation import Simulation

BACKUP_EVERY_S = 15.0
SHORT_TOKEN_S = 40.0
HOUR_S = 3600.0
ROUND_S = 20.0
ATTENDED = 0.7  # of the copied terminals, so many have a manager who lets them in again


class Calamity:
    """`happened`: how often each kind of fault came true, and copied terminals were let in again.
    `attended`: there is a manager who sees to them."""

    def __init__(self, world: Simulation) -> None:
        self.happened: Counter[str] = Counter()
        self.attended = False
        self._world = world
        self._backups: list[Backup] = []
        self._restores = 0
        self._undo: list[Callable[[], None]] = []  # what still has to be repaired

    def plan(self) -> None:
        scheduler = self._world.scheduler
        for fault in self._world.scenario.faults:
            begin = 0.0 if fault.kind in ("skew", "expiry") else fault.at
            scheduler.at(begin, self._strike, fault)
        for number in range(int(ACTIVE_S / BACKUP_EVERY_S)):
            scheduler.at(number * BACKUP_EVERY_S, self._back_up)

    def repair(self) -> None:
        """Everything that lasts ends now, whatever it had planned."""
        self._world.trace("all is repaired")
        while self._undo:
            self._undo[-1]()
        for terminal in self._world.terminals:
            terminal.line.refuse_joins = 0
            if terminal.process is not None:
                terminal.process.loop.put_fuse_out()
            terminal.boot()

    def _back_up(self) -> None:
        self._backups.append(self._world.server.backup())

    def _strike(self, fault: Fault) -> None:
        terminal = self._world.terminals[fault.who]
        self._world.trace(f"{fault.kind} {terminal.name} {fault.how_long} {fault.how_much}")
        self.happened[fault.kind] += 1
        getattr(self, f"_{fault.kind}")(fault, terminal)

    def _for_a_while(
        self, seconds: float, begin: Callable[[], None], end: Callable[[], None]
    ) -> None:
        def undo() -> None:
            if undo in self._undo:
                self._undo.remove(undo)
                end()

        begin()
        self._undo.append(undo)
        self._world.scheduler.later(seconds, undo)

    def _add(self, fault: Fault, thing: object, name: str, amount: float) -> None:
        """Raise a number for a while; faults that overlap add up."""

        def change(by: float) -> None:
            setattr(thing, name, getattr(thing, name) + by)

        self._for_a_while(fault.how_long, lambda: change(amount), lambda: change(-amount))

    # -- messages -------------------------------------------------------------------------

    def _drop(self, fault: Fault, _terminal: Terminal) -> None:
        self._add(fault, self._world.air.weather, "drop", 0.6 * fault.how_much)

    def _double(self, fault: Fault, _terminal: Terminal) -> None:
        self._add(fault, self._world.air.weather, "double", fault.how_much)

    def _delay(self, fault: Fault, _terminal: Terminal) -> None:
        self._add(fault, self._world.air.weather, "delay", fault.how_much)

    def _truncate(self, fault: Fault, _terminal: Terminal) -> None:
        self._add(fault, self._world.air.weather, "truncate", 0.7 * fault.how_much)

    # -- lines ----------------------------------------------------------------------------

    def _one_way_out(self, fault: Fault, terminal: Terminal) -> None:
        self._add(fault, terminal.line, "out_cut", 1)

    def _one_way_in(self, fault: Fault, terminal: Terminal) -> None:
        self._add(fault, terminal.line, "in_cut", 1)

    def _offline(self, fault: Fault, terminal: Terminal) -> None:
        self._one_way_out(fault, terminal)
        self._one_way_in(fault, terminal)

    def _half_open(self, _fault: Fault, terminal: Terminal) -> None:
        for socket in terminal.line.sockets:
            socket.dumb = True

    def _hang_up(self, _fault: Fault, terminal: Terminal) -> None:
        for socket in tuple(terminal.line.sockets):
            socket.hang_up()

    def _refuse_join(self, fault: Fault, terminal: Terminal) -> None:
        terminal.line.refuse_joins += 1 + int(4 * fault.how_much)
        self._hang_up(fault, terminal)

    # -- processes ------------------------------------------------------------------------

    def _kill(self, fault: Fault, terminal: Terminal) -> None:
        terminal.kill()
        self._world.scheduler.later(0.5 + 0.3 * fault.how_long, terminal.boot)

    def _kill_step(self, fault: Fault, terminal: Terminal) -> None:
        if terminal.process is not None:
            steps = 1 + int(fault.how_much**2 * 400)
            terminal.process.loop.light_fuse(steps, lambda: self._kill(fault, terminal))

    def _clone(self, fault: Fault, terminal: Terminal) -> None:
        """The disk is copied after a while without network, and the copy has none for a while: both
        machines have the same to send, and more."""
        self._offline(fault, terminal)
        scheduler = self._world.scheduler
        scheduler.at(min(scheduler.time + fault.how_long, ACTIVE_S), self._copy, fault, terminal)
        if fault.how_much < ATTENDED and not self.attended:
            self.attended = True
            scheduler.later(fault.how_long, self._let_in)

    def _copy(self, fault: Fault, terminal: Terminal) -> None:
        if terminal.session is None:
            return
        number = len(self._world.terminals)
        owner = terminal.name.split("-")
        copy = self._world.add_terminal(f"{owner[0]}-{owner[1]}-copy-{number}")
        copy.cloned_from = terminal
        copy.take_disk(terminal)
        copy.boot()
        self._offline(fault, copy)

    def _let_in(self) -> None:
        """The manager's rounds, for ever: a copy may be found out long after all is repaired."""
        if not self._world.server.down and (many := self._world.server.let_in()):
            self._world.trace(f"{many} let in again")
            self.happened["let_in"] += many
        self._world.scheduler.later(ROUND_S, self._let_in)

    def _disk(self, fault: Fault, terminal: Terminal) -> None:
        self._add(fault, terminal, "disk_fails", 0.2 + 0.8 * fault.how_much)

    def _skew(self, fault: Fault, terminal: Terminal) -> None:
        terminal.clock.ahead_s += (fault.how_much - 0.5) * 2 * HOUR_S

    _jump = _skew

    # -- the server -----------------------------------------------------------------------

    def _restart(self, fault: Fault, _terminal: Terminal) -> None:
        self._world.air.hang_up_all()
        self._add(fault, self._world.server, "down", 1)

    def _restore(self, fault: Fault, terminal: Terminal) -> None:
        self._restores += 1
        backup = self._backups[int(fault.how_much * len(self._backups))]
        self._world.server.come_back_as(backup, f"epoch-{self._restores}")
        self._restart(fault, terminal)

    def _prune(self, fault: Fault, _terminal: Terminal) -> None:
        self._world.server.prune(int(fault.how_much * 10))

    def _expiry(self, fault: Fault, _terminal: Terminal) -> None:
        self._world.server.accounts.lifetime = SHORT_TOKEN_S * (0.5 + fault.how_much)

    def _revoke(self, _fault: Fault, terminal: Terminal) -> None:
        self._world.server.accounts.revoke(terminal.email)
