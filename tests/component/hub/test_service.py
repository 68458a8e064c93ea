"""The hub as a whole: start, stop, restart, and the accidents in between."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from pathlib import Path

import aiohttp
import httpx
import psycopg
import pytest

from kds.base.errors import AlreadyRunning, ConfigError
from kds.hub.service import Hub, HubConfig
from tests.support.hub import PASSWORD, RunningHub, Site, running_hub


async def test_a_restart_on_the_same_data_keeps_accounts_sessions_and_keys(tmp_path: Path) -> None:
    with running_hub(tmp_path) as hub:
        keys = hub.keys
        email = await Site(hub).account()
        async with hub.http() as http:
            body = {"email": email, "password": PASSWORD}
            answer = await http.post("/auth/v1/token?grant_type=password", json=body)
    with running_hub(tmp_path) as hub:
        assert hub.keys == keys
        async with hub.http(token=answer.json()["access_token"]) as http:
            assert (await http.get("/auth/v1/user")).json()["email"] == email
            body = {"refresh_token": answer.json()["refresh_token"]}
            again = await http.post("/auth/v1/token?grant_type=refresh_token", json=body)
    assert again.status_code == 200


async def test_a_port_that_is_taken_is_said_and_nothing_is_started(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(ConfigError, match=f"Port {port} of 127.0.0.1 is taken"):
            await Hub(HubConfig(tmp_path / "hub", port=port)).start()
    assert not (tmp_path / "hub").exists()


@pytest.mark.parametrize(("host", "port"), [("192.0.2.1", 0), ("127.0.0.1", 99_999)])
async def test_an_address_that_cannot_be_is_said(tmp_path: Path, host: str, port: int) -> None:
    with pytest.raises(ConfigError, match="cannot listen on"):
        await Hub(HubConfig(tmp_path, host=host, port=port)).start()


async def test_a_second_hub_on_the_same_data_is_refused(hub: RunningHub) -> None:
    data = hub.hub._config.data
    with pytest.raises(AlreadyRunning, match="Another hub is already running"):
        await Hub(HubConfig(data, port=0)).start()
    async with hub.http() as http:
        assert (await http.get("/auth/v1/health")).status_code == 200


async def test_stopping_finishes_what_is_under_way_and_sends_sockets_away(tmp_path: Path) -> None:
    with running_hub(tmp_path) as hub, psycopg.connect(hub.dsn, autocommit=True) as gate:
        hub.sql(
            "create function public.slow() returns int language plpgsql as "
            "$$ begin perform pg_advisory_xact_lock(1); return 1; end $$"
        )
        gate.execute("select pg_advisory_lock(1)")
        params = {"apikey": hub.keys.anon, "vsn": "1.0.0"}
        async with (
            aiohttp.ClientSession(hub.url, headers={"apikey": hub.keys.anon}) as http,
            http.ws_connect("/realtime/v1/websocket", params=params) as websocket,
        ):
            slow = asyncio.ensure_future(http.post("/rest/v1/rpc/slow", json={}))
            await asyncio.to_thread(_wait_for_call, hub)
            stopping = asyncio.ensure_future(asyncio.to_thread(hub.call, hub.hub.stop()))
            message = await websocket.receive()
            assert (message.type, message.data) == (aiohttp.WSMsgType.CLOSE, 1001)
            gate.execute("select pg_advisory_unlock(1)")
            async with await slow as answer:
                assert await answer.json() == 1
            await stopping
            with pytest.raises(aiohttp.ClientConnectionError):
                await http.get("/health")


def _wait_for_call(hub: RunningHub) -> None:
    while not hub.sql("select 1 from pg_locks where locktype = 'advisory' and not granted"):
        pass


@pytest.mark.skipif(sys.platform == "win32", reason="kills PostgreSQL the POSIX way")
async def test_requests_get_503_while_the_database_is_down_and_then_go_on(tmp_path: Path) -> None:
    with running_hub(tmp_path) as hub:
        async with hub.admin() as http:
            assert (await http.get("/rest/v1/branches")).status_code == 200
            crash(hub)
            seen: list[httpx.Response] = []
            while not seen or seen[-1].status_code != 200:
                seen.append(await http.get("/rest/v1/branches"))
                assert len(seen) < 10_000
            down = [answer for answer in seen if answer.status_code != 200]
            assert {answer.status_code for answer in down} <= {503}
            assert {answer.json()["code"] for answer in down} <= {"PGRST000", "PGRST001", "57P01"}
            assert (await http.get("/auth/v1/admin/users")).status_code == 200


@pytest.mark.skipif(sys.platform == "win32", reason="kills PostgreSQL the POSIX way")
def test_a_hub_ends_while_its_database_recovers_and_starts_again(tmp_path: Path) -> None:
    for _ in range(3):
        with running_hub(tmp_path) as hub:
            crash(hub)


@pytest.mark.skipif(sys.platform == "win32", reason="kills PostgreSQL the POSIX way")
async def test_a_dead_database_is_said_and_not_waited_for(tmp_path: Path) -> None:
    with running_hub(tmp_path) as hub:
        email = await Site(hub).account()
        hub.hub._postgres.stop_blocking()
        async with hub.http() as http:
            answer = await http.get("/rest/v1/branches")
            assert answer.status_code == 503
            assert answer.json()["code"] == "PGRST000"
            body = {"email": email, "password": PASSWORD}
            answer = await http.post("/auth/v1/token?grant_type=password", json=body)
            assert answer.status_code == 503
            assert answer.json()["error_code"] == "unexpected_failure"
        hub.hub._postgres.start_blocking()
        async with hub.http() as http:
            answer = await http.post("/auth/v1/token?grant_type=password", json=body)
        assert answer.status_code == 200


def crash(hub: RunningHub) -> None:
    """Kill one backend the hard way: PostgreSQL throws everybody out and recovers."""
    victim, witness = psycopg.connect(hub.dsn), psycopg.connect(hub.dsn)
    os.kill(victim.info.backend_pid, signal.SIGKILL)
    with pytest.raises(psycopg.OperationalError):  # ends when everybody has been thrown out
        witness.execute("select pg_sleep(60)")
    victim.close()
    witness.close()


HUB = """
import asyncio, sys
from pathlib import Path
from kds.hub.service import Hub, HubConfig

async def main():
    hub = Hub(HubConfig(Path(sys.argv[1]), port=0))
    await hub.start()
    print(hub.url, flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
async def test_a_hub_that_was_killed_starts_again_with_everything(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HUB, str(tmp_path)]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    url = (await process.stdout.readline()).decode().strip()
    async with httpx.AsyncClient(base_url=url, trust_env=False) as http:
        assert (await http.get("/health")).status_code == 200
    process.kill()
    await process.wait()
    with running_hub(tmp_path) as hub:
        async with hub.admin() as http:
            assert (await http.get("/rest/v1/branches")).json() == []
