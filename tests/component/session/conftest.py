"""A branch with a menu, where terminals can be put."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.hub import Site
from tests.support.restaurant import menu
from tests.support.sessions import Place


@pytest.fixture
async def place(site: Site, tmp_path: Path) -> Place:
    site.hub.sql(
        "select public.import_menu(%s::uuid, %s::jsonb)", site.branch_id, json.dumps(menu())
    )
    return Place(site, tmp_path)
