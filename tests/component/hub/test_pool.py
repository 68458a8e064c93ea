"""Connections to the database under the things that happen to them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import psycopg
import pytest

from kds.hub.errors import RestError
from kds.hub.pool import Pool, Row, Statement
from tests.support.hub import RunningHub

NOTHING = Statement("select 1", keep=True)
PID = Statement("select pg_backend_pid()", keep=True)


@pytest.fixture
async def pool(hub: RunningHub) -> AsyncIterator[Pool]:
    pool = Pool(hub.dsn, size=2, wait_s=0.05)
    yield pool
    await pool.close()


async def pid(pool: Pool) -> int:
    return int((await pool.run(NOTHING, PID))[0] or 0)


async def test_a_connection_is_kept_for_the_next(pool: Pool) -> None:
    assert await pid(pool) == await pid(pool)


async def test_one_that_died_while_idle_is_replaced_unseen(pool: Pool, hub: RunningHub) -> None:
    first = await pid(pool)
    hub.sql("select pg_terminate_backend(%s, 5000)", first)
    assert await pid(pool) != first


async def test_a_failure_undoes_the_transaction_and_keeps_the_connection(pool: Pool) -> None:
    first = await pid(pool)
    for _ in range(3):  # the first time while it is being prepared, then as it stands
        with pytest.raises(psycopg.errors.DivisionByZero):
            await pool.run(NOTHING, Statement("select 1/($1::int)", ("0",), keep=True))
    with pytest.raises(psycopg.errors.SyntaxError):
        await pool.run(NOTHING, Statement("selec", keep=True))
    assert (await pool.run(NOTHING, Statement("select 1/($1::int)", ("1",), keep=True))) == (b"1",)
    assert await pid(pool) == first


async def test_what_is_not_accepted_has_not_happened(pool: Pool, hub: RunningHub) -> None:
    hub.sql("drop table if exists public.pool_test; create table public.pool_test (n int)")
    insert = Statement("insert into public.pool_test values (1) returning n")

    def refuse(row: Row) -> None:
        raise RestError(406, "x", f"not {row!r}")

    with pytest.raises(RestError):
        await pool.run(NOTHING, insert, accept=refuse)
    assert hub.sql("select count(*) from public.pool_test") == [(0,)]
    await pool.run(NOTHING, insert, accept=lambda row: None)
    assert hub.sql("select count(*) from public.pool_test") == [(1,)]


async def test_settings_end_with_their_transaction(pool: Pool) -> None:
    role = Statement("select set_config('role', 'anon', true)")
    who = Statement("select current_user")
    assert await pool.run(role, who) == (b"anon",)
    assert await pool.run(NOTHING, who) == (b"postgres",)


async def test_a_read_only_transaction_does_not_write(pool: Pool) -> None:
    create = Statement("create table public.never (n int)")
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        await pool.run(NOTHING, create, read_only=True)


async def test_a_full_pool_answers_504(pool: Pool) -> None:
    async with pool.connection(), pool.connection():
        with pytest.raises(RestError) as caught:
            await pid(pool)
    assert (caught.value.status, caught.value.body["code"]) == (504, "PGRST003")
    assert await pid(pool)


async def test_a_cancelled_request_gives_its_place_back(pool: Pool, hub: RunningHub) -> None:
    nap = Statement("select pg_sleep(60)::text")
    naps = [asyncio.ensure_future(pool.run(NOTHING, nap)) for _ in range(2)]
    await asyncio.to_thread(_until_two_sleep, hub)
    for task in naps:
        task.cancel()
    await asyncio.gather(*naps, return_exceptions=True)
    assert all(task.cancelled() for task in naps)
    assert await pid(pool)


def _until_two_sleep(hub: RunningHub) -> None:
    while len(hub.sql("select 1 from pg_stat_activity where wait_event = 'PgSleep'")) < 2:
        pass


async def test_no_database_is_503_at_once() -> None:
    pool = Pool("host=127.0.0.1 port=1 user=nobody")
    with pytest.raises(RestError) as caught:
        await pid(pool)
    assert (caught.value.status, caught.value.body["code"]) == (503, "PGRST000")
