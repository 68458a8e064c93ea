"""JWTs as Realtime judges them: the same three failures, worded for three different places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import jwt

Kind = Literal["malformed", "signature", "missing_claims", "expired"]

MISSING_CLAIMS = "Fields `role` and `exp` are required in JWT"
_MALFORMED = "The token provided is not a valid JWT"
_BAD_SIGNATURE = "Failed to validate JWT signature"
_CODES: dict[Kind, str] = {
    "malformed": "MalformedJWT",
    "signature": "JwtSignatureError",
    "missing_claims": "InvalidJWTToken",
    "expired": "InvalidJWTToken",
}


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a channel speaks for. `expires` is unix seconds."""

    token: str
    claims: Mapping[str, Any]

    @property
    def role(self) -> str:
        return str(self.claims["role"])

    @property
    def expires(self) -> int:
        return int(self.claims["exp"])


@dataclass(frozen=True, slots=True)
class BadToken:
    """Why a token is not accepted; `ago_s` is for how long it has been expired."""

    kind: Kind
    ago_s: int = 0

    @property
    def at_handshake(self) -> str:
        """The `error` of the 401."""
        return {
            "malformed": _MALFORMED,
            "signature": _BAD_SIGNATURE,
            "missing_claims": MISSING_CLAIMS,
            "expired": "Token has expired",
        }[self.kind]

    @property
    def in_channel(self) -> str:
        """The message of the `system` error that goes before `phx_close`."""
        if self.kind == "expired":
            return f"Token has expired {self.ago_s} seconds ago"
        return ":signature_error" if self.kind == "signature" else self.at_handshake

    @property
    def at_join(self) -> str:
        """The reason of the refused `phx_join`."""
        text = _BAD_SIGNATURE if self.kind == "signature" else self.in_channel
        return f"{_CODES[self.kind]}: {text}"


def check_token(token: str, secret: str, now: float) -> Identity | BadToken:
    """Judge an HS256 token at `now` (unix seconds); `role` and a whole `exp` are required."""
    try:
        jwt.get_unverified_header(token)
        claims = jwt.decode(
            token,
            secret,
            algorithms=["HS256"],
            options={
                "verify_exp": False,
                "verify_aud": False,
                "verify_iat": False,
                "verify_nbf": False,
                "verify_sub": False,
            },
        )
    except (jwt.InvalidSignatureError, jwt.InvalidAlgorithmError):
        return BadToken("signature")
    except (jwt.PyJWTError, ValueError, RecursionError):
        return BadToken("malformed")
    expires = claims.get("exp")
    if not isinstance(claims.get("role"), str) or not isinstance(expires, int) or expires is True:
        return BadToken("missing_claims")
    if expires <= now:
        return BadToken("expired", int(now) - expires)
    return Identity(token, claims)
