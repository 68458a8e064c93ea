"""`/auth/v1`, with the official client wherever it can ask, by hand where it cannot."""

from __future__ import annotations

import asyncio
import json
import uuid

import httpx
import jwt
import pytest
from supabase import AuthApiError

from tests.support.hub import PASSWORD, RunningHub, Site, official_client


async def refresh(hub: RunningHub, token: str) -> httpx.Response:
    async with hub.http() as http:
        return await http.post(
            "/auth/v1/token?grant_type=refresh_token", json={"refresh_token": token}
        )


async def sign_in(hub: RunningHub, email: str, password: str = PASSWORD) -> httpx.Response:
    async with hub.http() as http:
        return await http.post(
            "/auth/v1/token?grant_type=password", json={"email": email, "password": password}
        )


async def test_the_official_client_signs_in_and_the_token_says_who_it_is(site: Site) -> None:
    email = await site.account("manager")
    async with official_client(site.hub) as client:
        answer = await client.auth.sign_in_with_password({"email": email, "password": PASSWORD})
        assert answer.session is not None
        claims = jwt.decode(
            answer.session.access_token,
            site.hub.keys.jwt_secret,
            algorithms=["HS256"],
            audience="authenticated",
        )
        user = (await client.auth.get_user()).user  # type: ignore[union-attr]
    assert claims["role"] == "authenticated"
    assert claims["email"] == user.email == email
    assert claims["sub"] == user.id
    assert claims["iss"] == f"{site.hub.url}/auth/v1"
    assert claims["exp"] - claims["iat"] == answer.session.expires_in == 3600
    assert claims["app_metadata"] == {
        "provider": "email",
        "providers": ["email"],
        "branches": [site.branch_id],
        "role": "manager",
    }
    assert uuid.UUID(claims["session_id"])
    assert claims["aal"] == "aal1"


@pytest.mark.parametrize("known", [True, False])
async def test_a_wrong_password_and_an_unknown_address_look_the_same(
    site: Site, known: bool
) -> None:
    email = await site.account() if known else "nobody@test.local"
    async with official_client(site.hub) as client:
        with pytest.raises(AuthApiError) as caught:
            await client.auth.sign_in_with_password({"email": email, "password": "wrong"})
    assert caught.value.code == "invalid_credentials"
    assert caught.value.status == 400
    answer = await sign_in(site.hub, email, "wrong")
    assert answer.json() == {
        "code": 400,
        "error_code": "invalid_credentials",
        "msg": "Invalid login credentials",
    }


async def test_the_address_is_not_case_sensitive(site: Site) -> None:
    email = await site.account()
    assert (await sign_in(site.hub, email.upper())).status_code == 200


async def test_too_many_wrong_passwords_have_to_wait(site: Site) -> None:
    email, other = await site.account(), await site.account()
    answers = await asyncio.gather(*(sign_in(site.hub, email, "wrong") for _ in range(30)))
    assert {answer.status_code for answer in answers} == {400}
    answer = await sign_in(site.hub, email)
    assert answer.status_code == 429
    assert answer.json()["error_code"] == "over_request_rate_limit"
    assert (await sign_in(site.hub, other)).status_code == 200


async def test_a_refresh_gives_the_next_pair(site: Site) -> None:
    async with site.client() as client:
        before = await client.auth.get_session()
        answer = await client.auth.refresh_session()
    assert before is not None
    assert answer.session is not None
    assert answer.session.refresh_token != before.refresh_token


async def test_a_lost_answer_is_given_again(site: Site) -> None:
    """The client that asks twice with one token gets the same next token both times."""
    first = (await sign_in(site.hub, await site.account())).json()["refresh_token"]
    answers = await asyncio.gather(*(refresh(site.hub, first) for _ in range(5)))
    assert len({answer.json()["refresh_token"] for answer in answers}) == 1
    await refresh(site.hub, answers[0].json()["refresh_token"])
    # Its grandparent too, as long as the reuse interval lasts.
    assert (await refresh(site.hub, first)).status_code == 200


