"""The same server seen through our own `Connection`: what the rest of the program stands on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from kds.base.errors import Refused, Unauthorized
from kds.connection.manager import Connection
from kds.connection.policy import DEFAULT
from kds.connection.tables import TableChange
from tests.conformance.servers import PATIENCE_S, Place
from tests.support.hub import PASSWORD
from tests.support.links import connection, next_of, until_joined, until_state


@pytest.fixture
async def signed_in(place: Place, tmp_path: Path) -> AsyncIterator[Connection]:
    """A till that has signed in and asks; its socket is not up."""
    server = place.server
    async with connection(server.url, server.anon, tmp_path, policy=DEFAULT) as made:
        await made.sign_in(await place.account(), PASSWORD)
        yield made


@pytest.fixture
async def till(signed_in: Connection) -> Connection:
    """A till on the line."""
    await signed_in.connect()
    await until_state(signed_in, "connected")
    return signed_in


async def test_a_wrong_password_is_said_in_our_words(place: Place, tmp_path: Path) -> None:
    server = place.server
    async with connection(server.url, server.anon, tmp_path, policy=DEFAULT) as made:
        with pytest.raises(Unauthorized, match=r"The e-mail or password was not accepted\."):
            await made.sign_in(await place.account(), "wrong password")


async def test_functions_answer_and_refuse(place: Place, signed_in: Connection) -> None:
    stream = f"floor:{place.branch_id}"
    answer = await signed_in.rpc("snapshot", {"streams": [stream]})
    assert [row["id"] for row in answer["streams"][stream]["tables"]["branches"]] == [
        place.branch_id
    ]
    with pytest.raises(Refused, match="This account may not read") as caught:
        await signed_in.rpc("snapshot", {"streams": ["floor:00000000-0000-0000-0000-000000000000"]})
    assert caught.value.code == "42501"


async def test_rows_are_selected(signed_in: Connection) -> None:
    rows = await signed_in.select("menu_items", "id", [("position", "gte", "2")], limit=1)
    assert len(rows) == 1


async def test_a_sign_out_ends_the_session(signed_in: Connection) -> None:
    await signed_in.sign_out()
    with pytest.raises(Unauthorized, match="Sign in to connect"):
        await signed_in.rpc("changes_since", {"cursors": {}})


@pytest.mark.realtime
async def test_the_link_measures_its_round_trip(till: Connection) -> None:
    assert till.link.rtt_ms is not None


@pytest.mark.realtime
async def test_a_channel_brings_pokes(place: Place, till: Connection) -> None:
    heard: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    channel = till.channel(f"stream:floor:{place.branch_id}")
    channel.on_broadcast("poke", heard.put_nowait)
    await until_joined(channel)
    own = f"branch_id=eq.{place.branch_id}"
    await place.write("PATCH", f"stock_items?{own}&id=eq.dough", {"level": 1})
    poke = await asyncio.wait_for(heard.get(), PATIENCE_S)
    assert (poke["stream"], poke["rows"][0]["row"]["level"]) == (f"floor:{place.branch_id}", 1)


@pytest.mark.realtime
async def test_a_refused_channel_says_so(till: Connection) -> None:
    channel = till.channel("branch:00000000-0000-0000-0000-000000000000")
    assert await next_of(channel.status, lambda status: status != "joining") == "refused"
    assert "permission" in channel.problem


@pytest.mark.realtime
async def test_presence_is_seen(place: Place, till: Connection) -> None:
    channel = till.channel(f"branch:{place.branch_id}", presence_key="till")
    here = asyncio.create_task(next_of(channel.presence, lambda state: "till" in state))
    await channel.track({"name": "Till"})
    assert (await here)["till"][0]["name"] == "Till"


@pytest.mark.realtime
async def test_a_table_is_followed(place: Place, till: Connection) -> None:
    heard: asyncio.Queue[TableChange] = asyncio.Queue()
    joined = asyncio.Event()
    own = f"branch_id=eq.{place.branch_id}"
    leave = till.subscribe_table(
        "stock_items", "UPDATE", own, listener=heard.put_nowait, on_joined=joined.set
    )
    await asyncio.wait_for(joined.wait(), PATIENCE_S)
    await place.write("PATCH", f"stock_items?{own}&id=eq.dough", {"level": 1})
    change = await asyncio.wait_for(heard.get(), PATIENCE_S)
    leave()
    assert (change["type"], change["new"]["level"]) == ("UPDATE", 1)
    assert change["old"] == {"id": "dough", "branch_id": place.branch_id}
