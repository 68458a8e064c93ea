"""What a Realtime server says, read into the official package's messages. Pure; never raises.

The package's own parser refuses whole frames that real servers send: a change of a row that this
account may not read (its `commit_timestamp` is null), a refusal whose `response` is a bare text.
It also takes some things for granted that then fail in the middle of a channel (a presence
without `phx_ref`). Here a frame is mended where its meaning is plain and is nothing otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import from_json
from realtime.message import (
    BroadcastMessage,
    ChannelCloseMessage,
    ChannelErrorMessage,
    ErrorReplyMessage,
    PostgresChangesMessage,
    PresenceDiffMessage,
    PresenceStateMessage,
    ReplyMessage,
    ReplyPostgresChanges,
    ServerMessage,
    SuccessReplyMessage,
    SystemMessage,
)
from realtime.types import ChannelEvents

Json = Any
"""A JSON object; the package has a type of its own for each, which nothing here relies on."""
_ACTIONS: Final = ("INSERT", "UPDATE", "DELETE")
UNREADABLE_ANSWER: Final = "The server's answer to the join could not be understood."


def read(data: str | bytes) -> ServerMessage | None:
    """The message in a frame of serialiser 1.0.0; None for anything else.

    Text that no database could hold (a lone surrogate) and numbers that are none (NaN) make a
    frame unreadable, like any other broken JSON.
    """
    try:
        frame = from_json(data, allow_inf_nan=False)
    except ValueError:  # also: nested too deeply, a number of thousands of digits
        return None
    if not isinstance(frame, dict) or not isinstance(frame.get("topic"), str):
        return None
    ref, event = frame.get("ref"), frame.get("event")
    reader = _READERS.get(event) if isinstance(event, str) else None
    if reader is None or not (ref is None or isinstance(ref, str)):
        return None
    return reader(frame["topic"], ref, frame.get("payload"))


def _reply(topic: str, ref: str | None, payload: Any) -> ServerMessage | None:
    """An accepted join that names its bindings in an unknown way counts as declined."""
    status = payload.get("status") if isinstance(payload, dict) else None
    if status not in ("ok", "error"):
        return None
    answer: SuccessReplyMessage | ErrorReplyMessage
    response = payload.get("response")
    if status == "error":
        answer = _declined(response)
    else:
        try:
            accepted = ReplyPostgresChanges.model_validate(_object(response))
            answer = SuccessReplyMessage.model_construct(status="ok", response=accepted)
        except ValidationError:
            answer = _declined(UNREADABLE_ANSWER)
    return ReplyMessage.model_construct(
        event=ChannelEvents.reply, topic=topic, ref=ref, payload=answer
    )


def _declined(response: Any) -> ErrorReplyMessage:
    reason = {"reason": response} if isinstance(response, str) else _object(response)
    return ErrorReplyMessage.model_construct(status="error", response=reason)


def _system(topic: str, ref: str | None, payload: Any) -> ServerMessage | None:
    mended = {"channel": "", "extension": "", **_object(payload)}
    try:
        return SystemMessage.model_validate(
            {"event": "system", "topic": topic, "ref": None, "payload": mended}
        )
    except ValidationError:
        return None


def _broadcast(topic: str, ref: str | None, payload: Any) -> ServerMessage | None:
    """Only `{"event": text, "payload": object}`: what else goes over a channel is not for us."""
    fields = _object(payload)
    if not isinstance(fields.get("event"), str) or not isinstance(fields.get("payload"), dict):
        return None
    return BroadcastMessage.model_construct(
        event=ChannelEvents.broadcast, topic=topic, ref=None, payload=fields
    )


def _change(topic: str, ref: str | None, payload: Any) -> ServerMessage | None:
    """The row is passed on as it came, with `errors` and nulls where the server has them."""
    data = _object(_object(payload).get("data"))
    named = all(isinstance(data.get(name), str) for name in ("schema", "table"))
    if not named or data.get("type") not in _ACTIONS:
        return None
    return PostgresChangesMessage.model_construct(
        event=ChannelEvents.postgres_changes,
        topic=topic,
        ref=None,
        payload={"data": data, "ids": []},
    )


def _presence_state(topic: str, ref: str | None, payload: Any) -> ServerMessage | None:
    if not isinstance(payload, dict):
        return None
    return PresenceStateMessage.model_construct(
        event=ChannelEvents.presence_state, topic=topic, ref=None, payload=_present(payload)
    )


def _presence_diff(topic: str, ref: str | None, payload: Any) -> ServerMessage | None:
    sides = {name: _object(payload).get(name) for name in ("joins", "leaves")}
    if not all(isinstance(side, dict) for side in sides.values()):
        return None
    known: Json = {name: _present(_object(side)) for name, side in sides.items()}
    return PresenceDiffMessage.model_construct(
        event=ChannelEvents.presence_diff, topic=topic, ref=None, payload=known
    )


def _present(state: Json) -> Json:
    """Who is there, without the connections that have no reference: nothing could end them."""
    found = {}
    for key, entry in state.items():
        metas = _object(entry).get("metas")
        told = [m for m in metas if _referenced(m)] if isinstance(metas, list) else []
        if told:
            found[key] = {"metas": told}
    return found


def _referenced(meta: Any) -> bool:
    return isinstance(meta, dict) and isinstance(meta.get("phx_ref"), str)


def _error(topic: str, ref: str | None, payload: Any) -> ServerMessage | None:
    return ChannelErrorMessage.model_construct(
        event=ChannelEvents.error, topic=topic, ref=ref, payload=_object(payload)
    )


def _close(topic: str, ref: str | None, payload: Any) -> ServerMessage | None:
    return ChannelCloseMessage.model_construct(
        event=ChannelEvents.close, topic=topic, ref=ref, payload=_object(payload)
    )


def _object(value: Any) -> Json:
    return value if isinstance(value, dict) else {}


_READERS: Final[Mapping[str, Callable[[str, str | None, Any], ServerMessage | None]]] = {
    "phx_reply": _reply,
    "phx_error": _error,
    "phx_close": _close,
    "system": _system,
    "broadcast": _broadcast,
    "postgres_changes": _change,
    "presence_state": _presence_state,
    "presence_diff": _presence_diff,
}
