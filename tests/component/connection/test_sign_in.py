"""Sessions against the real hub: signing in, renewing, being refused, signing out."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kds.base.clock import ManualClock
from kds.base.errors import Refused, Unauthorized, Unreachable
from kds.base.events import Event
from kds.connection.manager import Connection
from kds.connection.tokens import FileBackend, TokenStore
from kds.hub.service import Hub, HubConfig
from kds.sim.proxy import Proxy
from tests.support.hub import PASSWORD, RunningHub, Site
from tests.support.links import IMPATIENT, connection, next_of, until_joined, until_state


class CountingStore(TokenStore):
    """Counts how often a new refresh token is kept."""

    def __init__(self, path: Path) -> None:
        super().__init__(FileBackend(path))
        self.saved = 0

    def save(self, token: str) -> None:
        self.saved += 1
        super().save(token)


async def test_a_wrong_password_is_said_so(site: Site, tmp_path: Path) -> None:
    async with connection(site.hub.url, site.hub.keys.anon, tmp_path) as made:
        email = await site.account()
        for password in ("wrong", ""):
            with pytest.raises(Unauthorized, match=r"The e-mail or password was not accepted\."):
                await made.sign_in(email, password)
        assert made.link.state == "disconnected"
        assert not (tmp_path / "token").exists()


async def test_a_sign_in_without_a_server_is_unreachable(
    site: Site, proxy: Proxy, tmp_path: Path
) -> None:
    proxy.refuse()
    async with connection(proxy.url, site.hub.keys.anon, tmp_path) as made:
        with pytest.raises(Unreachable):
            await made.sign_in(await site.account(), PASSWORD)


async def test_the_session_outlives_the_process_but_the_password_is_not_kept(
    site: Site, tmp_path: Path
) -> None:
    async with connection(site.hub.url, site.hub.keys.anon, tmp_path) as made:
        assert made.claims == {}
        await made.sign_in(await site.account("kitchen"), PASSWORD)
        assert made.claims["app_metadata"]["role"] == "kitchen"
    assert PASSWORD not in (tmp_path / "token").read_text()
    async with connection(site.hub.url, site.hub.keys.anon, tmp_path) as made:
        await made.connect()
        await until_state(made, "connected")
        assert made.claims["app_metadata"]["role"] == "kitchen"


async def test_a_device_that_was_never_signed_in_waits_for_a_person(
    site: Site, tmp_path: Path
) -> None:
    async with connection(site.hub.url, site.hub.keys.anon, tmp_path) as made:
        await made.connect()
        asked = await until_state(made, "disconnected")
        assert (asked.reason, asked.problem) == ("signed_out", "Sign in to connect.")
        with pytest.raises(Unauthorized, match="Sign in to connect"):
            await made.rpc("changes_since", {"cursors": {}})
        await made.sign_in(await site.account(), PASSWORD)
        await until_state(made, "connected")


async def test_a_refused_refresh_signs_out_with_a_sentence(site: Site, tmp_path: Path) -> None:
    TokenStore.file(tmp_path / "token").save("made-up")
    async with connection(site.hub.url, site.hub.keys.anon, tmp_path) as made:
        await made.connect()
        asked = await until_state(made, "disconnected")
        assert asked.reason == "signed_out"
        assert asked.problem == "This device was signed out. Sign in again."
        assert TokenStore.file(tmp_path / "token").load() is None


async def test_an_outage_keeps_the_session(site: Site, proxy: Proxy, tmp_path: Path) -> None:
    async with connection(proxy.url, site.hub.keys.anon, tmp_path) as made:
        await made.sign_in(await site.account(), PASSWORD)
    proxy.refuse()
    async with connection(proxy.url, site.hub.keys.anon, tmp_path) as made:
        with pytest.raises(Unreachable):
            await made.rpc("changes_since", {"cursors": {}})
    assert TokenStore.file(tmp_path / "token").load() is not None


async def test_an_expired_token_is_renewed_once_for_twenty_requests(tmp_path: Path) -> None:
    hub_clock = ManualClock(datetime.now(UTC))
    running = RunningHub(HubConfig(data=tmp_path / "hub", port=0))
    running.hub = Hub(HubConfig(data=tmp_path / "hub", port=0), hub_clock)
    running.start()
    try:
        site = Site(running)
        await site.open()
        tokens = CountingStore(tmp_path / "token")
        async with connection(running.url, running.keys.anon, tmp_path, tokens=tokens) as made:
            await made.sign_in(await site.account(), PASSWORD)
            assert tokens.saved == 1
            hub_clock.advance(2 * 3600)
            ask = [made.rpc("changes_since", {"cursors": {}}) for _ in range(20)]
            answers = await asyncio.gather(*ask)
            assert all("server_time" in answer for answer in answers)
            assert tokens.saved == 2
    finally:
        running.stop()


async def test_a_channel_outlives_the_token_it_was_joined_with_without_a_gap(
    tmp_path: Path,
) -> None:
    running = RunningHub(HubConfig(data=tmp_path / "hub", port=0, access_token_ttl_s=7))
    running.start()
    try:
        site = Site(running)
        await site.open()
        policy = replace(IMPATIENT, refresh_at=0.2)
        async with connection(running.url, running.keys.anon, tmp_path, policy=policy) as made:
            await made.sign_in(await site.account(), PASSWORD)
            await made.connect()
            await until_state(made, "connected")
            channel = made.channel(f"branch:{site.branch_id}")
            await until_joined(channel)
            gaps: list[str] = []
            channel.status.connect(gaps.append)
            made.link_changed.connect(
                lambda now: gaps.append(now.state) if now.state != "connected" else None
            )
            first = made.claims["exp"]
            while datetime.now(UTC).timestamp() < first + 1:
                await next_of(made.link_changed)  # every heartbeat changes the round trip
            arrived: Event[dict[str, Any]] = Event()
            channel.on_broadcast("still", arrived.emit)
            heard = asyncio.create_task(next_of(arrived))
            await asyncio.to_thread(
                running.sql,
                "select realtime.send('{}'::jsonb, 'still', %s, true)",
                f"branch:{site.branch_id}",
            )
            await heard
            assert gaps == []
    finally:
        running.stop()


async def test_a_token_that_expires_during_an_outage_is_renewed_at_the_return(
    tmp_path: Path,
) -> None:
    hub_clock = ManualClock(datetime.now(UTC))
    running = RunningHub(HubConfig(data=tmp_path / "hub", port=0))
    running.hub = Hub(HubConfig(data=tmp_path / "hub", port=0), hub_clock)
    running.start()
    try:
        site = Site(running)
        await site.open()
        tokens = CountingStore(tmp_path / "token")
        async with (
            Proxy(running.url) as proxy,
            connection(proxy.url, running.keys.anon, tmp_path, tokens=tokens) as made,
        ):
            await made.sign_in(await site.account(), PASSWORD)
            await made.connect()
            channel = made.channel(f"branch:{site.branch_id}")
            await until_joined(channel)
            proxy.refuse()
            await until_state(made, "reconnecting")
            hub_clock.advance(2 * 3600)
            rejoined = asyncio.create_task(next_of(channel.joined))
            proxy.forward()
            await rejoined
            assert tokens.saved == 2
            assert made.link.state == "connected"
    finally:
        running.stop()


async def test_a_sign_out_ends_the_session_here_and_on_the_server(
    site: Site, link: Connection, tmp_path: Path
) -> None:
    token = TokenStore.file(tmp_path / "token").load()
    assert token is not None
    await link.sign_out()
    assert (link.link.state, link.link.reason) == ("disconnected", "signed_out")
    assert link.claims == {}
    assert TokenStore.file(tmp_path / "token").load() is None
    async with site.hub.http() as http:
        answer = await http.post(
            "/auth/v1/token?grant_type=refresh_token", json={"refresh_token": token}
        )
    assert answer.status_code == 400


async def test_the_server_s_refusal_reaches_the_caller_in_its_own_words(
    site: Site, link: Connection
) -> None:
    params = {
        "device_id": "0193e7a0-0000-7000-8000-000000000001",
        "branch_id": "0193e7a0-0000-7000-8000-0000000000ff",
        "name": "Till",
        "role": "pos",
    }
    with pytest.raises(Refused) as caught:
        await link.rpc("register_device", params)
    assert caught.value.code == "42501"
    with pytest.raises(Refused):
        await link.rpc("no_such_function", {})


async def test_rows_are_selected_with_filters_and_a_limit(site: Site, link: Connection) -> None:
    rows = await link.select("branches", "id,name", [("id", "eq", site.branch_id)], limit=1)
    assert rows == [{"id": site.branch_id, "name": "Test"}]
