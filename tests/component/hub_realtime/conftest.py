"""One PostgreSQL for all tests of this folder, one Realtime server for each."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from kds.hub.postgres import Postgres
from tests.support.realtime import Server, running_postgres, running_server


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    with running_postgres(tmp_path_factory.mktemp("realtime")) as postgres:
        yield postgres


@pytest.fixture
async def server(postgres: Postgres) -> AsyncIterator[Server]:
    """A server that leaves no task behind."""
    async with running_server(postgres.dsn) as server:
        yield server
    left = [task.get_name() for task in asyncio.all_tasks() if "realtime" in task.get_name()]
    assert not left
