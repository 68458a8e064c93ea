"""A till and a kitchen screen whose every byte to and from the hub goes through a fault proxy."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.fault_proxy import FaultProxy
from tests.support.hub import Site
from tests.support.restaurant import menu
from tests.support.scene import Scene
from tests.support.sessions import Place


@pytest.fixture
async def place(site: Site, tmp_path: Path) -> Place:
    site.hub.sql(
        "select public.import_menu(%s::uuid, %s::jsonb)", site.branch_id, json.dumps(menu())
    )
    return Place(site, tmp_path)


@pytest.fixture
async def proxy(site: Site) -> AsyncIterator[FaultProxy]:
    async with FaultProxy(site.hub.url) as proxy:
        yield proxy


@pytest.fixture
async def scene(place: Place, proxy: FaultProxy) -> AsyncIterator[Scene]:
    """Both at work, nothing amiss yet."""
    async with Scene.opened(place, proxy) as scene:
        yield scene
