"""What the HTTP answers of the back end mean, in the words of `kds.base.errors`. Pure."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

from kds.base.errors import Refused, RemoteError, TooLarge, Unauthorized, Unreachable

# PostgreSQL and PostgREST: deadlock, serialization failure, and "come back later".
_MAX_TEXT = 300
LONGEST_WAIT_S = 60.0
_ASK_AGAIN = frozenset({"40P01", "40001", "PT503"})


def translate(status: int, content_type: str, body: bytes) -> RemoteError | None:
    """The error that an HTTP answer stands for; None for a usable one.

    PostgREST puts text in `message` and an SQLSTATE or its own code in `code`; the auth server
    has `msg`/`error_description` and `error_code`/`error`. The HTTP status stands in for a
    missing code.
    """
    if 200 <= status < 300:
        if not body or "json" in content_type:
            return None
        return Unreachable("Something on the network answered in place of the server.")
    if 300 <= status < 400:
        return Unreachable("The network asks for a sign-in page of its own first.")
    message, code = _details(body, status)
    if status == 413:
        return TooLarge(message)
    if status == 401:
        return Unauthorized(message)
    if status in (408, 429) or status >= 500 or code in _ASK_AGAIN:
        return Unreachable(message)
    return Refused(message, code)


def wait_of(status: int, asked: str) -> float:
    """Seconds that a busy server (429, 503) wants to be left alone: its `Retry-After` header, at
    most LONGEST_WAIT_S. 0.0 for everything else, and for a date: clocks differ."""
    if status not in (429, 503) or not asked.strip().isdecimal():
        return 0.0
    return min(float(asked.strip()[:9]), LONGEST_WAIT_S)


def _details(body: bytes, status: int) -> tuple[str, str]:
    """The sentence and the code in an error's body."""
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        parsed = None
    fields: Mapping[str, Any] = parsed if isinstance(parsed, dict) else {}
    message = _first(fields, "message", "msg", "error_description", "error")
    code = _first(fields, "error_code", "code", "error")
    return message or f"The server answered with error {status}.", code or str(status)


def _first(fields: Mapping[str, Any], *names: str) -> str:
    texts = (fields.get(name) for name in names)
    return next((_fit(text) for text in texts if isinstance(text, str) and text), "")


def _fit(text: str) -> str:
    """Somebody else's words, short enough for a screen and safe to write anywhere."""
    return text[:_MAX_TEXT].encode("utf-8", "replace").decode()


def claims_of(token: str) -> Mapping[str, Any]:
    """What an access token (JWT) says about its bearer; {} for anything else.

    Not verified: the server does that. The client only reads its own token.
    """
    try:
        payload = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (IndexError, ValueError, RecursionError):
        return {}
    return claims if isinstance(claims, dict) else {}