async def test_a_refresh_sees_what_an_administrator_changed(site: Site) -> None:
    async with site.client("pos") as client, official_client(site.hub, site.hub.keys.service) as a:
        user = (await client.auth.get_user()).user  # type: ignore[union-attr]
        await a.auth.admin.update_user_by_id(user.id, {"app_metadata": {"role": "manager"}})
        session = (await client.auth.refresh_session()).session
    assert session is not None
    claims = jwt.decode(session.access_token, options={"verify_signature": False})
    assert claims["app_metadata"]["role"] == "manager"
    assert claims["app_metadata"]["branches"] == [site.branch_id]


async def test_unknown_and_empty_refresh_tokens_are_refused(hub: RunningHub) -> None:
    answer = await refresh(hub, "nonsense")
    assert answer.status_code == 400
    assert answer.json()["error_code"] == "refresh_token_not_found"
    assert (await refresh(hub, "")).json()["error_code"] == "validation_failed"


@pytest.mark.parametrize(
    ("scope", "mine", "others"),
    [("local", False, True), ("others", True, False), ("global", False, False)],
)
async def test_signing_out_ends_the_sessions_of_its_scope(
    site: Site, scope: str, mine: bool, others: bool
) -> None:
    email = await site.account()
    here, there = [(await sign_in(site.hub, email)).json() for _ in range(2)]
    async with site.hub.http(token=here["access_token"]) as http:
        answer = await http.post(f"/auth/v1/logout?scope={scope}")
    assert answer.status_code == 204
    for session, lives in ((here, mine), (there, others)):
        async with site.hub.http(token=session["access_token"]) as http:
            user = await http.get("/auth/v1/user")
        assert (user.status_code == 200) == lives, user.text
        assert lives or user.json()["error_code"] == "session_not_found"
        answer = await refresh(site.hub, session["refresh_token"])
        assert (answer.status_code == 200) == lives


async def test_the_official_client_administers_accounts(site: Site) -> None:
    email = f"{uuid.uuid4().hex}@test.local"
    async with official_client(site.hub, site.hub.keys.service) as client:
        admin = client.auth.admin
        made = (await admin.create_user({"email": email, "password": PASSWORD})).user
        assert made.email == email
        assert made.email_confirmed_at is None
        assert (await sign_in(site.hub, email)).json()["error_code"] == "email_not_confirmed"
        await admin.update_user_by_id(made.id, {"email_confirm": True})
        assert (await sign_in(site.hub, email)).status_code == 200
        await admin.update_user_by_id(made.id, {"password": "another one", "ban_duration": "24h"})
        assert (await sign_in(site.hub, email, "another one")).json()["error_code"] == "user_banned"
        await admin.update_user_by_id(made.id, {"ban_duration": "none"})
        assert (await sign_in(site.hub, email, "another one")).status_code == 200
        assert (await admin.get_user_by_id(made.id)).user.email == email
        assert made.id in [user.id for user in await admin.list_users(per_page=1000)]
        await admin.delete_user(made.id)
        with pytest.raises(AuthApiError, match="User not found") as caught:
            await admin.get_user_by_id(made.id)
        assert caught.value.code == "user_not_found"
    assert (await sign_in(site.hub, email, "another one")).status_code == 400


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"password": PASSWORD}, 400, "validation_failed"),
        ({"email": "no address", "password": PASSWORD}, 400, "validation_failed"),
        ({"email": "a@b.c\0", "password": PASSWORD}, 400, "validation_failed"),
        ({"email": "a@test.local", "password": "short"}, 422, "weak_password"),
        ({"email": "a@test.local", "password": "x" * 73}, 400, "validation_failed"),
        ({"email": "a@test.local", "password": 5}, 400, "bad_json"),
        ({"email": "a@test.local", "app_metadata": []}, 400, "bad_json"),
        ({"email": "a@test.local", "app_metadata": {"a": "\0"}}, 400, "bad_json"),
        ({"email": "a@test.local", "app_metadata": {"a": "\ud800"}}, 400, "bad_json"),
    ],
)
async def test_a_bad_account_is_refused(
    hub: RunningHub, body: dict[str, object], status: int, code: str
) -> None:
    async with hub.admin() as http:
        answer = await http.post("/auth/v1/admin/users", content=json.dumps(body))
    assert (answer.status_code, answer.json()["error_code"]) == (status, code)


