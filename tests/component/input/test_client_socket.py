"""What no server should say, said to our client; and how it takes a socket's end."""

from __future__ import annotations

import json
import logging
from http import HTTPStatus
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.http11 import Request, Response

from kds.base.errors import Refused, Unreachable
from kds.connection.ports import Binding, JoinSpec
from tests.component.input.stage import Stage, Told, failure_at_open

ROOM = JoinSpec("room", private=True, presence_key="me", bindings=(Binding("orders"),))
TOPIC = "realtime:room"


def frame(event: str, payload: Any, ref: Any = None, topic: Any = TOPIC) -> dict[str, Any]:
    return {"topic": topic, "event": event, "payload": payload, "ref": ref}


GARBAGE: list[Any] = [
    "", "{", "null", "[]", "[1,2,3,4,5]", "\ufeff{}", "NaN", "9" * 5000, "[" * 100_000,
    '{"a":' * 100_000, b"\x04\x01\x02\x00\x01garbage", b"\xff\xfe", "\0",
    '{"topic":"realtime:room","event":"broadcast","payload":{"event":"\\ud800","payload":{}}}',
    {}, {"topic": 5}, frame("nonsense", {}), frame("broadcast", {}, topic=["realtime:room"]),
    frame("phx_reply", {"status": "ok", "response": {}}, ref=7),
    frame("phx_reply", {"status": "maybe", "response": {}}, ref="7"),
    frame("phx_reply", "ok", ref="7"), frame("phx_reply", None),
    frame("phx_reply", {"status": "ok", "response": {}}, "9" * 5000, "phoenix"),
    frame("phx_reply", {"status": "ok", "response": {}}, "one", "phoenix"),
    frame("phx_reply", {"status": "ok", "response": {}}, "²", "phoenix"),
    frame("system", {}), frame("system", {"status": "ok"}), frame("system", [1]),
    frame("system", {"status": "ok", "message": 5}), frame("heartbeat", {}, "1"),
    frame("broadcast", {"event": 5, "payload": {}}), frame("broadcast", "text"),
    frame("broadcast", {"event": "poke", "payload": None}),
    frame("postgres_changes", {}), frame("postgres_changes", {"data": {}, "ids": [1]}),
    frame("postgres_changes", {"data": {"type": "TRUNCATE", "table": "a", "schema": "b"}}),
    frame("postgres_changes", {"data": {"type": ["INSERT"], "table": "a", "schema": "b"}}),
    frame("presence_state", []), frame("presence_diff", {}),
    frame("presence_diff", {"joins": {}, "leaves": []}),
    frame("phx_error", {}, ref="of an earlier join"), frame("phx_close", {}, ref=None),
]  # fmt: skip


@pytest.mark.parametrize("said", GARBAGE, ids=range(len(GARBAGE)))
async def test_a_frame_without_sense_changes_nothing(
    said: Any, stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    sink = Told()
    async with stage.client() as socket:
        await stage.joined(socket, ROOM, sink)
        sink.log.clear()
        with caplog.at_level(logging.INFO, logger="kds"):
            await stage.say(said)
            await stage.fence(socket)
        await stage.say(frame("broadcast", {"event": "after", "payload": {}}))
        await stage.fence(socket)
    assert sink.log == [["broadcast", "after", {}]]
    assert all(len(record.getMessage()) < 1000 for record in caplog.records)
    assert not [record for record in caplog.records if record.exc_info]


@pytest.mark.parametrize(
    "metas", [[], [{}], [{"phx_ref": 5}], ["text"], [None], {"phx_ref": "a"}, "text", None]
)
async def test_a_presence_that_cannot_be_told_apart_is_left_out(metas: Any, stage: Stage) -> None:
    sink = Told()
    async with stage.client() as socket:
        await stage.joined(socket, ROOM, sink)
        sink.log.clear()
        there = {"known": {"metas": [{"phx_ref": "1", "name": "Ann"}]}, "odd": {"metas": metas}}
        await stage.say(frame("presence_state", there))
        await stage.say(frame("presence_diff", {"joins": there, "leaves": {"odd": metas}}))
        await stage.fence(socket)
    assert sink.log == [["presence", {"known": 1}]] * 2


async def test_a_broadcast_of_three_megabytes_arrives(stage: Stage) -> None:
    sink = Told()
    async with stage.client() as socket:
        await stage.joined(socket, ROOM, sink)
        sink.log.clear()
        await stage.say(frame("broadcast", {"event": "big", "payload": {"x": "y" * 3_000_000}}))
        await stage.fence(socket)
    assert [(told[0], len(told[2]["x"])) for told in sink.log] == [("broadcast", 3_000_000)]


async def test_a_frame_that_no_server_sends_ends_the_socket_unread(stage: Stage) -> None:
    async with stage.client() as socket:
        await stage.joined(socket, ROOM, Told())
        await stage.say(json.dumps(frame("broadcast", {"x": "y" * 9_000_000})))
        await stage.lost.wait()


@pytest.mark.parametrize("code", [1000, 1001, 1008, 1011, 1012, 4000])
async def test_an_end_by_the_server_is_told_once_and_by_the_socket(code: int, stage: Stage) -> None:
    sink = Told()
    async with stage.client() as socket:
        await stage.joined(socket, ROOM, sink)
        sink.log.clear()
        await stage.close(code)
        await stage.lost.wait()
        with pytest.raises(Unreachable):
            await socket.beat(1)
    assert sink.log == []


async def test_one_change_for_several_bindings_is_told_once(stage: Stage) -> None:
    sink, spec = Told(), JoinSpec("room", False, None, (Binding("orders"), Binding("orders")))
    async with stage.client() as socket:
        await stage.joined(socket, spec, sink)
        data = {"type": "INSERT", "schema": "public", "table": "orders", "errors": None}
        await stage.say(frame("postgres_changes", {"data": data, "ids": [1, 2]}))
        await stage.fence(socket)
    assert sink.log == [["change", "INSERT", "orders", None]]


async def test_an_accepted_join_is_not_yet_a_subscription(stage: Stage) -> None:
    sink, spec = Told(), JoinSpec("room", False, None, (Binding("orders"),))
    async with stage.client() as socket:
        await stage.joined(socket, spec, sink)
        await stage.fence(socket)
        assert sink.log == []
        said = {"status": "ok", "message": "Subscribed to PostgreSQL", "channel": "room"}
        await stage.say(frame("system", said | {"extension": "postgres_changes"}))
        await stage.fence(socket)
    assert sink.log == [["subscribed"]]


@pytest.mark.parametrize("status", [401, 403, 404, 429, 502, 200])
async def test_a_declined_handshake_tells_its_status(status: int) -> None:
    def decline(connection: ServerConnection, _request: Request) -> Response:
        return connection.respond(HTTPStatus(status), "no")

    async def unused(_connection: ServerConnection) -> None: ...

    async with serve(unused, "127.0.0.1", 0, process_request=decline) as server:
        port = server.sockets[0].getsockname()[1]
        error = await failure_at_open(f"http://127.0.0.1:{port}")
    assert isinstance(error, Refused)
    assert error.code == str(status)
