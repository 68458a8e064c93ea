"""The hub's readers of what clients send: a value or the documented refusal, whatever comes."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kds.hub.errors import RestError
from kds.hub.phoenix import Frame, Shared, SharedBroadcast, UserBroadcast, Vsn, decode, dumps
from kds.hub.query import NoRelationship, Query, QueryError, Unsupported, parse_query
from kds.hub.query_sql import Params, read_sql
from kds.hub.realtime.bindings import BindingError, parse_binding
from kds.hub.realtime.channel import parse_join
from kds.hub.realtime.claims import BadToken, check_token
from kds.hub.realtime.filters import FilterError, parse_filters, passes
from kds.hub.realtime.http import _Invalid, _posts
from kds.hub.rest_http import preferences, wants_object, within_range
from kds.hub.tokens import TokenError, Verifier, bearer
from tests.support.garbage import (
    bytes_on_the_wire,
    many,
    near,
    texts,
    texts_on_the_wire,
    values,
    written,
)

SECRET = "a secret that is long enough for every HMAC that there is " * 2
NOW = 1_795_000_000.0
JOIN = {
    "config": {
        "broadcast": {"ack": True, "self": False, "replay": {"since": 1, "limit": 5}},
        "presence": {"key": "me", "enabled": True},
        "private": True,
        "postgres_changes": [{"event": "*", "schema": "public", "table": "orders"}],
    },
    "access_token": "t",
}
GRAMMAR = st.lists(
    st.sampled_from(
        [
            "eq", "in", "is", "not", "and", "or", "any", ".", ",", "(", ")", "->", "->>", "::",
            ":", "*", '"', "\\", "{", "}", "null", "1", "a", "ä", " ", "!", "...", "desc",
            "nullslast", "\ud800", "%", "=",
        ]
    ),
    max_size=14,
).map("".join)  # fmt: skip
KEYS = st.one_of(
    st.sampled_from(["select", "order", "limit", "offset", "or", "not.and", "columns", "id"]),
    GRAMMAR,
)


@many
@given(
    data=st.one_of(texts_on_the_wire, bytes_on_the_wire), vsn=st.sampled_from(["1.0.0", "2.0.0"])
)
def test_what_comes_over_a_socket_is_a_frame_that_can_be_passed_on_or_nothing(
    data: str | bytes, vsn: Vsn
) -> None:
    passed_on(decode(data, vsn))


@many
@given(
    frame=near({"topic": "realtime:t", "event": "broadcast", "payload": {"n": 1}, "ref": "1"}),
    more=values,
)
def test_a_frame_that_is_nearly_right_can_be_passed_on_or_is_nothing(frame: Any, more: Any) -> None:
    passed_on(decode(written(frame), "1.0.0"))
    passed_on(decode(written([more, "1", "realtime:t", "broadcast", frame]), "2.0.0"))


def passed_on(frame: Frame | None) -> None:
    """Everybody in a room gets it as UTF-8 and can read it."""
    if frame is None:
        return
    message: Shared | SharedBroadcast
    if isinstance(frame.payload, UserBroadcast):
        message = SharedBroadcast(frame.topic, frame.payload)
    else:
        message = Shared(frame.topic, "broadcast", dumps(frame.payload))
    text = message.frame("1.0.0")
    if isinstance(text, str):
        json.loads(text.encode(), parse_constant=no_number)
    again = message.frame("2.0.0")
    assert again is None or bytes(again if isinstance(again, bytes) else again.encode())


def no_number(name: str) -> None:
    raise AssertionError(f"{name} is not JSON, and it was passed on")


@many
@given(st.lists(st.tuples(KEYS, st.one_of(GRAMMAR, texts)), max_size=4))
def test_a_query_string_becomes_sql_or_a_refusal(pairs: list[tuple[str, str]]) -> None:
    try:
        query = parse_query(pairs)
    except (QueryError, Unsupported, NoRelationship):
        return
    assert isinstance(query, Query)
    params = Params()
    read_sql("public.t", query, params, count="", single=False)


@many
@given(st.one_of(near(JOIN), values))
def test_any_join_asks_for_something(payload: Any) -> None:
    config = parse_join(payload)
    assert config.replay is None or 1 <= config.replay.limit <= 25
    for binding in config.bindings:
        try:
            parse_binding(binding)
        except BindingError as error:
            str(error)


@many
@given(
    text=st.one_of(GRAMMAR, texts),
    value=st.one_of(st.none(), texts),
    kind=st.sampled_from(["int4", "timestamptz", "text", "bool", "numeric", "uuid"]),
)
def test_a_filter_is_read_or_refused_and_then_decides(
    text: str, value: str | None, kind: str
) -> None:
    for column in ("", "a=", "a=eq.", "a=in.(1,", "a=like.", "a=match."):
        try:
            filters = parse_filters(column + text)
        except FilterError:
            continue
        passes(filters, {"a": value}, {"a": kind})


@many
@given(near({"messages": [{"topic": "t", "event": "e", "payload": {}, "private": True}]}))
def test_messages_by_http_are_taken_or_named_wrong(body: Any) -> None:
    try:
        posts = _posts(body)
    except _Invalid as error:
        json.dumps(error.errors)
    else:
        assert posts


CLAIMS = {"role": "authenticated", "exp": int(NOW) + 60, "iat": int(NOW), "nbf": int(NOW)}


@many
@given(claims=near(CLAIMS), secret=st.sampled_from([SECRET, "another key" * 9]))
def test_a_token_is_good_or_refused_for_a_reason(claims: Any, secret: str) -> None:
    try:
        token = jwt.encode(claims, secret, algorithm="HS256")
    except (TypeError, ValueError):
        return
    judged(token)


@many
@given(st.one_of(texts, texts_on_the_wire, st.lists(texts, min_size=3, max_size=3).map(".".join)))
def test_no_text_breaks_the_judgement_of_tokens(token: str) -> None:
    assert isinstance(check_token(token, SECRET, NOW), BadToken)
    with pytest.raises(TokenError):
        Verifier(SECRET, lambda: NOW).claims(token)
    bearer(token)


def judged(token: str) -> None:
    verdict = check_token(token, SECRET, NOW)
    assert isinstance(verdict, BadToken) or verdict.expires > NOW
    if isinstance(verdict, BadToken):
        assert verdict.at_handshake
        assert verdict.at_join
        assert verdict.in_channel
    try:
        Verifier(SECRET, lambda: NOW).claims(token)
    except TokenError as error:
        str(error.message)


@pytest.mark.parametrize(
    "token",
    [
        jwt.encode(CLAIMS, None, algorithm="none"),
        jwt.encode(CLAIMS, "another key" * 9, algorithm="HS256"),
        jwt.encode(CLAIMS, SECRET, algorithm="HS384"),
        jwt.encode({**CLAIMS, "exp": int(NOW) - 3600}, SECRET, algorithm="HS256"),
        ".".join(jwt.encode(CLAIMS, None, algorithm="none").split(".")[:2]) + ".c2lnbmVk",
    ],
    ids=["none", "another key", "another algorithm", "expired", "none, and signed"],
)
def test_a_forged_or_replayed_token_is_refused_everywhere(token: str) -> None:
    assert isinstance(check_token(token, SECRET, NOW), BadToken)
    with pytest.raises(TokenError):
        Verifier(SECRET, lambda: NOW).claims(token)


@many
@given(header=texts, more=GRAMMAR)
def test_headers_are_understood_or_passed_over(header: str, more: str) -> None:
    preferences([header, more])
    for accept in (header, more):
        assert refusal_of(lambda accept=accept: wants_object(accept)) in (None, 406)
        assert refusal_of(lambda accept=accept: within_range(Query(), accept)) in (None, 416)


def refusal_of(read: Callable[[], object]) -> int | None:
    try:
        read()
    except RestError as error:
        return error.status
    return None
