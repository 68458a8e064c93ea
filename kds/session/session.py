"""The signed-in device: opens what it has on disk, then gets in touch, and says how it stands.

Order of a start: the profile's file, the rows and taps in it (the screen is usable now, also
without any server), then the network in the background. A stop undoes it from the other end.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from kds.base.errors import KdsError
from kds.base.events import Event
from kds.base.ids import id_source
from kds.connection.tasks import Tasks
from kds.domain import notices
from kds.domain.changes import ChangeSet
from kds.domain.commands import Command, Kind
from kds.domain.routing import stations_seen
from kds.domain.rows import Role
from kds.session.account import Account
from kds.session.actions import NOT_SET_UP, Actions
from kds.session.admission import Admission, Application
from kds.session.attention import Attention
from kds.session.coverage import Coverage
from kds.session.device import Device
from kds.session.live import Live
from kds.session.metrics import SessionMetrics, memory_mb
from kds.session.notices import NoticeBox
from kds.session.numbers import OrderNumbers
from kds.session.prep import PrepDesk
from kds.session.quotes import Quotes
from kds.session.receipts import Receipts
from kds.session.replay import ReplayDesk
from kds.session.status import Status, status_of
from kds.session.store import Store
from kds.session.uplink import Uplink
from kds.session.world import World
from kds.sync.engine import Engine
from kds.sync.replica import Replica
from kds.sync.settings import Settings


@dataclass(frozen=True, slots=True)
class SessionOptions:
    """What a profile says. Without `branch_id` the account's first branch is taken.

    `stations`: of a kitchen screen; empty for all. A `password` signs in by itself when the kept
    session is not good any more.
    """

    url: str
    key: str
    branch_id: str | None
    role: Role
    name: str
    stations: frozenset[str]
    data_dir: Path
    email: str = ""
    password: str | None = None


class Session:
    """One terminal of one branch, open in one process. It lives on the event loop's thread.

    With an `account` of somebody else, that one signs in, connects and ends the connection.
    """

    def __init__(
        self, options: SessionOptions, world: World, account: Account | None = None
    ) -> None:
        self._options = options
        self._world = world
        self._tasks = Tasks()
        self.new_id = id_source(self.now, world.randbits)
        self._replica = Replica(
            options.data_dir / "replica.db", clock=world.clock, new_id=self.new_id
        )
        self._account = account or Account.of(world, options.email, options.password)
        self._alone = account is None
        self._connection = self._account.connection
        self.uplink = Uplink(self._connection)
        self._unfollow: Callable[[], None] = lambda: None
        self._engine: Engine | None = None
        self._admission: Admission | None = None
        self._online = False  # admitted since the start
        self._numbers = OrderNumbers(lambda: self.settings, self.now)
        self._told: set[str] = set()  # refused ops; the bell forgets, and would ring for them again
        self.device: Device | None = None
        self.stations = options.stations
        self.store = Store()
        self.notices = NoticeBox(self._replica.notices, self._tasks)
        self.live = Live(self.now, self._tasks)
        self.receipts = Receipts(
            self.store,
            self._tasks,
            world.clock,
            now=self.now,
            device=lambda: self.device,
            stations=lambda: self.watched,
            tell=self.notices.add,
            patience=world.patience,
        )
        self.coverage = Coverage(
            self.store,
            world.clock,
            now=self.now,
            device=lambda: self.device,
            stations=options.stations,
            tell=self.notices.add,
            silent=world.patience.silent,
        )
        self.actions = Actions(
            self.store,
            self._submit,
            device=lambda: self.device,
            next_number=lambda device: self._numbers.next(device, self.store.branch),
            actor=options.name,
            new_id=self.new_id,
        )
        self.attention = Attention(self.store, actor=options.name, new_id=self.new_id)
        self.quotes = Quotes(
            self._connection.rpc,
            self._branch_id,
            self.store,
            lambda: self.settings,
            world.clock,
            self.now,
            self._tasks.start,
        )
        self.status = Status()
        self._asked = False  # for a sign-in, as far as it was told
        self.status_changed: Event[Status] = Event()

    @classmethod
    def open(
        cls, options: SessionOptions, world: World | None = None, account: Account | None = None
    ) -> Session:
        """A session that is not started yet; AlreadyRunning when the profile is open elsewhere."""
        world = world or World.real(options.url, options.key, options.data_dir)
        session = cls(options, world, account)
        session._replica.claim()
        return session

    def now(self) -> datetime:
        """The server's time, as well as it is known."""
        return self._engine.now() if self._engine else self._world.clock.now()

    # -- life -----------------------------------------------------------------------------

    async def start(self) -> None:
        """Show what is on the disk, then connect in the background; no server is needed.

        Raises AlreadyRunning, or StorageError when the profile's file cannot be used at all.
        """
        await self._replica.open()
        await self.notices.load()
        self._unfollow = self._connection.link_changed.connect(lambda _: self._refresh())
        device = await self._kept_device()
        if device is not None:
            await self._be(device)
        self._admission = Admission(
            self._account,
            Application(
                device.id if device else (await self._replica.load()).device_id,
                self._options.name,
                self._options.role,
                self._options.branch_id or (device.branch_id if device else None),
            ),
            self._admitted,
        )
        self._admission.changed.connect(lambda _: self._refresh())
        self._refresh()
        self._tasks.start(self._admission.run(), "admission")
        if self._alone:
            self._tasks.start(self._account.run(), "account")

    async def sign_in(self, email: str, password: str) -> None:
        """Use this account. Raises Unauthorized, Refused or Unreachable, fit for a person."""
        if self._admission is None:
            raise KdsError("The program has not started yet.")
        await self._account.sign_in(email, password)

    async def stop(self) -> None:
        """End it; what was accepted is on the disk. Nothing runs on, and nothing is open."""
        self._unfollow()
        self.receipts.detach()
        self.coverage.detach()
        self.quotes.detach()
        await self._tasks.close(patience=2.0)
        if self._engine is not None:
            await self._engine.stop()
        await self.live.detach()
        if self._alone:
            await self._account.close()
        await self._replica.close()

    @property
    def watched(self) -> frozenset[str]:
        """The stations whose lines this screen shows: its own, and those that these stand in for
        now; all when empty."""
        return stations_seen(self.stations, self.store.rows("stations"))

    @property
    def is_open(self) -> bool:
        """The profile's file can be read: between a start and a stop."""
        return self._replica.is_open

    @property
    def settings(self) -> Settings:
        """Small facts that survive a restart; of a session that has started."""
        return self._replica.settings

    @property
    def needs_sign_in(self) -> bool:
        """Only an e-mail and a password will get this terminal in."""
        return self._admission is not None and self._admission.needs_sign_in

    def replay_desk(self) -> ReplayDesk:
        """Past services of this branch, to look at again."""
        return ReplayDesk(self._connection.rpc, self._branch_id)

    def prep_desk(self) -> PrepDesk:
        """What the kitchen of this branch has made, and how long it took."""
        return PrepDesk(self._connection.rpc, self._branch_id)

    async def audit(self) -> bool:
        """Compare every row here with the server's, now; True when they are equal.

        Raises a RemoteError when the server cannot be asked.
        """
        if self._engine is None:
            raise KdsError(NOT_SET_UP)
        return await self._engine.audit()

    def metrics(self) -> SessionMetrics:
        """The figures of the connection panel, as of now; cheap enough for once a second."""
        engine, link = self._engine, self.uplink.measure()
        if engine is None:
            return SessionMetrics(link, memory_mb=memory_mb())
        progress = engine.progress
        return SessionMetrics(
            link,
            waiting=progress.waiting,
            blocked=progress.blocked,
            memory_mb=memory_mb(),
            rows=sum(map(len, engine.tables.values())),
            complete_to=progress.complete_to,
            compared_at=progress.compared_at,
            server_offset_s=progress.server_offset_s,
        )

    # -- the device -----------------------------------------------------------------------

    async def _kept_device(self) -> Device | None:
        """Who the hub said this is, last time; None for a new file or another branch's.

        The profile has the last word on the role: it decides which streams are followed.
        """
        kept = await self._replica.settings.get("device")
        if kept is None:
            return None
        device = replace(Device.from_json(kept), role=self._options.role)
        return device if self._options.branch_id in (None, device.branch_id) else None

    async def _be(self, device: Device) -> None:
        """Be this device: its rows and pending taps are on the screen when this returns."""
        if self._engine is None:
            await self._open_engine(device)
        self.device = device
        self.live.be(device)

    async def _open_engine(self, device: Device) -> None:
        engine = Engine(
            self._replica,
            self._connection,
            clock=self._world.clock,
            new_id=self.new_id,
            branch_id=device.branch_id,
            role=device.role,
            dice=self._world.rng.random,
            pace=self._world.pace,
        )
        loaded = await engine.open()
        self.device = device  # the rows are read with its eyes
        self._engine = engine
        engine.changed.connect(self._take)
        engine.progress_changed.connect(lambda _: self._on_progress())
        engine.forgotten.connect(lambda _: self._on_forgotten())
        engine.heard.connect(self._connection.event_heard)
        self.receipts.stand_on(engine)
        self._take(loaded)
        self.attention.attach(engine)

    async def _admitted(self, device: Device) -> None:
        """The hub knows this terminal: from here on what is accepted is sent."""
        if device != self.device:
            await self._replica.settings.put("device", device.to_json())
        first = not self._online
        await self._be(device)
        self._online = True
        if first:
            assert self._engine is not None
            await self._engine.start()
            topic = f"branch:{device.branch_id}"
            channel = self._connection.channel(
                topic, presence_key=device.id, priority="low", pausable=True
            )
            self.live.attach(channel)
            self.receipts.attach(channel)
            self.coverage.attach(channel)
        elif self._engine is not None:
            self._engine.hurry()
        self._refresh()

    def _branch_id(self) -> str | None:
        return self.device.branch_id if self.device else None

    # -- what the verbs need --------------------------------------------------------------

    async def _submit(self, kind: Kind, lane: str, actor: str, args: dict[str, Any]) -> Command:
        if self._engine is None:
            raise KdsError(NOT_SET_UP)
        keep = self._numbers.to_keep if kind == "place_order" else {}
        return await self._engine.submit(kind, lane, actor, args, keep)

    # -- what happens ---------------------------------------------------------------------

    def _take(self, change_set: ChangeSet) -> None:
        self.store.apply(change_set)
        if self.device is not None:
            stages = int((self.store.branch or {}).get("expo_stages", 1))
            reader = notices.Reader(self.device.role, self.device.id, stages)
            self.notices.add(notices.derive(change_set, reader, self.now()))

    def _on_forgotten(self) -> None:
        if self._admission is not None:
            self._admission.forgotten()

    def _on_progress(self) -> None:
        assert self._engine is not None
        fresh = {
            dead.command.op_id: dead
            for dead in self._engine.dead_ops
            if dead.result != "blocked" and dead.command.op_id not in self._told
        }
        self._told.update(fresh)
        self.notices.add(
            notices.refused(dead.command, dead.reason, self._number_of(dead.command), self.now())
            for dead in fresh.values()
        )
        self._refresh()

    def _number_of(self, command: Command) -> str:
        return notices.order_number(command, self.store.row("orders", command.lane))

    def _refresh(self) -> None:
        """Put the status together anew; tell when it differs, or when a person has to sign in."""
        status, needs_sign_in = self._status(), self.needs_sign_in
        if (status, needs_sign_in) != (self.status, self._asked):
            self.status, self._asked = status, needs_sign_in
            self.status_changed.emit(status)

    def _status(self) -> Status:
        own = self._admission.problem if self._admission else None
        progress = self._engine.progress if self._engine else None
        return status_of(self._connection.link, progress, own)
