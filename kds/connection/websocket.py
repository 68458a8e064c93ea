"""One life of the Realtime WebSocket, through the official `realtime` package.

The package's own reconnecting, rejoining and heartbeat timing are switched off or cut short:
the machines here decide about those, and a new socket is a new client object. What comes in is
read by `frames`, which understands more than the package does. Import this module off the GUI
thread.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from typing import Any

from realtime import AsyncRealtimeChannel, AsyncRealtimeClient, RealtimeSubscribeStates
from realtime.message import (
    BroadcastMessage,
    ChannelCloseMessage,
    ChannelErrorMessage,
    ErrorReplyMessage,
    Message,
    PostgresChangesMessage,
    ReplyMessage,
    ServerMessage,
    SuccessReplyMessage,
)
from realtime.types import (
    PHOENIX_CHANNEL,
    BroadcastPayload,
    ChannelEvents,
    ChannelStates,
    PostgresChangesPayload,
    RealtimeChannelOptions,
    RealtimePostgresChangesListenEvent,
)
from websockets.asyncio.client import connect
from websockets.exceptions import (
    ConnectionClosed,
    ConnectionClosedError,
    InvalidStatus,
    WebSocketException,
)

from kds.base.errors import Unreachable
from kds.connection.frames import read
from kds.connection.handshake import declined
from kds.connection.membership import Failure
from kds.connection.policy import Policy
from kds.connection.ports import JoinSpec, Sink

log = logging.getLogger(__name__)

_MAX_DIGITS = 19  # of a heartbeat's number
_A_DAY = 86_400  # the client's own heartbeats carry no ref, so their answers measure nothing
_SUBSCRIBED = "Subscribed to PostgreSQL"
_UNKNOWN = "unmatched topic"  # the server does not know this channel (any more)
_MAX_FRAME = 8 * 1024 * 1024  # bytes; a real server sends broadcasts of 3 MB, rows of 1 MiB
_REFUSED = (
    "unauthorized",
    "permission",
    "unable to subscribe",
    "error parsing",
    "no subscription params",
)
_MAX_TEXT = 300  # what a log line or a screen shows of somebody else's words


class _Client(AsyncRealtimeClient):
    """The official client with ears of our own, and a way to end it within a known time."""

    async def connect(self) -> None:
        """One attempt. The package's own ends a socket at the first frame over 1 MiB."""
        self._ws_connection = await connect(
            self.endpoint_url(), open_timeout=self.timeout, max_size=_MAX_FRAME
        )
        await self._on_connect()

    async def _listen(self) -> None:
        connection = self._ws_connection
        assert connection is not None
        try:
            async for data in connection:
                self._hear(data)
        except ConnectionClosedError as error:
            await self._on_connect_error(error)
        else:  # closed in good order: by the server if it is still ours
            if self._ws_connection is connection:
                self._ws_connection = None
                self._set_channels_errored(connection.protocol.close_exc)

    def _hear(self, data: str | bytes) -> None:
        message = read(data)
        if message is None:
            log.info("a frame of %d that says nothing here: %r", len(data), data[:_MAX_TEXT])
        elif channel := self.channels.get(message.topic):
            channel._handle_message(message)

    async def shut(self, patience: float) -> None:
        """Say farewell, for at most `patience` seconds; no task and no socket is left."""
        connection = self._ws_connection
        tasks = [task for task in (self._listen_task, self._heartbeat_task) if task]
        try:
            async with asyncio.timeout(patience):
                await self.close()
        except TimeoutError:
            if connection is not None:
                connection.transport.abort()
                await connection.wait_closed()
            await self.close()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _on_connect_error(self, e: ConnectionClosedError) -> None:
        # The client's own logs an error for every loss and reads a deprecated attribute, which
        # raises where warnings are errors. What is left of it without its reconnecting is this.
        self._ws_connection = None
        self._set_channels_errored(e)

    def next_ref(self) -> str:
        return self._make_ref()


class _Pulse(AsyncRealtimeChannel):
    """Stands for the topic "phoenix", which the client drops: hears heartbeats' answers.

    Counts as joined, so that the client tells it of a lost socket like every joined channel.
    """

    def __init__(
        self,
        client: AsyncRealtimeClient,
        on_answer: Callable[[int], None],
        on_lost: Callable[[], None],
    ) -> None:
        super().__init__(client, PHOENIX_CHANNEL)
        self.state = ChannelStates.JOINED
        self._loop = asyncio.get_running_loop()
        self._on_lost = on_lost
        self.subscribe_callback = self._on_state
        self._on_answer = on_answer

    def _handle_message(self, message: ServerMessage) -> None:
        ref = message.ref if isinstance(message, ReplyMessage) else None
        if ref and ref.isdecimal() and len(ref) < _MAX_DIGITS:
            self._on_answer(int(ref))

    def _on_state(self, _status: RealtimeSubscribeStates, _error: Exception | None) -> None:
        # Soon, not now: the client is in the middle of a loop over its channels.
        self._loop.call_soon(self._on_lost)


