"""Join configs, rate limits and the judgement of tokens."""

from __future__ import annotations

from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kds.hub.realtime.channel import JoinConfig, Replay, parse_join
from kds.hub.realtime.claims import BadToken, Identity, check_token
from kds.hub.realtime.limits import AverageRate, CallWindow

SECRET = "a secret that is long enough for the algorithm"


def test_a_full_config_is_understood() -> None:
    payload = {
        "config": {
            "broadcast": {"ack": True, "self": True, "replay": {"since": 5, "limit": 99}},
            "presence": {"key": "till", "enabled": True},
            "private": True,
            "postgres_changes": [None, {"table": "t"}],
        },
        "access_token": "jwt",
    }
    assert parse_join(payload) == JoinConfig(
        ack=True, to_self=True, replay=Replay(5, 25), wants_replay=True, presence_key="till",
        presence_enabled=True, private=True, bindings=({"table": "t"},), access_token="jwt",
    )  # fmt: skip


@pytest.mark.parametrize("payload", [None, [], "x", {}, {"config": 5}, {"config": {"private": 1}}])
def test_what_is_wrong_falls_back_to_the_defaults(payload: Any) -> None:
    assert parse_join(payload) == JoinConfig()


@pytest.mark.parametrize("replay", [1, {}, {"since": "x"}, {"since": 1, "limit": 0}])
def test_a_wrong_replay_is_wanted_but_not_known(replay: Any) -> None:
    config = parse_join({"config": {"broadcast": {"replay": replay}}})
    assert (config.wants_replay, config.replay) == (True, None)


def test_an_api_key_is_no_access_token() -> None:
    assert parse_join({"access_token": "sb_publishable_x"}).access_token is None


@given(
    st.recursive(
        st.none() | st.integers() | st.text(),
        lambda inner: st.dictionaries(st.sampled_from(["config", "broadcast", "replay"]), inner),
    )
)
def test_no_payload_is_an_error(payload: Any) -> None:
    assert isinstance(parse_join(payload), JoinConfig)


def test_a_rate_is_averaged_over_its_window() -> None:
    rate = AverageRate(limit=2, window_s=10)
    for second in range(10):
        assert not rate.exceeded(second)
        rate.add(second)
        rate.add(second + 0.5)
    assert rate.exceeded(9.9)
    assert not rate.exceeded(10.5)


def test_no_limit_is_never_exceeded() -> None:
    rate = AverageRate(limit=None, window_s=10)
    rate.add(0, 10**9)
    assert not rate.exceeded(0)


def test_a_call_window_opens_with_the_first_call() -> None:
    window = CallWindow(calls=2, window_s=30)
    assert [window.allow(now) for now in (100, 110, 129, 131)] == [True, True, False, True]


def signed(secret: str = SECRET, **claims: Any) -> str:
    return jwt.encode({"role": "anon", "exp": 1000} | claims, secret, algorithm="HS256")


def test_a_good_token_says_who_and_until_when() -> None:
    identity = check_token(signed(sub="me"), SECRET, now=999)
    assert isinstance(identity, Identity)
    assert (identity.role, identity.expires, identity.claims["sub"]) == ("anon", 1000, "me")


@pytest.mark.parametrize(
    ("token", "at_handshake", "at_join", "in_channel"),
    [
        (
            signed(exp=990),
            "Token has expired",
            "InvalidJWTToken: Token has expired 5 seconds ago",
            "Token has expired 5 seconds ago",
        ),
        (
            "garbage",
            "The token provided is not a valid JWT",
            "MalformedJWT: The token provided is not a valid JWT",
            "The token provided is not a valid JWT",
        ),
        (
            signed("some other secret that is long enough"),
            "Failed to validate JWT signature",
            "JwtSignatureError: Failed to validate JWT signature",
            ":signature_error",
        ),
        (
            signed(role=None),
            "Fields `role` and `exp` are required in JWT",
            "InvalidJWTToken: Fields `role` and `exp` are required in JWT",
            "Fields `role` and `exp` are required in JWT",
        ),
    ],
)
def test_a_bad_token_is_worded_for_its_place(
    token: str, at_handshake: str, at_join: str, in_channel: str
) -> None:
    bad = check_token(token, SECRET, now=995)
    assert isinstance(bad, BadToken)
    assert (bad.at_handshake, bad.at_join, bad.in_channel) == (at_handshake, at_join, in_channel)
