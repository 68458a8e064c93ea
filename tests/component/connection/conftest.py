from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kds.connection.manager import Connection
from kds.sim.proxy import Proxy
from tests.support.hub import PASSWORD, Site
from tests.support.links import connection, until_state


@pytest.fixture
async def proxy(site: Site) -> AsyncIterator[Proxy]:
    """The cable between the hub and this test's connection."""
    async with Proxy(site.hub.url) as cable:
        yield cable


@pytest.fixture
async def link(site: Site, proxy: Proxy, tmp_path: Path) -> AsyncIterator[Connection]:
    """A live connection of a till, through the proxy."""
    async with connection(proxy.url, site.hub.keys.anon, tmp_path) as made:
        await made.sign_in(await site.account("pos"), PASSWORD)
        await made.connect()
        await until_state(made, "connected")
        yield made
