from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kds.base.errors import Refused, RemoteError, TooLarge, Unauthorized, Unreachable
from kds.connection.answers import claims_of, translate, wait_of
from tests.support.garbage import bytes_on_the_wire, many, near, written

JSON = "application/json; charset=utf-8"


def answer(status: int, body: object = None, content_type: str = JSON) -> RemoteError | None:
    return translate(status, content_type, b"" if body is None else json.dumps(body).encode())


def test_a_json_answer_and_an_empty_one_are_usable() -> None:
    assert answer(200, []) is None
    assert answer(204) is None


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (401, {"code": "PGRST303", "message": "JWT expired"}, Unauthorized),
        (403, {"code": "42501", "message": "not yours"}, Refused),
        (404, {"code": "PGRST202", "message": "no function"}, Refused),
        (409, {"code": "PT409", "message": "cloned"}, Refused),
        (413, None, TooLarge),
        (408, None, Unreachable),
        (429, {"message": "slow down"}, Unreachable),
        (400, {"code": "40P01", "message": "deadlock detected"}, Unreachable),
        (409, {"code": "40001", "message": "could not serialize"}, Unreachable),
        (500, {"code": "XX000", "message": "broken"}, Unreachable),
        (503, {"code": "PT503", "message": "busy"}, Unreachable),
        (502, None, Unreachable),
        (302, None, Unreachable),
    ],
)
def test_a_status_stands_for_an_error(status: int, body: object, kind: type[RemoteError]) -> None:
    assert type(answer(status, body)) is kind


@pytest.mark.parametrize(
    ("status", "asked", "seconds"),
    [
        (429, "7", 7.0),
        (503, " 30 ", 30.0),
        (429, "9" * 400, 60.0),
        (200, "7", 0.0),
        (500, "7", 0.0),
        (429, "", 0.0),
        (429, "-5", 0.0),
        (429, "Sat, 21 Nov 2026 17:00:00 GMT", 0.0),
    ],
)
def test_a_busy_server_is_left_alone_for_a_bounded_while(
    status: int, asked: str, seconds: float
) -> None:
    assert wait_of(status, asked) == seconds


def test_the_server_s_sentence_and_code_are_kept() -> None:
    error = answer(403, {"code": "42501", "message": "This device belongs to another branch."})
    assert isinstance(error, Refused)
    assert str(error) == "This device belongs to another branch."
    assert error.code == "42501"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"code": 400, "error_code": "invalid_credentials", "msg": "No."}, "invalid_credentials"),
        ({"code": "invalid_credentials", "message": "No."}, "invalid_credentials"),
        ({"error": "invalid_grant", "error_description": "No."}, "invalid_grant"),
    ],
)
def test_every_dialect_of_the_auth_server_is_understood(body: object, code: str) -> None:
    error = answer(400, body)
    assert isinstance(error, Refused)
    assert (str(error), error.code) == ("No.", code)


def test_the_status_stands_in_for_what_the_body_does_not_say() -> None:
    error = translate(418, "text/html", b"<html>")
    assert isinstance(error, Refused)
    assert (str(error), error.code) == ("The server answered with error 418.", "418")


def test_a_web_page_in_place_of_an_answer_is_nobody_of_ours() -> None:
    assert isinstance(translate(200, "text/html", b"<html>Welcome to the WLAN"), Unreachable)


def test_the_claims_of_a_token_are_read_without_a_key() -> None:
    claims = {"sub": "ü", "app_metadata": {"role": "pos"}}
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    assert claims_of(f"header.{payload}.signature") == claims


@pytest.mark.parametrize("token", ["", "a.b", "a.!!!.c", "a.WzFd.c", "a.gIA.c"])
def test_something_else_than_a_token_claims_nothing(token: str) -> None:
    assert claims_of(token) == {}


@many
@given(
    status=st.integers(100, 999),
    kind=st.sampled_from([JSON, "text/html", "", "application/problem+json"]),
    body=st.one_of(
        bytes_on_the_wire,
        near({"code": "42501", "message": "no", "msg": "no", "error": "x"}).map(
            lambda body: written(body).encode()
        ),
    ),
)
def test_no_body_of_an_error_breaks_its_reading(status: int, kind: str, body: bytes) -> None:
    error = translate(status, kind, body)
    assert error is None or len(str(error)) < 400
    str(error).encode()  # can be written anywhere


@many
@given(st.one_of(st.text(max_size=60), bytes_on_the_wire))
def test_no_token_breaks_the_reading_of_its_claims(raw: str | bytes) -> None:
    if isinstance(raw, bytes):
        raw = f"a.{base64.urlsafe_b64encode(raw).decode().rstrip('=')}.c"
    assert isinstance(claims_of(raw), dict)
