"""The hub as a whole: database, gateway and realtime, started and stopped together."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import socket
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from kds.base import tasks
from kds.base.clock import Clock, SystemClock
from kds.base.errors import ConfigError
from kds.hub.auth import Auth
from kds.hub.auth_admin import Accounts
from kds.hub.auth_sessions import AuthSettings, Sessions
from kds.hub.auth_store import AuthStore
from kds.hub.catalog import Catalog
from kds.hub.gateway import build_app
from kds.hub.housekeeping import keep_house
from kds.hub.keys import Keys, load_or_create
from kds.hub.migrate import migrate
from kds.hub.passwords import Passwords
from kds.hub.pool import Pool
from kds.hub.postgres import Postgres
from kds.hub.realtime.service import RealtimeService
from kds.hub.rest import Rest
from kds.hub.tokens import Verifier

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class HubConfig:
    """`port` 0 takes any free one. `seed` loads the demo restaurant into new data.

    `jwt_leeway_s`: how long REST still takes an expired token, 30 s as PostgREST does.
    """

    data: Path
    host: str = "127.0.0.1"
    port: int = 54321
    seed: bool = False
    access_token_ttl_s: int = 3600
    refresh_reuse_s: int = 10
    jwt_leeway_s: int = 30
    body_limit: int = 1 << 20
    pool_size: int = 10
    anon_timeout_ms: int = 3_000
    timeout_ms: int = 8_000
    service_timeout_ms: int = 60_000


class Hub:
    """One restaurant's back end in one process (and PostgreSQL beside it)."""

    url: str
    keys: Keys

    def __init__(self, config: HubConfig, clock: Clock | None = None) -> None:
        self._config = config
        self._clock = clock or SystemClock()
        self._postgres = Postgres(config.data)
        self._stack = AsyncExitStack()

    @property
    def dsn(self) -> str:
        """The database as its superuser, for administration and tests."""
        return self._postgres.dsn

    async def start(self) -> None:
        """Return when requests are answered.

        Raises ConfigError for a port that is taken, AlreadyRunning for data that another hub
        holds, KdsError when the database cannot start. Nothing is left running then.
        """
        try:
            await self._start()
        except BaseException:
            await self._stack.aclose()
            raise

    async def stop(self) -> None:
        """Finish what is under way, close the sockets (1001), stop the database."""
        await self._stack.aclose()

    async def _start(self) -> None:
        config = self._config
        # The port first: the commonest failure is found before anything has been started.
        listener = _listen(config.host, config.port)
        self._stack.callback(listener.close)
        host = f"[{config.host}]" if ":" in config.host else config.host
        self.url = f"http://{host}:{listener.getsockname()[1]}"
        await self._postgres.start()
        self._stack.push_async_callback(self._postgres.stop)
        self.keys = load_or_create(config.data, self._clock.now())
        await asyncio.to_thread(migrate, self.dsn, seed=config.seed)
        pool = Pool(self.dsn, config.pool_size)
        self._stack.push_async_callback(pool.close)
        realtime = RealtimeService(self.dsn, self.keys.jwt_secret, clock=self._clock)
        app = await self._app(pool, realtime)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=10)
        # Stopped in the opposite order: take no new guests, send away those who would stay
        # for ever, let the others finish, close the kitchen.
        self._stack.push_async_callback(runner.cleanup)
        await runner.setup()
        await realtime.start()
        self._stack.push_async_callback(realtime.stop)
        site = web.SockSite(runner, listener, backlog=512)
        await site.start()
        self._stack.push_async_callback(site.stop)
        chores = asyncio.create_task(keep_house(self.dsn), name="housekeeping")
        self._stack.push_async_callback(tasks.end, [chores])
        log.info("the hub listens on %s", self.url)

    async def _app(self, pool: Pool, realtime: RealtimeService) -> web.Application:
        config, clock = self._config, self._clock
        settings = AuthSettings(
            self.keys.jwt_secret,
            f"{self.url}/auth/v1",
            config.access_token_ttl_s,
            config.refresh_reuse_s,
        )
        store, passwords = AuthStore(pool), Passwords()
        auth = Auth(Sessions(store, passwords, settings, clock), Accounts(store, passwords, clock))
        catalog = Catalog(pool)
        await catalog.load()
        verifier = Verifier(
            self.keys.jwt_secret, lambda: clock.now().timestamp(), config.jwt_leeway_s
        )
        timeouts = {
            "anon": config.anon_timeout_ms,
            "authenticated": config.timeout_ms,
            "service_role": config.service_timeout_ms,
        }
        rest = Rest(pool, catalog, verifier, timeouts)
        return build_app(self.keys, auth, rest, realtime, config.body_limit)


def _listen(host: str, port: int) -> socket.socket:
    """A socket bound to the port. Raises ConfigError that says what is wrong with it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":
            # A restarted hub gets its port back at once; on Windows this would share it.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except (OSError, OverflowError) as error:
        listener.close()
        if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
            raise ConfigError(
                f"Port {port} of {host} is taken by another program (another hub?). "
                "Stop it, or choose another port with --port."
            ) from error
        raise ConfigError(f"The hub cannot listen on {host}, port {port}: {error}") from error
    return listener
