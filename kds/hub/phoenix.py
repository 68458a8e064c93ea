"""The wire format of Phoenix channels as Supabase Realtime speaks it. Pure: bytes in, frames out.

Two serialisers, chosen by `vsn` in the address:

- 1.0.0: JSON objects `{"ref", "event", "topic", "payload"}`; clients add `join_ref`.
- 2.0.0: JSON arrays `[join_ref, ref, topic, event, payload]`, and for broadcasts binary frames:

    push (client)  3 | join_ref, ref, topic, event, metadata sizes (1 byte each) | encoding | ...
    broadcast      4 | topic, event, metadata sizes | encoding | topic event metadata payload

  `encoding` is 1 for a JSON payload and 0 for raw bytes, which vsn 1.0.0 cannot carry.

Source: lib/realtime_web/socket/v2_serializer.ex of supabase/realtime and recorded frames.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Literal

from kds.hub.strict_json import loads

Vsn = Literal["1.0.0", "2.0.0"]
VERSIONS: tuple[Vsn, ...] = ("1.0.0", "2.0.0")

_USER_PUSH = 3
_USER_BROADCAST = 4
_MAX_PART = 255


@dataclass(frozen=True, slots=True)
class UserBroadcast:
    """The payload of a binary broadcast: an event and its body, still encoded."""

    event: str
    body: bytes
    is_json: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame from a client. `payload` is a JSON value, or UserBroadcast of a binary frame."""

    join_ref: Any
    ref: Any
    topic: str
    event: str
    payload: Any


def dumps(value: Any) -> str:
    """Compact JSON text, non-ASCII kept as it is."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def parse_vsn(text: str | None) -> Vsn | None:
    """The serialiser that an address asks for; 1.0.0 when it names none, None when unknown."""
    if text is None:
        return "1.0.0"
    return next((vsn for vsn in VERSIONS if vsn == text), None)


def decode(data: str | bytes, vsn: Vsn) -> Frame | None:
    """The frame that a client sent; None for anything malformed, which a server ignores."""
    if isinstance(data, bytes):
        return _decode_binary(data) if vsn == "2.0.0" else None
    try:
        value = loads(data)
    except ValueError:
        return None
    return _from_object(value) if vsn == "1.0.0" else _from_array(value)


def encode(vsn: Vsn, join_ref: Any, ref: Any, topic: str, event: str, payload: str) -> str:
    """A text frame to one client; `payload` is JSON text already."""
    if vsn == "1.0.0":
        return (
            f'{{"ref":{dumps(ref)},"event":{dumps(event)},'
            f'"topic":{dumps(topic)},"payload":{payload}}}'
        )
    return f"[{dumps(join_ref)},{dumps(ref)},{dumps(topic)},{dumps(event)},{payload}]"


@dataclass(slots=True)
class Shared:
    """A message to everybody of a topic, written once per serialiser however many receive it."""

    topic: str
    event: str
    payload: str
    _written: dict[Vsn, str] = field(default_factory=dict)

    def frame(self, vsn: Vsn) -> str | bytes | None:
        """What goes on the wire; None when `vsn` has no way to say it."""
        if vsn not in self._written:
            self._written[vsn] = encode(vsn, None, None, self.topic, self.event, self.payload)
        return self._written[vsn]


@dataclass(slots=True)
class SharedBroadcast:
    """A broadcast whose event and body are known apart, so vsn 2.0.0 gets it as a binary frame.

    `meta` is what the server adds (`{"id": ...}` for one from the database), or None.
    """

    topic: str
    user: UserBroadcast
    meta: dict[str, Any] | None = None
    _written: dict[Vsn, str | bytes | None] = field(default_factory=dict)

    def frame(self, vsn: Vsn) -> str | bytes | None:
        """What goes on the wire; None when `vsn` has no way to say it."""
        if vsn not in self._written:
            self._written[vsn] = self._text() if vsn == "1.0.0" else self._binary()
        return self._written[vsn]

    def _text(self) -> str | None:
        if not self.user.is_json:
            return None
        meta = "" if self.meta is None else f'"meta":{dumps(self.meta)},'
        body = self.user.body.decode("utf-8", "replace")
        payload = f'{{"event":{dumps(self.user.event)},{meta}"payload":{body},"type":"broadcast"}}'
        return encode("1.0.0", None, None, self.topic, "broadcast", payload)

    def _binary(self) -> str | bytes | None:
        topic, event = self.topic.encode(), self.user.event.encode()
        meta = b"" if self.meta is None else dumps(self.meta).encode()
        if max(len(topic), len(event), len(meta)) > _MAX_PART:
            return None
        sizes = bytes(
            (_USER_BROADCAST, len(topic), len(event), len(meta), 1 if self.user.is_json else 0)
        )
        return sizes + topic + event + meta + self.user.body


Message = Shared | SharedBroadcast
"""Something that a room sends to its members."""


def _from_object(value: Any) -> Frame | None:
    if not isinstance(value, dict) or "payload" not in value or "ref" not in value:
        return None
    return _frame(
        value.get("join_ref"), value["ref"], value.get("topic"), value.get("event"),
        value["payload"],
    )  # fmt: skip


def _from_array(value: Any) -> Frame | None:
    if not isinstance(value, list) or len(value) < 5:
        return None
    return _frame(*value[:5])


def _frame(join_ref: Any, ref: Any, topic: Any, event: Any, payload: Any) -> Frame | None:
    if not isinstance(topic, str) or not isinstance(event, str):
        return None
    return Frame(join_ref, ref, topic, event, payload)


def _decode_binary(data: bytes) -> Frame | None:
    if len(data) < 7 or data[0] != _USER_PUSH:
        return None
    sizes, is_json = data[1:6], data[6] != 0
    parts, at = [], 7
    for size in sizes:
        parts.append(data[at : at + size])
        at += size
    if at > len(data):
        return None
    try:
        join_ref, ref, topic, event, _ = (part.decode() for part in parts)
    except UnicodeDecodeError:
        return None
    body = data[at:]
    if is_json and not _is_json(body):
        return None
    return Frame(
        join_ref or None, ref or None, topic, "broadcast", UserBroadcast(event, body, is_json)
    )


def _is_json(body: bytes) -> bool:
    try:
        loads(body)
    except ValueError:
        return False
    return True
