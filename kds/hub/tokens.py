"""JSON Web Tokens: read, checked, remembered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import jwt
from jwt.types import Options

Claims = Mapping[str, Any]
_REMEMBERED = 4096
_ONLY_SIGNATURE: Options = {
    "verify_signature": True,
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
    "verify_aud": False,
    "verify_sub": False,
}


class TokenError(Exception):
    """A token that is not accepted. `in_claims`: it is ours, but what it says does not hold."""

    def __init__(
        self, message: str, *, in_claims: bool = False, details: str | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.in_claims = in_claims
        self.details = details


class Verifier:
    """Checks HS256 tokens of one secret.

    `leeway_s`: how long after `exp` (and before `nbf` and `iat`) a token still passes. Signatures
    that were found good are remembered; the times are looked at on every call.
    """

    def __init__(self, secret: str, now: Callable[[], float], leeway_s: float = 0) -> None:
        self._secret = secret
        self._now = now
        self._leeway_s = leeway_s
        self._known: dict[str, Claims] = {}

    def claims(self, token: str) -> Claims:
        """The token's claims. Raises TokenError with PostgREST's words."""
        claims = self._known.get(token)
        if claims is None:
            claims = self._decode(token)
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[token] = claims
        self._check_times(claims)
        return claims

    def _decode(self, token: str) -> Claims:
        parts = token.count(".") + 1
        if not token:
            raise TokenError("Empty JWT is sent in Authorization header")
        if parts != 3:
            raise TokenError(f"Expected 3 parts in JWT; got {parts}")
        try:
            claims: Claims = jwt.decode(
                token,
                self._secret,
                algorithms=["HS256"],
                options=_ONLY_SIGNATURE,
            )
        except (jwt.PyJWTError, ValueError, RecursionError) as error:
            details = "None of the keys was able to decode the JWT"
            raise TokenError("No suitable key or wrong key type", details=details) from error
        for name in ("exp", "nbf", "iat"):
            if isinstance(claims.get(name, 0), bool) or not isinstance(
                claims.get(name, 0), int | float
            ):
                raise TokenError(f"The JWT '{name}' claim must be a number", in_claims=True)
        return claims

    def _check_times(self, claims: Claims) -> None:
        now = self._now()
        if "exp" in claims and now - self._leeway_s > claims["exp"]:
            raise TokenError("JWT expired", in_claims=True)
        if "nbf" in claims and now + self._leeway_s < claims["nbf"]:
            raise TokenError("JWT not yet valid", in_claims=True)
        if "iat" in claims and now + self._leeway_s < claims["iat"]:
            raise TokenError("JWT issued at future", in_claims=True)


def bearer(header: str | None) -> str | None:
    """The token of an `Authorization: Bearer ...` header; None when there is none."""
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None
