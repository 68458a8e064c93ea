"""What a `phx_join` asks for. Pure: a client's payload in, a JoinConfig out.

A field of the wrong type is taken as absent without a word, as a real server does: `private:
"yes"` joins a public channel.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

PREFIX = "realtime:"
MAX_REPLAY = 25
_LAST_MS = 253_402_300_799_999  # the end of the year 9999


@dataclass(frozen=True, slots=True)
class Replay:
    """Ask for what a private topic got `since` (unix milliseconds), at most `limit` messages."""

    since: int
    limit: int = MAX_REPLAY


@dataclass(frozen=True, slots=True)
class JoinConfig:
    """The `config` of a join, with Supabase's defaults."""

    ack: bool = False
    to_self: bool = False
    replay: Replay | None = None
    wants_replay: bool = False
    replication_ready: bool = False
    presence_key: str = ""
    presence_enabled: bool = False
    private: bool = False
    bindings: tuple[dict[str, Any], ...] = ()
    access_token: str | None = None


def parse_join(payload: Any) -> JoinConfig:
    """The config of a `phx_join` payload. Never raises."""
    params = _object(payload)
    config = _object(params.get("config"))
    broadcast = _object(config.get("broadcast"))
    presence = _object(config.get("presence"))
    key = presence.get("key")
    return JoinConfig(
        ack=broadcast.get("ack") is True,
        to_self=broadcast.get("self") is True,
        replay=_replay(broadcast.get("replay")),
        wants_replay="replay" in broadcast,
        replication_ready=broadcast.get("replication_ready") is True,
        presence_key=key if isinstance(key, str) else "",
        presence_enabled=presence.get("enabled") is True,
        private=config.get("private") is True,
        bindings=_bindings(config.get("postgres_changes")),
        access_token=_token(params),
    )


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _bindings(value: Any) -> tuple[dict[str, Any], ...]:
    items = value if isinstance(value, list) else []
    return tuple(item for item in items if isinstance(item, dict))


def _replay(value: Any) -> Replay | None:
    since = _object(value).get("since")
    if not isinstance(since, int) or isinstance(since, bool) or not 0 <= since <= _LAST_MS:
        return None
    limit = _object(value).get("limit", MAX_REPLAY)
    if not isinstance(limit, int) or isinstance(limit, bool) or limit < 1:
        return None
    return Replay(since, min(limit, MAX_REPLAY))


def _token(params: dict[str, Any]) -> str | None:
    """The token that the client gave; API keys of the `sb_` kind are no tokens."""
    for name in ("user_token", "access_token"):
        token = params.get(name)
        if isinstance(token, str):
            return None if token.startswith("sb_") else token
    return None
