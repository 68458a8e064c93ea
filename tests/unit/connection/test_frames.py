"""Reading what a Realtime server says: whatever it is, it is a message or nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from realtime.message import (
    BroadcastMessage,
    ErrorReplyMessage,
    PostgresChangesMessage,
    ReplyMessage,
    ServerMessage,
)

from kds.connection.frames import UNREADABLE_ANSWER, read
from tests.support.garbage import bytes_on_the_wire, many, near, texts_on_the_wire, values, written

EVENTS = (
    "phx_reply", "phx_error", "phx_close", "system", "broadcast", "postgres_changes",
    "presence_state", "presence_diff", "heartbeat",
)  # fmt: skip
METAS = {"metas": [{"phx_ref": "a", "name": "Ann"}]}
PAYLOADS = st.one_of(
    near({"status": "ok", "response": {"postgres_changes": [{"id": 1, "event": "*"}]}}),
    near({"status": "error", "response": {"reason": "no"}}),
    near({"status": "ok", "message": "m", "extension": "e", "channel": "c"}),
    near({"event": "poke", "payload": {"rev": 1}, "type": "broadcast"}),
    near({"data": {"type": "INSERT", "table": "t", "schema": "s", "record": {}}, "ids": [1]}),
    near({"joins": {"a": METAS}, "leaves": {"b": METAS}}),
    near({"a": METAS}),
)


def frame(event: str, payload: Any, ref: str | None = None) -> str:
    return json.dumps({"topic": "realtime:t", "event": event, "payload": payload, "ref": ref})


@many
@given(st.one_of(texts_on_the_wire, bytes_on_the_wire))
def test_no_text_breaks_the_reader(data: str | bytes) -> None:
    assert read(data) is None or isinstance(read(data), ServerMessage.__args__)  # type: ignore[attr-defined]


@many
@given(event=st.sampled_from(EVENTS), payload=PAYLOADS, ref=st.sampled_from([None, "1", 5]))
def test_no_payload_breaks_the_reader(event: str, payload: Any, ref: Any) -> None:
    message = read(written({"topic": "t", "event": event, "payload": payload, "ref": ref}))
    assert message is None or message.topic == "t"


@many
@given(event=st.text(max_size=10), payload=st.dictionaries(st.text(max_size=5), values))
def test_a_broadcast_arrives_as_it_was_sent_or_not_at_all(event: str, payload: Any) -> None:
    text = written(
        {"topic": "t", "event": "broadcast", "ref": None,
         "payload": {"event": event, "payload": payload}}
    )  # fmt: skip
    message = read(text)
    if message is not None:
        assert isinstance(message, BroadcastMessage)
        assert message.payload == json.loads(text)["payload"]


def test_a_row_that_may_not_be_read_still_tells_that_it_changed() -> None:
    data = {"type": "INSERT", "table": "t", "schema": "s", "record": {}, "commit_timestamp": None}
    message = read(frame("postgres_changes", {"data": {**data, "errors": ["401"]}, "ids": []}))
    assert isinstance(message, PostgresChangesMessage)
    assert message.payload["data"]["errors"] == ["401"]


@pytest.mark.parametrize(
    ("response", "reason"),
    [("payload_size_exceeded", "payload_size_exceeded"), ({"reason": "no"}, "no"), (None, None)],
)
def test_a_refusal_is_told_in_whatever_form_it_comes(response: Any, reason: str | None) -> None:
    message = read(frame("phx_reply", {"status": "error", "response": response}, "3"))
    assert isinstance(message, ReplyMessage)
    assert message.payload.status == "error"
    assert message.payload.response.get("reason") == reason


def test_an_accepted_join_with_unreadable_bindings_counts_as_declined() -> None:
    bindings = {"postgres_changes": [{"id": "x", "event": 5}]}
    message = read(frame("phx_reply", {"status": "ok", "response": bindings}, "3"))
    assert isinstance(message, ReplyMessage)
    assert isinstance(message.payload, ErrorReplyMessage)
    assert message.payload.response == {"reason": UNREADABLE_ANSWER}
