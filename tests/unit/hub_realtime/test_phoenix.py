"""The codec: what the hub understands and how it writes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kds.hub.phoenix import (
    Frame,
    Shared,
    SharedBroadcast,
    UserBroadcast,
    Vsn,
    decode,
    encode,
    parse_vsn,
)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
refs = st.none() | st.text()


@given(join_ref=refs, ref=refs, topic=st.text(), event=st.text(), payload=json_values)
def test_both_versions_carry_any_frame(
    join_ref: Any, ref: Any, topic: str, event: str, payload: Any
) -> None:
    text = json.dumps(payload)
    assert json.loads(encode("1.0.0", join_ref, ref, topic, event, text)) == {
        "ref": ref, "event": event, "topic": topic, "payload": payload,
    }  # fmt: skip
    array = encode("2.0.0", join_ref, ref, topic, event, text)
    assert decode(array, "2.0.0") == Frame(join_ref, ref, topic, event, payload)


@given(data=st.binary() | st.text(), vsn=st.sampled_from(["1.0.0", "2.0.0"]))
def test_garbage_is_never_an_error(data: str | bytes, vsn: Vsn) -> None:
    frame = decode(data, vsn)
    assert frame is None or isinstance(frame, Frame)


def test_a_client_names_its_join_in_version_1_too() -> None:
    text = '{"topic":"t","event":"e","payload":{},"ref":"2","join_ref":"1"}'
    assert decode(text, "1.0.0") == Frame("1", "2", "t", "e", {})


@pytest.mark.parametrize(
    ("text", "vsn"),
    [(None, "1.0.0"), ("1.0.0", "1.0.0"), ("2.0.0", "2.0.0"), ("2.1.0", None), ("abc", None)],
)
def test_versions_are_known_exactly(text: str | None, vsn: str | None) -> None:
    assert parse_vsn(text) == vsn


def test_a_recorded_binary_push_is_understood() -> None:
    frame = decode(b'\x03\x01\x02\x0b\x04\x00\x01177realtime:bcping{"n":4}', "2.0.0")
    assert frame == Frame(
        "1", "77", "realtime:bc", "broadcast", UserBroadcast("ping", b'{"n":4}', is_json=True)
    )


@pytest.mark.parametrize(
    "data",
    [b"", b"\x03", b"\x04\x01\x02\x0b\x04\x00\x01", b"\x03\x01\x02\xff\x04\x00\x01177realtime",
     b"\x03\x00\x00\x00\x01\x00\x00\xff", b"\x03\x00\x00\x00\x01\x00\x01e{"],
)  # fmt: skip
def test_broken_binary_frames_are_nothing(data: bytes) -> None:
    assert decode(data, "2.0.0") is None


def test_version_1_has_no_binary_frames() -> None:
    assert decode(b'\x03\x01\x02\x0b\x04\x00\x01177realtime:bcping{"n":4}', "1.0.0") is None


def test_a_broadcast_from_the_database_is_binary_in_version_2() -> None:
    user = UserBroadcast("ping", b'{"n": 1}', is_json=True)
    message = SharedBroadcast("realtime:bc", user, {"id": "7"})
    assert message.frame("2.0.0") == b'\x04\x0b\x04\x0a\x01realtime:bcping{"id":"7"}{"n": 1}'
    assert json.loads(str(message.frame("1.0.0")))["payload"] == {
        "event": "ping", "meta": {"id": "7"}, "payload": {"n": 1}, "type": "broadcast",
    }  # fmt: skip


def test_raw_bytes_do_not_reach_version_1() -> None:
    message = SharedBroadcast("t", UserBroadcast("e", b"\x00\xff", is_json=False))
    assert message.frame("1.0.0") is None
    assert message.frame("2.0.0") == b"\x04\x01\x01\x00\x00te\x00\xff"


def test_names_too_long_for_a_binary_frame_are_not_sent() -> None:
    message = SharedBroadcast("t" * 256, UserBroadcast("e", b"1", is_json=True))
    assert message.frame("2.0.0") is None


def test_a_shared_message_is_written_once_per_version() -> None:
    message = Shared("t", "e", "{}")
    assert message.frame("1.0.0") is message.frame("1.0.0")
    assert message.frame("2.0.0") == '[null,null,"t","e",{}]'
