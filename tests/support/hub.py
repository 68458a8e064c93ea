"""A real hub for tests: one per test process, in a thread of its own with its own event loop.

Any test can talk to it, from whichever loop (or none) it runs in. Tests stay out of each
other's way by making their own branch; `Site` does that and knows the accounts of it.
"""

from __future__ import annotations

import asyncio
import threading
import uuid
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import httpx
import psycopg
import pytest
from supabase import AsyncClient, AsyncClientOptions, acreate_client

from kds.domain.rows import Role
from kds.hub.keys import Keys
from kds.hub.service import Hub, HubConfig

T = TypeVar("T")
PASSWORD = "correct horse battery"


class RunningHub:
    """A hub that runs in a thread until `stop`."""

    def __init__(self, config: HubConfig) -> None:
        self.hub = Hub(config)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="hub")

    def start(self) -> None:
        self._thread.start()
        try:
            self.call(self.hub.start())
        except BaseException:
            self._end_thread()
            raise

    def stop(self) -> None:
        """Stop it; fails when it leaves a task behind."""
        try:
            self.call(self.hub.stop())
            left = self.call(_other_tasks())
        finally:
            self._end_thread()
        assert not left, f"the hub left tasks behind: {left}"

    def call(self, work: Coroutine[Any, Any, T]) -> T:
        """Run `work` in the hub's own loop."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=60)

    @property
    def url(self) -> str:
        return self.hub.url

    @property
    def keys(self) -> Keys:
        return self.hub.keys

    @property
    def dsn(self) -> str:
        return self.hub.dsn

    def sql(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Run SQL as the database's superuser, committed; its rows, if it has any."""
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            cursor = connection.execute(statement.encode(), values or None)
            return cursor.fetchall() if cursor.description else []

    def http(self, key: str | None = None, token: str | None = None) -> httpx.AsyncClient:
        """A plain HTTP client with an API key (the public one unless given)."""
        key = key if key is not None else self.keys.anon
        headers = {"apikey": key, "Authorization": f"Bearer {token or key}"}
        return httpx.AsyncClient(base_url=self.url, headers=headers, trust_env=False)

    def admin(self) -> httpx.AsyncClient:
        return self.http(self.keys.service)

    def _end_thread(self) -> None:
        self.call(self._loop.shutdown_default_executor())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


async def _other_tasks() -> list[str]:
    return [str(task) for task in asyncio.all_tasks() - {asyncio.current_task()}]


@contextmanager
def running_hub(data: Path, **options: Any) -> Iterator[RunningHub]:
    """A hub on a free port with its data in `data`."""
    running = RunningHub(HubConfig(data=data, port=0, **options))
    running.start()
    try:
        yield running
    finally:
        running.stop()


@dataclass
class Site:
    """A fresh branch of one hub, and accounts that belong to it."""

    hub: RunningHub
    branch_id: str = field(default_factory=lambda: str(uuid.uuid4()))

    async def open(self) -> None:
        """Make the branch itself."""
        self.hub.sql(
            "insert into public.branches (id, branch_id, name, currency, timezone) "
            "values (%s, %s, 'Test', 'USD', 'UTC')",
            self.branch_id,
            self.branch_id,
        )

    async def account(self, role: Role = "pos", branches: list[str] | None = None) -> str:
        """Make an account (its password is PASSWORD) and return its address."""
        email = f"{role}-{uuid.uuid4().hex[:12]}@test.local"
        metadata = {"branches": [self.branch_id] if branches is None else branches, "role": role}
        async with self.hub.admin() as client:
            answer = await client.post(
                "/auth/v1/admin/users",
                json={
                    "email": email,
                    "password": PASSWORD,
                    "email_confirm": True,
                    "app_metadata": metadata,
                },
            )
        assert answer.status_code == 200, answer.text
        return email

    @asynccontextmanager
    async def client(
        self, role: Role = "pos", branches: list[str] | None = None
    ) -> AsyncIterator[AsyncClient]:
        """The official client, signed in with a new account of this branch."""
        email = await self.account(role, branches)
        async with official_client(self.hub) as client:
            await client.auth.sign_in_with_password({"email": email, "password": PASSWORD})
            yield client

    async def device(self, client: AsyncClient, role: Role = "pos", name: str = "Till") -> str:
        """Register a device through `client` and return its id."""
        device_id = str(uuid.uuid4())
        await client.rpc(
            "register_device",
            {"device_id": device_id, "branch_id": self.branch_id, "name": name, "role": role},
        ).execute()
        return device_id


@asynccontextmanager
async def official_client(hub: RunningHub, key: str | None = None) -> AsyncIterator[AsyncClient]:
    """`supabase.AsyncClient` as it comes, with everything it opened closed on the way out."""
    async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
        options = AsyncClientOptions(httpx_client=http, auto_refresh_token=False)
        client = await acreate_client(hub.url, key or hub.keys.anon, options)
        try:
            yield client
        finally:
            await client.realtime.close()


@pytest.fixture(scope="session")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHub]:
    """The hub of this test process. Its data is everybody's: make a `Site` of your own."""
    with running_hub(tmp_path_factory.mktemp("hub")) as running:
        yield running


@pytest.fixture
async def site(hub: RunningHub) -> Site:
    """A fresh branch."""
    site = Site(hub)
    await site.open()
    return site