class _LibraryChannel(AsyncRealtimeChannel):
    """The official channel, for one join only."""

    def _handle_message(self, message: ServerMessage) -> None:
        # An end with another ref is that of an earlier join of the topic.
        if isinstance(message, ChannelCloseMessage | ChannelErrorMessage) and (
            message.ref != self.join_push.ref
        ):
            return
        try:
            self._handle(message)
        except Exception:  # an odd frame must not end the client's listening
            log.exception("a frame on %s could not be handled", self.topic)

    def _handle(self, message: ServerMessage) -> None:
        if isinstance(message, PostgresChangesMessage):
            # Once, however many of the bindings the server has found to match.
            for callback in self.postgres_changes_callbacks[:1]:
                callback.callback(message.payload)
        elif isinstance(message, BroadcastMessage):
            # Every tap of another terminal: the package would first write all of it out for a log.
            for broadcast in self.broadcast_callbacks:
                broadcast(message.payload)
        elif isinstance(message, ReplyMessage) and message.ref not in self.messages_waiting_for_ack:
            self._answered(message.payload)
        else:
            super()._handle_message(message)

    def _answered(self, answer: SuccessReplyMessage | ErrorReplyMessage) -> None:
        """The answer to something that was sent without waiting for one."""
        if answer.status == "ok":
            return
        words = str(answer.response)[:_MAX_TEXT]
        log.warning("the server declined a message on %s: %s", self.topic, words)
        if answer.response.get("reason") == _UNKNOWN:
            self.on_error(answer.response)

    async def unsubscribe(self) -> None:
        """The package's way out of bindings that it finds mixed up: here that is a failed join
        like any other, and the member's own leave keeps no timer."""

    def dispose(self) -> None:
        """Forget the channel: no timer of it runs on, no frame reaches it."""
        self.subscribe_callback = None
        self.state = ChannelStates.CLOSED
        self.rejoin_timer.reset()
        self.join_push.destroy()
        for push in self.messages_waiting_for_ack.values():
            push.destroy()
        self._release_subscribe_waiter()
        if self.socket.channels.get(self.topic) is self:
            del self.socket.channels[self.topic]


class WebSocket:
    """An open socket. `on_answer(ref)`: a heartbeat came back; `on_lost()`: it closed by itself."""

    def __init__(self, client: _Client, policy: Policy) -> None:
        self._client = client
        self._policy = policy

    @classmethod
    async def open(
        cls,
        url: str,
        key: str,
        token: str,
        policy: Policy,
        *,
        on_answer: Callable[[int], None],
        on_lost: Callable[[], None],
    ) -> WebSocket:
        """Connect. Raises Unreachable when nobody answers, Refused when the handshake is."""
        client = _Client(
            f"{url}/realtime/v1",
            key,
            auto_reconnect=False,
            max_retries=1,
            hb_interval=_A_DAY,
            timeout=policy.open_timeout,  # type: ignore[arg-type]  # seconds; a float is fine
        )
        client.access_token = token
        client.channels[PHOENIX_CHANNEL] = _Pulse(client, on_answer, on_lost)
        try:
            await client.connect()
        except InvalidStatus as error:
            raise declined(error.response.status_code) from error
        except (OSError, TimeoutError, WebSocketException) as error:
            raise Unreachable("The server cannot be reached.") from error
        except BaseException:
            await client.shut(0)
            raise
        return cls(client, policy)

    async def beat(self, ref: int) -> None:
        await self.send(PHOENIX_CHANNEL, ChannelEvents.heartbeat, {}, ref=str(ref))

    def member(self, spec: JoinSpec, sink: Sink) -> LibraryMember:
        """A join on this socket; throw it away when it failed."""
        return LibraryMember(self, self._client, spec, sink)

    async def set_token(self, token: str) -> None:
        """Go on with a fresh access token, on every channel."""
        self._client.access_token = token
        for channel in list(self._client.channels.values()):
            channel.join_push.update_payload({"access_token": token})
            if isinstance(channel, _LibraryChannel) and channel.is_joined:
                payload = {"access_token": token}
                await self.send(
                    channel.topic, ChannelEvents.access_token, payload, channel.join_push.ref
                )

    async def send(
        self,
        topic: str,
        event: str,
        payload: dict[str, Any],
        join_ref: str | None = None,
        ref: str | None = None,
    ) -> None:
        """Send one frame; raises Unreachable on a socket that is gone."""
        if not self._client.is_connected:
            raise Unreachable("The connection was lost.")
        await self._client.send(
            Message(
                topic=topic,
                event=event,
                payload=payload,
                ref=ref or self._client.next_ref(),
                join_ref=join_ref,
            )
        )

    async def close(self, *, abort: bool) -> None:
        """End it; `abort` without a farewell, because nobody is there to hear it."""
        for channel in list(self._client.channels.values()):
            if isinstance(channel, _LibraryChannel):
                channel.dispose()
        self._client.channels.clear()
        await self._client.shut(0 if abort else self._policy.close_timeout)


