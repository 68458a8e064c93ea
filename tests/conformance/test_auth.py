"""`/auth/v1`: the grants and the sign-out that a terminal uses."""

from __future__ import annotations

import uuid
from typing import Any

import jwt
import pytest

from tests.conformance.servers import Place, Server


def claims_of(token: str) -> dict[str, Any]:
    return dict(jwt.decode(token, options={"verify_signature": False}))


async def test_a_password_buys_a_session(place: Place) -> None:
    email = await place.account()
    answer = await place.sign_in(email)
    assert answer.status_code == 200
    session = answer.json()
    assert session["token_type"] == "bearer"
    assert session["user"]["email"] == email
    claims = claims_of(session["access_token"])
    assert (claims["role"], claims["aud"]) == ("authenticated", "authenticated")
    assert claims["sub"] == session["user"]["id"]
    assert claims["exp"] - claims["iat"] == session["expires_in"]


@pytest.mark.admin
async def test_the_token_says_role_and_branches(place: Place) -> None:
    person = await place.person("manager")
    metadata = claims_of(person.token)["app_metadata"]
    assert (metadata["role"], metadata["branches"]) == ("manager", [place.branch_id])


@pytest.mark.parametrize("known", [True, False])
async def test_a_wrong_password_and_an_unknown_address_look_the_same(
    place: Place, known: bool
) -> None:
    email = await place.account() if known else f"{uuid.uuid4().hex}@conformance.test"
    answer = await place.sign_in(email, "wrong password")
    assert answer.status_code == 400
    assert answer.json() == {
        "code": 400,
        "error_code": "invalid_credentials",
        "msg": "Invalid login credentials",
    }


async def test_a_refresh_gives_the_next_pair_of_the_same_session(place: Place) -> None:
    person = await place.person()
    answer = await place.refresh(person.refresh_token)
    assert answer.status_code == 200
    again = answer.json()
    assert again["refresh_token"] != person.refresh_token
    before, after = claims_of(person.token), claims_of(again["access_token"])
    assert (after["sub"], after["session_id"]) == (before["sub"], before["session_id"])
    assert (await place.refresh(again["refresh_token"])).status_code == 200


async def test_a_refresh_token_used_twice_never_opens_a_second_session(place: Place) -> None:
    """A lost answer is asked for again: the server gives the same session or refuses."""
    person = await place.person()
    first = (await place.refresh(person.refresh_token)).json()
    second = await place.refresh(person.refresh_token)
    assert second.status_code in (200, 400)
    if second.status_code == 200:
        assert second.json()["refresh_token"] == first["refresh_token"]


async def test_an_unknown_refresh_token_is_refused(place: Place) -> None:
    """Some servers look at the form of a token first; a client treats both refusals alike."""
    answer = await place.refresh("n0nsense4bcd")
    assert answer.status_code == 400
    assert answer.json()["error_code"] in ("refresh_token_not_found", "validation_failed")


async def test_a_sign_out_ends_this_session_and_no_other(place: Place) -> None:
    email = await place.account()
    here, there = [(await place.sign_in(email)).json() for _ in range(2)]
    async with place.server.http(here["access_token"]) as http:
        assert (await http.post("/auth/v1/logout?scope=local")).status_code == 204
    refused = await place.refresh(here["refresh_token"])
    assert (refused.status_code, refused.json()["error_code"]) == (400, "refresh_token_not_found")
    assert (await place.refresh(there["refresh_token"])).status_code == 200


async def test_a_token_names_its_person(place: Place) -> None:
    person = await place.person()
    async with place.server.http(person.token) as http:
        answer = await http.get("/auth/v1/user")
    assert (answer.status_code, answer.json()["id"]) == (200, person.id)


async def test_a_made_up_token_is_nobodys(server: Server) -> None:
    async with server.http("a.b.c") as http:
        answer = await http.get("/auth/v1/user")
    assert (answer.status_code, answer.json()["error_code"]) == (403, "bad_jwt")


@pytest.mark.admin
async def test_a_refresh_sees_what_an_administrator_changed(place: Place) -> None:
    person = await place.person("pos")
    async with place.server.admin() as http:
        change = {"app_metadata": {"role": "manager"}}
        answer = await http.put(f"/auth/v1/admin/users/{person.id}", json=change)
    assert answer.status_code == 200, answer.text
    renewed = (await place.refresh(person.refresh_token)).json()
    metadata = claims_of(renewed["access_token"])["app_metadata"]
    assert (metadata["role"], metadata["branches"]) == ("manager", [place.branch_id])


@pytest.mark.admin
async def test_accounts_are_administered_with_the_service_key_alone(place: Place) -> None:
    person = await place.person("manager")
    async with place.server.http(person.token) as http:
        answer = await http.get("/auth/v1/admin/users")
    assert (answer.status_code, answer.json()["error_code"]) == (403, "not_admin")
