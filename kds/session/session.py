"""The signed-in device: opens what it has on disk, then gets in touch, and says how it stands.

Order of a start: the profile's file, the rows and taps in it (the screen is usable now, also
without any server), then the network in the background. A stop undoes it from the other end.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from kds.base.errors import KdsError
from kds.base.events import Event
from kds.base.ids import id_source
from kds.connection.tasks import Tasks
from kds.domain.changes import ChangeSet, RowChange
from kds.domain.commands import Command, Kind
from kds.domain.routing import stations_seen
from kds.domain.rows import Role
from kds.session.account import Account
from kds.session.actions import NOT_SET_UP, Actions
from kds.session.admission import Admission
from kds.session.attention import Attention
from kds.session.coverage import Coverage
from kds.session.device import Device
from kds.session.drawer import Drawer
from kds.session.identity import Identity, Wanted
from kds.session.locked import LockedDevices
from kds.session.metrics import SessionMetrics, measured
from kds.session.notices import NoticeBox
from kds.session.numbers import OrderNumbers
from kds.session.prep import PrepDesk
from kds.session.quotes import Quotes
from kds.session.receipts import Receipts
from kds.session.replay import ReplayDesk
from kds.session.reporter import Reporter
from kds.session.room import Room
from kds.session.status import Status, status_of
from kds.session.store import Store
from kds.session.uplink import Uplink
from kds.session.waved import Waved
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
        wanted = Wanted(options.name, options.role, options.branch_id)
        self._identity = Identity(self._replica, wanted)
        self.stations = options.stations
        self.store = Store()
        self.notices = NoticeBox(self._replica.notices, self._tasks)
        self._reporter = Reporter(self.store, self.notices, self.now)
        self.waved = Waved(self.store, Drawer("waved", lambda: self.settings, self._tasks))
        self._room = Room(
            self._tasks,
            world.clock,
            now=self.now,
            silent=world.patience.silent,
            device=lambda: self.device,
            stations=lambda: self.watched,
            floor=lambda: self._engine.floor if self._engine else None,
        )
        self.live, self.showing = self._room.live, self._room.showing
        self.receipts = Receipts(
            self.store,
            self._room.listener,
            world.clock,
            now=self.now,
            device=lambda: self.device,
            tell=self.notices.add,
            patience=world.patience,
            waved=self.waved,
            drawer=Drawer("screenless", lambda: self.settings, self._tasks),
        )
        self.coverage = Coverage(
            self.store,
            self._room.listener,
            world.clock,
            now=self.now,
            device=lambda: self.device,
            stations=options.stations,
            tell=self.notices.add,
        )
        self.actions = Actions(
            self.store,
            self._submit,
            device=lambda: self.device,
            next_number=self._next_number,
            actor=options.name,
            new_id=self.new_id,
        )
        self.locked = LockedDevices(self.store, self._connection.rpc)
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
        self.settings.set_aside.connect(self._reporter.lost_setting)
        await self.notices.load()
        self._reporter.lost_notices(self.notices.lost)
        await self.waved.load()
        await self.receipts.load()
        if self._options.role == "pos":
            await self.quotes.load()
        self._unfollow = self._connection.link_changed.connect(lambda _: self._refresh())
        device = await self._identity.kept()
        if device is not None:
            await self._be(device)
        application = await self._identity.application()
        self._admission = Admission(self._account, application, self._admitted)
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
        self._room.hush()
        self.receipts.detach()
        self.coverage.detach()
        self.quotes.detach()
        await self._tasks.close(patience=2.0)
        if self._engine is not None:
            await self._engine.stop()
        await self._room.leave()
        if self._alone:
            await self._account.close()
        await self._replica.close()

    @property
    def device(self) -> Device | None:
        """Who this is to the hub; None until it has said so once."""
        return self._identity.device

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
        return measured(self.uplink.measure(), self._engine)

    # -- the device -----------------------------------------------------------------------

    async def _start_over(self) -> None:
        assert self._engine is not None
        assert self._admission is not None
        self._admission.become(await self._identity.start_over(self._engine.device_id))

    async def _be(self, device: Device) -> None:
        """Be this device: its rows and pending taps are on the screen when this returns."""
        if self._engine is None:
            await self._open_engine(device)
        self._identity.device = device
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
        self._identity.device = device  # the rows are read with its eyes
        self._engine = engine
        engine.changed.connect(self._take)
        engine.progress_changed.connect(lambda _: self._on_progress())
        engine.forgotten.connect(lambda _: self._on_forgotten())
        engine.released.connect(lambda _: self._on_released())
        engine.heard.connect(self._connection.event_heard)
        self.receipts.stand_on(engine)
        self._take(loaded)
        self.attention.attach(engine)

    async def _admitted(self, device: Device) -> None:
        """The hub knows this terminal: from here on what is accepted is sent."""
        await self._identity.keep(device)
        first = not self._online
        other = not first and self.device is not None and device.id != self.device.id
        if other:
            await self._room.leave()
        await self._be(device)
        self._online = True
        assert self._engine is not None
        self._engine.be(device.id)
        if first:
            await self._engine.start()
            self.coverage.begin()
            if device.role == "pos":
                self.quotes.keep_up()
        else:
            self._engine.hurry()
        if first or other:
            self._meet(device)
        self._refresh()

    def _meet(self, device: Device) -> None:
        """Be seen by the others of the branch, and see them."""
        channel = self._connection.channel(
            f"branch:{device.branch_id}", presence_key=device.id, priority="low", pausable=True
        )
        self._room.enter(channel)

    def _branch_id(self) -> str | None:
        return self._identity.branch_id

    # -- what the verbs need --------------------------------------------------------------

    async def _next_number(self, device: Device) -> str:
        return await self._numbers.next(
            device, self.store.branch, self.store.rows("orders").values()
        )

    async def _submit(self, kind: Kind, lane: str, actor: str, args: dict[str, Any]) -> Command:
        if self._engine is None:
            raise KdsError(NOT_SET_UP)
        keep = self._numbers.to_keep if kind == "place_order" else {}
        return await self._engine.submit(kind, lane, actor, args, keep)

    # -- what happens ---------------------------------------------------------------------

    def _take(self, change_set: ChangeSet) -> None:
        self.store.apply(change_set)
        if self.device is not None:
            self._reporter.follow(change_set, self.device)
        if self._engine is not None and any(map(self._lets_me_in, change_set.changes)):
            self._engine.hurry()

    def _on_released(self) -> None:
        self._tasks.start(self._start_over(), "start over")

    def _lets_me_in(self, change: RowChange) -> bool:
        """This terminal was locked, and is no more: what it has kept may be sent."""
        me = self.device is not None and change.pk == self.device.id
        was, now = change.before or {}, change.after or {}
        unlocked = bool(was.get("locked_since")) and not now.get("locked_since")
        return me and change.table == "devices" and unlocked

    def _on_forgotten(self) -> None:
        if self._admission is not None:
            self._admission.forgotten()

    def _on_progress(self) -> None:
        assert self._engine is not None
        self._reporter.refused(self._engine.dead_ops)
        self._refresh()

    def _refresh(self) -> None:
        """Put the status together anew; tell when it differs, or when a person has to sign in."""
        status, needs_sign_in = self._status(), self.needs_sign_in
        if (status, needs_sign_in) != (self.status, self._asked):
            self.status, self._asked = status, needs_sign_in
            self.status_changed.emit(status)

    def _status(self) -> Status:
        own = self._admission.problem if self._admission else None
        progress = self._engine.progress if self._engine else None
        return status_of(self._account.link, progress, own)
