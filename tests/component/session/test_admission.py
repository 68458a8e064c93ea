"""A terminal gets in, or is told why not; against the real hub."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import pytest

from kds.base.clock import SystemClock
from kds.base.errors import StorageError, Unauthorized
from kds.base.events import Event
from kds.connection.internet import Internet
from kds.connection.manager import Connection
from kds.connection.tokens import TokenStore
from kds.domain.rows import Role
from kds.session.account import Account
from kds.session.admission import NO_BRANCH, OTHER_BRANCH, Admission, Application
from kds.session.device import Device
from tests.support.hub import PASSWORD, Site
from tests.support.sessions import wait_for


@dataclass
class Entrance:
    """An admission at work, and the devices that got in; `disk_full`: how many cannot be kept."""

    admission: Admission
    account: Account
    inside: list[Device] = field(default_factory=list)
    came_in: Event[None] = field(default_factory=Event)
    disk_full: int = 0

    async def admitted(self, count: int = 1) -> Device:
        await wait_for(self.came_in, lambda: len(self.inside) >= count)
        return self.inside[-1]

    async def refused(self) -> str | None:
        await wait_for(self.admission.changed, lambda: self.admission.needs_sign_in)
        return self.admission.problem


@asynccontextmanager
async def entrance(
    site: Site,
    folder: Path,
    email: str,
    password: str | None = PASSWORD,
    *,
    branch_id: str | None = None,
    role: Role = "pos",
    device_id: str | None = None,
) -> AsyncIterator[Entrance]:
    connection = Connection(
        Internet(site.hub.url, site.hub.keys.anon),
        clock=SystemClock(),
        tokens=TokenStore.file(folder / "token"),
        rng=Random(1),
    )

    async def admitted(device: Device) -> None:
        if door.disk_full:
            door.disk_full -= 1
            raise StorageError("The disk is full.")
        door.inside.append(device)
        door.came_in.emit(None)

    wanted = Application(device_id or str(uuid.uuid4()), "Till 1", role, branch_id)
    account = Account(connection, email, password)
    door = Entrance(Admission(account, wanted, admitted), account)
    running = asyncio.gather(account.run(), door.admission.run())
    try:
        yield door
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await account.close()


async def test_an_account_of_the_branch_gets_its_terminal_in(site: Site, tmp_path: Path) -> None:
    async with entrance(site, tmp_path, await site.account("pos")) as door:
        device = await door.admitted()
        assert (device.branch_id, device.role, device.letter) == (site.branch_id, "pos", "A")
        assert door.admission.problem is None
        assert not door.admission.needs_sign_in


async def test_a_terminal_whose_disk_was_full_gets_in_later(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kds.session.admission.RETRY_S", 0.01)
    async with entrance(site, tmp_path, await site.account("pos")) as door:
        door.disk_full = 2
        await door.admitted()
        assert door.admission.problem is None


async def test_a_terminal_that_the_hub_has_forgotten_says_again_who_it_is(
    site: Site, tmp_path: Path
) -> None:
    async with entrance(site, tmp_path, await site.account("pos")) as door:
        device = await door.admitted()
        site.hub.sql("delete from kds.devices_private where device_id = %s", device.id)
        site.hub.sql("delete from public.devices where id = %s", device.id)
        door.admission.forgotten()
        assert await door.admitted(2) == device


async def test_an_answer_about_another_terminal_lets_nobody_in(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kds.session.admission.RETRY_S", 0.01)
    honest, wrong = Connection.rpc, [Device(str(uuid.uuid4()), "Till 2", "pos", "Z", "")]

    async def rpc(self: Connection, name: str, params: dict[str, Any]) -> Any:
        return wrong.pop().to_json() if wrong else await honest(self, name, params)

    monkeypatch.setattr(Connection, "rpc", rpc)
    mine = str(uuid.uuid4())
    async with entrance(site, tmp_path, await site.account("pos"), device_id=mine) as door:
        assert (await door.admitted()).id == mine
        assert not wrong


@pytest.mark.parametrize("garbled", [{"role": "po"}, {"letter": ""}, {"branch_id": "0b"}])
async def test_a_garbled_answer_lets_nobody_in(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, garbled: dict[str, str]
) -> None:
    monkeypatch.setattr("kds.session.admission.RETRY_S", 0.01)
    honest, wrong = Connection.rpc, [garbled]

    async def rpc(self: Connection, name: str, params: dict[str, Any]) -> Any:
        answer = await honest(self, name, params)
        return {**answer, **wrong.pop()} if wrong else answer

    monkeypatch.setattr(Connection, "rpc", rpc)
    async with entrance(site, tmp_path, await site.account("pos")) as door:
        device = await door.admitted()
        assert (device.role, device.letter, device.branch_id) == ("pos", "A", site.branch_id)


async def test_a_kept_session_needs_no_password(site: Site, tmp_path: Path) -> None:
    email, device_id = await site.account("pos"), str(uuid.uuid4())
    async with entrance(site, tmp_path, email, device_id=device_id) as door:
        first = await door.admitted()
    async with entrance(site, tmp_path, email, None, device_id=device_id) as door:
        assert await door.admitted() == first


async def test_a_wrong_password_is_said_and_the_right_one_helps(site: Site, tmp_path: Path) -> None:
    email = await site.account("pos")
    async with entrance(site, tmp_path, email, "wrong") as door:
        assert await door.refused() == "The e-mail or password was not accepted."
        with pytest.raises(Unauthorized):
            await door.account.sign_in(email, "wrong again")
        await door.account.sign_in(email, PASSWORD)
        await door.admitted()
        assert door.admission.problem is None


async def test_without_a_password_a_person_is_asked(site: Site, tmp_path: Path) -> None:
    email = await site.account("pos")
    async with entrance(site, tmp_path, email, None) as door:
        assert await door.refused() is None
        await door.account.sign_in(email, PASSWORD)
        await door.admitted()


async def test_an_account_of_another_branch_is_refused_before_anything_is_sent(
    site: Site, tmp_path: Path
) -> None:
    other = Site(site.hub)
    await other.open()
    email = await other.account("pos")
    async with entrance(site, tmp_path, email, branch_id=site.branch_id) as door:
        assert await door.refused() == OTHER_BRANCH
        await door.account.sign_in(await site.account("pos"), PASSWORD)
        assert (await door.admitted()).branch_id == site.branch_id


async def test_a_kept_session_of_another_branch_gives_way_to_the_profiles_account(
    site: Site, tmp_path: Path
) -> None:
    other = Site(site.hub)
    await other.open()
    async with entrance(other, tmp_path, await other.account("pos")) as door:
        await door.admitted()
    email = await site.account("pos")
    async with entrance(site, tmp_path, email, branch_id=site.branch_id) as door:
        assert (await door.admitted()).branch_id == site.branch_id


async def test_an_account_without_a_branch_is_refused(site: Site, tmp_path: Path) -> None:
    async with entrance(site, tmp_path, await site.account("pos", branches=[])) as door:
        assert await door.refused() == NO_BRANCH


async def test_an_account_of_another_role_is_told_by_the_server(site: Site, tmp_path: Path) -> None:
    async with entrance(site, tmp_path, await site.account("kitchen"), role="pos") as door:
        problem = await door.refused()
        assert problem == "This account is for kitchen terminals, this is a pos terminal."
