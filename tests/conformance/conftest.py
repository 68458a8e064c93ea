"""The server that the suite asks: the one that KDS_TEST_URL names, or else a hub of its own."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator

import pytest

from tests.conformance.servers import Phone, Place, Server, opened, phone_to
from tests.support.hub import RunningHub, hub

__all__ = ["hub"]

# Needs a folder with supabase-js in it: `python -m tests.conformance --peers`.
collect_ignore = [] if "KDS_TEST_JS" in os.environ else ["peers/test_supabase_js.py"]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "realtime: needs the server's Realtime")
    config.addinivalue_line("markers", "admin: needs the administration of accounts over HTTP")
    config.addinivalue_line("markers", "beyond_lite: @supabase/lite 0.10.0 answers otherwise")


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> Server:
    named = Server.named_by_environment()
    if named is None:
        running: RunningHub = request.getfixturevalue("hub")
        named = Server(running.url, running.keys.anon, running.keys.service)
    if complaint := asyncio.run(named.complaint()):
        pytest.fail(complaint, pytrace=False)
    return named


@pytest.fixture
async def place(server: Server) -> AsyncIterator[Place]:
    """A fresh branch with a menu."""
    async with opened(server) as place:
        yield place


@pytest.fixture
async def phone(server: Server) -> AsyncIterator[Phone]:
    """Raw sockets."""
    async with phone_to(server) as phone:
        yield phone
