"""Reading JSON Web Tokens."""

from __future__ import annotations

from typing import Any

import jwt
import pytest

from kds.hub.tokens import TokenError, Verifier, bearer

SECRET = "a secret that is long enough for HS256, 32 bytes"


def token(secret: str = SECRET, **claims: Any) -> str:
    return jwt.encode(claims, secret, algorithm="HS256")


def verifier(now: float = 1000, leeway_s: float = 0) -> Verifier:
    return Verifier(SECRET, lambda: now, leeway_s)


def test_a_good_token_gives_its_claims() -> None:
    claims: dict[str, Any] = {"role": "anon", "exp": 1001, "iat": 1000, "aud": "authenticated"}
    assert verifier().claims(token(**claims)) == claims


def test_a_remembered_token_still_expires() -> None:
    now = [1000.0]
    checked = Verifier(SECRET, lambda: now[0])
    good = token(exp=1010)
    checked.claims(good)
    now[0] = 1011
    with pytest.raises(TokenError, match="JWT expired") as caught:
        checked.claims(good)
    assert caught.value.in_claims


def test_leeway_applies_to_every_time() -> None:
    lenient = verifier(now=1000, leeway_s=30)
    assert lenient.claims(token(exp=970, nbf=1030, iat=1030))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Empty JWT"),
        ("a.b", "Expected 3 parts in JWT; got 2"),
        ("a.b.c", "No suitable key or wrong key type"),
        ("é.ü.\udc80", "No suitable key or wrong key type"),
        (token("another secret that is long enough, 32 bytes"), "No suitable key"),
        (jwt.encode({}, "", algorithm="none"), "No suitable key"),
        (token(exp="soon"), "The JWT 'exp' claim must be a number"),
        (token(iat=True), "The JWT 'iat' claim must be a number"),
        (token(nbf=1001), "JWT not yet valid"),
        (token(iat=1001), "JWT issued at future"),
        (token(exp=999), "JWT expired"),
    ],
)
def test_what_is_wrong_is_said(text: str, message: str) -> None:
    with pytest.raises(TokenError, match=message):
        verifier().claims(text)


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kds.hub.tokens._REMEMBERED", 2)
    checked = verifier()
    for n in range(5):
        assert checked.claims(token(n=n)) == {"n": n}
    assert len(checked._known) <= 2


def test_bearer_takes_the_token_of_its_own_scheme_only() -> None:
    assert bearer("Bearer abc") == "abc"
    assert bearer("bearer  abc ") == "abc"
    assert bearer("Basic abc") is None
    assert bearer(None) is None
