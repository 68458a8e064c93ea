"""`@supabase/supabase-js` from npm, in Node: `js/peer.mjs` acts, its lines are looked at here."""

from __future__ import annotations

import asyncio
import os

import pytest

from tests.conformance.servers import Place
from tests.support.hub import PASSWORD

pytestmark = pytest.mark.realtime

PARTS = [
    "signs in", "is refused with a wrong password", "refreshes its session", "calls a function",
    "selects with filters", "hears a private broadcast", "is denied a strange channel",
    "hears the database", "sees who is present", "follows a table", "signs out",
]  # fmt: skip


async def test_it_does_what_our_own_client_does(place: Place) -> None:
    server = place.server
    settings = {
        "URL": server.url,
        "KEY": server.anon,
        "SERVICE": server.service,
        "EMAIL": await place.account("pos"),
        "PASSWORD": PASSWORD,
        "BRANCH": place.branch_id,
    }
    process = await asyncio.create_subprocess_exec(
        "node",
        "peer.mjs",
        cwd=os.environ["KDS_TEST_JS"],
        env=os.environ | settings,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    said = [line for line in output.decode().splitlines() if line.startswith(("ok ", "not ok "))]
    assert said == [f"ok {part}" for part in PARTS], output.decode()
