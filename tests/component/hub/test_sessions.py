"""Sessions over time, on a clock that the test moves."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from kds.base.clock import ManualClock
from kds.hub.auth_admin import Accounts
from kds.hub.auth_sessions import AuthSettings, Sessions
from kds.hub.auth_store import AuthStore
from kds.hub.errors import AuthError
from kds.hub.passwords import Passwords
from kds.hub.pool import Pool
from tests.support.hub import PASSWORD, RunningHub


class Desk:
    """One account, and the sessions it may have."""

    def __init__(self, pool: Pool) -> None:
        self.clock = ManualClock(datetime(2026, 11, 21, 8, tzinfo=UTC))
        self.email = f"{uuid.uuid4().hex}@test.local"
        store, passwords = AuthStore(pool), Passwords()
        settings = AuthSettings("s" * 40, "http://hub", access_ttl_s=3600, reuse_s=10)
        self.sessions = Sessions(store, passwords, settings, self.clock)
        self.accounts = Accounts(store, passwords, self.clock)

    async def open(self) -> None:
        body = {"email": self.email, "password": PASSWORD, "email_confirm": True}
        await self.accounts.create(body)

    async def sign_in(self) -> tuple[str, str]:
        """The access and the refresh token of a new session."""
        granted = await self.sessions.sign_in(self.email, PASSWORD, "here")
        return granted["access_token"], granted["refresh_token"]

    async def refresh(self, token: str) -> str:
        return str((await self.sessions.refresh(token))["refresh_token"])


@pytest.fixture
async def desk(hub: RunningHub) -> AsyncIterator[Desk]:
    pool = Pool(hub.dsn, size=2)
    desk = Desk(pool)
    await desk.open()
    yield desk
    await pool.close()


async def test_a_token_used_long_ago_ends_its_family(desk: Desk) -> None:
    _, first = await desk.sign_in()
    second = await desk.refresh(first)
    third = await desk.refresh(second)
    desk.clock.advance(11)
    with pytest.raises(AuthError, match="refresh_token_already_used"):
        await desk.refresh(first)
    for token in (first, second, third):
        with pytest.raises(AuthError, match="refresh_token_already_used"):
            await desk.refresh(token)


async def test_a_family_that_ended_leaves_other_sessions_alone(desk: Desk) -> None:
    _, first = await desk.sign_in()
    _, other = await desk.sign_in()
    await desk.refresh(await desk.refresh(first))
    desk.clock.advance(11)
    with pytest.raises(AuthError):
        await desk.refresh(first)
    assert await desk.refresh(other)


async def test_within_the_interval_an_old_token_leads_to_the_newest(desk: Desk) -> None:
    _, first = await desk.sign_in()
    third = await desk.refresh(await desk.refresh(first))
    desk.clock.advance(10)
    assert await desk.refresh(first) == third


async def test_a_client_that_lost_the_answer_may_ask_again_any_time_later(desk: Desk) -> None:
    """A terminal cut off in the middle of a refresh and back the next day is not a thief."""
    _, first = await desk.sign_in()
    second = await desk.refresh(first)
    desk.clock.advance(24 * 3600)
    assert await desk.refresh(first) == second


async def test_an_access_token_lasts_as_long_as_it_says(desk: Desk) -> None:
    access, _ = await desk.sign_in()
    desk.clock.advance(3600)
    await desk.sessions.caller(access)
    desk.clock.advance(1)
    with pytest.raises(AuthError, match="token is expired"):
        await desk.sessions.caller(access)


async def test_a_banned_account_is_refused_until_the_ban_is_over(desk: Desk) -> None:
    access, token = await desk.sign_in()
    user, _, _ = await desk.sessions.caller(access)
    await desk.accounts.change(user.id, {"ban_duration": "1h30m"})
    with pytest.raises(AuthError, match="user_banned"):
        await desk.refresh(token)
    desk.clock.advance(5400)
    assert await desk.refresh(token)


async def test_a_deleted_account_has_no_sessions(desk: Desk) -> None:
    access, token = await desk.sign_in()
    user, _, _ = await desk.sessions.caller(access)
    await desk.accounts.delete(user.id)
    with pytest.raises(AuthError, match="user_not_found"):
        await desk.sessions.caller(access)
    with pytest.raises(AuthError, match="refresh_token_not_found"):
        await desk.refresh(token)


@pytest.mark.parametrize("duration", ["soon", "", "5", "1d", "-1h", 5])
async def test_a_ban_of_no_known_length_is_refused(desk: Desk, duration: object) -> None:
    access, _ = await desk.sign_in()
    user, _, _ = await desk.sessions.caller(access)
    if not duration:
        assert (await desk.accounts.change(user.id, {"ban_duration": duration})).id == user.id
        return
    with pytest.raises(AuthError, match="invalid format for ban duration"):
        await desk.accounts.change(user.id, {"ban_duration": duration})