class LibraryMember:
    """One join of one channel. The sink hears nothing more after `failed` or `leave`."""

    def __init__(
        self, socket: WebSocket, client: AsyncRealtimeClient, spec: JoinSpec, sink: Sink
    ) -> None:
        self._socket = socket
        self._sink = sink
        self._spec = spec
        self._channel = _LibraryChannel(client, f"realtime:{spec.topic}", _options(spec))
        client.channels[self._channel.topic] = self._channel
        self._listen()

    def _listen(self) -> None:
        channel, spec = self._channel, self._spec
        channel.on_broadcast("*", self._on_broadcast)
        channel.on_system(self._on_system)
        if spec.presence_key is not None:
            channel.on_presence_sync(self._on_presence)
        for binding in spec.bindings:
            event = RealtimePostgresChangesListenEvent(binding.event)
            channel.on_postgres_changes(
                event, self._on_change, table=binding.table, filter=binding.filter
            )

    async def join(self) -> None:
        if not self._channel.socket.is_connected:
            return  # the lost socket is reported by itself
        await self._channel.subscribe(self._on_state)

    async def send(self, event: str, payload: dict[str, Any]) -> None:
        # Past the library's `push`, which keeps a 10 s timer for an answer that never comes.
        await self._socket.send(self._channel.topic, event, payload, self._channel.join_push.ref)

    async def leave(self) -> None:
        channel = self._channel
        joined = channel.join_push.sent
        channel.dispose()
        if joined and channel.socket.is_connected:
            await self._socket.send(channel.topic, ChannelEvents.leave, {}, channel.join_push.ref)

    # -- what the library says -----------------------------------------------------------

    def _on_state(self, status: RealtimeSubscribeStates, error: Exception | None) -> None:
        if status is RealtimeSubscribeStates.SUBSCRIBED:
            if not self._spec.bindings:  # with bindings, `system` says when it is true
                self._sink.subscribed()
            return
        if isinstance(error, ConnectionClosed):
            return  # the lost socket is reported by itself, once for all channels
        text = _text_of(error)
        still_open = status is not RealtimeSubscribeStates.CLOSED
        log.info("channel %s: %s %s", self._spec.topic, status.value, text)
        self._channel.dispose()
        self._sink.failed(failure_of(text) if still_open else "lost", text)

    def _on_system(self, payload: Any) -> None:
        if self._spec.bindings and payload.message == _SUBSCRIBED:
            self._sink.subscribed()

    def _on_broadcast(self, payload: BroadcastPayload) -> None:
        self._sink.broadcast_arrived(payload["event"], payload["payload"])

    def _on_presence(self) -> None:
        state = self._channel.presence.state
        self._sink.presence_arrived({key: tuple(map(dict, metas)) for key, metas in state.items()})

    def _on_change(self, payload: PostgresChangesPayload) -> None:
        self._sink.change_arrived(dict(payload["data"]))


def failure_of(text: str) -> Failure:
    """What the server's words about a declined join or a closed channel mean for the next try.

    A refusal quotes what was asked for, so it is looked for first: a table may be called tokens.
    """
    words = text.lower()
    if any(sign in words for sign in _REFUSED):
        return "refused"
    if any(sign in words for sign in ("token", "jwt", "signature")):
        return "expired"
    if any(sign in words for sign in ("too many", "ratelimit", "rate limit")):
        return "busy"
    return "lost"


def _text_of(error: Exception | None) -> str:
    """The sentence in the library's error, which is the server's JSON as text; "" for none."""
    if error is None:
        return ""
    try:
        fields = json.loads(str(error))
        text = fields.get("reason") or fields.get("message")
    except (ValueError, AttributeError):
        text = error
    return str(text or "")[:_MAX_TEXT]


def _options(spec: JoinSpec) -> RealtimeChannelOptions:
    return {
        "config": {
            "broadcast": {"ack": False, "self": False},
            "presence": {"key": spec.presence_key or "", "enabled": False},
            "private": spec.private,
        }
    }
