"""`POST /realtime/v1/api/broadcast`: messages to topics without a WebSocket."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aiohttp import web

from kds.base.errors import Unreachable
from kds.hub.phoenix import Shared, dumps
from kds.hub.realtime.authorize import PUBLIC
from kds.hub.realtime.channel import PREFIX
from kds.hub.realtime.claims import BadToken, Identity, check_token
from kds.hub.realtime.context import Context
from kds.hub.realtime.conversation import Conversation
from kds.hub.strict_json import loads

_BLANK = "can't be blank"


@dataclass(frozen=True, slots=True)
class Post:
    """One message of the body."""

    topic: str
    event: str
    payload: dict[str, Any]
    private: bool


def request_token(request: web.Request) -> str | None:
    """The JWT of an HTTP request: the bearer's, else the API key."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return token.strip()
    return request.headers.get("apikey") or request.headers.get("x-api-key")


async def broadcast_http(
    request: web.Request, context: Context, conversation: Conversation
) -> web.Response:
    """202 when accepted, also when the policies then deny it; 401, 422 and 400 otherwise."""
    identity = check_token(request_token(request) or "", context.jwt_secret, context.now())
    if isinstance(identity, BadToken):
        return web.json_response({"message": "Unauthorized"}, status=401)
    try:
        posts = _posts(loads(await request.read()))
    except _Invalid as error:
        return web.json_response({"errors": error.errors}, status=422)
    except ValueError:
        return web.json_response({"message": "Bad Request"}, status=400)
    for post in posts:
        if await _may_post(context, identity, post):
            payload = {"event": post.event, "payload": post.payload, "type": "broadcast"}
            message = Shared(PREFIX + post.topic, "broadcast", dumps(payload))
            conversation.deliver(post.topic, post.private, message)
    return web.Response(status=202)


async def _may_post(context: Context, identity: Identity, post: Post) -> bool:
    if not post.private:
        return PUBLIC.write_broadcast
    try:
        policies = await context.authorizer.policies(post.topic, identity)
    except Unreachable:
        return False
    return policies.write_broadcast


class _Invalid(Exception):
    def __init__(self, errors: dict[str, Any]) -> None:
        super().__init__("the body is not acceptable")
        self.errors = errors


def _posts(body: Any) -> list[Post]:
    messages = body.get("messages") if isinstance(body, dict) else None
    if not isinstance(messages, list) or not messages:
        raise _Invalid({"messages": [_BLANK]})
    problems = [_problems(message) for message in messages]
    if any(problems):
        raise _Invalid({"messages": problems})
    return [Post(m["topic"], m["event"], m["payload"], m.get("private") is True) for m in messages]


def _problems(message: Any) -> dict[str, list[str]]:
    fields: tuple[tuple[str, type], ...] = (("topic", str), ("event", str), ("payload", dict))
    given = message if isinstance(message, dict) else {}
    problems: dict[str, list[str]] = {}
    for name, kind in fields:
        value = given.get(name)
        if value is None or value == "":
            problems[name] = [_BLANK]
        elif not isinstance(value, kind):
            problems[name] = ["is invalid"]
    return problems