async def test_an_address_belongs_to_one_account(site: Site) -> None:
    email = await site.account()
    async with site.hub.admin() as http:
        answer = await http.post("/auth/v1/admin/users", json={"email": email.upper()})
    assert answer.status_code == 422
    assert answer.json()["error_code"] == "email_exists"


async def test_administration_needs_the_service_key(site: Site) -> None:
    async with site.client("manager") as client:
        session = await client.auth.get_session()
    assert session is not None
    for token in (site.hub.keys.anon, session.access_token):
        async with site.hub.http(token=token) as http:
            answer = await http.get("/auth/v1/admin/users")
        assert answer.status_code == 403
        assert answer.json()["error_code"] == "not_admin"


async def test_a_person_changes_their_own_password_and_data(site: Site) -> None:
    async with site.client() as client:
        user = (await client.auth.update_user({"password": "new secret", "data": {"n": 1}})).user
        assert user.user_metadata == {"n": 1}
        assert user.app_metadata["role"] == "pos"
    assert user.email is not None
    assert (await sign_in(site.hub, user.email, "new secret")).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("POST", "signup", {"email": "a@b.c", "password": "secret"}, 422, "signup_disabled"),
        ("POST", "signup", {}, 422, "anonymous_provider_disabled"),
        ("POST", "otp", {"email": "a@b.c"}, 422, "otp_disabled"),
        ("POST", "recover", {"email": "a@b.c"}, 500, "unexpected_failure"),
        ("GET", "authorize?provider=github", None, 400, "validation_failed"),
        ("POST", "factors", {}, 422, "mfa_totp_enroll_not_enabled"),
        ("POST", "sso", {}, 404, "saml_provider_disabled"),
        ("POST", "token?grant_type=pkce", {}, 400, "provider_disabled"),
        ("POST", "token", {}, 400, "invalid_credentials"),
        ("POST", "token?grant_type=password", {"phone": "1"}, 422, "phone_provider_disabled"),
        ("POST", "token?grant_type=password", {}, 400, "validation_failed"),
        ("POST", "logout?scope=all", {}, 400, "validation_failed"),
        ("GET", "nowhere", None, 404, "unknown"),
    ],
)
async def test_what_a_hub_has_not_is_said(
    hub: RunningHub, method: str, path: str, body: object, status: int, code: str
) -> None:
    async with hub.http() as http:
        answer = await http.request(method, f"/auth/v1/{path}", json=body)
        newer = await http.request(
            method, f"/auth/v1/{path}", json=body, headers={"X-Supabase-Api-Version": "2024-01-01"}
        )
    assert (answer.status_code, answer.json()["error_code"]) == (status, code)
    assert newer.json()["code"] == code


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[1]", b'"x"', b"\xff", b"[" * 100_000, b'{"email": 1, "password": "x"}']
)
async def test_a_body_that_is_no_json_object_is_refused(hub: RunningHub, body: bytes) -> None:
    async with hub.http() as http:
        answer = await http.post("/auth/v1/token?grant_type=password", content=body)
    assert answer.status_code == 400
    assert answer.json()["error_code"] in ("bad_json", "validation_failed")


async def test_health_and_settings_answer(hub: RunningHub) -> None:
    async with hub.http() as http:
        assert (await http.get("/auth/v1/health")).json()["name"] == "GoTrue"
        assert (await http.get("/auth/v1/settings")).json()["disable_signup"] is True


async def test_tokens_that_are_not_ours_are_refused(hub: RunningHub) -> None:
    for token, code in ((hub.keys.anon, "bad_jwt"), ("a.b.c", "bad_jwt")):
        async with hub.http(token=token) as http:
            answer = await http.get("/auth/v1/user")
        assert (answer.status_code, answer.json()["error_code"]) == (403, code)
    async with httpx.AsyncClient(base_url=hub.url, trust_env=False) as http:
        answer = await http.get("/auth/v1/user", headers={"apikey": hub.keys.anon})
    assert (answer.status_code, answer.json()["error_code"]) == (401, "no_authorization")
