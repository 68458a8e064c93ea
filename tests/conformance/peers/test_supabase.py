"""`supabase` from PyPI, as it comes, in both its forms."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any, cast

import httpx
import pytest
from supabase import (
    AsyncClient,
    AsyncClientOptions,
    AuthApiError,
    PostgrestAPIError,
    acreate_client,
    create_client,
)
from supabase.lib.client_options import SyncClientOptions

from tests.conformance.servers import PATIENCE_S, Place
from tests.support.hub import PASSWORD


@pytest.fixture
async def client(place: Place) -> AsyncIterator[AsyncClient]:
    """Signed in as a till."""
    async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE_S) as http:
        options = AsyncClientOptions(httpx_client=http, auto_refresh_token=False)
        client = await acreate_client(place.server.url, place.server.anon, options)
        credentials = {"email": await place.account(), "password": PASSWORD}
        await client.auth.sign_in_with_password(cast(Any, credentials))
        yield client
        await client.realtime.close()


async def test_it_calls_selects_and_is_refused(place: Place, client: AsyncClient) -> None:
    stream = f"floor:{place.branch_id}"
    answer = await client.rpc("snapshot", {"streams": [stream]}).execute()
    assert stream in cast(Any, answer.data)["streams"]
    items = client.table("menu_items").select("id", count=cast(Any, "exact"))
    found = await items.in_("category", ["pizza", "drink"]).order("position", desc=True).execute()
    assert (found.data, found.count) == ([{"id": "water"}, {"id": "margherita"}], 2)
    one = await client.table("menu_items").select("name").eq("id", "caesar").single().execute()
    assert one.data == {"name": "Caesar Salad"}
    with pytest.raises(PostgrestAPIError) as caught:
        await client.rpc("snapshot", {"streams": ["floor:elsewhere"]}).execute()
    assert caught.value.code == "42501"


async def test_it_refreshes_and_signs_out(client: AsyncClient) -> None:
    before = await client.auth.get_session()
    renewed = (await client.auth.refresh_session()).session
    assert before is not None
    assert renewed is not None
    assert renewed.refresh_token != before.refresh_token
    await client.auth.sign_out({"scope": "local"})
    with pytest.raises(AuthApiError) as caught:
        await client.auth.refresh_session(renewed.refresh_token)
    assert caught.value.code == "refresh_token_not_found"


@pytest.mark.realtime
async def test_it_hears_a_private_broadcast(place: Place, client: AsyncClient) -> None:
    heard: asyncio.Queue[Any] = asyncio.Queue()
    config: Any = {"config": {"private": True, "broadcast": {"self": True, "ack": False}}}
    channel = client.channel(f"branch:{place.branch_id}", config)
    channel.on_broadcast("said", heard.put_nowait)
    await channel.subscribe()
    await channel.send_broadcast("said", {"n": 1})
    assert (await asyncio.wait_for(heard.get(), PATIENCE_S))["payload"] == {"n": 1}


async def test_its_blocking_form_signs_in_calls_and_selects(place: Place) -> None:
    email = await place.account()

    def work() -> tuple[Any, Any]:
        with httpx.Client(trust_env=False, timeout=PATIENCE_S) as http:
            options = SyncClientOptions(httpx_client=http, auto_refresh_token=False)
            client = create_client(place.server.url, place.server.anon, options)
            client.auth.sign_in_with_password({"email": email, "password": PASSWORD})
            called = client.rpc("changes_since", {"cursors": {}}).execute()
            found = client.table("menu_items").select("id").gte("position", 3).execute()
            client.auth.sign_out({"scope": "local"})
            return called.data, found.data

    called, found = await asyncio.to_thread(work)
    assert called["streams"] == {}
    assert found == [{"id": "water"}]
