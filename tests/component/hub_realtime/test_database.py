"""Broadcast from the database and postgres_changes, where the recordings do not reach."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.support.realtime import BRANCH_1, BRANCH_2, Client, Server, sql, token


@pytest.fixture(autouse=True)
def empty_tables(server: Server) -> None:
    sql(server.dsn, "truncate orders, notes, hidden, keyless, realtime.messages")


def bind(table: str, **more: Any) -> dict[str, Any]:
    return {"postgres_changes": [{"event": "*", "schema": "public", "table": table} | more]}


async def subscribed(client: Client, config: Any, key: str | None = None, topic: str = "ch") -> Any:
    """Join and wait for the word that changes are followed; that word."""
    await client.join(topic, config, key)
    return (await client.until("system"))["payload"]


async def insert_order(server: Server, branch: str, number: str, status: str = "new") -> None:
    statement = "insert into orders (branch_id, order_number, status) values (%s, %s, %s)"
    await asyncio.to_thread(sql, server.dsn, statement, branch, number, status)


async def test_a_message_too_large_for_notify_keeps_its_place(server: Server) -> None:
    client = await server.connect()
    await client.join("big")
    payload = "jsonb_build_object('n', %s::int, 'x', repeat('y', %s))"
    statement = f"select realtime.send({payload}, 'e', 'big', false)"
    for n, size in ((1, 10), (2, 60_000), (3, 10)):
        await asyncio.to_thread(sql, server.dsn, statement, n, size)
    frames = [(await client.next())["payload"] for _ in range(3)]
    assert [(f["payload"]["n"], len(f["payload"]["x"])) for f in frames] == [
        (1, 10), (2, 60_000), (3, 10),
    ]  # fmt: skip
    assert all(f["meta"]["id"] == f["payload"]["id"] for f in frames)


async def test_a_rolled_back_message_is_never_sent(server: Server) -> None:
    client = await server.connect()
    await client.join("r")
    with pytest.raises(Exception, match="division"):
        sql(server.dsn, "select realtime.send('{}', 'e', 'r', false); select 1/0")
    sql(server.dsn, "select realtime.send('{\"n\":1}', 'e', 'r', false)")
    assert (await client.until("broadcast"))["payload"]["payload"]["n"] == 1


async def test_row_level_security_hides_other_branches(server: Server) -> None:
    one, two = await server.connect(), await server.connect()
    await subscribed(one, bind("orders"), token(branch_id=BRANCH_1))
    await subscribed(two, bind("orders"), token(branch_id=BRANCH_2))
    await insert_order(server, BRANCH_1, "A-1")
    await insert_order(server, BRANCH_2, "B-1")
    first = (await one.until("postgres_changes"))["payload"]["data"]["record"]["order_number"]
    second = (await two.until("postgres_changes"))["payload"]["data"]["record"]["order_number"]
    assert (first, second) == ("A-1", "B-1")
    assert await one.quiet() == await two.quiet() == []


async def test_new_claims_show_the_new_branch(server: Server) -> None:
    client = await server.connect()
    await subscribed(client, bind("orders"), token(branch_id=BRANCH_1))
    await client.push("realtime:ch", "access_token", {"access_token": token(branch_id=BRANCH_2)})
    assert (await client.next())["payload"]["message"] == "Subscribed to PostgreSQL"
    await insert_order(server, BRANCH_1, "hidden")
    await insert_order(server, BRANCH_2, "shown")
    change = await client.until("postgres_changes")
    assert change["payload"]["data"]["record"]["order_number"] == "shown"


@pytest.mark.parametrize(
    ("text", "passing"),
    [
        ("status=in.(paid,done)", ["done"]),
        ("status=neq.new", ["done", "late"]),
        ("status=not.eq.new", ["done", "late"]),
        ("status=like.l%", ["late"]),
        ("status=gt.late,status=lte.new", ["new"]),
        ("total_cents=is.null", ["new", "done", "late"]),
        ("total_cents=neq.5", []),
    ],
)
async def test_filters_decide_what_is_sent(server: Server, text: str, passing: list[str]) -> None:
    client = await server.connect()
    config = bind("orders", filter=text)
    config["postgres_changes"].append(
        {"event": "*", "schema": "public", "table": "orders", "filter": "status=eq.end"}
    )
    said = await subscribed(client, config, token(branch_id=BRANCH_1))
    assert said["status"] == "ok"
    for status in ("new", "done", "late", "end"):
        await insert_order(server, BRANCH_1, "x", status)
    seen: list[str] = []
    while "end" not in seen:
        change = await client.until("postgres_changes")
        seen.append(change["payload"]["data"]["record"]["status"])
    assert [status for status in seen if status != "end"] == passing


async def test_a_role_without_select_gets_an_empty_record_and_an_error(server: Server) -> None:
    client = await server.connect()
    await subscribed(client, bind("hidden"), token(branch_id=BRANCH_1))
    await asyncio.to_thread(sql, server.dsn, "insert into hidden (body) values ('secret')")
    data = (await client.until("postgres_changes"))["payload"]["data"]
    assert data == {
        "table": "hidden", "type": "INSERT", "record": {}, "columns": [], "schema": "public",
        "errors": ["Error 401: Unauthorized"], "commit_timestamp": None,
    }  # fmt: skip


async def test_a_table_without_a_key_is_a_bad_request(server: Server) -> None:
    client = await server.connect()
    await subscribed(client, bind("keyless"))
    await asyncio.to_thread(sql, server.dsn, "insert into keyless values ('x')")
    data = (await client.until("postgres_changes"))["payload"]["data"]
    assert data["errors"] == ["Error 400: Bad Request, no primary key"]


async def test_an_event_filter_lets_only_its_action_through(server: Server) -> None:
    client = await server.connect()
    await subscribed(client, bind("notes", event="DELETE"))
    statement = "insert into notes (id, body) values (7, 'x'); delete from notes where id = 7"
    await asyncio.to_thread(sql, server.dsn, statement)
    data = (await client.until("postgres_changes"))["payload"]["data"]
    assert (data["type"], data["old_record"]) == ("DELETE", {"id": 7})
    assert await client.quiet() == []


async def test_the_slot_goes_with_the_last_subscriber(server: Server) -> None:
    slots = "select count(*) from pg_replication_slots"
    client = await server.connect()
    await subscribed(client, bind("notes"))
    assert sql(server.dsn, slots) == [(1,)]
    assert sql(server.dsn, "select temporary from pg_replication_slots") == [(True,)]
    await client.push("realtime:ch", "phx_leave", {})
    await eventually(lambda: asyncio.to_thread(sql, server.dsn, slots), [(0,)])


async def test_a_lost_database_connection_comes_back_by_itself(server: Server) -> None:
    client = await server.connect()
    await subscribed(client, bind("notes"))
    kill = (
        "select count(pg_terminate_backend(pid)) from pg_stat_activity"
        " where pid <> pg_backend_pid() and backend_type = 'client backend'"
    )
    await asyncio.to_thread(sql, server.dsn, kill)

    async def poke() -> set[str]:
        statement = (
            "insert into notes (body) values ('again');select realtime.send('{}', 'e', 'ch', false)"
        )
        await asyncio.to_thread(sql, server.dsn, statement)
        return {frame["event"] for frame in await client.quiet()}

    seen: set[str] = set()
    async with asyncio.timeout(10):
        while not seen >= {"broadcast", "postgres_changes"}:
            seen |= await poke()
    reply = await client.join(f"branch:{BRANCH_1}", {"private": True}, token(branch_id=BRANCH_1))
    assert reply["status"] == "ok"


async def eventually(look: Callable[[], Awaitable[Any]], wanted: Any) -> None:
    async with asyncio.timeout(5):
        while await look() != wanted:
            continue
