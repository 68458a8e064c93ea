"""Access tokens while joined, private topics, broadcast over HTTP."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.support.realtime import BRANCH_1, BRANCH_2, Server, sql, token

TOPIC_1 = f"branch:{BRANCH_1}"
MAY_NOT = "You do not have permissions to read from this Channel topic: "


def system(frames: list[Any]) -> list[tuple[str, str]]:
    return [
        (f["event"], f["payload"].get("message", "") if f["event"] == "system" else f["ref"])
        for f in frames
    ]


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (token(ttl=-5), r"Token has expired \d+ seconds ago"),
        ("garbage", "The token provided is not a valid JWT"),
        (token()[:-4] + "AAAA", ":signature_error"),
        (token(role=None), "Fields `role` and `exp` are required in JWT"),
    ],
)
async def test_a_bad_new_token_ends_the_channel_alone(
    server: Server, bad: str, message: str
) -> None:
    client = await server.connect()
    await client.join("a", join_ref="1")
    await client.join("b", join_ref="2")
    await client.push("realtime:a", "access_token", {"access_token": bad})
    [error, close] = system(await client.quiet())
    assert error[0] == "system"
    assert re.fullmatch(message, error[1])
    assert close == ("phx_close", "1")
    await client.push("realtime:b", "phx_leave", {}, join_ref="2")
    assert [f["event"] for f in await client.quiet()] == ["phx_reply", "phx_close"]


@pytest.mark.parametrize("nothing", [None, "sb_publishable_x", 5])
async def test_what_is_no_token_is_ignored(server: Server, nothing: Any) -> None:
    client = await server.connect()
    await client.join("a")
    await client.push("realtime:a", "access_token", {"access_token": nothing})
    assert await client.quiet() == []


async def test_a_channel_ends_when_its_token_does_and_the_socket_lives_on(server: Server) -> None:
    client = await server.connect()
    await client.join("short", access_token=token(ttl=1), join_ref="1")
    await client.join("long", join_ref="2")
    frame = await client.until("system")
    assert frame["payload"]["message"] == "Token has expired 0 seconds ago"
    assert (await client.next())["event"] == "phx_close"
    assert await client.quiet() == []


async def test_a_join_with_an_expired_token_is_refused(server: Server) -> None:
    client = await server.connect()
    reply = await client.join("a", access_token=token(ttl=-2))
    assert reply["status"] == "error"
    assert reply["response"]["reason"].startswith("InvalidJWTToken: Token has expired ")


async def test_a_new_token_without_the_right_ends_a_private_channel(server: Server) -> None:
    client = await server.connect()
    joined = await client.join(TOPIC_1, {"private": True}, token(branch_id=BRANCH_1))
    assert joined["status"] == "ok"
    refreshed = {"access_token": token(branch_id=BRANCH_2)}
    await client.push(f"realtime:{TOPIC_1}", "access_token", refreshed)
    frames = system(await client.quiet())
    assert frames == [("system", MAY_NOT + TOPIC_1), ("phx_close", "1")]


async def test_a_new_token_with_more_rights_may_write(server: Server) -> None:
    client = await server.connect()
    config = {"private": True, "broadcast": {"self": True, "ack": True}}
    await client.join(TOPIC_1, config, token(branch_id=BRANCH_1))
    await client.push(f"realtime:{TOPIC_1}", "broadcast", {"n": 1})
    assert await client.quiet() == []
    writer = {"access_token": token(branch_id=BRANCH_1, can_write="true")}
    await client.push(f"realtime:{TOPIC_1}", "access_token", writer)
    await client.push(f"realtime:{TOPIC_1}", "broadcast", {"n": 2})
    assert [f["event"] for f in await client.quiet()] == ["broadcast", "phx_reply"]


async def test_an_unknown_role_may_not_read(server: Server) -> None:
    client = await server.connect()
    reply = await client.join(TOPIC_1, {"private": True}, token("nobody", branch_id=BRANCH_1))
    assert reply["response"] == {"reason": f"Unauthorized: {MAY_NOT}{TOPIC_1}"}


async def test_checking_a_policy_leaves_no_message_behind(server: Server) -> None:
    client = await server.connect()
    before = sql(server.dsn, "select count(*) from realtime.messages")
    await client.join(TOPIC_1, {"private": True}, token(branch_id=BRANCH_1, can_write="true"))
    assert sql(server.dsn, "select count(*) from realtime.messages") == before


async def post(server: Server, key: str, body: Any) -> tuple[int, str]:
    async with server.session.post(
        f"{server.url}/realtime/v1/api/broadcast",
        json=body,
        headers={"Authorization": f"Bearer {key}"},
    ) as response:
        return response.status, await response.text()


async def test_http_broadcast_reaches_public_and_permitted_private_topics(server: Server) -> None:
    reader = await server.connect()
    await reader.join("open")
    await reader.join(TOPIC_1, {"private": True}, token(branch_id=BRANCH_1))
    message = {"topic": "open", "event": "e", "payload": {"n": 1}}
    private = {"topic": TOPIC_1, "event": "e", "payload": {"n": 2}, "private": True}
    writer = token(branch_id=BRANCH_1, can_write="true")
    assert await post(server, writer, {"messages": [message, private]}) == (202, "")
    denied = await post(server, token(branch_id=BRANCH_1), {"messages": [private]})
    assert denied == (202, "")
    payloads = [f["payload"] for f in await reader.quiet()]
    assert payloads == [
        {"event": "e", "payload": {"n": 1}, "type": "broadcast"},
        {"event": "e", "payload": {"n": 2}, "type": "broadcast"},
    ]


async def test_http_broadcast_refuses_in_the_real_servers_words(server: Server) -> None:
    empty = '{"errors": {"messages": ["can\'t be blank"]}}'
    assert await post(server, token(), {"messages": []}) == (422, empty)
    assert await post(server, "bad", {}) == (401, '{"message": "Unauthorized"}')
    status, text = await post(server, token(), {"messages": [{"topic": "a", "event": "b"}]})
    assert status == 422
    assert '"payload": ["can\'t be blank"]' in text
