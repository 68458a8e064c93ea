"""The sync engine: drives the machine, and is what the session sees of everything below.

Two flows meet here. What a person does goes down: `submit` writes it to the disk, lays it over
the rows and tells the screens, and the machine sends it when it can. What the restaurant does
comes up: pulls and pokes go to the disk and to the screens, one step after the other.

All of it runs on the event loop's thread; only SQLite has its own.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from kds.base.alarm import Alarm
from kds.base.clock import Clock, to_iso
from kds.base.errors import StorageError, Unreachable
from kds.base.events import Event
from kds.base.ids import NewId
from kds.connection.tasks import Tasks
from kds.domain.changes import ChangeSet
from kds.domain.commands import Command, Kind
from kds.domain.rows import Role, Row, Tables, floor_stream, office_stream
from kds.sync import signals
from kds.sync.attempts import Pace
from kds.sync.clean import clean
from kds.sync.decisions import Decisions
from kds.sync.ears import Ears
from kds.sync.errands import Errands
from kds.sync.keeper import Keeper
from kds.sync.ledger import Cursors
from kds.sync.machine import Machine
from kds.sync.ops import DeadOp
from kds.sync.outbox import to_json
from kds.sync.ports import Remote
from kds.sync.progress import SyncProgress
from kds.sync.replica import Replica
from kds.sync.requests import UNREADABLE, Requests
from kds.sync.servertime import ServerTime
from kds.sync.wire import Cursor
from kds.sync.writer import Draft, Writer

log = logging.getLogger(__name__)

AGAIN_S = 0.1  # between two comparisons with a server that moves on

_JUMP_S = 2.0  # the wall clock has moved by this against the monotonic one: slept, or was set
_OFFSET = "server_offset_s"


class Engine:
    """One device's replica of one branch, kept up to date for as long as it runs.

    Life: `open`, `start`, `stop`; the replica is opened before and closed after by its owner.
    `changed` fires with every change of the merged rows, `progress_changed` with every change
    of `progress`, `heard` with every poke (`Ears`), `forgotten` when the server may not know this
    terminal any more, `released` when it has to go on as another one (`be`), `dead_changed` when
    `dead_ops` has.
    `dice` spreads the retries of many terminals.
    """

    def __init__(
        self,
        replica: Replica,
        connection: Remote,
        *,
        clock: Clock,
        new_id: NewId,
        branch_id: str,
        role: Role,
        dice: Callable[[], float] = random.random,
        pace: Pace | None = None,
    ) -> None:
        self._replica = replica
        self._remote = connection
        self._clock = clock
        self._new_id = new_id
        self._branch_id = branch_id
        self._streams = [floor_stream(branch_id)]
        if role in ("pos", "manager"):
            self._streams.append(office_stream(branch_id))
        self._dice = dice
        self._pace = pace or Pace()
        self._tasks = Tasks()
        self._inbox: asyncio.Queue[signals.Event] = asyncio.Queue()
        self._ears = Ears(connection, self._feed, self.now)
        self._alarm = Alarm(clock, self._on_alarm)
        self._trouble: str | None = None
        self._bootstrapping: float | None = None
        self._compared_at: datetime | None = None
        self.changed: Event[ChangeSet] = Event()
        self.heard = self._ears.heard
        self.forgotten: Event[None] = Event()
        self.released: Event[None] = Event()
        self.dead_changed: Event[None] = Event()
        self._dead: tuple[DeadOp, ...] = ()
        self.progress = SyncProgress()
        self.progress_changed: Event[SyncProgress] = Event()

    # -- what there is --------------------------------------------------------------------

    @property
    def tables(self) -> Tables:
        """The merged rows: the server's, with what is pending here on top."""
        return self._keeper.overlay.tables

    @property
    def floor(self) -> Cursor | None:
        """How far the screens have the floor stream; None until they have it."""
        reached, shown = self.reached, self._keeper.shown
        if reached is None or self._bootstrapping is not None:
            return None
        return replace(reached, rev=shown[self._streams[0]])

    @property
    def reached(self) -> Cursor | None:
        """How far the screens have the floor stream, or are about to have it."""
        return self._keeper.reached.get(self._streams[0])

    def base_row(self, table: str, pk: str) -> Row | None:
        """The row as it came from the server, whatever is pending on top of it."""
        return self._keeper.overlay.base.get(table, {}).get(pk)

    @property
    def dead_ops(self) -> tuple[DeadOp, ...]:
        """Ops that need a person: refused, in conflict, or held behind a refused one."""
        return tuple(self._keeper.ledger.dead.values())

    def now(self) -> datetime:
        """The server's time as well as it is known; never earlier than it said before."""
        return self._server_time.now(self._clock.monotonic())

    # -- life -----------------------------------------------------------------------------

    async def open(self) -> ChangeSet:
        """Take over what is on the disk; needs no network. The rows to show."""
        loaded = await self._replica.load(self._streams)
        self._offset_kept: float = await self._replica.settings.get(_OFFSET, float) or 0.0
        wall, mono = self._clock.now(), self._clock.monotonic()
        self._server_time = ServerTime(wall, mono, self._offset_kept)
        self._drift = wall.timestamp() - mono
        self._keeper = Keeper(self._replica, self._branch_id, loaded)
        self._keeper.changed.connect(self.changed.emit)
        self._machine = Machine(
            {stream: loaded.cursors.get(stream) for stream in self._streams},
            map(_queued, self._keeper.ledger.unanswered),
            self._pace,
            decided=bool(loaded.decisions),
        )
        self._writer = Writer(
            self._replica.outbox, self._tasks, loaded.last_seq, self._new_id, self._accepted
        )
        self.decisions = Decisions(self._keeper, self._writer, self._on_decided)
        requests = Requests(self._remote, self._clock, self._server_time, self._dice)
        self._errands = Errands(requests, self._keeper, self._tasks, self._feed, self._dice)
        self._errands.not_allowed.connect(self.forgotten.emit)
        self._errands.released.connect(self.released.emit)
        self._publish()
        return self._keeper.load(loaded)

    async def start(self) -> None:
        """Use the network from now on."""
        self._tasks.start(self._pump(), "sync")
        self._ears.open(self._streams)
        self._feed(signals.Started())

    async def stop(self) -> None:
        """Leave the network; what was accepted is on the disk. Nothing runs on."""
        self._alarm.stop()
        self._ears.close()
        await self._tasks.close(patience=5.0)

    # -- what a person does ---------------------------------------------------------------

    async def submit(
        self,
        kind: Kind,
        lane: str,
        actor: str,
        args: dict[str, Any],
        keep: Mapping[str, Any] | None = None,
    ) -> Command:
        """Accept a command: it is on the disk and on the screens when this returns.

        `keep`: settings that become durable in the same transaction.
        Raises StorageError when the disk does not take it; then it is not accepted. Being
        cancelled meanwhile does not undo it.
        """
        at = to_iso(self.now())
        draft = Draft(self._new_id(), kind, clean(lane), clean(actor), at, clean(args), keep or {})
        return await self._writer.write(draft)

    @property
    def device_id(self) -> str:
        """Under which ops are sent."""
        return self._keeper.overlay.device_id

    def be(self, device_id: str) -> None:
        """Act as this device from now on; what waits goes on under its own numbers."""
        self._keeper.overlay.device_id = device_id

    def hurry(self) -> None:
        """Something has changed that makes earlier failures meaningless: ask again now."""
        self._feed(signals.Woke())

    def _on_decided(self) -> None:
        self._feed(signals.Decided())
        self._feed(signals.Requeued(()))  # what waited behind it keeps its place
        self._publish()

    def _accepted(self, commands: list[Command], renewed: Mapping[int, int]) -> None:
        self._keeper.accepted(commands, renewed)
        self._feed(signals.Submitted(tuple(map(_queued, commands))))
        self._publish()

    # -- what it wakes up to --------------------------------------------------------------

    def _on_alarm(self) -> None:
        drift = self._clock.now().timestamp() - self._clock.monotonic()
        if abs(drift - self._drift) > _JUMP_S:
            self._server_time.forget()
            self._feed(signals.Woke())
        self._drift = drift
        self._feed(signals.Tick())

    def _feed(self, event: signals.Event) -> None:
        self._inbox.put_nowait(event)

    # -- one step after the other ---------------------------------------------------------

    async def _pump(self) -> None:
        while True:
            event = await self._inbox.get()
            try:
                await self._take_in(event)
                self._trouble = None
            except StorageError as error:
                log.error("%s", error)  # noqa: TRY400
                self._fall_back(event, str(error))
            except Exception:
                log.exception("a step of the sync failed")
                self._fall_back(event, UNREADABLE)
            for ask in self._machine.next(self._clock.monotonic()):
                self._ask(ask)
            self._publish()

    async def _take_in(self, event: signals.Event) -> None:
        """The disk, then the machine: what it forgets, nobody else remembers."""
        event = self._as_of_now(event)
        if isinstance(event, signals.Flushed):
            at = to_iso(self.now())
            counts = await self._keeper.answered(event.outcomes, self._cursors, at)
            event = signals.Flushed(counts, event.epoch)
        if isinstance(event, signals.Audited) and event.verdict != "moved":
            self._compared_at = self.now()
        for write in self._machine.on(event, self._clock.monotonic()):
            await self._write(write)

    def _as_of_now(self, event: signals.Event) -> signals.Event:
        """What the event means now that its turn has come; a restore may have come between."""
        if isinstance(event, signals.Requeued):
            return signals.Requeued(tuple(map(_queued, self._keeper.ledger.unanswered)))
        if isinstance(event, signals.Flushed) and event.epoch != self._epoch:
            return signals.Failed("flush", "restored", "", self._dice())
        return event

    def _fall_back(self, event: signals.Event, trouble: str) -> None:
        """The step did not happen; the machine goes back to what the disk has, and asks again.

        At once: what waits in the inbox is to be taken in from there.
        """
        self._trouble = trouble
        now = self._clock.monotonic()
        if isinstance(event, signals.Flushed):
            self._machine.on(signals.Failed("flush", "unreachable", trouble, self._dice()), now)
        self._machine.on(signals.Rewound(dict(self._keeper.durable)), now)

    async def _write(self, write: signals.Write) -> None:
        match write:
            case signals.Apply(parts):
                self._gone(await self._keeper.apply(parts, self._cursors))
            case signals.Install():
                await self._install(write)
            case signals.Bury(seq, reason):
                await self._keeper.bury(seq, reason, to_iso(self.now()))
                self._gone((seq,))

    def _gone(self, seqs: tuple[int, ...]) -> None:
        self._machine.on(signals.Gone(seqs), self._clock.monotonic())

    def _ask(self, ask: signals.Ask) -> None:
        errands = self._errands
        match ask:
            case signals.Pull(cursors):
                errands.pull(cursors)
            case signals.TakeSnapshot(streams):
                self._bootstrapping = 0.0
                errands.snapshot(streams)
            case signals.Flush():
                errands.flush(ask, self._epoch)
            case signals.Audit(stream):
                errands.audit(stream)
            case signals.WakeAt(at):
                self._alarm.set(at)

    async def audit(self) -> bool:
        """Compare everything here with the server's, now; True when it is equal.

        Waits until both stand at the same rev. Raises Unreachable when the server cannot be asked.
        """
        verdicts = [await self._verdict(stream) for stream in self._streams]
        return all(verdict == "equal" for verdict in verdicts)

    async def _verdict(self, stream: str) -> signals.Verdict:
        while True:
            event = await self._errands.compare(stream)
            if isinstance(event, signals.Failed):
                raise Unreachable(event.text)
            if event.verdict != "moved":
                self._feed(event)  # a difference is mended, whoever asked
                return event.verdict
            self._feed(signals.Joined())  # look for what is missing, then compare again
            await asyncio.sleep(AGAIN_S)

    async def _install(self, install: signals.Install) -> None:
        def on_part(done: float) -> None:
            self._bootstrapping = done
            self._publish()

        await self._keeper.install(install.snapshots, self._cursors, on_part, reopen=install.reopen)
        self._bootstrapping = None
        if install.reopen:
            self._feed(signals.Decided())  # what it was told before is told again
            self._feed(signals.Requeued(()))
            self.forgotten.emit(None)

    @property
    def _epoch(self) -> str | None:
        """Of the database that the disk has rows of."""
        return self.reached.epoch if self.reached else None

    @property
    def _cursors(self) -> Cursors:
        return self._machine.puller.cursors

    def _publish(self) -> None:
        """Put the progress together anew; tell when it differs."""
        puller, ledger = self._machine.puller, self._keeper.ledger
        floor = self._streams[0]
        offset = self._server_time.offset_s(self._clock.now(), self._clock.monotonic())
        progress = SyncProgress(
            complete_to=self._keeper.shown.get(floor) if puller.cursors[floor] else None,
            head=puller.head.get(floor),
            verified=self._machine.verified,
            compared_at=self._compared_at,
            waiting=ledger.waiting,
            blocked=len(ledger.dead),
            server_offset_s=round(offset, 1),
            problem=self._trouble or self._machine.problem,
            bootstrapping=self._bootstrapping,
        )
        if progress != self.progress:
            self.progress = progress
            self.progress_changed.emit(progress)
            self._keep_offset(offset)
        if self.dead_ops != self._dead:
            self._dead = self.dead_ops
            self.dead_changed.emit(None)

    def _keep_offset(self, offset: float) -> None:
        """So that a start without the server has the right time too."""
        if abs(offset - self._offset_kept) > 1.0:
            self._offset_kept = offset
            put = self._replica.settings.put(_OFFSET, offset)
            self._tasks.start(put, "keep the offset", finish=True)


def _queued(command: Command) -> signals.Queued:
    return signals.Queued(command.seq, command.lane, len(to_json(command).encode()))
