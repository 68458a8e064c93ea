"""The one connection of a process: signs in, stays connected, and comes back after every outage.

Performs what the link machine decides.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any

from kds.base.alarm import Alarm
from kds.base.clock import Clock
from kds.base.errors import RemoteError, Unauthorized, Unreachable
from kds.base.events import Event
from kds.connection import signals
from kds.connection.channels import Channel
from kds.connection.desk import Desk
from kds.connection.handshake import is_crowded
from kds.connection.hiding import Hiding
from kds.connection.link import Link
from kds.connection.machine import LinkMachine
from kds.connection.membership import ChannelStatus
from kds.connection.metrics import LinkMetrics, Metrics
from kds.connection.policy import DEFAULT, Policy, Priority
from kds.connection.ports import (
    Binding,
    Grant,
    JoinSpec,
    Network,
    Socket,
)
from kds.connection.requests import Requests
from kds.connection.tables import TableChange, TableEvent
from kds.connection.tasks import Tasks
from kds.connection.tokens import TokenStore

log = logging.getLogger(__name__)


class Connection:
    """The back end that `network` leads to.

    `link` is how it stands, `link_changed` fires with every change of it, `granted` with every
    new access token: `claims` may say something else. Whatever goes wrong arrives as a
    `RemoteError`.
    """

    def __init__(
        self,
        network: Network,
        *,
        clock: Clock,
        tokens: TokenStore,
        rng: Random,
        policy: Policy = DEFAULT,
    ) -> None:
        self.link_changed: Event[Link] = Event()
        self.granted: Event[None] = Event()
        self._network = network
        self._clock = clock
        self._rng = rng
        self._policy = policy
        self._machine = LinkMachine(policy)
        self._tasks = Tasks()
        self.metrics = Metrics()
        self._requests = Requests(network, tokens, clock, self._tasks, self._on_contact)
        self._auth = self._requests.auth
        self._auth.granted.connect(self._on_granted)
        self._auth.ended.connect(lambda why: self._feed(signals.SignedOut(why)))
        self._desk = Desk(
            policy,
            clock,
            self._tasks,
            roll=rng.random,
            metrics=self.metrics,
            heard=lambda: self._feed(signals.Heard()),
            renew_token=self._renew_soon,
        )
        self._hiding = Hiding(policy.hidden_after, self._desk.pause)
        self._socket: Socket | None = None
        self._opening: asyncio.Task[None] | None = None
        self._alarm = Alarm(clock, lambda: self._feed(signals.Tick()))

    @property
    def link(self) -> Link:
        return self._machine.link

    @property
    def claims(self) -> Mapping[str, Any]:
        """What the current access token says (`app_metadata` ...); {} when signed out."""
        return self._auth.claims

    def measure(self) -> LinkMetrics:
        """How well it has done lately, as of now."""
        joined = sum(channel.state == "joined" for channel in self.channels)
        return self.metrics.snapshot(self._clock.monotonic(), joined)

    def event_heard(self, latency_ms: float) -> None:
        """A message told of something that the server wrote `latency_ms` ago."""
        self.metrics.event(latency_ms, self._clock.monotonic())

    # -- life -----------------------------------------------------------------------------

    async def sign_in(self, email: str, password: str) -> None:
        """Get a session and keep its refresh token; the password is not kept.

        Raises Unauthorized (wrong e-mail or password), Refused (the account may not) or
        Unreachable.
        """
        await self._auth.sign_in(email, password)

    async def sign_out(self) -> None:
        """Forget the session; the link goes down and stays down until the next sign-in."""
        await self._auth.sign_out()

    async def connect(self) -> None:
        """Be connected from now on, with the kept session; returns at once."""
        self._hiding.start()
        self._feed(signals.Start())

    async def disconnect(self) -> None:
        """End it: no task, no socket, no timer is left. The session is kept for the next time."""
        self._hiding.stop()
        self._feed(signals.Stop())
        self._alarm.stop()
        await self._tasks.close(patience=2 * self._policy.close_timeout)
        await self._requests.close()

    def network_up(self) -> None:
        """The operating system says that the network is back: try at once."""
        self._feed(signals.NetworkUp())

    def network_down(self) -> None:
        """The operating system says that the network is gone: a live link must prove itself."""
        self._feed(signals.NetworkDown())

    def set_visible(self, visible: bool) -> None:
        """Whether anybody can see what the channels bring.

        Out of sight for `policy.hidden_after` seconds, the pausable channels are left; back in
        sight they are joined again at once. The others never notice.
        """
        self._hiding.set_visible(visible)

    # -- requests -------------------------------------------------------------------------

    async def rpc(self, name: str, params: dict[str, Any]) -> Any:
        """The JSON that function `name` answers. Renews an expired token once by itself."""
        return await self._requests.rpc(name, params)

    async def select(
        self,
        table: str,
        columns: str = "*",
        filters: Sequence[tuple[str, str, str]] = (),
        limit: int | None = None,
    ) -> list[dict[str, Any]]:
        """Rows of a table; a filter is (column, operator, value) in PostgREST's words."""
        return await self._requests.select(table, columns, filters, limit)

    # -- channels -------------------------------------------------------------------------

    def channel(
        self,
        topic: str,
        *,
        private: bool = True,
        presence_key: str | None = None,
        priority: Priority = "high",
        pausable: bool = False,
    ) -> Channel:
        """The channel of `topic`, shared by all who ask; `release` it when done.

        `pausable`: it is of no use while the window is hidden (`set_visible`); every holder of
        the topic has to say so. Raises ValueError when it is held as public and asked for as
        private, or the other way.
        """
        spec = JoinSpec(topic, private, presence_key)
        return self._desk.channel(spec, priority, pausable=pausable)

    @property
    def channels(self) -> tuple[Channel, ...]:
        """Every channel that somebody holds, in the order they were asked for."""
        return self._desk.channels

    def subscribe_table(
        self,
        table: str,
        event: TableEvent = "*",
        filter: str | None = None,  # noqa: A002  (the common client vocabulary)
        *,
        listener: Callable[[TableChange], None],
        on_joined: Callable[[], None] = lambda: None,
        on_status: Callable[[ChannelStatus, str], None] = lambda _status, _problem: None,
    ) -> Callable[[], None]:
        """Call `listener` with every change of `table`; returns the way out.

        `filter` is `column=operator.value`. A change is `{type, table, schema, new, old,
        commit_timestamp, errors}`. `on_joined` is called after every (re)join that is really
        subscribed: what happened before it may have been missed, so read the table then.
        `on_status` hears "joining", "joined", "refused", "degraded", "paused" or "closed", with
        the server's words where it has declined. Left while the window is hidden.

        Each combination has a channel of its own: one bad filter would silence all of a channel.
        """
        spec = JoinSpec(
            f"table:{table}:{event}:{filter or ''}", False, None, (Binding(table, event, filter),)
        )
        channel = self._desk.channel(spec, "medium", pausable=True)
        undo = [
            channel.changed.connect(listener),
            channel.joined.connect(lambda _: on_joined()),
            channel.status.connect(lambda status: on_status(status, channel.problem)),
        ]

        def unsubscribe() -> None:
            for disconnect in undo:
                disconnect()
            channel.drop()

        return unsubscribe

    def _on_contact(self, reason: signals.Reason) -> None:
        self._feed(signals.Contact(reason))

    # -- the machine's hands --------------------------------------------------------------

    def _feed(self, event: signals.Event) -> None:
        before = self._machine.link
        now = signals.Moment(self._clock.monotonic(), self._clock.now())
        for effect in self._machine.on(event, now, self._rng.random()):
            self._perform(effect)
        if self._machine.link != before:
            self.metrics.link(self._machine.link, now)
            self.link_changed.emit(self._machine.link)

    def _perform(self, effect: signals.Effect) -> None:
        match effect:
            case signals.Open():
                self._opening = self._tasks.start(self._open(), "open socket")
            case signals.Close(abort):
                self._close(abort)
            case signals.Join() if self._socket is not None:
                self._desk.up(self._socket)
            case signals.Part():
                self._desk.down()
            case signals.Beat(ref) if self._socket is not None:
                self._tasks.start(self._beat(self._socket, ref), "heartbeat")
            case signals.Refresh():
                self._renew_soon()
            case signals.Wake(at):
                self._alarm.set(at)

    async def _open(self) -> None:
        try:
            socket = await self._connect_socket(await self._auth.token())
        except Unauthorized:
            return  # the auth has said so already
        except Unreachable as error:
            self._feed(signals.OpenFailed("offline", str(error)))
        except RemoteError as error:
            self._feed(signals.OpenFailed("server_error", str(error), is_crowded(error)))
        except Exception:
            log.exception("opening the socket failed")
            self._feed(signals.OpenFailed("server_error", "The connection could not be set up."))
        else:
            self._socket = socket
            self._feed(signals.Opened())

    async def _connect_socket(self, token: str) -> Socket:
        return await self._network.open(
            token,
            on_answer=self._answered,
            on_lost=lambda: self._feed(signals.Lost("The connection was lost.")),
        )

    def _answered(self, ref: int) -> None:
        self.metrics.received(self._clock.monotonic())
        self._feed(signals.Answered(ref))

    def _close(self, abort: bool) -> None:
        if self._opening is not None:
            self._opening.cancel()
            self._opening = None
        socket, self._socket = self._socket, None
        if socket is not None:
            self._tasks.start(socket.close(abort=abort), "close socket", finish=True)

    async def _beat(self, socket: Socket, ref: int) -> None:
        try:
            await socket.beat(ref)
            self.metrics.sent(self._clock.monotonic())
        except RemoteError as error:
            self._feed(signals.Lost(str(error)))

    # -- tokens ---------------------------------------------------------------------------

    def _on_granted(self, grant: Grant) -> None:
        self._feed(signals.Granted(grant.lifetime))
        if self._socket is not None:
            token = grant.access_token
            self._tasks.start(self._socket.set_token(token), "pass the token on")
        self._desk.token_changed()
        self.granted.emit(None)

    def _renew_soon(self) -> None:
        self._tasks.start(self._refresh(), "refresh token")

    async def _refresh(self) -> None:
        try:
            await self._auth.refresh()
        except Unauthorized:
            return  # the auth has said so already
        except RemoteError as error:
            log.info("the token could not be renewed: %s", error)
            self._feed(signals.RefreshFailed())
