"""The Realtime server of a hub: mounted in its gateway, started and stopped with it."""

from __future__ import annotations

import asyncio

from aiohttp import WSCloseCode, web

from kds.base.clock import Clock, SystemClock
from kds.hub.phoenix import parse_vsn
from kds.hub.pool import Pool
from kds.hub.realtime.authorize import Authorizer
from kds.hub.realtime.claims import BadToken, Identity, check_token
from kds.hub.realtime.context import Context, Meters, new_presence_ref
from kds.hub.realtime.conversation import Conversation
from kds.hub.realtime.http import broadcast_http
from kds.hub.realtime.limits import Limits
from kds.hub.realtime.messages import MessageFeed
from kds.hub.realtime.postgres_changes import PostgresChanges
from kds.hub.realtime.rooms import Rooms
from kds.hub.realtime.socket import Socket

_POOL_SIZE = 4


class RealtimeService:
    """Serves `GET /realtime/v1/websocket` and `POST /realtime/v1/api/broadcast`.

    `dsn`: a superuser of a database with the platform's `realtime` schema and logical WAL.
    """

    def __init__(
        self,
        dsn: str,
        jwt_secret: str,
        *,
        limits: Limits | None = None,
        clock: Clock | None = None,
    ) -> None:
        limits, clock = limits or Limits(), clock or SystemClock()
        rooms = Rooms(new_presence_ref)
        meters = Meters.under(limits)

        def sent(count: int) -> None:
            meters.messages.add(clock.monotonic(), count)

        self._pool = Pool(dsn, _POOL_SIZE)
        self._feed = MessageFeed(dsn, self._pool, rooms, sent)
        self._changes = PostgresChanges(dsn, self._pool, limits, sent)
        self._context = Context(
            jwt_secret=jwt_secret,
            limits=limits,
            clock=clock,
            rooms=rooms,
            meters=meters,
            authorizer=Authorizer(self._pool),
            feed=self._feed,
            changes=self._changes,
        )
        self._conversation = Conversation(self._context)
        self._running: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Return when broadcasts from the database are heard."""
        await self._feed.start()
        self._changes.start()

    async def stop(self) -> None:
        """Tell every client at once (`phx_error`, then close 1001); leave no task behind."""
        for socket in tuple(self._context.sockets):
            for member in tuple(socket.members.values()):
                member.say_crashed()
            socket.end(WSCloseCode.GOING_AWAY)
        if self._running:
            await asyncio.gather(*self._running, return_exceptions=True)
        await self._feed.stop()
        await self._changes.stop()
        await self._pool.close()

    async def broadcast_http(self, request: web.Request) -> web.StreamResponse:
        """Messages by HTTP: 202 with an empty body."""
        return await broadcast_http(request, self._context, self._conversation)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """A WebSocket, from handshake to close: 403, 401 and 429 before it, as Supabase has it."""
        vsn = parse_vsn(request.query.get("vsn"))
        if vsn is None:
            return web.Response(status=403)
        identity = self._identify(request)
        if isinstance(identity, web.Response):
            return identity
        limits = self._context.limits
        ws = web.WebSocketResponse(
            compress=False, max_msg_size=limits.max_frame_bytes, timeout=limits.close_timeout_s
        )
        await ws.prepare(request)
        socket = Socket(ws, vsn, identity, limits)
        task = asyncio.create_task(self._serve(request, socket), name="realtime-socket")
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        await task
        return ws

    async def _serve(self, request: web.Request, socket: Socket) -> None:
        self._context.sockets.add(socket)
        try:
            await socket.run(request, self._conversation.handle)
        finally:
            self._context.sockets.discard(socket)
            self._conversation.end_socket(socket)

    def _identify(self, request: web.Request) -> Identity | web.Response:
        context = self._context
        key = request.query.get("apikey") or request.headers.get("x-api-key")
        if not key:
            return _error(401, "API key is missing")
        identity = check_token(key, context.jwt_secret, context.now())
        if isinstance(identity, BadToken):
            return _error(401, identity.at_handshake)
        if context.full:
            return _error(429, "Too many connected users")
        if context.joins_exceeded:
            return _error(429, "Too many joins per second")
        return identity


def _error(status: int, message: str) -> web.Response:
    return web.json_response({"error": message}, status=status)
