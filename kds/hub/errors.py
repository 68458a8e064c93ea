"""What the hub answers when it does not do what was asked, in the words of the original.

HubError
├── RestError   PostgREST: {code, details, hint, message}
├── AuthError   GoTrue: {code, error_code, msg}, or {code, message} for newer clients
└── GateError   the API gateway in front: {message, hint}
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import psycopg


class HubError(Exception):
    """An answer that is not a success: HTTP status, JSON body, extra headers."""

    def __init__(
        self, status: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(body)
        self.status = status
        self.body = body
        self.headers = dict(headers or {})


class GateError(HubError):
    """Refused before any service saw it."""

    def __init__(self, status: int, message: str, hint: str | None = None) -> None:
        super().__init__(status, {"message": message} | ({"hint": hint} if hint else {}))


class RestError(HubError):
    """An error of PostgREST."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        details: str | None = None,
        hint: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        body = {"code": code, "details": details, "hint": hint, "message": message}
        super().__init__(
            status, body, {"Proxy-Status": f"PostgREST; error={code}", **(headers or {})}
        )


class AuthError(HubError):
    """An error of GoTrue; `code` is one of its error codes."""

    def __init__(self, status: int, code: str, message: str, **more: Any) -> None:
        super().__init__(status, {"code": status, "error_code": code, "msg": message, **more})
        self.code = code
        self.message = message
        self.more = more


def from_database(error: psycopg.Error, *, signed_in: bool) -> RestError:
    """PostgREST's answer to an error of the database (its Error module, `mapSQLtoHTTP`)."""
    diag = error.diag
    code, message = diag.sqlstate, diag.message_primary or str(error)
    if code is None:
        return RestError(503, "PGRST001", "Database client error. Retrying the connection.")
    status = _status(code, message, signed_in)
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    return RestError(status, code, message, diag.message_detail, diag.message_hint, headers=headers)


_BY_CODE = {
    "23503": 409,  # foreign_key_violation
    "23505": 409,  # unique_violation
    "25006": 405,  # read_only_sql_transaction: GET on a function that writes
    "42883": 404,  # undefined_function
    "42P01": 404,  # undefined_table
    "42P17": 500,  # infinite recursion
    "53400": 500,
    "57P01": 503,  # admin_shutdown
    "57P02": 503,  # crash_shutdown
    "57P03": 503,  # cannot_connect_now
    "P0001": 400,  # raise
}
_BY_CLASS = {
    "08": 503,
    "09": 500,
    "0L": 403,
    "0P": 403,
    "25": 500,
    "28": 403,
    "2D": 500,
    "38": 500,
    "39": 500,
    "3B": 500,
    "40": 500,  # deadlock, serialization failure
    "53": 503,
    "54": 500,
    "55": 500,
    "57": 500,  # statement timeout
    "58": 500,
    "F0": 500,
    "HV": 500,
    "P0": 500,
    "XX": 500,
}


def _status(code: str, message: str, signed_in: bool) -> int:
    if code == "42501":
        return 403 if signed_in else 401
    if code == "21000":
        return 400 if message.endswith("requires a WHERE clause") else 500
    if code.startswith("PT"):
        digits = code[2:]
        return int(digits) if digits.isdigit() and 200 <= int(digits) <= 599 else 500
    return _BY_CODE.get(code) or _BY_CLASS.get(code[:2], 400)
